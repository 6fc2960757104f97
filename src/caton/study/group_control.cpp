// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_control.hpp"

#include "caton/features/connectivity/association.hpp"
#include "caton/features/connectivity/connectivity_summary.hpp"

#include <algorithm>

namespace caton {

LoadedRecording reversed_in_time(const LoadedRecording& loaded, std::int64_t length) {
  LoadedRecording result = loaded;
  Array<double, 2>& signal = result.prepared.signal;
  const std::int64_t samples = signal.extent(1);
  for (std::int64_t c = 0; c < signal.extent(0); ++c) std::reverse(&signal(c, 0), &signal(c, 0) + samples);
  for (std::int64_t& begin : result.begins) begin = samples - begin - length;
  return result;
}

std::vector<double> reversal(const Array<double, 3>& forward, const Array<double, 3>& backward) {
  const std::int64_t channels = forward.extent(1);
  std::vector<double> result;
  for (std::int64_t b = 0; b < forward.extent(0); ++b) {
    const Matrix one = connectivity_summary(forward.view()[b]).asymmetry;
    const Matrix other = connectivity_summary(backward.view()[b]).asymmetry;
    Matrix pairs({2, channels * (channels - 1) / 2});
    std::int64_t at = 0;
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t j = 0; j < i; ++j, ++at) {
        pairs(0, at) = one(i, j);
        pairs(1, at) = other(i, j);
      }
    }
    result.push_back(channels > 2 ? correlation(pairs)(0, 1) : 0);
  }
  return result;
}

}  // namespace caton
