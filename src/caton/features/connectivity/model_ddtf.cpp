// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/model_ddtf.hpp"

#include "caton/features/connectivity/hermitian_inverse.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr std::int64_t step = LaneMatrix::step;
/// A Gram polynomial's value is trusted as long as it is not smaller than this share of its terms.
constexpr double least_share = 1e-6;

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

/// |G_ij|^2 for i < j, and G_ii, out of what stands on and below the diagonal.
struct PowerKernel {
  static inline __attribute__((always_inline)) void run(const LaneMatrix* matrix, double* out) {
    const std::int64_t size = matrix->size();
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        Lanes re, im;
        load_lanes(re, matrix->at(i, j));
        load_lanes(im, matrix->at(i, j) + lane_count);
        store_lanes(i == j ? re : re * re + im * im, out + (j * size + i) * lane_count);
      }
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

/// One model's matrices, and working memory.
struct Work {
  MatrixPolynomial transfer, whitened;
  GramPolynomial transfer_gram, whitened_gram;
  LaneMatrix h, product;
  Matrix gram, rows, direct;
  std::vector<double> powers;

  Work(const std::string& where, const MvarModel& model)
      : transfer(characteristic(model.a.view())),
        whitened(whitened_characteristic(where, model.a.view(), model.noise)),
        transfer_gram(transfer),
        whitened_gram(whitened),
        h(model.a.extent(1)),
        product(h.size()),
        gram({h.size() * h.size(), lane_count}, uninitialised),
        rows({h.size(), lane_count}, uninitialised),
        direct({h.size(), lane_count}, uninitialised),
        powers(static_cast<std::size_t>(h.size())) {}
};

/// Adds the row sums of |H_ij|^2 of the first `lanes` frequencies.
void add_rows(Work& work, std::int64_t lanes) {
  for (std::int64_t i = 0; i < work.h.size(); ++i) {
    for (std::int64_t lane = 0; lane < lanes; ++lane) work.powers[static_cast<std::size_t>(i)] += work.rows(i, lane);
  }
}

void add_row_powers(Work& work, std::int64_t lanes) {
  run_on<RowPowerKernel>(processor(), static_cast<const double*>(work.h.at(0, 0)), work.h.row_step(), work.h.size(),
                         work.rows.data());
  add_rows(work, lanes);
}

/// The same without H: H Hᴴ is the inverse of Aᴴ A, and its diagonal is enough. False, and nothing added, where digits
/// would be lost.
bool add_row_powers_quickly(Work& work, const Matrix& turns, std::int64_t lanes) {
  work.transfer_gram.evaluate(turns, work.product);
  if (!inverse_diagonal(work.product, work.rows.data())) return false;
  double lost[lane_count]{};
  for (std::int64_t i = 0; i < work.h.size(); ++i) {
    for (std::int64_t lane = 0; lane < lane_count; ++lane)
      lost[lane] += work.rows(i, lane) * work.transfer_gram.power(i);
  }
  if (!std::all_of(lost, lost + lane_count, [](double times) { return times * least_share < 1; })) return false;
  add_rows(work, lanes);
  return true;
}

/// |G_ij|^2 for i < j and G_ii at eight frequencies.
void find_gram(Work& work, const Matrix& turns) {
  const std::int64_t size = work.h.size();
  work.whitened_gram.evaluate(turns, work.product);
  run_on<PowerKernel>(processor(), static_cast<const LaneMatrix*>(&work.product), work.gram.data());
  bool sure = true;
  for (std::int64_t i = 0; i < size && sure; ++i) {
    const double *const lanes = &work.gram(i * size + i, 0), least = least_share * work.whitened_gram.power(i);
    sure = std::all_of(lanes, lanes + lane_count, [least](double power) { return power > least; });
  }
  if (sure) return;
  work.whitened.evaluate(turns, work.product);
  gram_powers(work.product, work.gram.data());
}

/// Adds the direct terms of the bins first … first + 7 to the sums of the bands they belong to.
void add_bands(Work& work, const BandGrid& grid, std::int64_t first, View<double, 3> out) {
  const std::int64_t size = work.h.size();
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
  Work work(where, model);
  const std::int64_t bins = grid.circle.bins();
  for (std::int64_t first = 0; first < bins; first += lane_count) {
    const Matrix turns = grid.circle.powers(first, work.transfer.terms().extent(0));
    const std::int64_t lanes = std::min(lane_count, bins - first);
    const bool direct = grid.touches(first);
    if (!direct && add_row_powers_quickly(work, turns, lanes)) continue;
    work.transfer.evaluate_inverse(where, turns, work.h);
    add_row_powers(work, lanes);
    if (!direct) continue;
    find_gram(work, turns);
    add_bands(work, grid, first, out);
  }
  for (std::size_t band = 0; band < grid.bands.size(); ++band) {
    const auto count = static_cast<double>(grid.bands[band].end - grid.bands[band].begin);
    for (std::int64_t i = 0; i < size; ++i) {
      const double scale = static_cast<double>(bins) / std::sqrt(work.powers[static_cast<std::size_t>(i)]) / count;
      for (std::int64_t j = 0; j < size; ++j) out(static_cast<std::int64_t>(band), i, j) *= scale;
    }
  }
}

}  // namespace caton
