// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"

#include <cstdint>
#include <vector>

namespace caton {

struct MicrostateOptions {
  std::int64_t max_iterations = 1000;
  double tolerance = 1e-6;             ///< relative fall of the residual that ends the search
  std::int64_t min_peak_distance = 2;  ///< samples
  bool polarity = false;               ///< a map and its negative are two states
};

struct Microstates {
  Matrix maps;                       ///< states x channels, of length 1
  std::vector<std::int64_t> labels;  ///< by sample
  double explained = 0;              ///< global explained variance
  std::vector<double> explained_by_map;
  std::vector<std::int64_t> peaks;  ///< of the global field power
  std::int64_t iterations = 0;      ///< improvements of the first update of the maps
  Findings findings;                ///< "microstates/empty-state"
};

/// The few maps that a recording goes through, by modified k-means over the peaks of the global field power
/// (Pascual-Marqui et al. 1995), started from the peaks `start`. x: channels x samples, average reference [V]. Refuses
/// a signal without field (word `flat`), starts that are no peak's number (`start`), fewer than two channels
/// (`channels`).
[[nodiscard]] Microstates microstates(Signal x, const std::vector<std::int64_t>& start,
                                      const MicrostateOptions& options = {});

struct MicrostateStatistics {
  std::vector<double> coverage;       ///< share of the time in each state
  std::vector<double> duration_s;     ///< mean length of a stay; 0 for a state never met
  std::vector<double> occurrence_hz;  ///< stays a second
  Matrix transitions;                 ///< from x to: shares of the changes out of a state
};
/// Refuses labels outside 0 … states - 1 (word `states`).
[[nodiscard]] MicrostateStatistics microstate_statistics(const std::vector<std::int64_t>& labels, double rate_hz,
                                                         std::int64_t states);

/// Places that are higher than both neighbours (the middle of a plateau), none nearer to a higher one than `distance`
/// samples (`scipy.signal.find_peaks`).
[[nodiscard]] std::vector<std::int64_t> find_peaks(const std::vector<double>& values, std::int64_t distance);

}  // namespace caton
