// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/answers.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

namespace caton {
namespace {

constexpr std::array<const char*, 10> fixed_columns{"pipeline", "plan",    "fold",  "sample", "study",
                                                    "subject",  "session", "trial", "y",      "label"};
constexpr std::string_view probability_prefix = "p_";

struct Layout {
  std::array<std::size_t, fixed_columns.size()> fixed{};
  std::vector<std::string> classes;
  std::vector<std::size_t> probability;
};

Layout layout_of(const Table& table, const std::string& where) {
  Layout layout;
  for (std::size_t c = 0; c < fixed_columns.size(); ++c) layout.fixed[c] = table.column(fixed_columns[c], where);
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    if (table.header[c].rfind(probability_prefix, 0) != 0) continue;
    layout.classes.push_back(table.header[c].substr(probability_prefix.size()));
    layout.probability.push_back(c);
  }
  if (layout.classes.empty()) throw input_error(where, "there are no columns p_<class>: the classes are not known");
  return layout;
}

std::int64_t whole_number(const std::string& text, const std::string& what) {
  const auto number = parse_integer(text);
  if (!number) throw input_error(what, "\"" + printable(text) + "\" is no whole number");
  return *number;
}

std::int64_t class_index(const Layout& layout, const std::string& name, const std::string& what) {
  const auto found = std::find(layout.classes.begin(), layout.classes.end(), name);
  if (found == layout.classes.end())
    throw input_error(what, "there is no column p_" + printable(name) + " for class \"" + printable(name) + "\"",
                      suggestion(name, layout.classes));
  return found - layout.classes.begin();
}

void append_row(const std::vector<std::string>& row, const Layout& layout, const std::string& what, Answers& answers,
                std::vector<double>& probabilities) {
  const auto cell = [&](std::size_t column) -> const std::string& { return row[layout.fixed[column]]; };
  answers.fold.push_back(whole_number(cell(2), what));
  answers.sample.push_back(whole_number(cell(3), what));
  answers.study.push_back(cell(4));
  answers.subject.push_back(cell(5));
  answers.session.push_back(cell(6));
  answers.trial.push_back(cell(7));
  answers.label.push_back(class_index(layout, cell(8), what));
  answers.predicted.push_back(class_index(layout, cell(9), what));
  double sum = 0;
  for (const auto column : layout.probability) {
    const auto p = parse_number(row[column]);
    if (!p || !(*p >= 0 && *p <= 1))
      throw input_error(what, "probability \"" + printable(row[column]) + "\" lies outside [0, 1]");
    probabilities.push_back(*p);
    sum += *p;
  }
  if (std::abs(sum - 1) > 1e-6) throw input_error(what, "the probabilities sum to " + number_text(sum));
}

Array<double, 2> as_table(const std::vector<double>& values, std::size_t columns) {
  Array<double, 2> table({static_cast<std::int64_t>(values.size() / columns), static_cast<std::int64_t>(columns)},
                         uninitialised);
  std::copy(values.begin(), values.end(), table.begin());
  return table;
}

template <class Values>
Values picked(const Values& values, const std::vector<std::int64_t>& order) {
  Values result;
  if (values.empty()) return result;
  for (const auto i : order) result.push_back(values[i]);
  return result;
}

/// Numbers by sorted name; empty when no name is known.
std::vector<std::int64_t> numbered_names(const std::vector<std::string>& names) {
  if (std::all_of(names.begin(), names.end(), [](const auto& name) { return name.empty(); })) return {};
  std::map<std::string, std::int64_t> numbers;
  for (const auto& name : names) numbers[name] = 0;
  std::int64_t next = 0;
  for (auto& [name, number] : numbers) number = next++;
  std::vector<std::int64_t> result;
  for (const auto& name : names) result.push_back(numbers[name]);
  return result;
}

}  // namespace

std::vector<Answers> answers_of(const Table& table, const std::string& where) {
  const Layout layout = layout_of(table, where);
  std::vector<Answers> all;
  std::vector<std::vector<double>> probabilities;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    const std::pair key{row[layout.fixed[0]], row[layout.fixed[1]]};
    const auto [found, added] = places.try_emplace(key, all.size());
    if (added) {
      all.push_back({.pipeline = key.first, .plan = key.second, .classes = layout.classes});
      probabilities.emplace_back();
    }
    append_row(row, layout, where + ", row " + std::to_string(r + 1), all[found->second], probabilities[found->second]);
  }
  if (all.empty()) throw input_error(where, "there are no predictions: the table is empty");
  for (std::size_t i = 0; i < all.size(); ++i) all[i].probability = as_table(probabilities[i], layout.classes.size());
  return all;
}

