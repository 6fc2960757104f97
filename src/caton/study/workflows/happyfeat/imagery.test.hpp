// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Simulated runs of motor imagery: 1/f noise, and an 11 Hz rhythm that is weaker during MI at C3 and C4.

#include "caton/base/random.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace caton::testing {

struct SimulatedImagery {
  int trials = 20;  ///< of both classes together, in turn
  double rate_hz = 128;
  double rhythm = 1;  ///< during MI, of its size at rest; 1: no effect
  std::uint64_t seed = 1;
  std::vector<std::string> channels{"Fz", "C3", "Cz", "C4", "P3", "Pz", "P4", "Oz"};
};

/// Trials of 8 s: 3 s of rest, the annotation, 5 s of the task.
inline void write_imagery_run(const Path& path, const SimulatedImagery& options) {
  const auto trial = static_cast<std::int64_t>(8 * options.rate_hz),
             onset = static_cast<std::int64_t>(3 * options.rate_hz);
  const std::int64_t samples = trial * options.trials;
  Matrix x({static_cast<std::int64_t>(options.channels.size()), samples});
  EdfContent content;
  for (int n = 0; n < options.trials; ++n)
    content.annotations.push_back(
        {static_cast<double>(n * trial + onset) / options.rate_hz, 0, n % 2 == 0 ? "REST" : "MI"});
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    content.channels.push_back({.name = options.channels[static_cast<std::size_t>(c)]});
    RandomStream random(options.seed, "imagery", {static_cast<std::uint64_t>(c)});
    const bool central =
        options.channels[static_cast<std::size_t>(c)] == "C3" || options.channels[static_cast<std::size_t>(c)] == "C4";
    double slow = 0, phase = random.uniform();
    for (std::int64_t t = 0; t < samples; ++t) {
      const bool imagery = (t / trial) % 2 == 1 && t % trial >= onset;
      phase += (11 + 0.3 * random.normal()) / options.rate_hz;
      slow = 0.95 * slow + random.normal();
      const double size = central ? (imagery ? options.rhythm : 1.0) : 0.0;
      x(c, t) = 1e-6 * (2 * slow + 2 * random.normal() + 6 * size * std::sin(2 * std::numbers::pi * phase));
    }
  }
  write_edf(path, x, options.rate_hz, content);
}

}  // namespace caton::testing
