// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/spectral.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/lane_eigen.hpp"
#include "caton/geometry/tangent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

double square_root(double value, double) { return std::sqrt(value); }
double inverse_root(double value, double) { return 1 / std::sqrt(value); }
double logarithm(double value, double) { return std::log(value); }
double exponential(double value, double) { return std::exp(value); }
double power(double value, double exponent) { return std::pow(value, exponent); }

ScalarFunction scalar(SpdFunction f) {
  switch (f) {
    case SpdFunction::sqrt: return square_root;
    case SpdFunction::invsqrt: return inverse_root;
    case SpdFunction::log: return logarithm;
    case SpdFunction::exp: return exponential;
    case SpdFunction::power: return power;
  }
  return exponential;
}

/// An eigenvalue up to this is zero but for rounding.
double zero_bound(const View<const double, 1>& values) {
  const std::int64_t size = values.extent(0);
  return std::max(values[size - 1], 0.0) * static_cast<double>(size) * std::numeric_limits<double>::epsilon();
}

/// Calls `body(block, first, count)` for every eight matrices, over the threads.
template <class Body>
void for_blocks(MatricesView c, const Body& body) {
  const std::int64_t blocks = (c.extent(0) + lane_count - 1) / lane_count, threads = thread_pool().threads();
  // A thread takes many in a row: a block's memory is fresh, and slow, only once.
  const std::int64_t together = threads == 1 ? blocks : std::max<std::int64_t>(1, blocks / (8 * threads));
  thread_pool().parallel_for((blocks + together - 1) / together, [&](std::int64_t group) {
    LaneBlock block(c.extent(1));
    const std::int64_t end = std::min(blocks, (group + 1) * together);
    for (std::int64_t k = group * together; k < end; ++k)
      body(block, k * lane_count, std::min(lane_count, c.extent(0) - k * lane_count));
  });
}

bool fits_lanes(MatricesView c) { return c.extent(1) <= largest_lane_size; }

/// Whether a solver for one matrix is faster: seven of the eight in the lanes would be worked out for nothing.
bool better_alone(MatricesView c) {
  constexpr std::int64_t largest_together = 64;
  return c.extent(0) == 1 && c.extent(1) > largest_together;
}

/// Values of the first lanes, ascending.
Matrix values_of(const LaneBlock& block, std::int64_t count) {
  Matrix values({count, block.size()}, uninitialised);
  for (std::int64_t lane = 0; lane < count; ++lane) {
    for (std::int64_t k = 0; k < block.size(); ++k) values(lane, k) = block.value(k, lane);
    std::sort(&values(lane, 0), &values(lane, 0) + block.size());
  }
  return values;
}

/// One matrix, for sizes that do not fit in lanes.
Matrix function_of_one(const std::string& where, Signal c, SpdFunction f, double alpha, std::int64_t place) {
  const SymmetricEigen parts = symmetric_eigen(c);
  Matrix values({1, c.extent(0)}), scaled_vectors(parts.vectors);
  std::copy(parts.values.begin(), parts.values.end(), values.begin());
  if (f != SpdFunction::exp) require_positive_definite(where, values, place);
  for (std::int64_t k = 0; k < c.extent(0); ++k) {
    const double factor = finite_value(scalar(f)(values(0, k), alpha), values(0, k));
    for (std::int64_t i = 0; i < c.extent(0); ++i) scaled_vectors(i, k) *= factor;
  }
  return symmetrised(product_transposed(scaled_vectors, parts.vectors));
}

void change(const std::string& where, LaneBlock& block, SpdFunction f, double alpha, std::int64_t first,
            std::int64_t count) {
  if (f == SpdFunction::log) {
    if (block.take_logarithms()) return;
  } else {
    block.decompose(true);
  }
  if (f != SpdFunction::exp) require_positive_definite(where, values_of(block, count), first);
  block.rebuild(scalar(f), alpha);
}

void store_all(const LaneBlock& block, std::int64_t first, std::int64_t count, Matrices& result) {
  for (std::int64_t lane = 0; lane < count; ++lane) block.store(lane, result[first + lane]);
}

Matrices function_of_all(const std::string& where, MatricesView c, SpdFunction f, double alpha) {
  Matrices result(c.extents(), uninitialised);
  // A logarithm has the same bits alone and in a set, as trials of a stream and of a recording must.
  if (!fits_lanes(c) || (f != SpdFunction::log && better_alone(c))) {
    thread_pool().parallel_for(c.extent(0),
                               [&](std::int64_t n) { put(function_of_one(where, c[n], f, alpha, n), result[n]); });
    return result;
  }
  for_blocks(c, [&](LaneBlock& block, std::int64_t first, std::int64_t count) {
    block.load(c, first, count);
    change(where, block, f, alpha, first, count);
    store_all(block, first, count, result);
  });
  return result;
}

}  // namespace

