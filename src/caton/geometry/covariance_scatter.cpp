// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/covariance_scatter.hpp"

#include "caton/base/lane_transpose.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>

namespace caton {

namespace {

/// Values packed and multiplied at once: they stay in the second cache.
constexpr std::int64_t stretch_values = 32768;
/// Samples that a stretch has at least and at most: sums of sums lose less than one long sum.
constexpr std::int64_t shortest = 64, longest = 512;
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

}  // namespace

std::vector<double> channel_means(Signal x, Processor target) {
  if (x.stride(1) != 1 && x.extent(1) > 1) return channel_means(Matrix(x), target);
  std::vector<double> means(static_cast<std::size_t>(whole_lanes(x.extent(0))));
  for (std::int64_t c = 0; c < x.extent(0); c += lane_count) {
    const PanelRows rows = panel_rows(x, c, 0);
    run_on<RowSums>(target, &rows, x.extent(1), &means[static_cast<std::size_t>(c)]);
  }
  means.resize(static_cast<std::size_t>(x.extent(0)));
  for (double& mean : means) mean /= static_cast<double>(x.extent(1));
  return means;
}

void Ahead::place(Signal x, Lines& lines) {
  constexpr std::int64_t line = 64 / sizeof(double);
  const bool known = x.extents() == lines.of.extents() && x.strides() == lines.of.strides();
  lines.of = x;
  lines.taken = 0;
  if (known) return;
  lines.offsets.clear();
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = 0; t < x.extent(1); t += line) lines.offsets.push_back(c * x.stride(0) + t);
  }
}

void Ahead::start(Signal first, Signal second) {
  place(first, lines_[0]);
  place(second, lines_[1]);
}

LinesAhead Ahead::take(std::int64_t count) {
  const auto more = static_cast<std::size_t>(count);
  for (Lines& lines : lines_) {
    if (lines.offsets.size() - lines.taken < more) continue;
    lines.taken += more;
    return {lines.of.data(), lines.offsets.data() + lines.taken - more};
  }
  return {};
}

void sum_products(Signal x, std::span<const double> means, Ahead& ahead, Matrix& sums, Processor target) {
  const std::int64_t samples = x.extent(1), padded = sums.extent(1);
  if (samples == 0) sums.fill(0);
  // As many stretches as needed, all of about one length.
  const std::int64_t most = std::clamp(stretch_values / padded, shortest, longest),
                     parts = std::max<std::int64_t>((samples + most - 1) / most, 1),
                     length = whole_lanes((samples + parts - 1) / parts), step = length * lane_count;
  Matrix panels({padded / lane_count, step}, uninitialised);
  for (std::int64_t t = 0; t < samples; t += length) {
    const std::int64_t count = std::min(length, samples - t);
    for (std::int64_t i = 0; i < padded; i += lane_count) {
      const PanelRows rows = panel_rows(x, i, t);
      double* const panel = panels.data() + i / lane_count * step;
      run_on<PackPanel>(target, &rows, &means[static_cast<std::size_t>(i)], count, panel);
      for (std::int64_t j = 0; j <= i; j += widest_tile * lane_count) {
        const std::int64_t width = std::min(widest_tile, (i - j) / lane_count + 1);
        add_tile(target,
                 {.left = panel,
                  .right = panels.data() + j / lane_count * step,
                  .panel_step = step,
                  .count = count,
                  .out = &sums(i, j),
                  .out_row = padded,
                  .adds = t != 0,
                  .diagonal = j + width * lane_count > i,
                  .ahead = ahead.take(count)},
                 width);
      }
    }
  }
}

void place_scatter(const Matrix& sums, double factor, View<double, 2> out, Processor target) {
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

void scatter(Signal x, double factor, View<double, 2> out, Processor target) {
  if (x.stride(1) != 1 && x.extent(1) > 1) return scatter(Matrix(x), factor, out, target);
  const std::int64_t padded = whole_lanes(x.extent(0));
  if (padded == 0) return;
  Matrix sums({padded, padded}, uninitialised);
  Ahead none;
  sum_products(x, std::vector<double>(static_cast<std::size_t>(padded)), none, sums, target);
  place_scatter(sums, factor, out, target);
}

Matrix scatter(Signal x, Processor target) {
  Matrix result({x.extent(0), x.extent(0)}, uninitialised);
  scatter(x, 1, result, target);
  return result;
}

}  // namespace caton
