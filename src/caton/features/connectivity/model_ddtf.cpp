// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/model_ddtf.hpp"

#include "caton/features/connectivity/model_spectrum.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr std::int64_t step = LaneMatrix::step;

/// Sums of |H_ij|^2 over j, a register for each row.
struct RowPowerKernel {
  static inline __attribute__((always_inline)) void run(const double* h, std::int64_t row_step, std::int64_t size,
                                                        double* out) {
    for (std::int64_t i = 0; i < size; ++i) {
      Lanes real{}, imaginary{};
      for (std::int64_t j = 0; j < size; ++j) {
        Lanes re, im;
        load_lanes(re, h + i * row_step + j * step);
        load_lanes(im, h + i * row_step + j * step + lane_count);
        real += re * re;
        imaginary += im * im;
      }
      store_lanes(real + imaginary, out + i * lane_count);
    }
  }
};

/// |chi_ij| |H_ij| of row i at the eight frequencies: the root of (|G_ij|^2 / G_ii / G_jj) |H_ij|^2. gram: |G_ij|^2 for
/// i < j, and 1 / G_ii.
struct DirectKernel {
  static inline __attribute__((always_inline)) void run(const double* row, const double* gram, std::int64_t size,
                                                        std::int64_t i, double* out) {
    Lanes left;
    load_lanes(left, gram + (i * size + i) * lane_count);
    for (std::int64_t j = 0; j < size; ++j) {
      Lanes re, im, both, right;
      load_lanes(re, row + j * step);
      load_lanes(im, row + j * step + lane_count);
      load_lanes(both, gram + (i < j ? i * size + j : j * size + i) * lane_count);
      load_lanes(right, gram + (j * size + j) * lane_count);
      Lanes power = re * re + im * im;
      if (i != j) power *= both * left * right;
      root_lanes(power);
      store_lanes(power, out + j * lane_count);
    }
  }
};

struct InverseDiagonalKernel {
  static inline __attribute__((always_inline)) void run(double* gram, std::int64_t size) {
    for (std::int64_t i = 0; i < size; ++i) {
      double* const at = gram + (i * size + i) * lane_count;
      Lanes power;
      load_lanes(power, at);
      store_lanes(1.0 / power, at);
    }
  }
};

/// One model's working memory.
struct Work {
  LaneMatrix h, whitened;
  Matrix gram, rows, direct;
  std::vector<double> powers;

  explicit Work(std::int64_t size)
      : h(size),
        whitened(size),
        gram({size * size, lane_count}, uninitialised),
        rows({size, lane_count}, uninitialised),
        direct({size, lane_count}, uninitialised),
        powers(static_cast<std::size_t>(size)) {}
};

/// Adds |H_ij|^2 of the first `lanes` frequencies to the row sums.
void add_row_powers(Work& work, std::int64_t lanes) {
  run_on<RowPowerKernel>(processor(), static_cast<const double*>(work.h.at(0, 0)), work.h.row_step(), work.h.size(),
                         work.rows.data());
  for (std::int64_t i = 0; i < work.h.size(); ++i) {
    for (std::int64_t lane = 0; lane < lanes; ++lane) work.powers[static_cast<std::size_t>(i)] += work.rows(i, lane);
  }
}

/// Adds the direct terms of the bins first … first + 7 to the sums of the bands they belong to.
void add_bands(Work& work, const BandGrid& grid, std::int64_t first, View<double, 3> out) {
  const std::int64_t size = work.h.size();
  gram_powers(work.whitened, work.gram.data());
  run_on<InverseDiagonalKernel>(processor(), work.gram.data(), size);
  for (std::int64_t i = 0; i < size; ++i) {
    run_on<DirectKernel>(processor(), static_cast<const double*>(work.h.at(i, 0)),
                         static_cast<const double*>(work.gram.data()), size, i, work.direct.data());
    for (std::size_t b = 0; b < grid.bands.size(); ++b) {
      const std::int64_t begin = std::max(grid.bands[b].begin - first, std::int64_t{0});
      const std::int64_t end = std::min(grid.bands[b].end - first, lane_count);
      if (begin >= end) continue;
      double* const row = &out(static_cast<std::int64_t>(b), i, 0);
      for (std::int64_t j = 0; j < size; ++j) {
        for (std::int64_t k = begin; k < end; ++k) row[j] += work.direct(j, k);
      }
    }
  }
}

}  // namespace

bool BandGrid::touches(std::int64_t first) const noexcept {
  return std::any_of(bands.begin(), bands.end(),
                     [&](const BinSpan& band) { return band.begin < first + lane_count && band.end > first; });
}

void model_ddtf(const std::string& where, const MvarModel& model, const BandGrid& grid, View<double, 3> out) {
  const std::int64_t size = model.a.extent(1);
  const auto transfer = characteristic(model.a.view(), grid.bins);
  const auto whitened = whitened_characteristic(where, model.a.view(), model.noise, grid.bins);
  Work work(size);
  for (std::int64_t first = 0; first < grid.bins; first += lane_count) {
    transfer.evaluate_inverse(where, first, work.h);
    add_row_powers(work, std::min(lane_count, grid.bins - first));
    if (!grid.touches(first)) continue;
    whitened.evaluate(first, work.whitened);
    add_bands(work, grid, first, out);
  }
  for (std::size_t band = 0; band < grid.bands.size(); ++band) {
    const auto count = static_cast<double>(grid.bands[band].end - grid.bands[band].begin);
    for (std::int64_t i = 0; i < size; ++i) {
      const double scale = static_cast<double>(grid.bins) / std::sqrt(work.powers[static_cast<std::size_t>(i)]) / count;
      for (std::int64_t j = 0; j < size; ++j) out(static_cast<std::int64_t>(band), i, j) *= scale;
    }
  }
}

}  // namespace caton
