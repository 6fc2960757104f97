// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/ssvep/trca.hpp"
#include "caton/geometry/matrices.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Epochs of one band, with what each adds to sums over epochs: computed once, whatever is learned from them.
class SummedEpochs {
 public:
  explicit SummedEpochs(Epochs x);

  /// Epochs whose channels and samples lie side by side.
  [[nodiscard]] Epochs x() const noexcept { return copied_.empty() ? x_ : copied_.view(); }
  /// x xᵀ of the epoch less the mean of each channel.
  [[nodiscard]] Signal scatter(std::int64_t n) const { return scatter_[n]; }
  /// Sum of each channel.
  [[nodiscard]] const double* sums(std::int64_t n) const { return sums_[n].data(); }

 private:
  Epochs x_;
  Array<double, 3> copied_;
  Matrices scatter_;
  Matrix sums_;
};

/// A class to be learned, and the epochs it is learned from.
struct TrcaClass {
  std::int64_t number = 0;
  std::vector<std::int64_t> epochs;
};

/// Filter (a row of `w`) and mean epoch (one of `templates`) of each class. Refuses as `trca_filter`, naming the class.
void learn_trca(const SummedEpochs& epochs, std::span<const TrcaClass> classes, TrcaVariant variant, View<double, 2> w,
                View<double, 3> templates);

}  // namespace caton
