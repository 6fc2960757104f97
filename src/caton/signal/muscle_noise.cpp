// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/muscle_noise.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <cmath>
#include <numbers>

namespace caton {
namespace {

constexpr int sines = 40;
constexpr double low_hz = 15, top_share = 0.45;
constexpr double slow_hz = 1.5;  ///< how quickly bursts come and go

}  // namespace

std::vector<double> muscle_noise(RandomStream random, double rate_hz, std::int64_t samples) {
  const double high_hz = top_share * rate_hz;
  if (!(high_hz > low_hz))
    throw usage_error("muscle_noise", "rate_hz = " + number_text(rate_hz) + " carries no muscle (above 15 Hz)");
  if (samples < 2) throw usage_error("muscle_noise", "samples must be at least 2");
  constexpr double turn = 2 * std::numbers::pi;
  std::vector<double> noise(static_cast<std::size_t>(samples), 0.0);
  for (int k = 0; k < sines; ++k) {
    const double hz = low_hz + (high_hz - low_hz) * random.uniform(), phase = turn * random.uniform(),
                 size = random.normal();
    for (std::size_t t = 0; t < noise.size(); ++t)
      noise[t] += size * std::sin(turn * hz * static_cast<double>(t) / rate_hz + phase);
  }
  const double burst_phase = turn * random.uniform(), burst_hz = slow_hz * (0.5 + random.uniform());
  double power = 0;
  for (std::size_t t = 0; t < noise.size(); ++t) {
    noise[t] *= 0.6 + 0.4 * std::sin(turn * burst_hz * static_cast<double>(t) / rate_hz + burst_phase);
    power += noise[t] * noise[t];
  }
  const double scale = std::sqrt(static_cast<double>(samples) / power);
  for (double& value : noise) value *= scale;
  return noise;
}

}  // namespace caton
