// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/table.hpp"
#include "caton/measure/columns.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// What one pipeline answered under one plan: the rows of predictions.csv, one a tested sample.
struct Answers {
  std::string pipeline, plan;
  std::vector<std::string> classes = {};
  std::vector<std::int64_t> fold = {}, sample = {};
  std::vector<std::string> study = {}, subject = {}, session = {}, trial = {};  ///< "": not known
  std::vector<std::int64_t> label = {}, predicted = {};                         ///< index into `classes`
  Array<double, 2> probability = {};                                            ///< rows x classes; may be empty

  [[nodiscard]] std::int64_t size() const noexcept { return static_cast<std::int64_t>(label.size()); }
};

/// The rows of predictions.csv (pipeline,plan,fold,sample,study,subject,session,trial,y,label,p_<class>…), grouped by
/// pipeline and plan in the order in which they first stand. `y` and `label` are names of classes. Refuses missing
/// columns, numbers that are none, classes without a column, probabilities outside [0, 1] or rows of them that do not
/// sum to 1.
[[nodiscard]] std::vector<Answers> answers_of(const Table& table, const std::string& where);
/// The same rows as a table; probabilities as the shortest text that reads back the same.
[[nodiscard]] Table answers_table(const std::vector<Answers>& all);

/// One answer for all rows of a trial that were tested in one fold: the class with the largest mean log probability
/// (`decided`). The first row's sample stands for the trial. Refuses rows without a trial and trials of two classes.
[[nodiscard]] Answers decided_by_trial(const Answers& answers);

/// What the rows of each unit say together: normalised exponentials of the mean log probabilities, in the order in
/// which units first stand. unit: any number, one a row.
struct Decided {
  std::vector<std::int64_t> first;  ///< row that each unit begins with
  Array<double, 2> probability;     ///< units x classes
};
[[nodiscard]] Decided decided(const std::vector<std::int64_t>& unit, View<const double, 2> probability);

/// Logarithms, made their normalised exponentials: the last step of `decided`.
void normalise_log(std::span<double> row);

/// Rows in the order of fold and sample, so that no figure depends on the order in which they were written.
[[nodiscard]] Answers ordered(const Answers& answers);
/// Study, subject, session and trial as numbers by sorted name; an unknown column is empty.
[[nodiscard]] Columns columns_of(const Answers& answers);

}  // namespace caton