Table answers_table(const std::vector<Answers>& all) {
  Table table{.header = std::vector<std::string>(fixed_columns.begin(), fixed_columns.end())};
  if (all.empty()) return table;
  for (const auto& name : all.front().classes) table.header.push_back(std::string(probability_prefix) + name);
  for (const Answers& answers : all) {
    if (answers.classes != all.front().classes)
      throw usage_error("predictions.csv", "pipelines differ in their classes", "one study has one list of classes");
    for (std::int64_t i = 0; i < answers.size(); ++i) {
      auto& row = table.rows.emplace_back(std::vector<std::string>{
          answers.pipeline, answers.plan, std::to_string(answers.fold[i]), std::to_string(answers.sample[i]),
          answers.study[i], answers.subject[i], answers.session[i], answers.trial[i], answers.classes[answers.label[i]],
          answers.classes[answers.predicted[i]]});
      for (std::int64_t k = 0; k < answers.probability.extent(1); ++k)
        row.push_back(number_text(answers.probability(i, k)));
    }
  }
  return table;
}

void normalise_log(std::span<double> row) {
  const double largest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (double& value : row) sum += value = std::exp(value - largest);
  for (double& value : row) value /= sum;
}

Decided decided(const std::vector<std::int64_t>& unit, View<const double, 2> probability) {
  std::map<std::int64_t, std::size_t> place;
  std::vector<std::vector<std::int64_t>> rows;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const auto [found, added] = place.try_emplace(unit[i], rows.size());
    if (added) rows.emplace_back();
    rows[found->second].push_back(static_cast<std::int64_t>(i));
  }
  const std::int64_t classes = probability.extent(1);
  Decided result{.probability = Array<double, 2>({static_cast<std::int64_t>(rows.size()), classes}, 0.0)};
  for (std::size_t u = 0; u < rows.size(); ++u) {
    result.first.push_back(rows[u].front());
    const auto row = static_cast<std::int64_t>(u);
    for (std::int64_t k = 0; k < classes; ++k) {
      for (const auto i : rows[u])
        result.probability(row, k) += std::log(std::max(probability(i, k), std::numeric_limits<double>::min()));
      result.probability(row, k) /= static_cast<double>(rows[u].size());
    }
    normalise_log({result.probability.data() + row * classes, static_cast<std::size_t>(classes)});
  }
  return result;
}

Answers decided_by_trial(const Answers& answers) {
  std::map<std::tuple<std::int64_t, std::string, std::string, std::string, std::string>, std::int64_t> numbers;
  std::vector<std::int64_t> unit;
  std::map<std::int64_t, std::int64_t> label;
  for (std::int64_t i = 0; i < answers.size(); ++i) {
    if (answers.trial[i].empty()) throw input_error("decide", "the trial of a window is not known", "decide by window");
    unit.push_back(
        numbers
            .try_emplace({answers.fold[i], answers.study[i], answers.subject[i], answers.session[i], answers.trial[i]},
                         static_cast<std::int64_t>(numbers.size()))
            .first->second);
    if (label.try_emplace(unit.back(), answers.label[i]).first->second != answers.label[i])
      throw input_error("decide", "trial " + printable(answers.trial[i]) + " holds windows of two classes",
                        "decide by window");
  }
  const Decided all = decided(unit, answers.probability.view());
  Answers result{.pipeline = answers.pipeline,
                 .plan = answers.plan,
                 .classes = answers.classes,
                 .fold = picked(answers.fold, all.first),
                 .sample = picked(answers.sample, all.first),
                 .study = picked(answers.study, all.first),
                 .subject = picked(answers.subject, all.first),
                 .session = picked(answers.session, all.first),
                 .trial = picked(answers.trial, all.first),
                 .label = picked(answers.label, all.first)};
  result.probability = all.probability;
  for (std::int64_t u = 0; u < result.probability.extent(0); ++u) {
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < result.probability.extent(1); ++k)
      if (result.probability(u, k) > result.probability(u, best)) best = k;
    result.predicted.push_back(best);
  }
  return result;
}

Answers ordered(const Answers& answers) {
  std::vector<std::int64_t> order(answers.label.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
    return answers.fold[a] != answers.fold[b] ? answers.fold[a] < answers.fold[b]
                                              : answers.sample[a] < answers.sample[b];
  });
  Answers result{.pipeline = answers.pipeline,
                 .plan = answers.plan,
                 .classes = answers.classes,
                 .fold = picked(answers.fold, order),
                 .sample = picked(answers.sample, order),
                 .study = picked(answers.study, order),
                 .subject = picked(answers.subject, order),
                 .session = picked(answers.session, order),
                 .trial = picked(answers.trial, order),
                 .label = picked(answers.label, order),
                 .predicted = picked(answers.predicted, order)};
  if (answers.probability.empty()) return result;
  result.probability = Array<double, 2>(answers.probability.extents(), uninitialised);
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::int64_t k = 0; k < answers.probability.extent(1); ++k)
      result.probability(static_cast<std::int64_t>(i), k) = answers.probability(order[i], k);
  }
  return result;
}

Columns columns_of(const Answers& answers) {
  return {.label = answers.label,
          .study = numbered_names(answers.study),
          .subject = numbered_names(answers.subject),
          .session = numbered_names(answers.session),
          .trial = numbered_names(answers.trial)};
}

}  // namespace caton
