// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// What a matrix of directed links [to, from] comes to; the diagonal is not looked at.
struct ConnectivitySummary {
  std::vector<double> outflow;  ///< of j: sum over i of m_ij
  std::vector<double> inflow;   ///< of i: sum over j of m_ij
  double total = 0;             ///< of all pairs
  Matrix asymmetry;             ///< (m_ij - m_ji) / (m_ij + m_ji), 0 where both are 0
  std::int64_t edges = 0;       ///< pairs above the threshold
};

/// Refuses matrices that are not square (word `shape`).
[[nodiscard]] ConnectivitySummary connectivity_summary(Signal m, double threshold = 0);

}  // namespace caton
