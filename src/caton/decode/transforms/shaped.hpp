// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/samples/sample_set.hpp"

#include <string>
#include <vector>

/// Samples as sets of matrices, and back.
namespace caton {

/// The main block as samples x rows x columns, in double. Refuses (word `shape`) another rank.
[[nodiscard]] Array<double, 3> cube_of(const SampleSet& samples, const std::string& who);
/// The same, symmetric matrices expected; refuses (word `shape`) others than square ones, naming the step that makes
/// them.
[[nodiscard]] Array<double, 3> matrices_of(const SampleSet& samples, const std::string& who);

/// What the main block becomes.
struct NewBlock {
  std::string name;  ///< "covariance", "features"
  std::vector<std::string> channels = {}, features = {};
};
/// The samples with `values` (first axis: samples) as their only block, stored as float32.
[[nodiscard]] SampleSet with_block(const SampleSet& samples, const NewBlock& about, View<const double, 3> values);
[[nodiscard]] SampleSet with_block(const SampleSet& samples, const NewBlock& about, View<const double, 2> values);

}  // namespace caton
