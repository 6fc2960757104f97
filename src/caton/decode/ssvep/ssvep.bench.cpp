// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// W9: one subject of the benchmark's shape (40 stimuli, 6 blocks, 9 channels, 250 samples), leave one block out: filter
// bank CCA and ensemble TRCA over 5 bands. One thread on both sides; bench/W9/peer.py makes the same signals. Every
// epoch is filtered once, on both sides.
#include "caton/base/bench_service.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/ssvep/trca.hpp"

#include <cmath>
#include <cstdio>
#include <numbers>

using namespace caton;

namespace {

constexpr std::int64_t stimuli = 40, blocks = 6, channels = 9, samples = 250, bands = 5;
constexpr double rate_hz = 250;

double frequency(std::int64_t stimulus) { return 8 + 0.2 * static_cast<double>(stimulus); }

/// Epochs by block, then stimulus: noise and the flicker's first two harmonics in microvolts.
Array<double, 3> made_epochs() {
  Array<double, 3> x({blocks * stimuli, channels, samples}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t t = 0; t < samples; ++t) {
        const auto place = static_cast<std::uint64_t>((n * channels + c) * samples + t);
        const double phase = 2 * std::numbers::pi * frequency(n % stimuli) * static_cast<double>(t + 1) / rate_hz +
                             0.2 * static_cast<double>(c);
        x(n, c, t) = 20 * (made_uniform(place) - 0.5) + 2 * std::sin(phase) + std::cos(2 * phase);
      }
    }
  }
  return x;
}

struct Job {
  Array<double, 3> x = made_epochs();
  std::vector<SsvepBand> bank = ssvep_bands({.rate_hz = rate_hz}, bands);
  SsvepStimuli targets{.rate_hz = rate_hz, .harmonics = 5};

  Job() {
    for (std::int64_t k = 0; k < stimuli; ++k) targets.frequency_hz.push_back(frequency(k));
  }

  /// Scores of every epoch by TRCA learned on the other blocks, then by filter bank CCA.
  [[nodiscard]] std::vector<double> run() const {
    std::vector<double> scores;
    const auto filtered = filter_bank(x, bank);
    std::vector<std::int64_t> target;
    std::vector<EpochSplit> splits(blocks);
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      target.push_back(n % stimuli);
      for (std::int64_t block = 0; block < blocks; ++block) {
        EpochSplit& split = splits[static_cast<std::size_t>(block)];
        (n / stimuli == block ? split.test : split.training).push_back(n);
      }
    }
    for (const auto& found : trca_split_scores(filtered, target, stimuli, splits, {.cascade = false}))
      scores.insert(scores.end(), found.combined.score.begin(), found.combined.score.end());
    const auto found = ssvep_fbcca(filtered, targets);
    scores.insert(scores.end(), found.combined.score.begin(), found.combined.score.end());
    return scores;
  }
};

}  // namespace

int main() {
  try {
    set_threads(1);
    const Job job;
    return serve_bench([&] { return job.run(); }, [&] { (void)job.run(); });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
