// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/pad.hpp"

#include "caton/base/ports.hpp"

#include <algorithm>

namespace caton {

namespace {

/// What stands at place `t` outside 0 … samples - 1.
template <class T>
T beyond(View<const T, 1> x, std::int64_t t, Pad pad) {
  const std::int64_t samples = x.extent(0);
  const auto folded = [&](std::int64_t period) {
    const std::int64_t rest = t % period;
    return rest < 0 ? rest + period : rest;
  };
  switch (pad) {
    case Pad::reflect_limited:
      if (t < 0) return -t < samples ? 2 * x[0] - x[-t] : 0;
      return t - samples + 2 <= samples ? 2 * x[samples - 1] - x[2 * samples - 2 - t] : 0;
    case Pad::edge: return t < 0 ? x[0] : x[samples - 1];
    case Pad::constant: return 0;
    case Pad::wrap: return x[folded(samples)];
    case Pad::symmetric: {
      const std::int64_t place = folded(2 * samples);
      return x[place < samples ? place : 2 * samples - 1 - place];
    }
    case Pad::reflect: break;
  }
  if (samples == 1) return x[0];
  const std::int64_t place = folded(2 * (samples - 1));
  return x[place < samples ? place : 2 * (samples - 1) - place];
}

}  // namespace

Pad pad_argument(const Arguments& args, std::string_view name) {
  return choice_argument<Pad>(args, name,
                              {{"reflect_limited", Pad::reflect_limited},
                               {"edge", Pad::edge},
                               {"constant", Pad::constant},
                               {"reflect", Pad::reflect},
                               {"symmetric", Pad::symmetric},
                               {"wrap", Pad::wrap}});
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
  for (std::int64_t k = 0; k < count; ++k) out[static_cast<std::size_t>(k)] = beyond(x, k - count, pad);
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
  for (std::int64_t k = 0; k < count; ++k) out[static_cast<std::size_t>(k)] = beyond(x, x.extent(0) + k, pad);
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
