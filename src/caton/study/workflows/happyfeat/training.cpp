// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/happyfeat/training.hpp"

#include "caton/base/error.hpp"
#include "caton/base/random.hpp"
#include "caton/base/text.hpp"
#include "caton/decode/classical/selection/lda_openvibe.hpp"
#include "caton/measure/chance.hpp"

#include <algorithm>
#include <map>

namespace caton::happyfeat {
namespace {

constexpr std::uint64_t seed = 1;

Accuracy accuracy_of(std::vector<std::int64_t> label, const std::vector<std::int64_t>& y, const char* purpose) {
  const auto share = [&](std::span<const std::int32_t> times) {
    double right = 0, all = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      right += label[i] == y[i] ? times[i] : 0;
      all += times[i];
    }
    return 100 * right / all;
  };
  const auto draws = bootstrap_units(static_cast<std::int64_t>(y.size()), share, RandomStream(seed, purpose));
  return {draws.estimate, draws.interval, std::move(label)};
}

/// Mean of the classes' shares, as HappyFeat sums the rows of the confusion table.
double balanced(const std::vector<std::int64_t>& label, const std::vector<std::int64_t>& y) {
  double right[2] = {0, 0}, all[2] = {0, 0};
  for (std::size_t i = 0; i < y.size(); ++i) {
    ++all[y[i]];
    right[y[i]] += label[i] == y[i] ? 1 : 0;
  }
  return 50 * (right[0] / all[0] + right[1] / all[1]);
}

SelectedTraining nested_options(const Pool& pool, const TrainingRequest& request, SelectOn select) {
  SelectedTraining options = training_of(pool, request.selection.select);
  options.select = select;
  options.partitions = request.train.at("partitions").integer("partitions");
  options.shrinkage = request.train.at("shrinkage").number("shrinkage");
  return options;
}

/// Chosen and learnt on the other runs. A person who chose by hand has seen every run: for that there is no such
/// figure.
void hold_out_runs(const Pool& pool, const TrainingRequest& request, Attempt& attempt) {
  if (pool.parts.size() < 2 || !request.selection.automatic) return;
  auto options = nested_options(pool, request, SelectOn::training_trials);
  options.parts = pool.parts;
  attempt.held_out = accuracy_of(selected_features_accuracy(pool.values, pool.label, options).label, pool.label,
                                 "workbench: held-out runs");
}

/// What the two ways of choosing would show if labels had nothing to do with the trials.
void shuffle_labels(const Pool& pool, const TrainingRequest& request, Attempt& attempt, Progress* progress) {
  const std::int64_t draws = request.train.at("shuffles").integer("shuffles");
  if (draws < 1 || !request.selection.automatic) return;
  double published = 0, nested = 0;
  if (progress != nullptr) progress->begin("draws with shuffled labels", static_cast<double>(draws));
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    check_interrupted();
    auto y = pool.label;
    RandomStream random(seed, "workbench: shuffled labels", {static_cast<std::uint64_t>(draw)});
    random.shuffle(y);
    const auto percent = [&](SelectOn select) {
      return selected_features_accuracy(pool.values, y, nested_options(pool, request, select)).accuracy;
    };
    published += percent(SelectOn::all_trials) / static_cast<double>(draws);
    nested += percent(SelectOn::training_trials) / static_cast<double>(draws);
    if (progress != nullptr) progress->step();
  }
  if (progress != nullptr) progress->finish();
  attempt.shuffled_published = published;
  attempt.shuffled_nested = nested;
}

