// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// What stands beyond the ends of a signal: its mirror image (half a sample outside), its beginning again (as many
/// coefficients as half the samples), or zeros.
enum class WaveletEdge { symmetric, periodization, zero };

struct WaveletTransform {
  std::string wavelet = "db4";  ///< db1 (haar) … db10
  std::int64_t levels = 1;
  WaveletEdge edge = WaveletEdge::symmetric;
};

struct WaveletLevels {
  std::vector<double> approximation;        ///< of the last level
  std::vector<std::vector<double>> detail;  ///< of level 1, 2, …
};

/// Discrete wavelet transform (PyWavelets `wavedec`). Refuses levels below 1 (word `levels`) or above
/// log2(samples / (taps - 1)) (`short`), unknown wavelets (`unknown`).
[[nodiscard]] WaveletLevels dwt(std::span<const double> x, const WaveletTransform& options,
                                const std::string& where = "dwt");

enum class LeafOrder { frequency, natural };

struct WaveletPacket {
  Matrix leaves;               ///< 2^levels x coefficients
  std::vector<double> energy;  ///< sum of squares of each leaf
};

/// The last level of the full wavelet packet tree (PyWavelets `WaveletPacket.get_level`); `frequency` orders the leaves
/// by the frequency they stand for (Gray code). Refuses as `dwt`.
[[nodiscard]] WaveletPacket wavelet_packet(std::span<const double> x, const WaveletTransform& options,
                                           LeafOrder order = LeafOrder::frequency);

}  // namespace caton