Spectra spectra(MatricesView c) {
  const std::int64_t size = c.extent(1);
  Spectra result{Matrix({c.extent(0), size}), Matrices(c.extents(), uninitialised)};
  if (!fits_lanes(c) || better_alone(c)) {
    thread_pool().parallel_for(c.extent(0), [&](std::int64_t n) {
      const SymmetricEigen parts = symmetric_eigen(c[n]);
      std::copy(parts.values.begin(), parts.values.end(), &result.values(n, 0));
      put(parts.vectors, result.vectors[n]);
    });
    return result;
  }
  for_blocks(c, [&](LaneBlock& block, std::int64_t first, std::int64_t count) {
    block.load(c, first, count);
    block.decompose(true);
    for (std::int64_t lane = 0; lane < count; ++lane) {
      const auto order = block.ascending(lane);
      for (std::int64_t k = 0; k < size; ++k) {
        const std::int64_t from = order[static_cast<std::size_t>(k)];
        result.values(first + lane, k) = block.value(from, lane);
        for (std::int64_t i = 0; i < size; ++i) result.vectors(first + lane, i, k) = block.vector(from, i, lane);
      }
    }
  });
  return result;
}

Matrix eigenvalues(MatricesView c) {
  if (!fits_lanes(c) || better_alone(c)) return spectra(c).values;
  Matrix result({c.extent(0), c.extent(1)}, uninitialised);
  for_blocks(c, [&](LaneBlock& block, std::int64_t first, std::int64_t count) {
    block.load(c, first, count);
    block.decompose(false);
    put(values_of(block, count), result.view().slice(0, first, count));
  });
  return result;
}

Matrix eigenvalues_between(Signal w, MatricesView c) {
  if (!fits_lanes(c)) return eigenvalues(congruence(w, c));
  Matrix result({c.extent(0), c.extent(1)}, uninitialised);
  for_blocks(c, [&](LaneBlock& block, std::int64_t first, std::int64_t count) {
    block.load(c, first, count);
    block.transform(w);
    block.decompose(false);
    put(values_of(block, count), result.view().slice(0, first, count));
  });
  return result;
}

Matrices spd_function_between(const std::string& where, Signal w, MatricesView c, SpdFunction f, double alpha) {
  if (!fits_lanes(c)) return function_of_all(where, congruence(w, c), f, alpha);
  Matrices result(c.extents(), uninitialised);
  for_blocks(c, [&](LaneBlock& block, std::int64_t first, std::int64_t count) {
    block.load(c, first, count);
    block.transform(w);
    change(where, block, f, alpha, first, count);
    store_all(block, first, count, result);
  });
  return result;
}

Matrix log_vectors_between(const std::string& where, Signal w, MatricesView c) {
  if (!fits_lanes(c)) return upper_vectors(spd_function_between(where, w, c, SpdFunction::log));
  Matrix result({c.extent(0), c.extent(1) * (c.extent(1) + 1) / 2}, uninitialised);
  for_blocks(c, [&](LaneBlock& block, std::int64_t first, std::int64_t count) {
    block.load(c, first, count);
    block.transform(w);
    change(where, block, SpdFunction::log, 1, first, count);
    block.store_upper(count, std::sqrt(2.0), result.view().slice(0, first, count));
  });
  return result;
}

WeightedLogs::WeightedLogs(std::string where, MatricesView c, std::vector<double> weights)
    : where_(std::move(where)), c_(c), weights_(std::move(weights)) {
  if (fits_lanes(c)) packed_ = pack(c);
}

Matrix WeightedLogs::operator()(Signal w) const {
  if (!fits_lanes(c_)) return weighted_sum(spd_function_between(where_, w, c_, SpdFunction::log), weights_);
  const std::int64_t size = c_.extent(1), blocks = (c_.extent(0) + lane_count - 1) / lane_count;
  Matrices parts({blocks, size, size});
  for_blocks(c_, [&](LaneBlock& block, std::int64_t first, std::int64_t count) {
    block.transform(w, packed_.data() + first * size * lane_stride(size));
    change(where_, block, SpdFunction::log, 1, first, count);
    block.add_to(parts[first / lane_count], weights_.data() + first, count);
  });
  Matrix sum({size, size});
  for (std::int64_t k = 0; k < blocks; ++k) {
    for (std::int64_t i = 0; i < size; ++i) {
      for (std::int64_t j = 0; j <= i; ++j) sum(i, j) += parts(k, i, j);
    }
  }
  for (std::int64_t i = 0; i < size; ++i) {
    for (std::int64_t j = 0; j < i; ++j) sum(j, i) = sum(i, j);
  }
  return sum;
}

Matrices congruence(Signal w, MatricesView c) {
  Matrices result({c.extent(0), w.extent(0), w.extent(0)}, uninitialised);
  thread_pool().parallel_for(
      c.extent(0), [&](std::int64_t n) { put(symmetrised(product_transposed(product(w, c[n]), w)), result[n]); });
  return result;
}

