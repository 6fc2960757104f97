// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/audit/duplicate_signal.hpp"

namespace caton::leak {

/// Short forms of windows whose distance never exceeds that of the windows: each channel centred, the whole of unit
/// length, then projected on orthonormal vectors (disjoint supports, signs by chance), so that every value of the
/// window is read once.
class Sketches {
 public:
  Sketches(const SignalWindows& windows, std::span<const std::int64_t> which);

  /// Places in `others` whose squared distance to place `i` here is at most `reach`. Flat windows are near nothing.
  [[nodiscard]] std::vector<std::int64_t> near(std::int64_t i, const Sketches& others, double reach) const;

 private:
  /// Windows side by side in blocks, so that a block is compared at once.
  static constexpr std::int64_t block = 16;
  [[nodiscard]] float value(std::int64_t i, std::int64_t dimension) const {
    return values_[static_cast<std::size_t>((i / block * dimensions_ + dimension) * block + i % block)];
  }

  std::int64_t count_ = 0, dimensions_ = 0;
  std::vector<float> values_;
  std::vector<char> flat_;
};

}  // namespace caton::leak
