// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/sample_times.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

std::int64_t sample_at(const Recording& recording, double time_s) {
  const auto& all = recording.segments();
  const double rate = recording.main_rate_hz();
  if (all.empty()) return std::llround(time_s * rate);
  std::size_t at = all.size() - 1;
  while (at > 0 && time_s < all[at].onset_s - 0.5 / rate) --at;
  const auto within = static_cast<std::int64_t>(std::llround((time_s - all[at].onset_s) * rate));
  return all[at].first + (at + 1 < all.size() ? std::min(within, all[at].count) : within);
}

double time_at(const Recording& recording, std::int64_t sample) {
  const auto& all = recording.segments();
  const double rate = recording.main_rate_hz();
  if (all.empty()) return static_cast<double>(sample) / rate;
  std::size_t at = 0;
  while (at + 1 < all.size() && sample >= all[at].first + all[at].count) ++at;
  return all[at].onset_s + static_cast<double>(sample - all[at].first) / rate;
}

}  // namespace caton
