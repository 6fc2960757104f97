// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/random.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caton {

/// What a fit saw and decided: written by transforms and decoders, read by the leak audit.
struct FitRecord {
  /// A statistic (scaler, PCA, feature choice) and the ids of the samples it was computed from.
  struct Statistic {
    std::string name;
    std::vector<std::int64_t> fitted_on;
  };
  /// A choice among candidates (epoch, hyper-parameter) and the ids of the samples by whose score it was made.
  struct Selection {
    std::string what;
    std::string chosen;
    std::vector<std::int64_t> scored_on;
    std::optional<double> score = {};  ///< of what was chosen, on inner folds
  };
  std::vector<Statistic> statistics;
  std::vector<Selection> selections;
  /// Ids of samples on which starting weights had been trained before this fit (warm start, pretraining).
  std::vector<std::int64_t> ancestry;
  std::string ancestry_known = "fresh";  ///< "fresh", "known" or "unknown"
  /// Ids of the two parents of every sample that was made for training (SMOTE): what `leak/made-before-split` looks at.
  std::vector<std::array<std::int64_t, 2>> made_parents;
  /// Numbers along training: rows of named values ({"epoch":1,"loss":0.6}).
  std::vector<Json> curve;
};

/// What a fit may use besides its training set.
struct FitContext {
  RandomStream random;  ///< keyed by study seed, pipeline, plan and fold
  Progress* progress = nullptr;
  FitRecord* record = nullptr;  ///< never null while the runner fits
  /// A folder in which long training keeps its state, so that it goes on where it stopped; nothing: no resuming.
  std::optional<Path> state_folder = {};
  /// What the plan's test sets hold new ones of (`unit_name`): a choice inside the fit keeps the same together.
  std::string held_out = "trial";
};

}  // namespace caton
