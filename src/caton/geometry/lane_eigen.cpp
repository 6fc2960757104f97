// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/lane_eigen.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lane_math.hpp"
#include "caton/base/lane_transpose.hpp"
#include "caton/base/text.hpp"
#include "caton/geometry/lane_householder.hpp"
#include "caton/geometry/lane_largest.hpp"
#include "caton/geometry/lane_logarithm.hpp"
#include "caton/geometry/lane_products.hpp"
#include "caton/geometry/lane_ql.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace caton {

namespace {

/// A power of two that brings a matrix' largest entry to about 1, so that no square under- or overflows.
double scale_of(double largest) {
  if (!(largest > 0) || !std::isfinite(largest)) return 1;
  int exponent = 0;
  (void)std::frexp(largest, &exponent);
  return std::ldexp(1.0, std::clamp(-exponent, -1000, 1000));
}

/// Eight matrices with rows along memory, entries side by side; at least eight rows. The last eight columns of a row
/// may have been among those before: they are written twice.
struct Interleave {
  static inline __attribute__((always_inline)) void run(const double* from, std::int64_t matrix_step,
                                                        std::int64_t row_step, std::int64_t n, std::int64_t stride,
                                                        double* to) {
    Lanes x[lane_count];
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t next = 0; next < n; next += lane_count) {
        const std::int64_t j = next + lane_count <= n ? next : n - lane_count;
#pragma GCC unroll 8
        for (std::int64_t k = 0; k < lane_count; ++k) load_lanes(x[k], from + k * matrix_step + i * row_step + j);
        transpose_lanes(x);
#pragma GCC unroll 8
        for (std::int64_t k = 0; k < lane_count; ++k) store_lanes(x[k], to + (i * stride + j + k) * lane_count);
      }
      // What fills up a row is never looked at; it only has to be a number.
      for (std::int64_t j = n; j < stride; ++j) store_lanes(Lanes{}, to + (i * stride + j) * lane_count);
    }
  }
};

/// The upper triangles of eight matrices, row by row, off the diagonal times a factor (`lower`: entry (j, i) for (i,
/// j)).
struct UpperRows {
  static inline __attribute__((always_inline)) void run(const double* lower, std::int64_t n, std::int64_t stride,
                                                        double factor, double* const* rows) {
    Lanes x[lane_count];
    std::int64_t place = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t count = n - i;
      const double* const column = lower + (i * stride + i) * lane_count;
      for (std::int64_t next = 0; count >= lane_count && next < count; next += lane_count) {
        const std::int64_t j = next + lane_count <= count ? next : count - lane_count;
#pragma GCC unroll 8
        for (std::int64_t k = 0; k < lane_count; ++k) {
          load_lanes(x[k], column + (j + k) * stride * lane_count);
          if (j + k > 0) x[k] *= factor;
        }
        transpose_lanes(x);
#pragma GCC unroll 8
        for (std::int64_t k = 0; k < lane_count; ++k) store_lanes(x[k], rows[k] + place + j);
      }
      for (std::int64_t j = 0; count < lane_count && j < count; ++j) {
        for (std::int64_t k = 0; k < lane_count; ++k)
          rows[k][place + j] = (j > 0 ? factor : 1) * column[j * stride * lane_count + k];
      }
      place += count;
    }
  }
};

/// Matrix `n` of a set into one lane; the identity where there is none.
void interleave_one(View<const double, 3> matrices, std::int64_t n, bool present, double* to) {
  const std::int64_t size = matrices.extent(1), padding = lane_stride(size) - size, rows = matrices.stride(1),
                     columns = matrices.stride(2);
  const double* const from = present ? matrices.data() + n * matrices.stride(0) : nullptr;
  for (std::int64_t i = 0; i < size; ++i) {
    for (std::int64_t j = 0; j < size; ++j) {
      *to = present ? from[i * rows + j * columns] : i == j ? 1 : 0;
      to += lane_count;
    }
    for (std::int64_t j = 0; j < padding; ++j, to += lane_count) *to = 0;
  }
}

/// `count` (1 … 8) matrices from `first` on.
void interleave(Processor target, View<const double, 3> matrices, std::int64_t first, std::int64_t count, double* to) {
  const std::int64_t size = matrices.extent(1);
  if (count == lane_count && size >= lane_count && matrices.stride(2) == 1) {
    return run_on<Interleave>(target, matrices.data() + first * matrices.stride(0), matrices.stride(0),
                              matrices.stride(1), size, lane_stride(size), to);
  }
  for (std::int64_t lane = 0; lane < lane_count; ++lane)
    interleave_one(matrices, first + lane, lane < count, to + lane);
}

