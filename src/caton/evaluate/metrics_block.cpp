// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/metrics_block.hpp"

#include "caton/base/ranks.hpp"
#include "caton/base/threads.hpp"
#include "caton/evaluate/unit_figures.hpp"
#include "caton/measure/chance.hpp"
#include "caton/measure/interval.hpp"
#include "caton/measure/metrics.hpp"
#include "caton/measure/stability.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton {
namespace {

using Ids = std::vector<std::int64_t>;

std::int64_t count_of(const Ids& unit) { return unit.empty() ? 0 : *std::max_element(unit.begin(), unit.end()) + 1; }

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json{}; }

RandomStream stream(const Answers& answers, const char* purpose) {
  return RandomStream(0, std::string(purpose) + "\n" + answers.pipeline + "\n" + answers.plan);
}

/// The units that are independent of each other: people, else the trials of one person.
struct Independent {
  Ids unit;
  Unit kind = Unit::sample;
  std::int64_t count = 0;
};

Independent independent_units(const Columns& columns) {
  if (!columns.subject.empty()) {
    const auto subjects = numbered_units(columns, Unit::subject);
    if (count_of(subjects) > 1) return {subjects, Unit::subject, count_of(subjects)};
  }
  if (!columns.trial.empty()) {
    const auto trials = numbered_units(columns, Unit::trial);
    return {trials, Unit::trial, count_of(trials)};
  }
  return {Ids(static_cast<std::size_t>(columns.size())), Unit::sample, 1};
}

Json undefined_reasons(const Metrics& metrics, const std::string& name) {
  const Measure& measure = metrics.named(name);
  return measure.defined() ? Json{} : Json(measure.undefined);
}

Json metrics_json(const Answers& answers, const Independent& units, const Metrics& metrics,
                  const MetricsBlockOptions& options) {
  const UnitSums sums(answers, units.unit);
  const auto& names = UnitSums::names();
  std::vector<Bootstrap> intervals;
  if (units.count >= 2)
    intervals = bootstrap_units(
        units.count, static_cast<std::int64_t>(names.size()),
        [&](std::span<const std::int32_t> times, std::span<double> figures) { sums.figures(times, figures); },
        stream(answers, "bootstrap"), options.draws, options.level);
  Json result = Json::object();
  for (std::size_t m = 0; m < names.size(); ++m) {
    const Measure& measure = metrics.named(names[m]);
    const bool has_interval = measure.defined() && !intervals.empty();
    result[names[m]] = Json::object({{"value", number_or_null(measure.value)},
                                     {"low", has_interval ? number_or_null(intervals[m].interval.low) : Json{}},
                                     {"high", has_interval ? number_or_null(intervals[m].interval.high) : Json{}},
                                     {"n", units.count},
                                     {"unit", unit_name(units.kind)},
                                     {"undefined", undefined_reasons(metrics, names[m])}});
  }
  return result;
}

const char* exchanged_name(ExchangeLevel level, bool by_trial) {
  if (level == ExchangeLevel::block) return "subject";
  return level == ExchangeLevel::unit && by_trial ? "trial" : "window";
}

/// Samples of each unit that were given each class: a permutation then costs units, not samples.
Array<double, 2> answers_by_unit(const Answers& answers, const Exchange& exchange) {
  Array<double, 2> counts(
      {static_cast<std::int64_t>(exchange.label.size()), static_cast<std::int64_t>(answers.classes.size())});
  for (std::int64_t i = 0; i < answers.size(); ++i) counts(exchange.unit[i], answers.predicted[i]) += 1;
  return counts;
}

