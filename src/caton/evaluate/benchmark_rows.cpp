// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/benchmark_rows.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/evaluate/paired_units.hpp"
#include "caton/measure/comparison.hpp"
#include "caton/measure/delong.hpp"
#include "caton/measure/multiple.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace caton {
namespace {

constexpr std::int64_t draws = 2000;
constexpr double z95 = 1.959963984540054;

using Person = std::pair<std::string, std::string>;  ///< study and subject

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::optional<double> over_people(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  constexpr std::size_t most = 20;
  const bool same = std::all_of(differences.begin(), differences.end(), [](double value) { return value == 0; });
  if (differences.size() < 2 || differences.size() > most || same) return std::nullopt;
  return sign_flip_exact(differences, Alternative::two_sided, false);
}

/// Right answers of every trial, trials of a person side by side.
struct TrialCounts {
  std::vector<std::string> key;
  std::vector<std::size_t> person;
  std::vector<Counts> counts;
  std::size_t people = 0;

  [[nodiscard]] std::vector<double> accuracies(std::span<const std::int32_t> times) const {
    std::vector<Counts> sums(people);
    for (std::size_t t = 0; t < counts.size(); ++t) {
      const double weight = times.empty() ? 1 : times[t];
      sums[person[t]].right += weight * counts[t].right;
      sums[person[t]].all += weight * counts[t].all;
    }
    std::vector<double> result;
    for (const Counts& sum : sums) result.push_back(sum.accuracy());
    return result;
  }
};

TrialCounts trial_counts(const Answers& answers) {
  std::map<Person, std::map<std::string, Counts>> people;
  for (std::size_t i = 0; i < answers.label.size(); ++i) {
    Counts& counts = people[{answers.study[i], answers.subject[i]}][answers.session[i] + "\n" + answers.trial[i]];
    counts.right += answers.label[i] == answers.predicted[i] ? 1 : 0;
    counts.all += 1;
  }
  TrialCounts result;
  for (const auto& [person, trials] : people) {
    for (const auto& [trial, counts] : trials) {
      result.key.push_back(person.first + "\n" + person.second + "\n" + trial);
      result.person.push_back(result.people);
      result.counts.push_back(counts);
    }
    ++result.people;
  }
  return result;
}

/// Trials drawn with replacement within each person.
Array<std::int64_t, 2> drawn_within_people(const TrialCounts& trials, RandomStream random) {
  const auto count = static_cast<std::int64_t>(trials.counts.size());
  Array<std::int64_t, 2> drawn({draws, count}, uninitialised);
  for (std::int64_t d = 0; d < draws; ++d) {
    for (std::int64_t first = 0; first < count;) {
      std::int64_t end = first;
      while (end < count &&
             trials.person[static_cast<std::size_t>(end)] == trials.person[static_cast<std::size_t>(first)])
        ++end;
      for (std::int64_t t = first; t < end; ++t)
        drawn(d, t) = first + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(end - first)));
      first = end;
    }
  }
  return drawn;
}

Interval drawn_interval(const Array<std::int64_t, 2>& drawn, const UnitStatistic& statistic) {
  return bootstrap_units(drawn.extent(1), statistic, drawn, 0.95, BootstrapMethod::percentile).interval;
}

void test_trials(const TrialCounts& one, const TrialCounts& reference, BenchmarkRow::Difference& difference) {
  std::vector<double> a, b;
  std::vector<std::int64_t> right_a, right_b;
  bool single = true, same = true;
  for (std::size_t t = 0; t < one.counts.size(); ++t) {
    a.push_back(one.counts[t].accuracy());
    b.push_back(reference.counts[t].accuracy());
    right_a.push_back(one.counts[t].right > 0 ? 1 : 0);
    right_b.push_back(reference.counts[t].right > 0 ? 1 : 0);
    single = single && one.counts[t].all == 1 && reference.counts[t].all == 1;
    same = same && a.back() == b.back();
  }
  difference.test = single ? "McNemar" : "Wilcoxon over trials";
  if (same) return;
  if (!single) {
    difference.p = wilcoxon_signed_rank(a, b, {}).p;
    return;
  }
  constexpr std::int64_t few = 25;
  const auto exact = mcnemar(right_a, right_b, true, false);
  difference.p = exact.table[1] + exact.table[2] < few ? exact.p : mcnemar(right_a, right_b, false, true).p;
}

