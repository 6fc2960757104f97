// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// x xᵀ by fused multiply-adds with channels in the lanes: every entry sums over time in order, a stretch at a time, so
// that every processor gives the same bits (one without the instruction computes the same sums, slowly).
#include "caton/base/lane_transpose.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace caton {

namespace {

/// Values packed and multiplied at once: they stay in the second cache.
constexpr std::int64_t stretch_values = 32768;
/// Samples that a stretch has at least and at most: sums of sums lose less than one long sum.
constexpr std::int64_t shortest = 64, longest = 512;
/// Panels that a row of tiles takes side by side.
constexpr std::int64_t widest = 3;

/// Where the eight channels of a panel begin.
using PanelRows = std::array<const double*, lane_count>;

PanelRows panel_rows(Signal x, std::int64_t first, std::int64_t t) {
  PanelRows rows{};
  for (std::int64_t k = 0; k < lane_count; ++k)
    rows[static_cast<std::size_t>(k)] = x.data() + std::min(first + k, x.extent(0) - 1) * x.stride(0) + t;
  return rows;
}

/// Sums of eight rows: eight partial sums each, added in one order.
struct RowSums {
  static inline __attribute__((always_inline)) void run(const PanelRows* rows, std::int64_t samples, double* sums) {
    Lanes partial[lane_count] = {}, value;
    std::int64_t t = 0;
    for (; t + lane_count <= samples; t += lane_count) {
#pragma GCC unroll 8
      for (std::size_t r = 0; r < lane_count; ++r) {
        load_lanes(value, (*rows)[r] + t);
        partial[r] += value;
      }
    }
    for (std::size_t r = 0; r < lane_count; ++r) {
      const Lanes& p = partial[r];
      sums[r] = ((p[0] + p[1]) + (p[2] + p[3])) + ((p[4] + p[5]) + (p[6] + p[7]));
      for (std::int64_t k = t; k < samples; ++k) sums[r] += (*rows)[r][k];
    }
  }
};

/// Eight channels side by side, less their means.
struct PackPanel {
  static inline __attribute__((always_inline)) void run(const PanelRows* rows, const double* means, std::int64_t count,
                                                        double* panel) {
    std::int64_t t = 0;
    for (; t + lane_count <= count; t += lane_count) {
      Lanes x[lane_count];
#pragma GCC unroll 8
      for (std::size_t r = 0; r < lane_count; ++r) {
        load_lanes(x[r], (*rows)[r] + t);
        x[r] -= means[r];
      }
      transpose_lanes(x);
#pragma GCC unroll 8
      for (std::int64_t k = 0; k < lane_count; ++k) store_lanes(x[k], panel + (t + k) * lane_count);
    }
    for (; t < count; ++t) {
      for (std::size_t r = 0; r < lane_count; ++r)
        panel[t * lane_count + static_cast<std::int64_t>(r)] = (*rows)[r][t] - means[r];
    }
  }
};

/// Eight channels (one panel) times those of one to three panels, added to what stands in `out`.
struct Tile {
  const double* left;
  const double* right;
  std::int64_t panel_step;  ///< from one panel to the next
  std::int64_t count;       ///< samples
  double* out;
  std::int64_t out_row;
  bool diagonal;        ///< the last panel is `left`: entries above its diagonal are not asked for
  const double* ahead;  ///< what will be read soon: half a line a sample
};

void add_plain(const Tile& tile, std::int64_t panels) {
  for (std::int64_t i = 0; i < lane_count; ++i) {
    for (std::int64_t p = 0; p < panels; ++p) {
      const double* const right = tile.right + p * tile.panel_step;
      double sums[lane_count] = {};
      for (std::int64_t t = 0; t < tile.count * lane_count; t += lane_count) {
        for (std::int64_t k = 0; k < lane_count; ++k) sums[k] = std::fma(tile.left[t + i], right[t + k], sums[k]);
      }
      for (std::int64_t k = 0; k < lane_count; ++k) tile.out[i * tile.out_row + p * lane_count + k] += sums[k];
    }
  }
}

#if defined(__x86_64__)
/// With `diagonal` the last panel is the left one: its upper right quarter is left out.
template <int panels, bool diagonal>
__attribute__((target("avx512f,fma"))) void add_avx512(const Tile& tile) {
  constexpr int half = lane_count / 2, last = panels - 1, top = diagonal ? last : panels;
  __m512d sums[lane_count][panels], right[panels];
  __m256d corner[half];
#pragma GCC unroll 8
  for (int i = 0; i < lane_count; ++i) {
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) sums[i][p] = _mm512_setzero_pd();
  }
#pragma GCC unroll 4
  for (int i = 0; i < half; ++i) corner[i] = _mm256_setzero_pd();
  for (std::int64_t t = 0; t < tile.count; ++t) {
    _mm_prefetch(tile.ahead + t * lane_count / 2, _MM_HINT_T1);
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) right[p] = _mm512_loadu_pd(tile.right + p * tile.panel_step + t * lane_count);
#pragma GCC unroll 8
    for (int i = 0; i < lane_count; ++i) {
      const __m512d left = _mm512_set1_pd(tile.left[t * lane_count + i]);
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) {
        if (p < top || i >= half) sums[i][p] = _mm512_fmadd_pd(left, right[p], sums[i][p]);
      }
      if (diagonal && i < half)
        corner[i] = _mm256_fmadd_pd(__builtin_shufflevector(left, left, 0, 1, 2, 3),
                                    __builtin_shufflevector(right[last], right[last], 0, 1, 2, 3), corner[i]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < lane_count; ++i) {
    double* const out = tile.out + i * tile.out_row;
#pragma GCC unroll 3
    for (int p = 0; p < panels; ++p) {
      if (p < top || i >= half)
        _mm512_storeu_pd(out + p * lane_count, _mm512_add_pd(_mm512_loadu_pd(out + p * lane_count), sums[i][p]));
    }
    if (diagonal && i < half) {
      double* const place = out + top * lane_count;
      _mm256_storeu_pd(place, _mm256_add_pd(_mm256_loadu_pd(place), corner[i]));
    }
  }
}

