// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// Spearman's rank correlation (ties get the mean of their ranks); NaN when either side is constant or has fewer than
/// three values. Refuses (kind `usage`, word `lengths`) sequences of different lengths. As scipy.stats.spearmanr.
[[nodiscard]] double spearman(std::span<const double> a, std::span<const double> b);

/// A map over electrodes against what a simulation knows to be true.
struct TruthMatch {
  std::string map;     ///< "attention received", "occlusion"
  double rho = 0;      ///< rank correlation over the electrodes; NaN: not defined
  double p = 1;        ///< share of 9999 orders of the electrodes (and the observed one) that agree as well or better
  std::int64_t n = 0;  ///< electrodes that both sides name
  /// The strongest quarter of the electrodes (at least two) on either side: how many they are, how many the map and
  /// the truth share, and how likely as many or more are by chance (hypergeometric).
  std::int64_t strongest = 0, shared = 0;
  double shared_p = 1;
  bool finds_sources() const noexcept { return (rho > 0 && p < 0.05) || shared_p < 0.05; }
};

/// `weights`: for each electrode how strongly the simulated sources reach it. Electrodes that either side lacks are
/// left out; refused (kind `usage`, word `electrodes`) when fewer than three remain. The orders are drawn from the
/// stream ("truth", seed), so that equal input gives equal p.
[[nodiscard]] TruthMatch match_truth(const std::string& map, const std::vector<std::string>& electrodes,
                                     std::span<const double> values, const std::map<std::string, double>& weights,
                                     std::uint64_t seed);

}  // namespace caton
