// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/evaluate/answers.hpp"
#include "caton/measure/interval.hpp"

#include <string>
#include <utility>
#include <vector>

namespace caton {

struct Counts {
  double right = 0, all = 0;
  [[nodiscard]] double accuracy() const { return right / all; }
};

/// The units that two sets of answers share: people, with fewer than two of them the trials of one person.
struct PairedUnits {
  std::string unit;  ///< "subject" or "trial"
  std::vector<std::pair<Counts, Counts>> both;
};
[[nodiscard]] PairedUnits paired_units(const Answers& first, const Answers& second);

/// Accuracy of the first less that of the second, in points, with an interval from drawing the units with replacement.
/// At least two units.
[[nodiscard]] Bootstrap difference_points(const PairedUnits& units, const RandomStream& random);

}  // namespace caton