Matrices apply(const Spectra& spectra, ScalarFunction f, double parameter) {
  const std::int64_t size = spectra.values.extent(1);
  Matrices result(spectra.vectors.extents(), uninitialised);
  thread_pool().parallel_for(result.extent(0), [&](std::int64_t n) {
    Matrix scaled_vectors(spectra.vectors.view()[n]);
    for (std::int64_t k = 0; k < size; ++k) {
      const double factor = f(spectra.values(n, k), parameter);
      for (std::int64_t i = 0; i < size; ++i) scaled_vectors(i, k) *= factor;
    }
    put(symmetrised(product_transposed(scaled_vectors, spectra.vectors.view()[n])), result[n]);
  });
  return result;
}

void require_positive_definite(const std::string& where, const Matrix& eigenvalues, std::int64_t first) {
  const std::int64_t size = eigenvalues.extent(1);
  for (std::int64_t n = 0; n < eigenvalues.extent(0); ++n) {
    const auto values = eigenvalues.view()[n];
    const double bound = zero_bound(values);
    if (values[0] > bound) continue;
    std::int64_t rank = 0;
    for (std::int64_t k = 0; k < size; ++k) rank += values[k] > bound ? 1 : 0;
    throw input_error(
        where,
        "matrix " + std::to_string(first + n) + " is not positive definite: smallest eigenvalue " +
            number_text(values[0]) + ", rank " + std::to_string(rank) + " of " + std::to_string(size) +
            " (usual causes: average reference, interpolated or flat channels, removed components, fewer samples "
            "than channels)",
        "estimate with \"oas\" or \"lwf\", shrink, or project to the rank that is left");
  }
}

Matrices spd_function(MatricesView c, SpdFunction f, double alpha) {
  require_symmetric("spd_function", c);
  return function_of_all("spd_function", c, f, alpha);
}

Matrix spd_function(Signal c, SpdFunction f, double alpha) { return copy_of(spd_function(as_set(c), f, alpha), 0); }

Roots roots_of(const std::string& where, Signal m) {
  const Spectra parts = spectra(as_set(m));
  require_positive_definite(where, parts.values);
  return {copy_of(apply(parts, square_root), 0), copy_of(apply(parts, inverse_root), 0)};
}

Matrix cholesky_of(const std::string& where, Signal c) {
  auto factor = cholesky(c);
  if (!factor) require_positive_definite(where, eigenvalues(as_set(c)));
  if (!factor) throw input_error(where, "a matrix is not positive definite");
  return *std::move(factor);
}

Matrices cholesky_of(const std::string& where, MatricesView c) {
  Matrices result(c.extents(), uninitialised);
  thread_pool().parallel_for(c.extent(0), [&](std::int64_t n) {
    const auto factor = cholesky(c[n]);
    if (!factor) {
      throw input_error(where, "matrix " + std::to_string(n) + " is not positive definite",
                        "estimate with \"oas\" or \"lwf\", shrink, or project to the rank that is left");
    }
    put(*factor, result[n]);
  });
  return result;
}

Matrix lower_inverse(Signal lower) {
  const std::int64_t size = lower.extent(0);
  Matrix inverse({size, size});
  for (std::int64_t j = 0; j < size; ++j) {
    inverse(j, j) = 1 / lower(j, j);
    for (std::int64_t i = j + 1; i < size; ++i) {
      double sum = 0;
      for (std::int64_t k = j; k < i; ++k) sum += lower(i, k) * inverse(k, j);
      inverse(i, j) = -sum / lower(i, i);
    }
  }
  return inverse;
}

std::vector<std::int64_t> ranks(MatricesView c) {
  const Matrix values = eigenvalues(c);
  std::vector<std::int64_t> result;
  for (std::int64_t n = 0; n < values.extent(0); ++n) {
    const auto row = values.view()[n];
    const double bound = zero_bound(row);
    std::int64_t rank = 0;
    for (std::int64_t k = 0; k < row.extent(0); ++k) rank += row[k] > bound ? 1 : 0;
    result.push_back(rank);
  }
  return result;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const auto f = choice_argument<SpdFunction>(args, "f",
                                              {{"sqrt", SpdFunction::sqrt},
                                               {"invsqrt", SpdFunction::invsqrt},
                                               {"log", SpdFunction::log},
                                               {"exp", SpdFunction::exp},
                                               {"power", SpdFunction::power}});
  const MatricesPort c(args, in, "c");
  if (f == SpdFunction::power && !args.given("alpha")) throw args.refuse("a power needs the argument \"alpha\"");
  return {{"c", c.like(spd_function(c, f, args.given("alpha") ? args.number("alpha") : 1))}};
}

const Operation operation{
    .name = "spd_function",
    .room = "geometry",
    .about =
        "square root, inverse square root, logarithm, exponential or power of symmetric positive definite "
        "matrices by eigen-decomposition (pyRiemann sqrtm, invsqrtm, logm, expm, powm)",
    .arguments = {{"f", "text", {}, "sqrt, invsqrt, log, exp or power"},
                  {"alpha", "number", Json{}, "the exponent of power"}},
    .inputs = {{"c", "N C C"}},
    .outputs = {{"c", "N C C"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
