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

/// Adds to eight sums side by side those of the lanes of eight registers that `mask` holds ones for.
struct LaneSumsKernel {
  static inline __attribute__((always_inline)) void run(const double* values, std::int64_t count, const double* mask,
                                                        double* out) {
    Lanes chosen;
    load_lanes(chosen, mask);
    for (std::int64_t j = 0; j < count; j += lane_count) {
      Lanes v[lane_count], total;
#pragma GCC unroll 8
      for (int k = 0; k < lane_count; ++k) {
        load_lanes(v[k], values + (j + k) * lane_count);
        v[k] = chosen > 0.0 ? v[k] : Lanes{};
      }
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) {
        v[k] = __builtin_shufflevector(v[k], v[k + 4], 0, 1, 2, 3, 8, 9, 10, 11) +
               __builtin_shufflevector(v[k], v[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
      }
#pragma GCC unroll 2
      for (int k = 0; k < 2; ++k) {
        v[k] = __builtin_shufflevector(v[k], v[k + 2], 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(v[k], v[k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
      }
      v[0] = __builtin_shufflevector(v[0], v[1], 0, 8, 2, 10, 4, 12, 6, 14) +
             __builtin_shufflevector(v[0], v[1], 1, 9, 3, 11, 5, 13, 7, 15);
      load_lanes(total, out + j);
      store_lanes(total + v[0], out + j);
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

}  // namespace

struct ModelDdtf::Work {
  MatrixPolynomial transfer, whitened;
  GramPolynomial transfer_gram, whitened_gram;
  LaneMatrix h, product;
  Matrix gram, rows, direct;
  Array<double, 3> sums;  ///< bands x to x from, padded to whole registers
  std::vector<double> powers;

  Work(std::int64_t size, std::size_t bands)
      : h(size),
        product(size),
        gram({size * size, lane_count}, uninitialised),
        rows({size, lane_count}, uninitialised),
        direct({whole_lanes(size), lane_count}),
        sums({static_cast<std::int64_t>(bands), size, direct.extent(0)}, uninitialised),
        powers(static_cast<std::size_t>(size)) {}

  void begin(const std::string& where, const MvarModel& model) {
    transfer.become_characteristic(model.a.view());
    whitened.become_whitened(where, transfer, model.noise);
    transfer_gram.become(transfer);
    whitened_gram.become(whitened);
    sums.fill(0);
    std::fill(powers.begin(), powers.end(), 0.0);
  }
  void add_rows(std::int64_t lanes);
  void add_row_powers(std::int64_t lanes);
  bool add_row_powers_quickly(const Matrix& turns, std::int64_t lanes);
  void find_gram(const Matrix& turns);
  void add_bands(const BandGrid& grid, std::int64_t first);
};

/// Adds the row sums of |H_ij|^2 of the first `lanes` frequencies.
void ModelDdtf::Work::add_rows(std::int64_t lanes) {
  for (std::int64_t i = 0; i < h.size(); ++i) {
    for (std::int64_t lane = 0; lane < lanes; ++lane) powers[static_cast<std::size_t>(i)] += rows(i, lane);
  }
}

void ModelDdtf::Work::add_row_powers(std::int64_t lanes) {
  run_on<RowPowerKernel>(processor(), static_cast<const double*>(h.at(0, 0)), h.row_step(), h.size(), rows.data());
  add_rows(lanes);
}

/// The same without H: H Hᴴ is the inverse of Aᴴ A, and its diagonal is enough. False, and nothing added, where digits
/// would be lost.
bool ModelDdtf::Work::add_row_powers_quickly(const Matrix& turns, std::int64_t lanes) {
  transfer_gram.evaluate(turns, product);
  if (!inverse_diagonal(product, rows.data())) return false;
  double lost[lane_count]{};
  for (std::int64_t i = 0; i < h.size(); ++i) {
    for (std::int64_t lane = 0; lane < lane_count; ++lane) lost[lane] += rows(i, lane) * transfer_gram.power(i);
  }
  if (!std::all_of(lost, lost + lane_count, [](double times) { return times * least_share < 1; })) return false;
  add_rows(lanes);
  return true;
}

/// |G_ij|^2 for i < j and G_ii at eight frequencies.
void ModelDdtf::Work::find_gram(const Matrix& turns) {
  const std::int64_t size = h.size();
  whitened_gram.evaluate(turns, product);
  run_on<PowerKernel>(processor(), static_cast<const LaneMatrix*>(&product), gram.data());
  bool sure = true;
  for (std::int64_t i = 0; i < size && sure; ++i) {
    const double *const lanes = &gram(i * size + i, 0), least = least_share * whitened_gram.power(i);
    sure = std::all_of(lanes, lanes + lane_count, [least](double power) { return power > least; });
  }
  if (sure) return;
  whitened.evaluate(turns, product);
  gram_powers(product, gram.data());
}

/// Adds the direct terms of the bins first … first + 7 to the sums of the bands they belong to.
void ModelDdtf::Work::add_bands(const BandGrid& grid, std::int64_t first) {
  const std::int64_t size = h.size(), bands = sums.extent(0);
  Matrix masks({bands, lane_count});
  std::vector<std::int64_t> touched;
  for (std::int64_t b = 0; b < bands; ++b) {
    const BinSpan& band = grid.bands[static_cast<std::size_t>(b)];
    const std::int64_t begin = std::max(band.begin - first, std::int64_t{0});
    const std::int64_t end = std::min(band.end - first, lane_count);
    for (std::int64_t k = begin; k < end; ++k) masks(b, k) = 1;
    if (begin < end) touched.push_back(b);
  }
  run_on<InverseDiagonalKernel>(processor(), gram.data(), size);
  for (std::int64_t i = 0; i < size; ++i) {
    run_on<DirectKernel>(processor(), static_cast<const double*>(h.at(i, 0)), static_cast<const double*>(gram.data()),
                         size, i, direct.data());
    for (const std::int64_t b : touched) {
      run_on<LaneSumsKernel>(processor(), static_cast<const double*>(direct.data()), size,
                             static_cast<const double*>(&masks(b, 0)), &sums(b, i, 0));
    }
  }
}

bool BandGrid::touches(std::int64_t first) const noexcept {
  return std::any_of(bands.begin(), bands.end(),
                     [&](const BinSpan& band) { return band.begin < first + lane_count && band.end > first; });
}

ModelDdtf::ModelDdtf() = default;
ModelDdtf::~ModelDdtf() = default;

void ModelDdtf::put(const std::string& where, const MvarModel& model, const BandGrid& grid, View<double, 3> out) {
  const std::int64_t size = model.a.extent(1);
  if (!work_ || work_->h.size() != size || work_->sums.extent(0) != static_cast<std::int64_t>(grid.bands.size()))
    work_ = std::make_unique<Work>(size, grid.bands.size());
  Work& work = *work_;
  work.begin(where, model);
  const std::int64_t bins = grid.circle.bins();
  for (std::int64_t first = 0; first < bins; first += lane_count) {
    const Matrix turns = grid.circle.powers(first, work.transfer.terms().extent(0));
    const std::int64_t lanes = std::min(lane_count, bins - first);
    const bool direct = grid.touches(first);
    if (!direct && work.add_row_powers_quickly(turns, lanes)) continue;
    work.transfer.evaluate_inverse(where, turns, work.h);
    work.add_row_powers(lanes);
    if (!direct) continue;
    work.find_gram(turns);
    work.add_bands(grid, first);
  }
  for (std::size_t band = 0; band < grid.bands.size(); ++band) {
    const auto count = static_cast<double>(grid.bands[band].end - grid.bands[band].begin);
    for (std::int64_t i = 0; i < size; ++i) {
      const double scale = static_cast<double>(bins) / std::sqrt(work.powers[static_cast<std::size_t>(i)]) / count;
      const double* const sums = &work.sums(static_cast<std::int64_t>(band), i, 0);
      for (std::int64_t j = 0; j < size; ++j) out(static_cast<std::int64_t>(band), i, j) = sums[j] * scale;
    }
  }
}

}  // namespace caton
