// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/progress.hpp"
#include "caton/models/geometric-eeg/filtration.hpp"

namespace caton::geometric_eeg {

/// How the denoiser learns: mean squared error of the denoised segment, half that of the autoencoder's, and a small
/// reward for what a discriminator takes for clean.
struct DenoiserTraining {
  std::int64_t epochs = 60, batch = 64;
  double learning_rate = 1e-3;
  double autoencoder_weight = 0.5;
  double adversarial_weight = 0.01;  ///< 0: no discriminator
};

/// Pairs of segments of unit scale, (segments, samples) float32: what was recorded and what it should have been.
struct DenoiserPairs {
  at::Tensor noisy, clean;
};

/// Mean squared error of the denoised segments.
[[nodiscard]] double denoising_error(const AttentionFiltration& network, const DenoiserPairs& pairs);

/// Trains on `training` and leaves the weights of the epoch with the smallest error on `validation` (empty pairs: those
/// of the last epoch). Orders and dropout come from `random` alone; the same bytes for any number of threads. Refuses
/// (words `shape`, `empty`) pairs that do not fit each other or the network.
void train_denoiser(AttentionFiltration& network, const DenoiserPairs& training, const DenoiserPairs& validation,
                    const DenoiserTraining& options, const RandomStream& random, Progress& progress);

}  // namespace caton::geometric_eeg
