// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/pair_sums.hpp"

#include "caton/base/lane_math.hpp"

#include <algorithm>

namespace caton {

namespace {

/// Where the channels of a tile begin in the first repetition, and how far it is to the next.
struct TileRows {
  const double *row_re[PairTile::rows], *row_im[PairTile::rows], *column_re, *column_im;
  std::int64_t step = 0, repetitions = 0, tapers = 0;
};

struct Products {
  static constexpr int count = 2;
  static inline __attribute__((always_inline)) void add(Lanes* sums, const Lanes& re, const Lanes& im) {
    sums[0] += re;
    sums[1] += im;
  }
};

struct Units {
  static constexpr int count = 2;
  static inline __attribute__((always_inline)) void add(Lanes* sums, const Lanes& re, const Lanes& im) {
    Lanes length = re * re + im * im;
    root_lanes(length);
    const Lanes divisor = length > 0.0 ? length : length + 1.0;
    sums[0] += re / divisor;
    sums[1] += im / divisor;
  }
};

struct Signs {
  static constexpr int count = 1;
  static inline __attribute__((always_inline)) void add(Lanes* sums, const Lanes&, const Lanes& im) {
    const Lanes zero{}, one = zero + 1.0;
    sums[0] += (im > zero ? one : zero) - (im < zero ? one : zero);
  }
};

struct Sizes {
  static constexpr int count = 2;
  static inline __attribute__((always_inline)) void add(Lanes* sums, const Lanes&, const Lanes& im) {
    sums[0] += im;
    Lanes size = im;
    absolute_lanes(size);
    sums[1] += size;
  }
};

struct Squares {
  static constexpr int count = 3;
  static inline __attribute__((always_inline)) void add(Lanes* sums, const Lanes& re, const Lanes& im) {
    Sizes::add(sums, re, im);
    sums[2] += im * im;
  }
};

/// What one taper of a repetition gives each pair.
template <int Rows>
struct CrossKernel {
  template <class Sum, bool OneTaper>
  static inline __attribute__((always_inline)) void add(const TileRows& rows, std::int64_t first, std::int64_t at,
                                                        Lanes (*sums)[Sum::count]) {
    Lanes c, d;
    load_lanes(c, rows.column_re + at);
    load_lanes(d, rows.column_im + at);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      const double a = rows.row_re[first + r][at], b = rows.row_im[first + r][at];
      Lanes re = a * c + b * d, im = b * c - a * d;
      if constexpr (!OneTaper) {
        for (std::int64_t k = 1; k < rows.tapers; ++k) {
          const std::int64_t next = at + k * rows.step;
          Lanes e, f;
          load_lanes(e, rows.column_re + next);
          load_lanes(f, rows.column_im + next);
          const double g = rows.row_re[first + r][next], h = rows.row_im[first + r][next];
          re += g * e + h * f;
          im += h * e - g * f;
        }
      }
      Sum::add(sums[r], re, im);
    }
  }
};

/// Rows first … first + Rows - 1 of a tile.
template <class Sum, bool OneTaper, int Rows>
struct TileKernel {
  static inline __attribute__((always_inline)) void run(const TileRows* rows, std::int64_t first, TileSums* out) {
    Lanes sums[Rows][Sum::count]{};
    const TileRows here = *rows;
    for (std::int64_t n = 0; n < here.repetitions; ++n)
      CrossKernel<Rows>::template add<Sum, OneTaper>(here, first, n * here.tapers * here.step, sums);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 3
      for (int s = 0; s < Sum::count; ++s) store_lanes(sums[r][s], out->values[s] + (first + r) * PairTile::columns);
    }
  }
};

/// All rows together where there are registers for their sums.
template <class Sum, bool OneTaper>
void run_rows(const TileRows& rows, TileSums& out) {
  constexpr int half = PairTile::rows / 2;
  const Processor target = processor();
  if (Sum::count <= 2 && target == Processor::avx512)
    return run_on<TileKernel<Sum, OneTaper, PairTile::rows>>(target, &rows, std::int64_t{0}, &out);
  for (const std::int64_t first : {0, half}) run_on<TileKernel<Sum, OneTaper, half>>(target, &rows, first, &out);
}

template <class Sum>
void run_tile(const TileRows& rows, TileSums& out) {
  return rows.tapers == 1 ? run_rows<Sum, true>(rows, out) : run_rows<Sum, false>(rows, out);
}

struct PowerKernel {
  static inline __attribute__((always_inline)) void run(const double* re, const double* im, std::int64_t rows,
                                                        std::int64_t step, double* out) {
    Lanes total{};
    for (std::int64_t n = 0; n < rows; ++n) {
      Lanes a, b;
      load_lanes(a, re + n * step);
      load_lanes(b, im + n * step);
      total += a * a + b * b;
    }
    store_lanes(total, out);
  }
};

}  // namespace

void sum_pairs(const TaperedSpectra& spectra, const PairTile& tile, PairSum sum, TileSums& out) {
  const double *const re = &spectra.re(tile.bin, 0, 0), *const im = &spectra.im(tile.bin, 0, 0);
  TileRows rows{.row_re = {},
                .row_im = {},
                .column_re = re + tile.first_column,
                .column_im = im + tile.first_column,
                .step = spectra.width(),
                .repetitions = spectra.repetitions,
                .tapers = spectra.tapers};
  for (std::int64_t r = 0; r < PairTile::rows; ++r) {
    const std::int64_t channel = std::min(tile.first_row + r, spectra.channels - 1);
    rows.row_re[r] = re + channel;
    rows.row_im[r] = im + channel;
  }
  switch (sum) {
    case PairSum::products: return run_tile<Products>(rows, out);
    case PairSum::units: return run_tile<Units>(rows, out);
    case PairSum::signs: return run_tile<Signs>(rows, out);
    case PairSum::sizes: return run_tile<Sizes>(rows, out);
    case PairSum::squares: return run_tile<Squares>(rows, out);
  }
}

void sum_powers(const TaperedSpectra& spectra, std::int64_t bin, double* powers) {
  for (std::int64_t c = 0; c < spectra.width(); c += lane_count) {
    run_on<PowerKernel>(processor(), &spectra.re(bin, 0, c), &spectra.im(bin, 0, c),
                        spectra.repetitions * spectra.tapers, spectra.width(), powers + c);
  }
}

}  // namespace caton