/// Four channels from `first` on times one panel: sixteen registers hold no more.
__attribute__((target("avx2,fma"))) void add_avx2(const Tile& tile, int first, std::int64_t panel) {
  constexpr int rows = 4, half = 4;
  const double* const left = tile.left + first;
  const double* const right = tile.right + panel * tile.panel_step;
  __m256d sums[rows][2];
  for (auto& row : sums) row[0] = row[1] = _mm256_setzero_pd();
  for (std::int64_t t = 0; t < tile.count * lane_count; t += lane_count) {
    const __m256d low = _mm256_loadu_pd(right + t), high = _mm256_loadu_pd(right + t + half);
#pragma GCC unroll 4
    for (int i = 0; i < rows; ++i) {
      const __m256d value = _mm256_broadcast_sd(left + t + i);
      sums[i][0] = _mm256_fmadd_pd(value, low, sums[i][0]);
      sums[i][1] = _mm256_fmadd_pd(value, high, sums[i][1]);
    }
  }
  for (int i = 0; i < rows; ++i) {
    double* const out = tile.out + (first + i) * tile.out_row + panel * lane_count;
    _mm256_storeu_pd(out, _mm256_add_pd(_mm256_loadu_pd(out), sums[i][0]));
    _mm256_storeu_pd(out + half, _mm256_add_pd(_mm256_loadu_pd(out + half), sums[i][1]));
  }
}
#endif

void add_tile(Processor target, const Tile& tile, std::int64_t panels) {
#if defined(__x86_64__)
  if (target == Processor::avx512) {
    const auto add = [&]<bool diagonal>(std::bool_constant<diagonal>) {
      panels == 3   ? add_avx512<3, diagonal>(tile)
      : panels == 2 ? add_avx512<2, diagonal>(tile)
                    : add_avx512<1, diagonal>(tile);
    };
    return tile.diagonal ? add(std::true_type{}) : add(std::false_type{});
  }
  if (target == Processor::avx2 && __builtin_cpu_supports("fma") != 0) {
    for (std::int64_t p = 0; p < panels; ++p) {
      for (const int first : {0, 4}) add_avx2(tile, first, p);
    }
    return;
  }
#endif
  add_plain(tile, panels);
}

/// One block of sums times a factor, to its place and mirrored (`mirrored` = `to`: what is below the diagonal goes
/// above it).
struct PlaceBlock {
  static inline __attribute__((always_inline)) void run(const double* from, std::int64_t from_row, double factor,
                                                        double* to, double* mirrored, std::int64_t to_row) {
    using Whole = long long __attribute__((vector_size(64)));
    constexpr Whole place{0, 1, 2, 3, 4, 5, 6, 7};
    Lanes x[lane_count];
#pragma GCC unroll 8
    for (std::int64_t k = 0; k < lane_count; ++k) {
      load_lanes(x[k], from + k * from_row);
      x[k] *= factor;
      store_lanes(x[k], to + k * to_row);
    }
    transpose_lanes(x);
#pragma GCC unroll 8
    for (std::int64_t k = 0; k < lane_count; ++k) {
      if (mirrored == to) {
        Lanes below;
        load_lanes(below, to + k * to_row);
        x[k] = place <= k ? below : x[k];
      }
      store_lanes(x[k], mirrored + k * to_row);
    }
  }
};