/// The largest magnitude in each of eight lower triangles.
struct LargestEntries {
  static inline __attribute__((always_inline)) void run(const double* matrices, std::int64_t n, std::int64_t stride,
                                                        double* largest) {
    Lanes most{}, x;
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) {
        load_lanes(x, matrices + (i * stride + j) * lane_count);
        absolute_lanes(x);
        most = x > most ? x : most;
      }
    }
    store_lanes(most, largest);
  }
};

bool lower_triangular(const Matrix& w) {
  for (std::int64_t i = 0; i < w.extent(0); ++i) {
    for (std::int64_t j = i + 1; j < w.extent(1); ++j) {
      if (w(i, j) != 0) return false;
    }
  }
  return true;
}

/// Rows of lanes beside a matrix: three of the reflections, then those of the inverses.
constexpr std::int64_t reflection_rows = 3, work_rows = reflection_rows + 2 * poles_together;

/// The sums of each lane as factors of inverses, and what is left for the diagonal: log y = Σ w - Σ w (1 + s) / (y + s)
/// for y = x / centre, the middle of the lane's range. Lanes without a sum get one that gives 0.
void choose_poles(const std::array<double, lane_count>& high, const std::array<std::int64_t, lane_count>& chosen,
                  LanePoles& poles, std::array<double, lane_count>& constant) {
  const auto all = logarithm_sums();
  poles.count = 0;
  for (std::size_t lane = 0; lane < chosen.size(); ++lane) {
    const auto index = static_cast<std::size_t>(chosen[lane]);
    if (index < all.size()) poles.count = std::max(poles.count, static_cast<std::int64_t>(all[index].poles.size()));
  }
  for (std::size_t lane = 0; lane < chosen.size(); ++lane) {
    const auto index = static_cast<std::size_t>(chosen[lane]);
    const bool found = index < all.size();
    const double centre = found ? high[lane] / std::sqrt(all[index].condition) : 1;
    constant[lane] = std::log(centre);
    for (std::int64_t p = 0; p < poles.count; ++p) {
      const std::size_t place = static_cast<std::size_t>(p * lane_count) + lane;
      const bool here = found && p < static_cast<std::int64_t>(all[index].poles.size());
      const LogarithmPole one = here ? all[index].poles[static_cast<std::size_t>(p)] : LogarithmPole{1, 0};
      poles.shifts[place] = centre * one.pole;
      poles.factors[place] = -centre * one.weight * (1 + one.pole);
      constant[lane] += one.weight;
    }
  }
}

}  // namespace

double finite_value(double result, double eigenvalue) {
  if (std::isfinite(result)) return result;
  throw input_error("function of a matrix", "not finite at the eigenvalue " + number_text(eigenvalue),
                    "scale the matrices; covariances are best in microvolts squared");
}

LaneBlock::LaneBlock(std::int64_t size, Processor target)
    : size_(size),
      stride_(lane_stride(size)),
      target_(target),
      matrices_({size * lane_stride(size) * lane_count}, uninitialised),
      vectors_({size * lane_stride(size) * lane_count}, uninitialised),
      work_({size * (lane_stride(size) + work_rows) * lane_count}, uninitialised),
      values_(static_cast<std::size_t>(size * lane_count), 0.0),
      off_diagonal_(static_cast<std::size_t>(size * lane_count), 0.0) {}

void interleave_lanes(View<const double, 3> matrices, std::int64_t first, std::int64_t count, double* lanes) {
  interleave(processor(), matrices, first, count, lanes);
}

void LaneBlock::load(View<const double, 3> matrices, std::int64_t first, std::int64_t count) {
  interleave(target_, matrices, first, count, matrices_.data());
}

void LaneBlock::load(const double* packed) {
  std::copy(packed, packed + size_ * stride_ * lane_count, matrices_.data());
}

void LaneBlock::transform(Signal w) { transform(w, matrices_.data()); }

void LaneBlock::transform(Signal w, const double* packed) {
  const Matrix plain(w);
  const OneMatrix one{.values = plain.data(), .n = size_, .lower = lower_triangular(plain)};
  run_on<ProductWithOne>(target_, packed, &one, stride_, work_.data());
  run_on<OneTimes>(target_, &one, static_cast<const double*>(work_.data()), stride_, matrices_.data());
}

