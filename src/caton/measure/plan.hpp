// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/random.hpp"
#include "caton/measure/columns.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// Samples of one fold, ascending; what is in neither list is unused.
struct Fold {
  std::vector<std::int64_t> train, test;
};

struct PlanOptions {
  std::string name;
  std::int64_t folds = 0;        ///< 0: the plan's own number (5, or one a group)
  std::int64_t gap_samples = 0;  ///< `blocked-k-fold`: training windows closer than this to a test block are unused
  bool shuffle = false;          ///< `k-fold`, `stratified-k-fold`, `within-session`: in a random order of samples
  std::vector<std::int64_t> order = {};  ///< the order to use instead of a random one
  Unit group = Unit::trial;              ///< `group-k-fold`, `stratified-group-k-fold`: what stays together
  /// `k-fold`: window i of its recording to fold i mod folds; grouped plans: whole groups in order of time, within each
  /// class where the plan is stratified. Otherwise blocks of samples, and groups balanced in size or classes.
  bool in_turn = false;
  double train_share = 0.5;  ///< `chronological`: share of each recording's samples that trains
};

/// A plan that recipes can name. What it claims is that the test set holds new ones of `unseen`.
struct PlanEntry {
  std::string name;
  std::vector<std::string> aliases = {};
  std::string about;
  Unit unseen;
  std::int64_t folds = 0;  ///< the number when none is given; 0: one a group
};
[[nodiscard]] const std::vector<PlanEntry>& plans();
/// By name or alias; an unknown one is refused with the known ones (`plan`).
[[nodiscard]] const PlanEntry& plan_named(std::string_view name);
/// What the test set of these options claims to hold new ones of (grouped plans: their group).
[[nodiscard]] Unit claim_of(const PlanOptions& options);

/// The folds of a plan. Random orders come from `random` alone. Refuses a missing column (its name), more folds than
/// samples of the smallest class (`folds`) or than groups (`groups`), an empty fold (`empty`).
[[nodiscard]] std::vector<Fold> make_folds(const Columns& columns, const PlanOptions& options,
                                           const RandomStream& random);

/// The honest plans to run beside one that deals windows, recordings or sessions of the same people: for folds over
/// windows `stratified-group-k-fold` by trial with the same number of folds, for recordings and sessions also
/// `cross-subject`. None for plans that hold out trials or people.
[[nodiscard]] std::vector<PlanOptions> leak_free_twins(const PlanOptions& options);

/// `plan/class-mix` for each fold whose share of a class in the test set is more than 20 points from the whole, with
/// the plan that would balance it (strictly alternating labels push accuracy below chance).
[[nodiscard]] Findings class_mix_findings(const Columns& columns, const std::vector<Fold>& folds,
                                          const std::string& plan);
/// Refuses a fold whose training lacks a class that its test set has (`class`), naming fold and plan.
void refuse_absent_classes(const Columns& columns, const std::vector<Fold>& folds, const std::string& plan);

}  // namespace caton
