// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/base/random.hpp"
#include "caton/evaluate/answers.hpp"

#include <string>

namespace caton {

/// How many points of accuracy a leaky plan adds to the honest one: `{plan,
/// inflation_points, low, high, n, unit}`. The interval comes from drawing the
/// units (subjects, with fewer than two the trials) that both plans tested,
/// with replacement.
[[nodiscard]] Json inflation(const Answers& leaky, const Answers& honest, const std::string& honest_plan,
                             const RandomStream& random);

}  // namespace caton
