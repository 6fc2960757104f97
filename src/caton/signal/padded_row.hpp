// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/pad.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// One channel and what lies beyond its ends, without a copy of the channel itself.
template <class T>
class PaddedRow {
 public:
  /// Values stand at -left <= t < samples + right, zeros beyond.
  PaddedRow(View<const T, 1> x, std::int64_t left, std::int64_t right, Pad pad)
      : x_(x),
        left_(padding_before(x, left, pad)),
        right_(padding_after(x, right, pad)),
        before_(left),
        after_(right) {}

  /// The values at begin … begin + count - 1.
  void take(std::int64_t begin, std::int64_t count, T* to) const {
    const std::int64_t samples = x_.extent(0), end = begin + count;
    const auto part = [&](std::int64_t from, std::int64_t until, const T* values, std::int64_t stride) {
      const std::int64_t first = std::max(begin, from), last = std::min(end, until);
      if (first >= last) return;
      if (stride == 1) {
        std::copy_n(values + first - from, last - first, to + first - begin);
        return;
      }
      for (std::int64_t t = first; t < last; ++t) to[t - begin] = values[(t - from) * stride];
    };
    if (begin < -before_) std::fill_n(to, std::min(count, -before_ - begin), T{0});
    part(-before_, 0, left_.data(), 1);
    part(0, samples, x_.data(), x_.stride(0));
    part(samples, samples + after_, right_.data(), 1);
    const std::int64_t there = std::clamp<std::int64_t>(samples + after_ - begin, 0, count);
    std::fill_n(to + there, count - there, T{0});
  }

 private:
  View<const T, 1> x_;
  std::vector<T> left_, right_;
  std::int64_t before_, after_;
};

}  // namespace caton
