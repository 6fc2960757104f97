// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <span>

namespace caton {

/// What a fitted decoder can be beside a `Decoder`: predicting one sample at a time without asking for memory, which a
/// stream does for every window.
class RowPrediction {
 public:
  virtual ~RowPrediction() = default;
  /// The probabilities of one sample, given as the row of its features (which may be spoiled): the same bits as
  /// `Decoder::predict`. False, and the probabilities as they were, where there is no such form or the lengths do not
  /// fit.
  [[nodiscard]] virtual bool predict_row(std::span<float> row, std::span<double> probability) const = 0;
};

/// The same of a `Transform`.
class RowTransform {
 public:
  virtual ~RowTransform() = default;
  /// The features of one sample, in place; the same bits as `Transform::apply`.
  [[nodiscard]] virtual bool apply_row(std::span<float> row) const = 0;
};

}  // namespace caton
