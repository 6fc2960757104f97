// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"

#include <cmath>

/// The small transforms inside a mixed-radix FFT, for single values and for eight side by side.
namespace caton {

/// In place on `radix` values. Roots: cosines and sines of 2 pi k / radix, k < radix (used by radices without a formula
/// of their own).
template <int radix, class Value>
inline __attribute__((always_inline)) void butterfly(Value* re, Value* im, const double* cosines, const double* sines) {
  if constexpr (radix == 2) {
    const Value r = re[0] - re[1], i = im[0] - im[1];
    re[0] = re[0] + re[1];
    im[0] = im[0] + im[1];
    re[1] = r;
    im[1] = i;
  } else if constexpr (radix == 4) {
    const Value ar = re[0] + re[2], ai = im[0] + im[2], br = re[0] - re[2], bi = im[0] - im[2];
    const Value cr = re[1] + re[3], ci = im[1] + im[3], dr = re[1] - re[3], di = im[1] - im[3];
    re[0] = ar + cr;
    im[0] = ai + ci;
    re[1] = br + di;
    im[1] = bi - dr;
    re[2] = ar - cr;
    im[2] = ai - ci;
    re[3] = br - di;
    im[3] = bi + dr;
  } else {
    constexpr int half = (radix - 1) / 2;
    Value sum_r[half], sum_i[half], dif_r[half], dif_i[half];
    for (int j = 0; j < half; ++j) {
      sum_r[j] = re[j + 1] + re[radix - 1 - j];
      sum_i[j] = im[j + 1] + im[radix - 1 - j];
      dif_r[j] = re[j + 1] - re[radix - 1 - j];
      dif_i[j] = im[j + 1] - im[radix - 1 - j];
    }
    const Value first_r = re[0], first_i = im[0];
    for (int j = 0; j < half; ++j) {
      re[0] = re[0] + sum_r[j];
      im[0] = im[0] + sum_i[j];
    }
    for (int k = 1; k <= half; ++k) {
      Value even_r = first_r, even_i = first_i, odd_r = dif_r[0] * sines[k], odd_i = dif_i[0] * sines[k];
      for (int j = 0; j < half; ++j) {
        const int root = (j + 1) * k % radix;
        even_r = even_r + sum_r[j] * cosines[root];
        even_i = even_i + sum_i[j] * cosines[root];
        if (j > 0) {
          odd_r = odd_r + dif_r[j] * sines[root];
          odd_i = odd_i + dif_i[j] * sines[root];
        }
      }
      re[k] = even_r + odd_i;
      im[k] = even_i - odd_r;
      re[radix - k] = even_r - odd_i;
      im[radix - k] = even_i + odd_r;
    }
  }
}

/// One stage of Stockham's self-sorting transform: `groups` x `radix` values, each `stride` numbers wide. Twiddles:
/// (radix - 1) x groups cosines, then as many sines (of negative angles).
template <int radix>
struct StageKernel {
  static inline __attribute__((always_inline)) void run(const double* x_re, const double* x_im, double* y_re,
                                                        double* y_im, std::int64_t groups, std::int64_t stride,
                                                        const double* twiddles, const double* roots) {
    const double* const tw_re = twiddles;
    const double* const tw_im = twiddles + (radix - 1) * groups;
    const double* const cosines = roots;
    const double* const sines = roots + radix;
    if (stride % lane_count == 0) {
      for (std::int64_t p = 0; p < groups; ++p) {
        for (std::int64_t q = 0; q < stride; q += lane_count) {
          Lanes re[radix], im[radix];
          for (int k = 0; k < radix; ++k) {
            load_lanes(re[k], x_re + q + stride * (p + groups * k));
            load_lanes(im[k], x_im + q + stride * (p + groups * k));
          }
          butterfly<radix>(re, im, cosines, sines);
          store_lanes(re[0], y_re + q + stride * (radix * p));
          store_lanes(im[0], y_im + q + stride * (radix * p));
          for (int k = 1; k < radix; ++k) {
            const double c = tw_re[(k - 1) * groups + p], s = tw_im[(k - 1) * groups + p];
            const Lanes r = re[k] * c - im[k] * s, i = re[k] * s + im[k] * c;
            store_lanes(r, y_re + q + stride * (radix * p + k));
            store_lanes(i, y_im + q + stride * (radix * p + k));
          }
        }
      }
      return;
    }
    std::int64_t p = 0;
    if (stride == 1) {
      for (; p + lane_count <= groups; p += lane_count) {
        Lanes re[radix], im[radix];
        for (int k = 0; k < radix; ++k) {
          load_lanes(re[k], x_re + p + groups * k);
          load_lanes(im[k], x_im + p + groups * k);
        }
        butterfly<radix>(re, im, cosines, sines);
        for (int k = 1; k < radix; ++k) {
          Lanes c, s;
          load_lanes(c, tw_re + (k - 1) * groups + p);
          load_lanes(s, tw_im + (k - 1) * groups + p);
          const Lanes r = re[k] * c - im[k] * s;
          im[k] = re[k] * s + im[k] * c;
          re[k] = r;
        }
        for (int k = 0; k < radix; ++k) {
          for (int lane = 0; lane < 8; ++lane) {
            y_re[radix * (p + lane) + k] = re[k][lane];
            y_im[radix * (p + lane) + k] = im[k][lane];
          }
        }
      }
    }
    for (; p < groups; ++p) {
      for (std::int64_t q = 0; q < stride; ++q) {
        double re[radix], im[radix];
        for (int k = 0; k < radix; ++k) {
          re[k] = x_re[q + stride * (p + groups * k)];
          im[k] = x_im[q + stride * (p + groups * k)];
        }
        butterfly<radix>(re, im, cosines, sines);
        y_re[q + stride * (radix * p)] = re[0];
        y_im[q + stride * (radix * p)] = im[0];
        for (int k = 1; k < radix; ++k) {
          const double c = tw_re[(k - 1) * groups + p], s = tw_im[(k - 1) * groups + p];
          y_re[q + stride * (radix * p + k)] = re[k] * c - im[k] * s;
          y_im[q + stride * (radix * p + k)] = re[k] * s + im[k] * c;
        }
      }
    }
  }
};

}  // namespace caton
