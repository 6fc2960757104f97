// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/matrices.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lane_math.hpp"
#include "caton/base/lane_transpose.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

MatricesView as_set(Signal matrix) {
  return {matrix.data(),
          {1, matrix.extent(0), matrix.extent(1)},
          {matrix.extent(0) * matrix.stride(0), matrix.stride(0), matrix.stride(1)}};
}

Matrix copy_of(MatricesView set, std::int64_t index) { return Matrix(set[index]); }

void put(Signal matrix, View<double, 2> place) {
  for (std::int64_t i = 0; i < matrix.extent(0); ++i) {
    if (matrix.stride(1) == 1 && place.stride(1) == 1) {
      std::copy_n(matrix[i].data(), matrix.extent(1), place[i].data());
      continue;
    }
    for (std::int64_t j = 0; j < matrix.extent(1); ++j) place(i, j) = matrix(i, j);
  }
}

Matrix identity(std::int64_t size) {
  Matrix result({size, size});
  for (std::int64_t i = 0; i < size; ++i) result(i, i) = 1;
  return result;
}

Matrix scaled(Signal matrix, double factor) {
  Matrix result(matrix);
  for (double& value : result) value *= factor;
  return result;
}

Matrix combination(double a, Signal x, double b, Signal y) {
  Matrix result(x.extents(), uninitialised);
  for (std::int64_t i = 0; i < x.extent(0); ++i) {
    for (std::int64_t j = 0; j < x.extent(1); ++j) result(i, j) = a * x(i, j) + b * y(i, j);
  }
  return result;
}

double frobenius_norm(Signal matrix) {
  double sum = 0;
  for (std::int64_t i = 0; i < matrix.extent(0); ++i) {
    for (std::int64_t j = 0; j < matrix.extent(1); ++j) sum += matrix(i, j) * matrix(i, j);
  }
  return std::sqrt(sum);
}

double trace(Signal matrix) {
  double sum = 0;
  for (std::int64_t i = 0; i < matrix.extent(0); ++i) sum += matrix(i, i);
  return sum;
}

Matrix symmetrised(Signal matrix) { return combination(0.5, matrix, 0.5, matrix.transposed()); }

namespace {

/// Whether all values are finite: only what is not differs from itself or has a difference to itself.
struct AllFinite {
  static inline __attribute__((always_inline)) void run(const double* values, std::int64_t count, bool* finite) {
    Lanes value, spoilt{};
    std::int64_t k = 0;
    for (; k + lane_count <= count; k += lane_count) {
      load_lanes(value, values + k);
      spoilt += value - value;
    }
    for (std::int64_t lane = 0; lane < lane_count; ++lane) *finite = *finite && spoilt[lane] == 0;
    for (; k < count; ++k) *finite = *finite && std::isfinite(values[k]);
  }
};

/// Largest magnitude of a square matrix with rows along memory, and largest difference of mirrored entries; at least
/// eight rows. Blocks at the end may overlap those before.
struct Asymmetry {
  static inline __attribute__((always_inline)) void run(const double* matrix, std::int64_t size, std::int64_t row,
                                                        double* largest, double* worst) {
    Lanes x[lane_count], y, most{}, apart{};
    for (std::int64_t down = 0; down < size; down += lane_count) {
      const std::int64_t i = std::min(down, size - lane_count);
      for (std::int64_t right = 0; right <= down; right += lane_count) {
        const std::int64_t j = std::min(right, size - lane_count);
#pragma GCC unroll 8
        for (std::int64_t k = 0; k < lane_count; ++k) {
          load_lanes(x[k], matrix + (i + k) * row + j);
        }
        transpose_lanes(x);
#pragma GCC unroll 8
        for (std::int64_t k = 0; k < lane_count; ++k) {
          load_lanes(y, matrix + (j + k) * row + i);
          Lanes difference = x[k] - y;
          absolute_lanes(difference);
          absolute_lanes(x[k]);
          absolute_lanes(y);
          y = y > x[k] ? y : x[k];
          most = y > most ? y : most;
          apart = difference > apart ? difference : apart;
        }
      }
    }
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      *largest = std::max(*largest, most[lane]);
      *worst = std::max(*worst, apart[lane]);
    }
  }
};

}  // namespace

