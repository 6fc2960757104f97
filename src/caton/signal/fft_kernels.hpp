// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>

/// The loops inside the Fourier transforms, compiled for every instruction set and chosen while the program runs. Every
/// value goes through the same additions and multiplications in all of them: the same bits on every processor.
namespace caton {

/// Real and imaginary parts, which lie apart.
template <class T>
struct Split {
  T* re = nullptr;
  T* im = nullptr;
};

/// One stage of Stockham's self-sorting transform: `groups` butterflies of `radix` values, each value `stride` numbers
/// wide: y[q + stride (radix p + k)] = twiddle[k][p] * sum over j of e^(-2 pi i j k / radix) x[q + stride (p + groups
/// j)].
template <class T>
struct FftStage {
  int radix = 0;
  std::int64_t groups = 0, stride = 0;
  /// (radix - 1) x groups cosines, each `repeat` times side by side; then as many sines (of the negative angles).
  const T* twiddles = nullptr;
  std::int64_t repeat = 1;
  const T* roots = nullptr;  ///< cosines and sines of 2 pi k / radix, k < radix
};

void run_stage(const FftStage<float>& stage, Split<const float> x, Split<float> y);
void run_stage(const FftStage<double>& stage, Split<const double> x, Split<double> y);

/// x <- x * y, complex. `y` may be `x` (the square).
void multiply_spectra(Split<float> x, Split<const float> y, std::int64_t count);
void multiply_spectra(Split<double> x, Split<const double> y, std::int64_t count);

/// x[r][c] <- x[r][c] * (of_row[r] * of_place[r][c]), complex, for rows of `columns` values; those of `of_place` lie
/// `place_stride` apart.
void multiply_rows(Split<float> x, Split<const float> of_row, Split<const float> of_place, std::int64_t rows,
                   std::int64_t columns, std::int64_t place_stride);
void multiply_rows(Split<double> x, Split<const double> of_row, Split<const double> of_place, std::int64_t rows,
                   std::int64_t columns, std::int64_t place_stride);

/// y[j * y_stride + i] = x[i * x_stride + j] for i < rows and j < columns.
void transpose_block(const float* x, std::int64_t x_stride, float* y, std::int64_t y_stride, std::int64_t rows,
                     std::int64_t columns);
void transpose_block(const double* x, std::int64_t x_stride, double* y, std::int64_t y_stride, std::int64_t rows,
                     std::int64_t columns);

}  // namespace caton
