// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/tapered_spectra.hpp"

#include <cstdint>

namespace caton {

/// Which sums over repetitions a measure is made of, with S_ij = sum over tapers of X_i conj(X_j).
enum class PairSum {
  products,  ///< Re S, Im S
  units,     ///< Re and Im of S / |S| (0 where S is 0)
  signs,     ///< the sign of Im S
  sizes,     ///< Im S, |Im S|
  squares    ///< Im S, |Im S|, (Im S)^2
};

/// The pairs of channels first_row … + 7 with first_column … + 7 at one frequency.
struct PairTile {
  static constexpr std::int64_t rows = 8, columns = 8, pairs = rows * columns;

  std::int64_t bin = 0, first_row = 0, first_column = 0;
};

/// The sums in the order of `PairSum`, each of all pairs of a tile, row by row.
struct TileSums {
  static constexpr std::int64_t most = 3;

  alignas(64) double values[most][PairTile::pairs];
};

/// In order of the repetitions, whatever else is summed: the same bits on every processor. Columns beyond the last
/// channel are zeros, rows beyond it repeat the last.
void sum_pairs(const TaperedSpectra& spectra, const PairTile& tile, PairSum sum, TileSums& out);

/// Sums over repetitions and tapers of |X|^2 at one frequency, in `powers`: one for each channel, padded as these are.
void sum_powers(const TaperedSpectra& spectra, std::int64_t bin, double* powers);

}  // namespace caton
