// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// Parts of one training set, each holding the one before.
struct NestedTraining {
  std::string unit;                              ///< what is added one by one: "subject", "session" … "window"
  std::vector<std::int64_t> units;               ///< how many in each part
  std::vector<std::vector<std::int64_t>> parts;  ///< samples, ascending
};

/// shares: 0 < … <= 1, ascending. The unit is what the plan holds out, or the next smaller one of which the training
/// set holds at least as many as there are shares. Every part has the classes in about the shares of the whole.
[[nodiscard]] NestedTraining nested_training(const SampleSet& samples, const std::vector<std::int64_t>& train,
                                             const std::string& held_out, const std::vector<double>& shares,
                                             RandomStream random);

}  // namespace caton