void place(Processor target, const Matrix& sums, double factor, View<double, 2> out) {
  const std::int64_t channels = out.extent(0), row = out.stride(0);
  for (std::int64_t i = 0; i < channels; i += lane_count) {
    const bool whole = i + lane_count <= channels && out.stride(1) == 1;
    for (std::int64_t j = 0; j <= i; j += lane_count) {
      if (whole) {
        run_on<PlaceBlock>(target, &sums(i, j), sums.extent(1), factor, out.data() + i * row + j,
                           out.data() + j * row + i, row);
        continue;
      }
      for (std::int64_t k = i; k < std::min(i + lane_count, channels); ++k) {
        for (std::int64_t m = j; m < std::min(j + lane_count, k + 1); ++m) out(k, m) = out(m, k) = factor * sums(k, m);
      }
    }
  }
}

/// Lines that tiles ask for while they work.
class Ahead {
 public:
  explicit Ahead(Signal x) : at_(x.data()), left_(x.stride(1) == 1 && x.stride(0) == x.extent(1) ? x.size() : 0) {}
  /// Where the next `count` samples of work find something to ask for; `otherwise` when all was asked for.
  const double* take(std::int64_t count, const double* otherwise) {
    const std::int64_t values = count * lane_count / 2;
    if (left_ < values) return otherwise;
    left_ -= values;
    at_ += values;
    return at_ - values;
  }

 private:
  const double* at_;
  std::int64_t left_;
};

}  // namespace

std::vector<double> channel_means(Signal x, Processor target) {
  if (x.stride(1) != 1 && x.extent(1) > 1) return channel_means(Matrix(x), target);
  std::vector<double> means(static_cast<std::size_t>((x.extent(0) + lane_count - 1) / lane_count * lane_count));
  for (std::int64_t c = 0; c < x.extent(0); c += lane_count) {
    const PanelRows rows = panel_rows(x, c, 0);
    run_on<RowSums>(target, &rows, x.extent(1), &means[static_cast<std::size_t>(c)]);
  }
  means.resize(static_cast<std::size_t>(x.extent(0)));
  for (double& mean : means) mean /= static_cast<double>(x.extent(1));
  return means;
}

void scatter(const ScatterOf& of, View<double, 2> out, Processor target) {
  const Signal x = of.x;
  if (x.stride(1) != 1 && x.extent(1) > 1) {
    const Matrix plain(x);
    return scatter({.x = plain, .means = of.means, .factor = of.factor}, out, target);
  }
  const std::int64_t channels = x.extent(0), samples = x.extent(1),
                     padded = (channels + lane_count - 1) / lane_count * lane_count;
  if (channels == 0) return;
  std::vector<double> means(of.means.begin(), of.means.end());
  means.resize(static_cast<std::size_t>(padded), 0.0);
  // As many stretches as needed, all of about one length.
  const std::int64_t most = std::clamp(stretch_values / padded, shortest, longest),
                     parts = std::max<std::int64_t>((samples + most - 1) / most, 1),
                     length = ((samples + parts - 1) / parts + lane_count - 1) / lane_count * lane_count,
                     step = length * lane_count;
  Matrix panels({padded / lane_count, step}, uninitialised), sums({padded, padded});
  Ahead ahead(of.next);
  for (std::int64_t t = 0; t < samples; t += length) {
    const std::int64_t count = std::min(length, samples - t);
    for (std::int64_t i = 0; i < padded; i += lane_count) {
      const PanelRows rows = panel_rows(x, i, t);
      double* const panel = panels.data() + i / lane_count * step;
      run_on<PackPanel>(target, &rows, static_cast<const double*>(&means[static_cast<std::size_t>(i)]), count, panel);
      for (std::int64_t j = 0; j <= i; j += widest * lane_count) {
        const std::int64_t width = std::min(widest, (i - j) / lane_count + 1);
        add_tile(target,
                 {.left = panel,
                  .right = panels.data() + j / lane_count * step,
                  .panel_step = step,
                  .count = count,
                  .out = &sums(i, j),
                  .out_row = padded,
                  .diagonal = j + width * lane_count > i,
                  .ahead = ahead.take(count, panel)},
                 width);
      }
    }
  }
  place(target, sums, of.factor, out);
}

Matrix scatter(Signal x, Processor target) {
  Matrix result({x.extent(0), x.extent(0)}, uninitialised);
  scatter({.x = x}, result, target);
  return result;
}

}  // namespace caton
