// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <vector>

namespace caton {

/// x xᵀ of a short signal of few channels less the mean of each row, and what was taken away.
struct CentredScatter {
  Matrix scatter;
  std::vector<double> sums;  ///< of each row
  bool level = true;         ///< no mean weighs much beside what varies in its row
};
/// Level signals are not copied: the means are taken away from the sums of products.
[[nodiscard]] CentredScatter centred_scatter(Signal x);

}  // namespace caton