void require_matrices(const std::string& where, MatricesView c) {
  if (c.extent(1) != c.extent(2)) {
    throw usage_error(where, "shape: " + std::to_string(c.extent(1)) + " x " + std::to_string(c.extent(2)) +
                                 " is not a square matrix");
  }
  if (c.empty()) throw usage_error(where, "the set of matrices is empty");
  bool finite = c.contiguous();
  if (finite) run_on<AllFinite>(processor(), c.data(), c.size(), &finite);
  if (finite) return;
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    const Signal matrix = c[n];
    for (std::int64_t i = 0; i < matrix.extent(0); ++i) {
      for (std::int64_t j = 0; j < matrix.extent(1); ++j) {
        if (std::isfinite(matrix(i, j))) continue;
        throw input_error(where, "matrix " + std::to_string(n) + " is not finite at row " + std::to_string(i) +
                                     ", column " + std::to_string(j));
      }
    }
  }
}

void require_symmetric(const std::string& where, MatricesView c) {
  constexpr double relative = 1e-10;
  require_matrices(where, c);
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    const double* const matrix = c.data() + n * c.stride(0);
    double largest = 0, worst = 0;
    if (c.stride(2) == 1 && c.extent(1) >= lane_count) {
      run_on<Asymmetry>(processor(), matrix, c.extent(1), c.stride(1), &largest, &worst);
    } else {
      for (std::int64_t i = 0; i < c.extent(1); ++i) {
        for (std::int64_t j = 0; j <= i; ++j) {
          const double lower = matrix[i * c.stride(1) + j * c.stride(2)];
          const double upper = matrix[j * c.stride(1) + i * c.stride(2)];
          largest = std::max(largest, std::abs(lower) > std::abs(upper) ? std::abs(lower) : std::abs(upper));
          worst = std::max(worst, std::abs(lower - upper));
        }
      }
    }
    if (worst <= relative * largest) continue;
    throw usage_error(
        where, "matrix " + std::to_string(n) + " is not symmetric: mirrored entries differ by " + number_text(worst),
        "give covariance matrices, or the mean of a matrix and its transpose");
  }
}

void require_same_size(const std::string& where, MatricesView a, MatricesView b) {
  if (a.extent(1) == b.extent(1) && a.extent(2) == b.extent(2)) return;
  const auto size = [](MatricesView set) {
    return std::to_string(set.extent(1)) + " x " + std::to_string(set.extent(2));
  };
  throw usage_error(where, "shape: matrices of " + size(a) + " and of " + size(b) + " cannot be compared");
}

std::vector<double> normalised_weights(const std::string& where, std::span<const double> weights, std::int64_t count) {
  if (weights.empty()) return std::vector<double>(static_cast<std::size_t>(count), 1 / static_cast<double>(count));
  if (static_cast<std::int64_t>(weights.size()) != count) {
    throw usage_error(where, std::to_string(weights.size()) + " weights for " + std::to_string(count) + " items");
  }
  double sum = 0;
  for (const double weight : weights) {
    if (!(weight >= 0) || !std::isfinite(weight)) throw usage_error(where, "weights must be finite and not negative");
    sum += weight;
  }
  if (!(sum > 0) || !std::isfinite(sum)) throw usage_error(where, "weights must have a sum above 0");
  std::vector<double> result(weights.begin(), weights.end());
  for (double& weight : result) weight /= sum;
  return result;
}

Matrix weighted_sum(MatricesView c, std::span<const double> weights) {
  Matrix sum({c.extent(1), c.extent(2)});
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    const double* const matrix = c.data() + n * c.stride(0);
    const double weight = weights[static_cast<std::size_t>(n)];
    double* to = sum.data();
    for (std::int64_t i = 0; i < c.extent(1); ++i) {
      for (std::int64_t j = 0; j < c.extent(2); ++j) *to++ += weight * matrix[i * c.stride(1) + j * c.stride(2)];
    }
  }
  return sum;
}

MatricesPort::MatricesPort(const Arguments& args, const Tensors& in, const std::string& name) {
  const Tensor& tensor = port(in, name);
  if (tensor.rank() != 2 && tensor.rank() != 3) {
    throw args.refuse("\"" + name + "\" has the shape " + tensor.about() + ", wanted are one matrix or a set of them");
  }
  single = tensor.rank() == 2;
  values = single ? tensor.reshaped({1, tensor.extent(0), tensor.extent(1)}).array<3>(name) : tensor.array<3>(name);
  if (tensor.size() == 0) throw args.refuse("\"" + name + "\" is empty: " + tensor.about());
}

Tensor MatricesPort::like(const Matrices& result) const {
  const Tensor tensor = Tensor::of(result);
  return single ? tensor.reshaped({result.extent(1), result.extent(2)}) : tensor;
}

std::vector<double> optional_vector_port(const Arguments& args, const Tensors& in, const std::string& name) {
  return in.count(name) == 0 ? std::vector<double>{} : vector_port(args, in, name);
}

}  // namespace caton