Json chance_json(const Answers& answers, const Columns& columns, const MetricsBlockOptions& options) {
  const Ids block = columns.subject.empty() ? Ids(answers.label.size()) : numbered_units(columns, Unit::subject);
  const bool by_trial = !columns.trial.empty();
  const auto exchange =
      exchangeable(answers.label, numbered_units(columns, by_trial ? Unit::trial : Unit::sample), block);
  std::map<std::int64_t, double> share;
  for (const auto label : answers.label) share[label] += 1 / static_cast<double>(answers.size());
  double majority = 0;
  for (const auto& [label, part] : share) majority = std::max(majority, part);
  Json result = Json::object({{"value", Json{}},
                              {"low", Json{}},
                              {"high", Json{}},
                              {"p", Json{}},
                              {"p_below", Json{}},
                              {"method", "predictions"},
                              {"permutations", exchange.possible ? options.permutations : 0},
                              {"exchanged", exchanged_name(exchange.level, by_trial)},
                              {"majority", majority}});
  if (!exchange.possible) return result;
  const auto counts = answers_by_unit(answers, exchange);
  const auto accuracy = [&](const Ids& label) {
    double hits = 0;
    for (std::size_t u = 0; u < label.size(); ++u) hits += counts(static_cast<std::int64_t>(u), label[u]);
    return hits / static_cast<double>(answers.size());
  };
  const double observed = accuracy(exchange.label);
  auto random = stream(answers, "chance");
  std::vector<double> null;
  std::int64_t above = 1, below = 1;
  for (std::int64_t p = 0; p < options.permutations; ++p) {
    null.push_back(accuracy(permuted_unit_labels(exchange, random)));
    above += null.back() >= observed;
    below += null.back() <= observed;
  }
  std::sort(null.begin(), null.end());
  const auto of_all = static_cast<double>(options.permutations + 1);
  result["value"] = ordered_sum(null) / static_cast<double>(null.size());
  result["low"] = sorted_quantile(null, (1 - options.level) / 2);
  result["high"] = sorted_quantile(null, (1 + options.level) / 2);
  result["p"] = static_cast<double>(above) / of_all;
  result["p_below"] = static_cast<double>(below) / of_all;
  return result;
}

struct Hits {
  double hits = 0, samples = 0;
};

/// Accuracy of one person with an interval over their trials (or other units).
Json accuracy_json(const std::map<std::int64_t, Hits>& units, RandomStream random, const MetricsBlockOptions& options) {
  std::vector<Hits> sums;
  for (const auto& [unit, hits] : units) sums.push_back(hits);
  const auto pooled = [&sums](std::span<const std::int32_t> times) {
    Hits all;
    for (std::size_t u = 0; u < sums.size(); ++u) {
      all.hits += times[u] * sums[u].hits;
      all.samples += times[u] * sums[u].samples;
    }
    return all.hits / all.samples;
  };
  const auto count = static_cast<std::int64_t>(sums.size());
  const std::vector<std::int32_t> once(sums.size(), 1);
  Json result = Json::object({{"value", pooled(once)}, {"low", Json{}}, {"high", Json{}}, {"n", count}});
  if (count < 2) return result;
  const auto bootstrap = bootstrap_units(count, pooled, std::move(random), options.draws, options.level);
  result["low"] = bootstrap.interval.low;
  result["high"] = bootstrap.interval.high;
  return result;
}

Json subjects_json(const Answers& answers, const Columns& columns, const MetricsBlockOptions& options) {
  Json result = Json::object();
  if (columns.subject.empty()) return result;
  const bool several_studies =
      !columns.study.empty() && *std::max_element(columns.study.begin(), columns.study.end()) > 0;
  const auto subjects = numbered_units(columns, Unit::subject);
  const bool by_trial = !columns.trial.empty();
  const auto trials = by_trial ? numbered_units(columns, Unit::trial) : subjects;
  std::map<std::int64_t, std::map<std::int64_t, Hits>> sums;
  std::map<std::int64_t, std::string> names;
  for (std::int64_t i = 0; i < answers.size(); ++i) {
    auto& unit = sums[subjects[i]][trials[i]];
    unit.hits += answers.label[i] == answers.predicted[i];
    unit.samples += 1;
    names[subjects[i]] = (several_studies ? answers.study[i] + "/" : "") + answers.subject[i];
  }
  const auto random = stream(answers, "bootstrap of subjects");
  for (const auto& [subject, units] : sums)
    result[names[subject]] =
        accuracy_json(units, random.derive("subject", {static_cast<std::uint64_t>(subject)}), options);
  return result;
}

