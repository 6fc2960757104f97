// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/lanes.hpp"
#include "caton/geometry/lane_largest.hpp"

#include <cstdint>
#include <span>

/// Logarithms of symmetric tridiagonal matrices without their eigenvectors: log y = Σ weight (y - 1) / (y + pole) holds
/// for all eigenvalues at once, and the inverse of a shifted tridiagonal matrix costs a few operations an entry.
namespace caton {

struct LogarithmPole {
  double pole;  ///< above 0: the shifted matrix stays positive definite
  double weight;
};

/// A sum that equals log y within 2e-15 for 1/√condition <= y <= √condition.
struct LogarithmSum {
  double condition;
  std::span<const LogarithmPole> poles;  ///< a multiple of `poles_together`
};

inline constexpr int poles_together = 4;
/// Most poles of a sum.
inline constexpr std::int64_t most_poles = 32;
/// All sums, ascending by their condition.
[[nodiscard]] std::span<const LogarithmSum> logarithm_sums() noexcept;

/// Bounds of the eigenvalues of eight tridiagonal matrices with entries of about 1: `high` is above all of them, and
/// `sum` the first of `count` sums of ascending conditions whose condition reaches down to the smallest one (`count`:
/// none does, or a lane holds NaN).
struct Enclosure {
  static inline __attribute__((always_inline)) void run(const double* diagonal, const double* beside, std::int64_t n,
                                                        const double* conditions, std::int64_t count, double* high,
                                                        std::int64_t* sum) {
    const Lanes zero{};
    Lanes d, e, top = zero, magnitude = zero;
    LargestRoot::enclose(diagonal, beside, n, top, magnitude);
    store_lanes(top, high);
    for (std::int64_t lane = 0; lane < lane_count; ++lane) sum[lane] = count;
    for (std::int64_t c = count; c-- > 0;) {
      // All leading minors of the shifted matrix are above 0: so are its eigenvalues.
      const Lanes shift = top / conditions[c];
      Lanes p_before = zero + 1.0, p;
      load_lanes(d, diagonal);
      p = d - shift;
      auto positive = p > zero;
      for (std::int64_t k = 1; k < n; ++k) {
        load_lanes(d, diagonal + k * lane_count);
        load_lanes(e, beside + (k - 1) * lane_count);
        const Lanes next = (d - shift) * p - e * e * p_before;
        p_before = p;
        p = next;
        positive = positive & (p > zero);
      }
      bool any = false;
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        if (positive[lane] != 0) sum[lane] = c;
        any = any || positive[lane] != 0;
      }
      if (!any) break;
    }
  }
};

/// Poles and factors of eight matrices, lanes side by side.
struct LanePoles {
  std::int64_t count = 0;  ///< a multiple of `poles_together`
  double shifts[most_poles * lane_count];
  double factors[most_poles * lane_count];
};

/// `out` (lower triangles) = Σ factor (t + shift I)⁻¹ for tridiagonal t. `work` holds 2 n `poles_together` lanes.
struct SumOfInverses {
  static inline __attribute__((always_inline)) void run(const double* diagonal, const double* beside, std::int64_t n,
                                                        std::int64_t stride, const LanePoles* poles, double* out,
                                                        double* work) {
    double* const diagonals = work + n * poles_together * lane_count;
    const Lanes zero{};
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) store_lanes(zero, out + (i * stride + j) * lane_count);
    }
    for (std::int64_t first = 0; first < poles->count; first += poles_together) {
      factorise(diagonal, beside, n, poles->shifts + first * lane_count, poles->factors + first * lane_count, work,
                diagonals);
      std::int64_t i = 0;
      for (; i + 2 <= n; i += 2) add_rows<2>(work, diagonals, i, out + i * stride * lane_count, stride);
      for (; i < n; ++i) add_rows<1>(work, diagonals, i, out + i * stride * lane_count, stride);
    }
  }

 private:
  /// What leads from an entry of an inverse to its left neighbour, and the diagonals times the factors.
  static inline __attribute__((always_inline)) void factorise(const double* diagonal, const double* beside,
                                                              std::int64_t n, const double* shifts,
                                                              const double* factors, double* leads, double* diagonals) {
    constexpr int count = poles_together;
    Lanes shift[count], factor[count], step[count] = {}, d, e = Lanes{};
#pragma GCC unroll 4
    for (int p = 0; p < count; ++p) {
      load_lanes(shift[p], shifts + p * lane_count);
      load_lanes(factor[p], factors + p * lane_count);
    }
    for (std::int64_t k = 0; k < n; ++k) {
      load_lanes(d, diagonal + k * lane_count);
      Lanes next = Lanes{};
      if (k + 1 < n) load_lanes(next, beside + k * lane_count);
#pragma GCC unroll 4
      for (int p = 0; p < count; ++p) {
        const Lanes inverse = 1.0 / (d + shift[p] + e * step[p]);
        step[p] = -next * inverse;
        store_lanes(step[p], leads + (k * count + p) * lane_count);
        store_lanes(inverse * factor[p], diagonals + (k * count + p) * lane_count);
      }
      e = next;
    }
    for (std::int64_t k = n - 2; k >= 0; --k) {
#pragma GCC unroll 4
      for (int p = 0; p < count; ++p) {
        Lanes lead, own, below;
        load_lanes(lead, leads + (k * count + p) * lane_count);
        load_lanes(own, diagonals + (k * count + p) * lane_count);
        load_lanes(below, diagonals + ((k + 1) * count + p) * lane_count);
        own += lead * lead * below;
        store_lanes(own, diagonals + (k * count + p) * lane_count);
      }
    }
  }

  /// Rows i … of the inverses, from the diagonal leftwards.
  template <int rows>
  static inline __attribute__((always_inline)) void add_rows(const double* leads, const double* diagonals,
                                                             std::int64_t i, double* out, std::int64_t stride) {
    constexpr int count = poles_together;
    Lanes x[rows][count], lead[count];
#pragma GCC unroll 2
    for (int r = rows - 1; r >= 0; --r) {
#pragma GCC unroll 4
      for (int p = 0; p < count; ++p) load_lanes(x[r][p], diagonals + ((i + r) * count + p) * lane_count);
        // The entries of this row that are right of the first row's diagonal.
#pragma GCC unroll 2
      for (int c = r; c > 0; --c) {
        add(x[r], out + (r * stride + i + c) * lane_count);
#pragma GCC unroll 4
        for (int p = 0; p < count; ++p) {
          load_lanes(lead[p], leads + ((i + c - 1) * count + p) * lane_count);
          x[r][p] *= lead[p];
        }
      }
      add(x[r], out + (r * stride + i) * lane_count);
    }
    for (std::int64_t j = i - 1; j >= 0; --j) {
#pragma GCC unroll 4
      for (int p = 0; p < count; ++p) load_lanes(lead[p], leads + (j * count + p) * lane_count);
#pragma GCC unroll 2
      for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 4
        for (int p = 0; p < count; ++p) x[r][p] *= lead[p];
        add(x[r], out + (r * stride + j) * lane_count);
      }
    }
  }

  static inline __attribute__((always_inline)) void add(const Lanes (&x)[poles_together], double* place) {
    Lanes entry;
    load_lanes(entry, place);
    entry += (x[0] + x[1]) + (x[2] + x[3]);
    store_lanes(entry, place);
  }
};

}  // namespace caton
