// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/label_checks.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/text.hpp"
#include "caton/measure/area_interval.hpp"
#include "caton/measure/best_order.hpp"
#include "caton/measure/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

namespace caton {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr double level = 0.01;

/// Rows that are looked at together.
struct Part {
  std::string name;
  Ids rows;
};

/// All rows, then those of every person, by name.
std::vector<Part> parts_of(const Answers& answers) {
  std::vector<Part> parts(1);
  std::map<std::pair<std::string, std::string>, Ids> people;
  for (std::int64_t i = 0; i < answers.size(); ++i) {
    parts[0].rows.push_back(i);
    people[{answers.study[i], answers.subject[i]}].push_back(i);
  }
  if (people.size() < 2) return parts;
  const bool several_studies = people.begin()->first.first != people.rbegin()->first.first;
  for (auto& [name, rows] : people) {
    if (name.second.empty()) continue;
    parts.push_back({(several_studies ? name.first + "/" : "") + name.second, std::move(rows)});
  }
  return parts;
}

std::string place_of(const Answers& answers, const Part& part) {
  return answers.pipeline + ", " + answers.plan + (part.name.empty() ? "" : ", " + part.name);
}

/// The area of one person is judged by itself; that of all together mixes folds whose scores need not compare.
void check_area(const Answers& answers, const Part& part, std::size_t among, Findings& findings) {
  std::vector<double> score;
  Ids positive;
  for (const auto i : part.rows) {
    score.push_back(answers.probability(i, 1));
    positive.push_back(answers.label[i] == 1 ? 1 : 0);
  }
  const AreaInterval area = area_interval(score, positive);
  if (!area.defined || !(area.deviation > 0) || area.value >= 0.5) return;
  const double p = normal_sf((0.5 - area.value) / area.deviation);
  if (p * static_cast<double>(among) > level || area.high >= 0.5) return;
  findings.push_back({"labels/swapped", Severity::warn, place_of(answers, part),
                      "worse than chance beyond its interval: area under the curve " + fixed_text(area.value, 3) +
                          " [" + fixed_text(area.low, 3) + ", " + fixed_text(area.high, 3) +
                          "]; labels may be swapped between groups (\"" + answers.classes[0] + "\" and \"" +
                          answers.classes[1] + "\"): check what the codes meant where and when this was recorded"});
}

Array<std::int64_t, 2> confusion_of(const Answers& answers, const Part& part) {
  const auto classes = static_cast<std::int64_t>(answers.classes.size());
  Array<std::int64_t, 2> counts({classes, classes}, 0);
  for (const auto i : part.rows) ++counts(answers.label[i], answers.predicted[i]);
  return counts;
}

std::string order_text(const Answers& answers, const Ids& order) {
  std::vector<std::string> moved;
  for (std::size_t k = 0; k < order.size(); ++k)
    if (order[k] != static_cast<std::int64_t>(k))
      moved.push_back("\"" + answers.classes[k] + "\" answers to \"" +
                      answers.classes[static_cast<std::size_t>(order[k])] + "\"");
  return join(moved, ", ");
}

/// Counts of rows that are right in one order of the classes and wrong in the other, in a sign test.
void check_table(const Answers& answers, const Part& part, std::size_t among, Findings& findings) {
  const auto counts = confusion_of(answers, part);
  const std::int64_t classes = counts.extent(0), all = static_cast<std::int64_t>(part.rows.size());
  const Ids order = best_order(counts.view());
  std::int64_t given = 0, best = 0, lost = 0, won = 0;
  double orders = 1;
  for (std::int64_t k = 0; k < classes; ++k) {
    const std::int64_t other = order[static_cast<std::size_t>(k)];
    given += counts(k, k);
    best += counts(k, other);
    orders *= static_cast<double>(k + 1);
    if (other == k) continue;
    lost += counts(k, k);
    won += counts(k, other);
  }
  if (won <= lost) return;
  const double p = binomial_sf(won - 1, won + lost, 0.5) * orders * static_cast<double>(among);
  // Better than the given order is not enough: the other one must explain most of what is answered.
  const bool explains = 3 * best >= 2 * all && best >= 2 * given;
  if (p > level || !explains) return;
  findings.push_back({"labels/table", Severity::warn, place_of(answers, part),
                      "as labelled " + std::to_string(given) + " of " + std::to_string(all) +
                          " trials are answered rightly, but " + std::to_string(best) + " would be if " +
                          order_text(answers, order) +
                          ": check the table of labels (a hint at what to look for, never a result)"});
}

bool every_trial_has_one_label(const Answers& answers) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::int64_t> label;
  for (std::int64_t i = 0; i < answers.size(); ++i) {
    const auto [found, added] = label.try_emplace(
        {answers.study[i], answers.subject[i], answers.session[i], answers.trial[i]}, answers.label[i]);
    if (answers.trial[i].empty() || found->second != answers.label[i]) return false;
  }
  return answers.size() > 0 && !answers.probability.empty();
}

}  // namespace

Findings label_findings(const Answers& windows) {
  Findings findings;
  if (windows.classes.size() < 2 || !every_trial_has_one_label(windows)) return findings;
  const Answers answers = decided_by_trial(windows);
  const auto parts = parts_of(answers);
  for (const Part& part : parts) {
    if (answers.classes.size() == 2 && (parts.size() == 1 || !part.name.empty()))
      check_area(answers, part, parts.size(), findings);
    if (answers.classes.size() > 2) check_table(answers, part, parts.size(), findings);
  }
  return findings;
}

}  // namespace caton