/// Brings the entries to about 1, by powers of two; gives the factors. `near_enough`: leaves a matrix
/// that is not far from it.
std::array<double, lane_count> LaneBlock::scale_entries(bool near_enough) {
  std::array<double, lane_count> largest{}, scale{};
  double* const a = matrices_.data();
  run_on<LargestEntries>(target_, static_cast<const double*>(a), size_, stride_, largest.data());
  const auto is_near = [](double value) { return value > 0x1p-10 && value < 0x1p10; };
  for (std::size_t lane = 0; lane < scale.size(); ++lane)
    scale[lane] = near_enough && is_near(largest[lane]) ? 1 : scale_of(largest[lane]);
  if (std::all_of(scale.begin(), scale.end(), [](double factor) { return factor == 1; })) return scale;
  for (std::int64_t k = 0; k < size_ * stride_; ++k) {
    for (std::size_t lane = 0; lane < scale.size(); ++lane)
      a[k * lane_count + static_cast<std::int64_t>(lane)] *= scale[lane];
  }
  return scale;
}

std::array<double, lane_count> LaneBlock::largest_eigenvalues() {
  std::array<double, lane_count> largest{};
  // Beyond, the characteristic polynomial leaves the range of numbers.
  constexpr std::int64_t most = 32;
  if (size_ > most) {
    decompose(false);
    for (std::int64_t lane = 0; lane < lane_count; ++lane)
      largest[static_cast<std::size_t>(lane)] = value(ascending(lane).back(), lane);
    return largest;
  }
  const auto scale = scale_entries(true);
  run_on<Householder>(target_, matrices_.data(), size_, stride_, values_.data(), off_diagonal_.data(),
                      static_cast<double*>(nullptr), work_.data());
  run_on<LargestRoot>(target_, static_cast<const double*>(values_.data()),
                      static_cast<const double*>(off_diagonal_.data()), size_, largest.data());
  for (std::size_t lane = 0; lane < scale.size(); ++lane) largest[lane] /= scale[lane];
  return largest;
}

/// Eigenvalues of the tridiagonal matrices; turns the rows of `vectors` along.
void LaneBlock::iterate(double* vectors, const std::array<double, lane_count>& scale) {
  bool converged = true;
  run_on<ImplicitQl>(target_, values_.data(), off_diagonal_.data(), size_, stride_, vectors, work_.data(), &converged);
  if (!converged) throw input_error("eigen-decomposition", "no convergence: the values of a matrix are too far apart");
  for (std::size_t k = 0; k < values_.size(); ++k) values_[k] /= scale[k % scale.size()];
}

void LaneBlock::decompose(bool vectors) {
  answered_.fill(false);
  const auto scale = scale_entries(false);
  double* const turned = vectors ? vectors_.data() : nullptr;
  run_on<Householder>(target_, matrices_.data(), size_, stride_, values_.data(), off_diagonal_.data(), turned,
                      work_.data());
  iterate(turned, scale);
}

bool LaneBlock::take_logarithms() {
  const auto scale = scale_entries(false);
  const auto all = logarithm_sums();
  const double* const a = matrices_.data();
  const double* const tau = work_.data() + 2 * size_ * lane_count;
  double* const logs = vectors_.data();
  run_on<Householder>(target_, matrices_.data(), size_, stride_, values_.data(), off_diagonal_.data(),
                      static_cast<double*>(nullptr), work_.data());
  std::array<double, lane_count> high{}, constant{};
  std::array<std::int64_t, lane_count> chosen{};
  std::vector<double> conditions;
  for (const LogarithmSum& sum : all) conditions.push_back(sum.condition);
  const auto count = static_cast<std::int64_t>(all.size());
  run_on<Enclosure>(target_, static_cast<const double*>(values_.data()),
                    static_cast<const double*>(off_diagonal_.data()), size_,
                    static_cast<const double*>(conditions.data()), count, high.data(), chosen.data());
  LanePoles poles;
  choose_poles(high, chosen, poles, constant);
  run_on<SumOfInverses>(
      target_, static_cast<const double*>(values_.data()), static_cast<const double*>(off_diagonal_.data()), size_,
      stride_, static_cast<const LanePoles*>(&poles), logs, work_.data() + reflection_rows * size_ * lane_count);
  bool complete = true;
  for (std::size_t lane = 0; lane < scale.size(); ++lane) {
    answered_[lane] = chosen[lane] < count;
    complete = complete && answered_[lane];
    constant[lane] -= std::log(scale[lane]);
    for (std::int64_t i = 0; i < size_; ++i)
      logs[i * (stride_ + 1) * lane_count + static_cast<std::int64_t>(lane)] += constant[lane];
  }
  run_on<TurnBack>(target_, a, size_, stride_, tau, logs, work_.data());
  if (complete) {
    std::swap(matrices_, vectors_);
    answered_.fill(false);
    return true;
  }
  answers_ = vectors_;
  run_on<FormVectors>(target_, a, size_, stride_, tau, vectors_.data(), work_.data());
  iterate(vectors_.data(), scale);
  return false;
}

