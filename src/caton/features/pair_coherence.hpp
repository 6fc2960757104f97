// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <string>

/// How two channels go together at each frequency: frequencies x channels x channels, symmetric, 1 (coherence) or 0
/// (abs-imaginary) on the diagonal. All refuse fewer than two channels (word `channel`) and channels that do not vary
/// (`flat`).
namespace caton {

enum class CoherenceMeasure {
  coherence,      ///< |S_xy| / sqrt(S_xx S_yy)
  abs_imaginary,  ///< |Im S_xy| / sqrt(S_xx S_yy)
};

struct BurgCoherence {
  std::int64_t order = 0;
  std::int64_t size = 0;  ///< points around the circle: size/2 + 1 frequencies
  CoherenceMeasure measure = CoherenceMeasure::coherence;
};
/// From a two-channel autoregressive model of every pair (`multivariate_burg`). Refuses pairs that depend on each other
/// (`rank`).
[[nodiscard]] Array<double, 3> connectivity_burg(Signal x, const BurgCoherence& options);

struct WelchCoherence {
  double rate_hz = 1;  ///< does not change the values
  std::string window = "hann";
  std::int64_t length = 256;
  std::int64_t overlap = 128;
  std::int64_t size = 256;  ///< points of the transform
  CoherenceMeasure measure = CoherenceMeasure::coherence;
};
/// From cross-spectra of windowed segments, mean removed (`scipy.signal.csd`). One segment alone makes every coherence
/// 1: refused (`short`).
[[nodiscard]] Array<double, 3> connectivity_welch(Signal x, const WelchCoherence& options);

/// Mean over the channels of each row: frequencies x channels. Without the diagonal the divisor is channels - 1.
/// Refuses fewer than two channels then (`channel`).
[[nodiscard]] Matrix node_strength(View<const double, 3> connectivity, bool diagonal = true);

/// What is weaker than the strongest `percent` of all entries becomes 0; the diagonal counts among them, as in
/// HappyFeat. Refuses percentages outside (0, 100] (`percent`).
[[nodiscard]] Matrix strongest_connections(Signal connectivity, double percent);

}  // namespace caton
