// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/stream/latency.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr double shortest_s = 1e-8;
constexpr double an_octave = 64;

}  // namespace

void Latency::add(double seconds) noexcept {
  const double place = std::floor(std::log2(std::max(seconds, shortest_s) / shortest_s) * an_octave);
  ++counts_[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(classes - 1)))];
  ++count_;
  largest_ = std::max(largest_, seconds);
}

double Latency::percentile_s(double share) const noexcept {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(count_)));
  std::int64_t seen = 0;
  for (std::size_t k = 0; k < classes; ++k) {
    seen += counts_[k];
    if (seen >= std::max<std::int64_t>(wanted, 1))
      return std::min(largest_, shortest_s * std::exp2(static_cast<double>(k + 1) / an_octave));
  }
  return largest_;
}

}  // namespace caton
