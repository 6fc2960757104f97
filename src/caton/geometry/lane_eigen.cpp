// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/lane_eigen.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lane_math.hpp"
#include "caton/base/text.hpp"
#include "caton/geometry/lane_householder.hpp"
#include "caton/geometry/lane_largest.hpp"
#include "caton/geometry/lane_products.hpp"
#include "caton/geometry/lane_ql.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

/// A power of two that brings a matrix' largest entry to about 1, so that no square under- or overflows.
double scale_of(double largest) {
  if (!(largest > 0) || !std::isfinite(largest)) return 1;
  int exponent = 0;
  (void)std::frexp(largest, &exponent);
  return std::ldexp(1.0, std::clamp(-exponent, -1000, 1000));
}

/// Matrix `n` of a set into one lane; the identity where there is none.
void interleave(View<const double, 3> matrices, std::int64_t n, bool present, double* to) {
  const std::int64_t size = matrices.extent(1), padding = lane_stride(size) - size, rows = matrices.stride(1),
                     columns = matrices.stride(2);
  const double* const from = present ? matrices.data() + n * matrices.stride(0) : nullptr;
  for (std::int64_t i = 0; i < size; ++i) {
    for (std::int64_t j = 0; j < size; ++j) {
      *to = present ? from[i * rows + j * columns] : i == j ? 1 : 0;
      to += lane_count;
    }
    // What fills up a row is never looked at; it only has to be a number.
    for (std::int64_t j = 0; j < padding; ++j, to += lane_count) *to = 0;
  }
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
      work_({size * lane_stride(size) * lane_count + 4 * size * lane_count}, uninitialised),
      values_(static_cast<std::size_t>(size * lane_count), 0.0),
      off_diagonal_(static_cast<std::size_t>(size * lane_count), 0.0) {}

void interleave_lanes(View<const double, 3> matrices, std::int64_t first, std::int64_t count, double* lanes) {
  for (std::int64_t lane = 0; lane < lane_count; ++lane) interleave(matrices, first + lane, lane < count, lanes + lane);
}

void LaneBlock::load(View<const double, 3> matrices, std::int64_t first, std::int64_t count) {
  interleave_lanes(matrices, first, count, matrices_.data());
}

void LaneBlock::load(const double* packed) {
  std::copy(packed, packed + size_ * stride_ * lane_count, matrices_.data());
}

void LaneBlock::transform(Signal w) {
  const Matrix plain(w);
  run_on<ProductWithOne>(target_, static_cast<const double*>(matrices_.data()), plain.data(), size_, stride_,
                         work_.data());
  run_on<OneTimes>(target_, plain.data(), static_cast<const double*>(work_.data()), size_, stride_, matrices_.data());
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

void LaneBlock::decompose(bool vectors) {
  const auto scale = scale_entries(false);
  double* const a = matrices_.data();
  double* const turned = vectors ? vectors_.data() : nullptr;
  bool converged = true;
  run_on<Householder>(target_, a, size_, stride_, values_.data(), off_diagonal_.data(), turned, work_.data());
  run_on<ImplicitQl>(target_, values_.data(), off_diagonal_.data(), size_, stride_, turned, work_.data(), &converged);
  if (!converged) throw input_error("eigen-decomposition", "no convergence: the values of a matrix are too far apart");
  for (std::size_t k = 0; k < values_.size(); ++k) values_[k] /= scale[k % scale.size()];
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
  for (std::int64_t n = 0; n < blocks * lane_count; ++n) {
    double* const block = packed.data() + n / lane_count * size * lane_stride(size) * lane_count;
    interleave(matrices, n, n < matrices.extent(0), block + n % lane_count);
  }
  return packed;
}

}  // namespace caton
