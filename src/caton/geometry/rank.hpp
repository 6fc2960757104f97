// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/geometry/matrices.hpp"

#include <optional>
#include <string>

namespace caton {

/// What to tell of a set in which a matrix has not full rank: how many, the lowest rank, the usual causes and the
/// remedies (code "geometry/rank-deficient"). Metrics that need full rank refuse such a set; euclid and its kin do not.
[[nodiscard]] std::optional<Finding> rank_finding(const std::string& where, MatricesView c);

}  // namespace caton
