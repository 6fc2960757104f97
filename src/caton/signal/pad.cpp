// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/pad.hpp"

#include "caton/base/ports.hpp"

namespace caton {

namespace {

/// What stands at place `t` outside 0 … samples - 1.
double beyond(View<const double, 1> x, std::int64_t t, Pad pad) {
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

std::vector<double> padded(View<const double, 1> x, std::int64_t left, std::int64_t right, Pad pad) {
  const std::int64_t samples = x.extent(0);
  std::vector<double> result(static_cast<std::size_t>(left + samples + right));
  for (std::int64_t k = 0; k < left; ++k) result[static_cast<std::size_t>(k)] = beyond(x, k - left, pad);
  for (std::int64_t t = 0; t < samples; ++t) result[static_cast<std::size_t>(left + t)] = x[t];
  for (std::int64_t k = 0; k < right; ++k)
    result[static_cast<std::size_t>(left + samples + k)] = beyond(x, samples + k, pad);
  return result;
}

}  // namespace caton
