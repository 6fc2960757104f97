// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Each channel's spectrum turned by the given phases (rad; C or 1 rows x T/2 + 1). One row for all channels keeps
/// cross-spectra (tests nonlinearity); a row each destroys them (tests coupling). Bin 0 and, for even T, the last stay.
/// Refuses other sizes (word `shape`).
[[nodiscard]] Matrix surrogate_phase(Signal x, Signal phases);

/// y[c, n] = x[c, (n - shift[c]) mod T]. Refuses another number of shifts (word `shape`).
[[nodiscard]] Matrix surrogate_shift(Signal x, std::span<const std::int64_t> shift);

enum class Tail { upper, two_sided };
/// (1 + #{surrogate >= observed}) / (1 + N) of each value; two-sided: twice the smaller of both tails, at most 1.
/// surrogates: N rows of as many values as `observed`. Refuses none (word `empty`).
[[nodiscard]] std::vector<double> surrogate_p_value(std::span<const double> observed, Signal surrogates,
                                                    Tail tail = Tail::upper);

}  // namespace caton
