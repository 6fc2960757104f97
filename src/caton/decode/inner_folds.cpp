// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/inner_folds.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <optional>

namespace caton {
namespace {

std::int64_t units_of(const Columns& columns, Unit unit) {
  const auto numbers = numbered_units(columns, unit);
  return numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1;
}

std::optional<std::vector<Fold>> folds_by(const Columns& columns, Unit unit, std::int64_t folds,
                                          const RandomStream& random) {
  try {
    PlanOptions plan{.name = "stratified-k-fold", .folds = folds, .shuffle = true};
    if (unit != Unit::sample)
      plan = {.name = "stratified-group-k-fold", .folds = std::min(folds, units_of(columns, unit)), .group = unit};
    if (plan.folds < 2) return std::nullopt;
    auto made = make_folds(columns, plan, random);
    refuse_absent_classes(columns, made, plan.name);
    return made;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return std::nullopt;
  }
}

}  // namespace

InnerFolds inner_folds(const SampleSet& training, const std::string& held_out, std::int64_t folds,
                       const RandomStream& random) {
  const Columns columns = columns_of(training.origins, training.label);
  bool reached = false;
  for (const Unit unit : {Unit::study, Unit::subject, Unit::session, Unit::recording, Unit::trial, Unit::sample}) {
    reached = reached || held_out == unit_name(unit);
    if (!reached) continue;
    if (auto made = folds_by(columns, unit, folds, random)) return {std::move(*made), unit_name(unit)};
  }
  throw usage_error("search", "the training set has too few samples of a class for " + std::to_string(folds) + " folds",
                    "search with fewer folds, or give one value for each key");
}

}  // namespace caton
