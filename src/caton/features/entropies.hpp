// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/singular_values.hpp"
#include "caton/signal/welch_row.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

/// Entropies of distributions that are read off a channel (bits), one number a channel. Beside each stands a form for
/// windows of one length, one after the other, with memory of its own: it refuses as the whole form, asks for no memory
/// after the first window and gives NaN where the channel is flat.
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

class PermutationEntropyRow {
 public:
  PermutationEntropyRow(std::int64_t samples, const Embedding& options);
  [[nodiscard]] double run(std::span<const double> x);

 private:
  Embedding options_;
  std::int64_t span_;
  std::vector<std::uint64_t> patterns_;
  std::vector<double> counts_;
};

/// Entropy of the embedding matrix' singular values: `antropy.svd_entropy`. Refuses as `permutation_entropy`, and
/// signals of zeros (`flat`).
[[nodiscard]] std::vector<double> svd_entropy(Signal x, const Embedding& options = {});

class SvdEntropyRow {
 public:
  SvdEntropyRow(std::int64_t samples, const Embedding& options);
  [[nodiscard]] double run(std::span<const double> x);

 private:
  Embedding options_;
  std::int64_t rows_;
  std::vector<double> scaled_;
  SingularValues solver_;
};

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

class SpectralEntropyRow {
 public:
  SpectralEntropyRow(std::int64_t samples, const SpectralEntropy& options);
  [[nodiscard]] double run(std::span<const double> x);

 private:
  bool normalize_;
  std::vector<double> scaled_, density_;
  std::unique_ptr<WelchRow> welch_;
};

}  // namespace caton
