// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// How a component's likeness to a reference channel is judged: by outlying among all components, or by its size.
enum class ScoreMeasure { zscore, correlation };

struct EogScoreOptions {
  double rate_hz = 0;
  double low_hz = 1, high_hz = 10;
  double threshold = 3;  ///< standard deviations from the others, or |r|
  ScoreMeasure measure = ScoreMeasure::zscore;
};
struct EogScores {
  Matrix scores;                  ///< references x components: Pearson's r after band-passing
  std::vector<std::int64_t> bad;  ///< components, most alike first
};
/// How much each source (components x samples) looks like the eye channels (channels x samples), as
/// `mne.preprocessing.ICA.find_bads_eog`. A flat source or channel scores 0. Refuses other lengths (word `shape`).
[[nodiscard]] EogScores ica_score_eog(Signal sources, Signal eog, const EogScoreOptions& options);

/// Indices of values further than `threshold` standard deviations from the mean of the rest, looked for in two rounds
/// (`mne.preprocessing.bads._find_outliers`).
[[nodiscard]] std::vector<std::int64_t> outliers(const std::vector<double>& values, double threshold);

/// Pearson's correlation; 0 where one of them does not vary.
[[nodiscard]] double pearson(View<const double, 1> a, View<const double, 1> b);

}  // namespace caton
