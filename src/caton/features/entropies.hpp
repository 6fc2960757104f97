// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// Entropies of distributions that are read off a channel (bits), one number a channel.
namespace caton {

/// Vectors x[i], x[i + delay], …, of `order` values.
struct Embedding {
  int order = 3;
  int delay = 1;
  bool normalize = false;  ///< divided by the largest possible value
};

/// Entropy of the order patterns (stable order among equal values): `antropy.perm_entropy`. Refuses orders below 2 or
/// above 20 (word `order`), delays below 1 (`positive`), signals without a vector (`short`).
[[nodiscard]] std::vector<double> permutation_entropy(Signal x, const Embedding& options = {});

/// Entropy of the embedding matrix' singular values: `antropy.svd_entropy`. Refuses as `permutation_entropy`, and
/// signals of zeros (`flat`).
[[nodiscard]] std::vector<double> svd_entropy(Signal x, const Embedding& options = {});

enum class EntropySpectrum { fft, welch };

struct SpectralEntropy {
  double rate_hz = 0;
  EntropySpectrum method = EntropySpectrum::fft;
  std::optional<std::int64_t> segment_samples = {};  ///< welch; nothing: 256, or the signal where it is shorter
  bool normalize = false;
};

/// Entropy of the density's shares over all bins: the periodogram of the mean-free signal, or Welch's with a Hann
/// window and half overlap (`antropy.spectral_entropy`). Refuses flat channels (`flat`), segments longer than the
/// signal
/// (`short`).
[[nodiscard]] std::vector<double> spectral_entropy(Signal x, const SpectralEntropy& options);

}  // namespace caton