/// Lanes that have their logarithm already.
void LaneBlock::put_answers() {
  for (std::size_t lane = 0; lane < answered_.size(); ++lane) {
    for (auto k = static_cast<std::int64_t>(lane); answered_[lane] && k < size_ * stride_ * lane_count; k += lane_count)
      matrices_.data()[k] = answers_.data()[k];
  }
  answered_.fill(false);
}

std::vector<std::int64_t> LaneBlock::ascending(std::int64_t lane) const {
  std::vector<std::int64_t> order(static_cast<std::size_t>(size_));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return value(a, lane) < value(b, lane); });
  return order;
}

void LaneBlock::rebuild(double (*f)(double value, double parameter), double parameter) {
  for (std::int64_t k = 0; k < size_; ++k) {
    double factor[lane_count];
    for (std::int64_t lane = 0; lane < lane_count; ++lane)
      factor[lane] = finite_value(f(value(k, lane), parameter), value(k, lane));
    const double* const from = vectors_.data() + k * stride_ * lane_count;
    double* const to = work_.data() + k * stride_ * lane_count;
    for (std::int64_t i = 0; i < size_; ++i) {
      for (std::int64_t lane = 0; lane < lane_count; ++lane)
        to[i * lane_count + lane] = factor[lane] * from[i * lane_count + lane];
    }
  }
  run_on<SymmetricProduct>(target_, static_cast<const double*>(work_.data()),
                           static_cast<const double*>(vectors_.data()), size_, stride_, matrices_.data());
  put_answers();
}

void LaneBlock::store(std::int64_t lane, View<double, 2> matrix) const {
  const double* const from = matrices_.data() + lane;
  double* const to = matrix.data();
  const std::int64_t rows = matrix.stride(0), columns = matrix.stride(1);
  for (std::int64_t i = 0; i < size_; ++i) {
    for (std::int64_t j = 0; j <= i; ++j)
      to[i * rows + j * columns] = to[j * rows + i * columns] = from[(i * stride_ + j) * lane_count];
  }
}

void LaneBlock::store_upper(std::int64_t count, double factor, View<double, 2> rows) const {
  Vector beyond({(lane_count - count) * rows.extent(1)}, uninitialised);
  double* places[lane_count];
  for (std::int64_t lane = 0; lane < lane_count; ++lane)
    places[lane] = lane < count ? rows[lane].data() : beyond.data() + (lane - count) * rows.extent(1);
  run_on<UpperRows>(target_, static_cast<const double*>(matrices_.data()), size_, stride_, factor,
                    static_cast<double* const*>(places));
}

void LaneBlock::add_to(View<double, 2> sum, const double* weights, std::int64_t count) const {
  for (std::int64_t i = 0; i < size_; ++i) {
    const double* const row = matrices_.data() + i * stride_ * lane_count;
    double* const to = sum.data() + i * sum.stride(0);
    for (std::int64_t j = 0; j <= i; ++j) {
      double value = 0;
      for (std::int64_t lane = 0; lane < count; ++lane) value += weights[lane] * row[j * lane_count + lane];
      to[j * sum.stride(1)] += value;
    }
  }
}

Vector pack(View<const double, 3> matrices) {
  const std::int64_t size = matrices.extent(1), blocks = (matrices.extent(0) + lane_count - 1) / lane_count;
  Vector packed({blocks * size * lane_stride(size) * lane_count}, uninitialised);
  for (std::int64_t k = 0; k < blocks; ++k) {
    interleave_lanes(matrices, k * lane_count, std::min(lane_count, matrices.extent(0) - k * lane_count),
                     packed.data() + k * size * lane_stride(size) * lane_count);
  }
  return packed;
}

}  // namespace caton