std::vector<BenchmarkRow> accuracy_rows(const std::vector<Answers>& evaluations, std::size_t reference,
                                        const RandomStream& random) {
  std::vector<TrialCounts> all;
  for (const Answers& answers : evaluations) {
    all.push_back(trial_counts(answers));
    if (all.back().key != all.front().key)
      throw usage_error("benchmark",
                        "\"" + printable(answers.pipeline) + "\" was tested on other trials than \"" +
                            printable(evaluations.front().pipeline) + "\"",
                        "give all pipelines inputs that keep the same trials");
  }
  const auto drawn = drawn_within_people(all[reference], random);
  std::vector<BenchmarkRow> rows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    BenchmarkRow row{.plan = evaluations[i].plan, .pipeline = evaluations[i].pipeline};
    row.trials = static_cast<std::int64_t>(all[i].counts.size());
    row.by_person = all[i].accuracies({});
    row.score = mean_of(row.by_person);
    row.interval = drawn_interval(drawn, [&](auto times) { return mean_of(all[i].accuracies(times)); });
    if (i != reference) {
      BenchmarkRow::Difference difference;
      const auto other = all[reference].accuracies({});
      difference.points = 100 * (row.score - mean_of(other));
      difference.interval = drawn_interval(drawn, [&](auto times) {
        return 100 * (mean_of(all[i].accuracies(times)) - mean_of(all[reference].accuracies(times)));
      });
      test_trials(all[i], all[reference], difference);
      difference.p_people = over_people(row.by_person, other);
      row.difference = difference;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Rows of each person, in an order that all pipelines share.
std::map<Person, std::vector<std::size_t>> rows_of_people(const Answers& answers) {
  std::map<Person, std::vector<std::size_t>> people;
  for (std::size_t i = 0; i < answers.label.size(); ++i) people[{answers.study[i], answers.subject[i]}].push_back(i);
  return people;
}

void require_same_samples(const Answers& one, const Answers& first) {
  if (one.classes.size() == 2 && one.probability.extent(1) == 2 && one.label == first.label &&
      one.subject == first.subject && one.trial == first.trial)
    return;
  throw usage_error("benchmark",
                    "\"" + printable(one.pipeline) +
                        "\" has no area to compare: two classes with "
                        "probabilities and the same tested samples are needed",
                    "score by accuracy");
}

std::vector<BenchmarkRow> area_rows(const std::vector<Answers>& given, std::size_t reference) {
  std::vector<Answers> all;
  for (const Answers& answers : given) {
    all.push_back(ordered(answers));
    require_same_samples(all.back(), all.front());
  }
  const auto methods = static_cast<std::int64_t>(all.size());
  Array<double, 2> covariance({methods, methods}, 0.0);
  std::vector<std::vector<double>> areas(all.size());
  const auto people = rows_of_people(all.front());
  for (const auto& [person, places] : people) {
    Array<double, 2> scores({methods, static_cast<std::int64_t>(places.size())}, uninitialised);
    std::vector<std::int64_t> positive;
    for (std::size_t i = 0; i < places.size(); ++i) {
      positive.push_back(all.front().label[places[i]]);
      for (std::int64_t m = 0; m < methods; ++m)
        scores(m, static_cast<std::int64_t>(i)) =
            all[static_cast<std::size_t>(m)].probability(static_cast<std::int64_t>(places[i]), 1);
    }
    const DelongAreas found = delong_areas(scores, positive);
    const auto count = static_cast<double>(people.size());
    for (std::int64_t a = 0; a < methods; ++a) {
      areas[static_cast<std::size_t>(a)].push_back(found.area[static_cast<std::size_t>(a)]);
      for (std::int64_t b = 0; b < methods; ++b) covariance(a, b) += found.covariance(a, b) / (count * count);
    }
  }
  std::vector<BenchmarkRow> rows;
  const auto r = static_cast<std::int64_t>(reference);
  for (std::int64_t m = 0; m < methods; ++m) {
    const auto place = static_cast<std::size_t>(m);
    BenchmarkRow row{.plan = all[place].plan, .pipeline = all[place].pipeline};
    row.trials = all[place].size();
    row.by_person = areas[place];
    row.score = mean_of(areas[place]);
    const double reach = z95 * std::sqrt(std::max(0.0, covariance(m, m)));
    row.interval = {std::max(0.0, row.score - reach), std::min(1.0, row.score + reach)};
    if (m != r) {
      BenchmarkRow::Difference difference{.test = "DeLong"};
      const double own = row.score - mean_of(areas[reference]);
      const double deviation = std::sqrt(std::max(0.0, covariance(m, m) + covariance(r, r) - 2 * covariance(m, r)));
      difference.points = 100 * own;
      difference.interval = {100 * (own - z95 * deviation), 100 * (own + z95 * deviation)};
      if (deviation > 0) difference.p = std::min(1.0, 2 * normal_sf(std::abs(own) / deviation));
      difference.p_people = over_people(areas[place], areas[reference]);
      row.difference = difference;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::vector<BenchmarkRow> benchmark_rows(const std::vector<Answers>& evaluations, const std::string& reference,
                                         SessionScoreKind kind, const RandomStream& random) {
  const auto found = std::find_if(evaluations.begin(), evaluations.end(),
                                  [&](const Answers& answers) { return answers.pipeline == reference; });
  if (found == evaluations.end()) {
    std::vector<std::string> known;
    for (const Answers& answers : evaluations) known.push_back(answers.pipeline);
    throw usage_error("benchmark", "no pipeline is called \"" + printable(reference) + "\"",
                      suggestion(reference, known));
  }
  const auto place = static_cast<std::size_t>(found - evaluations.begin());
  return kind == SessionScoreKind::accuracy ? accuracy_rows(evaluations, place, random) : area_rows(evaluations, place);
}

void adjust_for_number(std::vector<BenchmarkRow>& rows) {
  std::vector<double> p;
  for (const BenchmarkRow& row : rows) {
    if (row.difference && row.difference->p) p.push_back(*row.difference->p);
  }
  if (p.empty()) return;
  const auto adjusted = adjusted_p(p, Correction::holm);
  auto next = adjusted.begin();
  for (BenchmarkRow& row : rows) {
    if (row.difference && row.difference->p) row.difference->p_holm = *next++;
  }
}

}  // namespace caton
