// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// How a signal goes on beyond its ends. `reflect_limited` mirrors through the end value, 2 x[0] - x[k]; what is asked
/// for beyond T - 1 samples is 0 (MNE). `constant` adds zeros, `edge` repeats the end value. reflect to minimum are
/// `numpy.pad`'s (`linear_ramp` falls to zero; mean to minimum repeat that value of the whole signal), smooth to
/// antireflect `scipy.signal.upfirdn`'s (`smooth` goes on with the slope of the last two samples, `line` with that
/// between both ends).
enum class Pad {
  reflect_limited,
  edge,
  constant,
  reflect,
  symmetric,
  wrap,
  linear_ramp,
  mean,
  median,
  maximum,
  minimum,
  smooth,
  line,
  antisymmetric,
  antireflect
};

/// The first eleven by name: what MNE's filters take.
[[nodiscard]] Pad pad_argument(const Arguments& args, std::string_view name = "pad");

/// The signal with `left` and `right` samples more.
[[nodiscard]] std::vector<double> padded(View<const double, 1> x, std::int64_t left, std::int64_t right, Pad pad);

/// The parts alone that `padded` puts before and after a signal.
template <class T>
[[nodiscard]] std::vector<T> padding_before(View<const T, 1> x, std::int64_t count, Pad pad);
template <class T>
[[nodiscard]] std::vector<T> padding_after(View<const T, 1> x, std::int64_t count, Pad pad);
/// The same into memory of the caller, as many as it has.
template <class T>
void padding_before(View<const T, 1> x, Pad pad, std::span<T> out);
template <class T>
void padding_after(View<const T, 1> x, Pad pad, std::span<T> out);
extern template std::vector<float> padding_before(View<const float, 1> x, std::int64_t count, Pad pad);
extern template std::vector<double> padding_before(View<const double, 1> x, std::int64_t count, Pad pad);
extern template std::vector<float> padding_after(View<const float, 1> x, std::int64_t count, Pad pad);
extern template std::vector<double> padding_after(View<const double, 1> x, std::int64_t count, Pad pad);

}  // namespace caton
