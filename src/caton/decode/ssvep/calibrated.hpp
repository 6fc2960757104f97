// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/linear_model.hpp"
#include "caton/decode/ssvep/cca.hpp"

#include <string>

namespace caton {

/// The ports `train_x`, `train_y`, `test_x` of detectors with calibration.
struct CalibratedPorts {
  CalibratedPorts(const Arguments& args, const Tensors& in);

  Array<double, 3> train, test;
  NumberedClasses classes;  ///< of the training epochs

  [[nodiscard]] std::int64_t count() const noexcept { return static_cast<std::int64_t>(classes.values.size()); }
  /// Numbers of classes as the labels they stand for.
  [[nodiscard]] Tensor labels(const std::vector<std::int64_t>& numbers) const;
  /// The ports `score` and `label`.
  [[nodiscard]] Tensors outputs(const SsvepScores& scores) const;
};

/// Refuses (word `shape`) epochs that differ in channels or samples from what is wanted.
void require_epochs(const std::string& where, Epochs x, std::int64_t channels, std::int64_t samples);

}  // namespace caton
