// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace caton {

/// `count` samples of eight signals side by side through second-order sections (b0 b1 b2 a1 a2 each, direct form II
/// transposed), in place; the next sample lies `step` values further (8, or -8 for the way back). `state`: sections x 2
/// x 8.
void run_sections(double* lanes, std::int64_t step, std::int64_t count, const double* coefficients, double* state,
                  std::int64_t sections);

/// Sections of a band-pass with all its zeros at 1 and -1 (Butterworth's and Chebyshev's are such): whatever pairs of
/// zeros the sections were given, the whole is that of one zero at 1 and one at -1 in each, so that three additions and
/// two multiplications are left of nine. The state is not that of the sections as they were.
struct BandSections {
  double gain = 1;            ///< of all of them
  std::vector<double> poles;  ///< a1 a2 of each section

  [[nodiscard]] std::int64_t count() const noexcept { return static_cast<std::int64_t>(poles.size() / 2); }
};
/// Nothing where the zeros are others, or poles so near 1 or -1 that rounding would show. `coefficients` as for
/// `run_sections`.
[[nodiscard]] std::optional<BandSections> band_sections(const std::vector<double>& coefficients);
/// As `run_sections`, from the steady state of the sample that stands first.
void run_from_steady(double* lanes, std::int64_t step, std::int64_t count, const BandSections& sections);

}  // namespace caton
