// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/lane_matrix.hpp"

#include <string>

namespace caton {

/// The inverses of a square matrix at eight frequencies, in place, by Gauss-Jordan, a panel of columns at a time.
/// False, and a matrix that is lost, when the frequencies would need different exchanges of rows.
[[nodiscard]] bool invert_together(LaneMatrix& matrix);
/// Frequency by frequency. Refuses (word `unstable`) singular ones: a root on the unit circle.
void invert_each(const std::string& where, LaneMatrix& matrix);

}  // namespace caton
