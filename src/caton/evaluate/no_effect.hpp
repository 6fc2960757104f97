// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <vector>

/// The audit's laboratory: data in which there is nothing to find, and what leaks make of them (RELIABILITY 14.1).
namespace caton {

/// `no-effect/A`: 20 people x 60 windows x 16 features, person mean N(0,1) + window noise N(0,1); the label belongs to
/// the person.
[[nodiscard]] SampleSet no_effect_people(RandomStream random);
/// `no-effect/B`: white noise, 40 trials x 8 channels x 1280 samples; log band power (8 bands of 8 bins, windows of 256
/// samples, `step` apart); the label belongs to the trial.
[[nodiscard]] SampleSet no_effect_trials(RandomStream random, std::int64_t step);
/// `no-effect/C`: 400 x 20 noise, 40 of the minority class.
[[nodiscard]] SampleSet no_effect_minority(RandomStream random);
/// `no-effect/D`: 480 trials x 16 features, random walk (0.15 a step) + N(0,1); 8 alternating blocks of 60 a class, or
/// the same trials with classes interleaved.
[[nodiscard]] SampleSet no_effect_drift(RandomStream random, bool interleaved);
/// `no-effect/E`: 100 x 5000 noise.
[[nodiscard]] SampleSet no_effect_features(RandomStream random);

/// `no-effect/F`: coin-flip answers to `tested` samples, each drawn again with probability 0.05 from epoch to epoch:
/// accuracy of each of 100 epochs.
[[nodiscard]] std::vector<double> no_effect_epochs(RandomStream random, std::int64_t tested);
/// `no-effect/G`: accuracies of `seeds` coin-flip runs on 100 samples.
[[nodiscard]] std::vector<double> no_effect_seeds(RandomStream random, std::int64_t seeds);

}  // namespace caton
