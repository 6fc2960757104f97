// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"
#include "caton/datasets/simulated/source_model.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What is recorded besides the brain: blinks, muscle, mains and drift. None of it knows a rating.
namespace caton::simulated {

struct ArtefactSpan {
  double onset_s = 0, duration_s = 0;
  std::string kind;       ///< blink, muscle, mains, drift
  std::string electrode;  ///< where it is strongest; "n/a": everywhere
};

/// Adds all artefacts of a session to `out` (electrodes x samples) [V]; the spans are sorted by onset.
[[nodiscard]] std::vector<ArtefactSpan> add_artefacts(const RandomStream& stream, const Head& head,
                                                      double blinks_per_minute, View<double, 2> out);

}  // namespace caton::simulated
