// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/pad.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace caton {

namespace {

/// `place` counted by periods of `period`: which one, and where in it.
struct Period {
  Period(std::int64_t place, std::int64_t length) : rest(place % length), number(place / length) {
    if (rest < 0) {
      rest += length;
      --number;
    }
  }

  std::int64_t rest, number;
};

/// A mirror at both ends. `repeated`: the end value stands twice. `turned`: the mirror image is turned over, about zero
/// or, where the end value stands once, about the end value.
template <class T>
T mirrored(View<const T, 1> x, std::int64_t t, bool repeated, bool turned) {
  const std::int64_t samples = x.extent(0);
  if (samples == 1 && !repeated) return x[0];
  const Period period(t, 2 * (repeated ? samples : samples - 1));
  const bool back = period.rest >= samples;
  const T value = x[back ? 2 * samples - (repeated ? 1 : 2) - period.rest : period.rest];
  if (!turned) return value;
  if (repeated) return back ? -value : value;
  const T rise = 2 * (x[samples - 1] - x[0]) * static_cast<T>(period.number);
  return rise + (back ? 2 * x[samples - 1] - value : value);
}

/// A straight line from the first or the last value.
template <class T>
T on_line(View<const T, 1> x, std::int64_t t, bool between_ends) {
  const std::int64_t last = x.extent(0) - 1;
  if (last == 0) return x[0];
  const T whole = (x[last] - x[0]) / static_cast<T>(last);
  if (t < 0) return x[0] + (between_ends ? whole : x[1] - x[0]) * static_cast<T>(t);
  return x[last] + (between_ends ? whole : x[last] - x[last - 1]) * static_cast<T>(t - last);
}

/// What stands at place `t` outside 0 … samples - 1, for the ways that look at no other place.
template <class T>
T beyond(View<const T, 1> x, std::int64_t t, Pad pad) {
  const std::int64_t samples = x.extent(0);
  switch (pad) {
    case Pad::reflect_limited:
      if (t < 0) return -t < samples ? 2 * x[0] - x[-t] : 0;
      return t - samples + 2 <= samples ? 2 * x[samples - 1] - x[2 * samples - 2 - t] : 0;
    case Pad::edge: return t < 0 ? x[0] : x[samples - 1];
    case Pad::wrap: return x[Period(t, samples).rest];
    case Pad::reflect: return mirrored(x, t, false, false);
    case Pad::symmetric: return mirrored(x, t, true, false);
    case Pad::antisymmetric: return mirrored(x, t, true, true);
    case Pad::antireflect: return mirrored(x, t, false, true);
    case Pad::smooth: return on_line(x, t, false);
    case Pad::line: return on_line(x, t, true);
    default: return 0;
  }
}

/// The value of the whole signal that pads `mean` to `minimum` repeat; nothing for the others.
template <class T>
std::optional<T> level(View<const T, 1> x, Pad pad) {
  if (pad != Pad::mean && pad != Pad::median && pad != Pad::maximum && pad != Pad::minimum) return std::nullopt;
  std::vector<double> values;
  for (std::int64_t t = 0; t < x.extent(0); ++t) values.push_back(x[t]);
  if (pad == Pad::median) return static_cast<T>(median(std::move(values)));
  if (pad == Pad::maximum) return static_cast<T>(*std::max_element(values.begin(), values.end()));
  if (pad == Pad::minimum) return static_cast<T>(*std::min_element(values.begin(), values.end()));
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return static_cast<T>(sum / static_cast<double>(values.size()));
}

/// Values at `first` and after it, all on one side of the signal.
template <class T>
void put_continuation(View<const T, 1> x, std::int64_t first, Pad pad, std::span<T> out) {
  if (const auto repeated = level(x, pad)) return std::fill(out.begin(), out.end(), *repeated);
  const auto count = static_cast<std::int64_t>(out.size());
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t from_far = first < 0 ? k : count - 1 - k;
    out[static_cast<std::size_t>(k)] =
        pad == Pad::linear_ramp ? x[first < 0 ? 0 : x.extent(0) - 1] * static_cast<T>(from_far) / static_cast<T>(count)
                                : beyond(x, first + k, pad);
  }
}

}  // namespace

Pad pad_argument(const Arguments& args, std::string_view name) {
  return choice_argument<Pad>(args, name,
                              {{"reflect_limited", Pad::reflect_limited},
                               {"edge", Pad::edge},
                               {"constant", Pad::constant},
                               {"reflect", Pad::reflect},
                               {"symmetric", Pad::symmetric},
                               {"wrap", Pad::wrap},
                               {"linear_ramp", Pad::linear_ramp},
                               {"mean", Pad::mean},
                               {"median", Pad::median},
                               {"maximum", Pad::maximum},
                               {"minimum", Pad::minimum}});
}

template <class T>
void padding_before(View<const T, 1> x, Pad pad, std::span<T> out) {
  const auto count = static_cast<std::int64_t>(out.size());
  if (pad == Pad::reflect_limited && x.stride(0) == 1) {
    const std::int64_t there = std::min(count, x.extent(0) - 1);
    const T *const from = x.data() + there, twice = 2 * x[0];
    std::fill_n(out.data(), count - there, T{0});
    T* const to = out.data() + count - there;
    for (std::int64_t k = 0; k < there; ++k) to[k] = twice - from[-k];
    return;
  }
  put_continuation(x, -count, pad, out);
}

template <class T>
void padding_after(View<const T, 1> x, Pad pad, std::span<T> out) {
  const auto count = static_cast<std::int64_t>(out.size());
  if (pad == Pad::reflect_limited && x.stride(0) == 1) {
    const std::int64_t there = std::min(count, x.extent(0) - 1);
    const T *const from = x.data() + x.extent(0) - 2, twice = 2 * from[1];
    for (std::int64_t k = 0; k < there; ++k) out[static_cast<std::size_t>(k)] = twice - from[-k];
    std::fill_n(out.data() + there, count - there, T{0});
    return;
  }
  put_continuation(x, x.extent(0), pad, out);
}

template <class T>
std::vector<T> padding_before(View<const T, 1> x, std::int64_t count, Pad pad) {
  std::vector<T> result(static_cast<std::size_t>(count));
  padding_before(x, pad, std::span<T>(result));
  return result;
}

template <class T>
std::vector<T> padding_after(View<const T, 1> x, std::int64_t count, Pad pad) {
  std::vector<T> result(static_cast<std::size_t>(count));
  padding_after(x, pad, std::span<T>(result));
  return result;
}

template void padding_before(View<const double, 1> x, Pad pad, std::span<double> out);
template void padding_after(View<const double, 1> x, Pad pad, std::span<double> out);
template std::vector<float> padding_before(View<const float, 1> x, std::int64_t count, Pad pad);
template std::vector<double> padding_before(View<const double, 1> x, std::int64_t count, Pad pad);
template std::vector<float> padding_after(View<const float, 1> x, std::int64_t count, Pad pad);
template std::vector<double> padding_after(View<const double, 1> x, std::int64_t count, Pad pad);

std::vector<double> padded(View<const double, 1> x, std::int64_t left, std::int64_t right, Pad pad) {
  auto result = padding_before(x, left, pad);
  const auto after = padding_after(x, right, pad);
  result.reserve(result.size() + static_cast<std::size_t>(x.extent(0)) + after.size());
  for (std::int64_t t = 0; t < x.extent(0); ++t) result.push_back(x[t]);
  result.insert(result.end(), after.begin(), after.end());
  return result;
}

}  // namespace caton
