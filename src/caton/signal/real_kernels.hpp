// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/fft_kernels.hpp"

/// Loops between real signals and complex transforms, for every instruction set as those of fft_kernels.hpp.
namespace caton {

/// z[k] = x[2k] + i x[2k + 1].
void split_pairs(const float* x, Split<float> z, std::int64_t count);
void split_pairs(const double* x, Split<double> z, std::int64_t count);
/// The way back, times `scale`.
void join_pairs(Split<const float> z, float scale, float* x, std::int64_t count);
void join_pairs(Split<const double> z, double scale, double* x, std::int64_t count);
/// x[k] <- x[k] gains[k].
void multiply_by_gains(float* x, const float* gains, std::int64_t count);
void multiply_by_gains(double* x, const double* gains, std::int64_t count);

/// Bins 1 … count - 1 (count <= half + 1, bin `half` not among them) of a real signal of 2 half samples out of the
/// transform `z` of its pairs; roots[k] = e^(-2 pi i k / (2 half)).
void untangle(Split<const float> z, std::int64_t half, Split<const float> roots, Split<float> bins, std::int64_t count);
void untangle(Split<const double> z, std::int64_t half, Split<const double> roots, Split<double> bins,
              std::int64_t count);
/// The way back: z[k] for k = 0 … half - 1 out of bins 0 … half.
void tangle(Split<const float> bins, std::int64_t half, Split<const float> roots, Split<float> z);
void tangle(Split<const double> bins, std::int64_t half, Split<const double> roots, Split<double> z);

/// Adds the squared magnitudes of bins begin … end - 1 (0 < begin, end <= (n + 1) / 2) of two real signals that rode in
/// one transform of n values as real and imaginary part, times `scale`.
void add_pair_powers(Split<const double> z, std::int64_t n, std::int64_t begin, std::int64_t end, double scale,
                     double* first, double* second);

}  // namespace caton
