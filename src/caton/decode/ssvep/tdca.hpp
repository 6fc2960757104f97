// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/ssvep/cca.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

struct TdcaOptions {
  std::int64_t delay = 3;       ///< delayed copies added to every epoch
  std::int64_t components = 1;  ///< filters used
  std::int64_t samples = 0;     ///< length of a test epoch; training epochs are `delay` samples longer
};

/// Epochs with delayed copies of their channels below, and the projection of every row on a class' sines and cosines to
/// the right: epochs x (delay + 1) channels x 2 samples. In training the copies hold real samples, in testing zeros
/// where the epoch has ended. projection: samples x samples. Refuses epochs too short (word `samples`) and another
/// projection (`shape`). Equals MetaBCI `aug_2`.
[[nodiscard]] Array<double, 3> tdca_augment(Epochs x, Signal projection, const TdcaOptions& options, bool training);

/// Task-discriminant components: filters under which the augmented epochs of different classes differ most.
struct TdcaModel {
  TdcaOptions options;
  std::vector<Matrix> projections;  ///< of each class, samples x samples
  Matrix w;                         ///< rows of an augmented epoch x components
  Matrix mean;                      ///< of all augmented training epochs
  Array<double, 3> templates;       ///< classes x components x 2 samples
};
/// reference: classes x rows x samples. Refuses one class, epochs shorter than samples + delay (`samples`), a reference
/// of other classes or length (`shape`), dependent channels (`rank`). Equals MetaBCI `TDCA`.
[[nodiscard]] TdcaModel fit_tdca(Epochs x, std::span<const std::int64_t> y, View<const double, 3> reference,
                                 const TdcaOptions& options);
/// Correlation of each epoch's components, augmented for each class, with the class' template.
[[nodiscard]] SsvepScores tdca_scores(const TdcaModel& model, Epochs x);

}  // namespace caton
