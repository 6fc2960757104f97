// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/recording/recording.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// What a column of time stamps says about a recording.
struct StampedTime {
  double rate_hz = 0;  ///< 0: the stamps do not tell
  std::vector<Segment> segments;
};

/// Rate from the steps between stamps (of the steps that are no gaps), segments from the steps that are. `nominal_hz`
/// is taken where the steps come within 5 % of it, or do not tell. Steps above `shortest_gap_s` and five samples are
/// gaps; stamps that stand still or go backwards are reported and the order of rows is kept. `code` begins the findings
/// ("muse").
[[nodiscard]] StampedTime time_from_stamps(std::span<const double> stamps_s, std::optional<double> nominal_hz,
                                           const std::string& code, const std::string& where, Findings& findings,
                                           double shortest_gap_s = 0.05);

}  // namespace caton
