// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <array>
#include <cstdint>

namespace caton {

/// Times counted in classes 1.1 % wide from 10 ns to 100 s: percentiles of any number of them without memory for each.
class Latency {
 public:
  void add(double seconds) noexcept;
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  [[nodiscard]] double largest_s() const noexcept { return largest_; }
  /// The time that a share of all times (0.999) does not exceed, by less than 1.1 % too long; 0 when there are none.
  [[nodiscard]] double percentile_s(double share) const noexcept;

 private:
  static constexpr std::size_t classes = 2112;  ///< 64 an octave, 33 octaves
  std::array<std::int64_t, classes> counts_{};
  std::int64_t count_ = 0;
  double largest_ = 0;
};

}  // namespace caton