std::vector<std::pair<std::string, double>> stability_of(const Pool& pool,
                                                         const std::vector<std::vector<Cell>>& chosen) {
  std::map<std::string, double> share;
  for (const auto& cells : chosen) {
    for (const Cell& cell : cells) {
      const double hz = pool.freqs_hz[static_cast<std::size_t>(cell.bin)];
      share[ChosenFeature{pool.channels[static_cast<std::size_t>(cell.channel)], hz, hz}.text()] +=
          1 / static_cast<double>(chosen.size());
    }
  }
  std::vector<std::pair<std::string, double>> sorted(share.begin(), share.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

Json accuracy_json(const Accuracy& accuracy) {
  return Json::object({{"percent", accuracy.percent},
                       {"low", accuracy.interval.low},
                       {"high", accuracy.interval.high},
                       {"label", Json::list_of(accuracy.label)}});
}

Json feature_texts(const std::vector<ChosenFeature>& features) {
  Json list = Json::list();
  for (const ChosenFeature& feature : features) list.push(feature.text());
  return list;
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

}  // namespace

Attempt train(const Pool& pool, const TrainingRequest& request, Progress* progress) {
  const Matrix x = feature_matrix(pool, request.selection.features);
  const std::int64_t partitions = request.train.at("partitions").integer("partitions");
  const double shrinkage = request.train.at("shrinkage").number("shrinkage");
  const auto trained = train_with_kfold(x, pool.label, partitions, shrinkage);
  Attempt attempt;
  attempt.published = accuracy_of(trained.label, pool.label, "workbench: published");
  attempt.balanced_percent = balanced(trained.label, pool.label);
  attempt.combinations = feature_combinations(x, pool.label, partitions).accuracy;
  attempt.chance_limit_percent = 100 * binomial_chance(2, static_cast<std::int64_t>(pool.label.size())).threshold;
  if (request.selection.automatic) {
    const auto nested =
        selected_features_accuracy(pool.values, pool.label, nested_options(pool, request, SelectOn::training_trials));
    attempt.nested = accuracy_of(nested.label, pool.label, "workbench: nested");
    attempt.stability = stability_of(pool, nested.chosen);
  }
  hold_out_runs(pool, request, attempt);
  shuffle_labels(pool, request, attempt, progress);
  return attempt;
}

std::string attempt_digest(const Pool& pool, const Session& session, const TrainingRequest& request) {
  const View<const double, 3> values = pool.values;
  return sha256(
      Json::object(
          {{"values", sha256(std::as_bytes(std::span(values.data(), static_cast<std::size_t>(values.size()))))},
           {"label", Json::list_of(pool.label)},
           {"runs", Json::list_of(pool.runs)},
           {"session", session.extract},
           {"select", request.selection.select},
           {"automatic", request.selection.automatic},
           {"features", feature_texts(request.selection.features)},
           {"train", request.train}})
          .dump());
}

Json attempt_json(const Pool& pool, const Session& session, const TrainingRequest& request, const Attempt& attempt) {
  const auto model = fit_lda_openvibe(feature_matrix(pool, request.selection.features), pool.label, 2,
                                      request.train.at("shrinkage").number("shrinkage"));
  Json weights = Json::list(), stability = Json::object();
  for (std::int64_t k = 0; k < 2; ++k)
    weights.push(Json::list_of(std::span(&model.w(k, 0), static_cast<std::size_t>(model.w.extent(1)))));
  for (const auto& [cell, share] : attempt.stability) stability[cell] = share;
  return Json::object({{"digest", attempt_digest(pool, session, request)},
                       {"session", session.number},
                       {"runs", Json::list_of(pool.runs)},
                       {"trials", pool.label.size()},
                       {"of", request.selection.select.at("of")},
                       {"automatic", request.selection.automatic},
                       {"features", feature_texts(request.selection.features)},
                       {"select", request.selection.select},
                       {"train", request.train},
                       {"label", Json::list_of(pool.label)},
                       {"published", accuracy_json(attempt.published)},
                       {"published_balanced", attempt.balanced_percent},
                       {"nested", attempt.nested ? accuracy_json(*attempt.nested) : Json()},
                       {"held_out", attempt.held_out ? accuracy_json(*attempt.held_out) : Json()},
                       {"combinations", Json::list_of(attempt.combinations)},
                       {"chance_limit", attempt.chance_limit_percent},
                       {"shuffled_published", optional_json(attempt.shuffled_published)},
                       {"shuffled_nested", optional_json(attempt.shuffled_nested)},
                       {"stability", stability},
                       {"classifier", Json::object({{"w", weights}, {"b", Json::list_of(model.b)}})}});
}

std::optional<HonestFigure> honest_figure(const Json& attempt) {
  for (const auto& [key, kind] :
       {std::pair{"held_out", "held-out runs"}, std::pair{"nested", "choice inside the fold"}}) {
    const Json& figure = attempt.at(key, "attempt");
    if (figure.is_null()) continue;
    HonestFigure result{kind, figure.at("percent").number(), figure.at("low").number(), figure.at("high").number(), {}};
    for (const Json& label : figure.at("label").items()) result.label.push_back(label.integer());
    return result;
  }
  return std::nullopt;
}

}  // namespace caton::happyfeat
