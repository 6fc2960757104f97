// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/ssvep/cca.hpp"

#include <cstdint>
#include <span>

namespace caton {

/// Extended canonical correlation: test epoch X against class mean M and reference Y through the weights of (X, Y),
/// (X, M) and (M, Y); score = Σ sign(ρ) ρ² of four correlations (MetaBCI `cca.ECCA`; other publications use five).
/// reference: classes x rows x samples. Refuses a class without epoch (word `class`), other sizes (`shape`), epochs
/// with dependent channels (`rank`).
[[nodiscard]] SsvepScores ssvep_ecca(Epochs train, std::span<const std::int64_t> y, View<const double, 3> reference,
                                     Epochs test, std::int64_t components = 1);

}  // namespace caton