Json folds_json(const Answers& answers) {
  std::map<std::int64_t, Hits> folds;
  for (std::int64_t i = 0; i < answers.size(); ++i) {
    folds[answers.fold[i]].hits += answers.label[i] == answers.predicted[i];
    folds[answers.fold[i]].samples += 1;
  }
  Json result = Json::list();
  for (const auto& [fold, hits] : folds)
    result.push(Json::object(
        {{"fold", fold}, {"n_test", static_cast<std::int64_t>(hits.samples)}, {"accuracy", hits.hits / hits.samples}}));
  return result;
}

Json ilss_json(const Json& folds) {
  if (folds.size() < 2) return {};
  double sum = 0, squares = 0;
  const auto count = static_cast<double>(folds.size());
  for (const Json& fold : folds.items()) sum += 100 * fold.at("accuracy").number();
  for (const Json& fold : folds.items()) {
    const double distance = 100 * fold.at("accuracy").number() - sum / count;
    squares += distance * distance;
  }
  return ilss_score(sum / count, std::sqrt(squares / count));
}

Json confusion_json(const Array<std::int64_t, 2>& confusion) {
  Json result = Json::list();
  for (std::int64_t i = 0; i < confusion.extent(0); ++i) {
    Json row = Json::list();
    for (std::int64_t j = 0; j < confusion.extent(1); ++j) row.push(confusion(i, j));
    result.push(std::move(row));
  }
  return result;
}

Json class_counts_json(const Answers& answers) {
  std::vector<std::int64_t> counts(answers.classes.size());
  for (const auto label : answers.label) ++counts[label];
  Json result = Json::object();
  for (std::size_t k = 0; k < counts.size(); ++k) result[answers.classes[k]] = counts[k];
  return result;
}

Json calibration_json(const Metrics& metrics) {
  Json result = Json::list();
  for (std::int64_t bin = 0; bin < metrics.reliability.extent(0); ++bin)
    result.push(Json::object({{"n", static_cast<std::int64_t>(metrics.reliability(bin, 0))},
                              {"accuracy", metrics.reliability(bin, 1)},
                              {"confidence", metrics.reliability(bin, 2)}}));
  return result;
}

}  // namespace

Json metrics_block(const Answers& given, const MetricsBlockOptions& options) {
  const Answers answers = ordered(given);
  const Columns columns = columns_of(answers);
  const auto metrics = evaluate_predictions(answers.label, answers.predicted, answers.probability.view(),
                                            static_cast<std::int64_t>(answers.classes.size()));
  const auto units = independent_units(columns);
  const Json folds = folds_json(answers);
  return Json::object({{"pipeline", answers.pipeline},
                       {"plan", answers.plan},
                       {"samples", answers.size()},
                       {"classes", Json::list_of(answers.classes)},
                       {"class_counts", class_counts_json(answers)},
                       {"unit", unit_name(units.kind)},
                       {"units", units.count},
                       {"few_units", units.count < few_units},
                       {"metrics", metrics_json(answers, units, metrics, options)},
                       {"chance", chance_json(answers, columns, options)},
                       {"subjects", subjects_json(answers, columns, options)},
                       {"folds", folds},
                       {"ilss", ilss_json(folds)},
                       {"confusion", confusion_json(metrics.confusion)},
                       {"calibration", calibration_json(metrics)}});
}

Json metrics_of_predictions(const Table& predictions, const std::string& where) {
  const auto all = answers_of(predictions, where);
  std::vector<Json> blocks(all.size());
  thread_pool().parallel_for(static_cast<std::int64_t>(all.size()),
                             [&](std::int64_t i) { blocks[i] = metrics_block(all[i]); });
  return Json::object({{"evaluations", Json(blocks)}});
}

}  // namespace caton
