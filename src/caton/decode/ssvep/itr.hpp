// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>

namespace caton {

/// Information transfer rate in bits a minute (Wolpaw; mnakanishi/TRCA-SSVEP `itr.m`): `seconds` is the time one
/// selection takes, the shift of gaze included; without it the rate flatters. 0 below chance. Refuses accuracy outside
/// [0, 1] (word `accuracy`), fewer than 2 classes (`classes`), seconds not above 0 (`seconds`).
[[nodiscard]] double information_transfer_rate(std::int64_t classes, double accuracy, double seconds);

}  // namespace caton
