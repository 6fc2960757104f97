// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/eigenmap.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/geometry/graph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {

namespace {

const std::string where = "laplacian_eigenmap";

Matrix distances(Signal points) {
  Matrix result({points.extent(0), points.extent(0)});
  for (std::int64_t i = 0; i < points.extent(0); ++i) {
    for (std::int64_t j = 0; j < i; ++j) {
      double square = 0;
      for (std::int64_t d = 0; d < points.extent(1); ++d)
        square += (points(i, d) - points(j, d)) * (points(i, d) - points(j, d));
      result(i, j) = result(j, i) = std::sqrt(square);
      if (!(square > 0) || !std::isfinite(square)) {
        throw input_error(where, "points " + std::to_string(j) + " and " + std::to_string(i) +
                                     " are identical (or too far apart to tell)");
      }
    }
  }
  return result;
}

/// Adds the shortest link between two components; false when there is only one.
bool join(const Matrix& distance, Matrix& lengths) {
  const auto component = components(graph_of(where, lengths));
  double shortest = std::numeric_limits<double>::infinity();
  std::int64_t a = 0, b = 0;
  for (std::int64_t i = 0; i < lengths.extent(0); ++i) {
    for (std::int64_t j = i + 1; j < lengths.extent(0); ++j) {
      if (component[static_cast<std::size_t>(i)] == component[static_cast<std::size_t>(j)]) continue;
      if (distance(i, j) >= shortest) continue;
      shortest = distance(i, j);
      a = i;
      b = j;
    }
  }
  if (!std::isfinite(shortest)) return false;
  lengths(a, b) = lengths(b, a) = shortest;
  return true;
}

double median_length(const Matrix& lengths) {
  std::vector<double> all;
  for (std::int64_t i = 0; i < lengths.extent(0); ++i) {
    for (std::int64_t j = 0; j < i; ++j) {
      if (lengths(i, j) > 0) all.push_back(lengths(i, j));
    }
  }
  std::sort(all.begin(), all.end());
  const std::size_t half = all.size() / 2;
  return all.size() % 2 == 1 ? all[half] : (all[half - 1] + all[half]) / 2;
}

}  // namespace

Matrix neighbour_lengths(Signal points, std::int64_t neighbours) {
  const std::int64_t count = points.extent(0);
  if (neighbours < 1 || neighbours >= count) {
    throw usage_error(where, std::to_string(neighbours) +
                                 " neighbours need at least one more than as many points, there are " +
                                 std::to_string(count));
  }
  const Matrix distance = distances(points);
  Matrix lengths({count, count});
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t a, std::int64_t b) { return distance(i, a) < distance(i, b); });
    // The first is the point itself.
    for (std::int64_t k = 1; k <= neighbours; ++k) {
      const std::int64_t j = order[static_cast<std::size_t>(k)];
      lengths(i, j) = lengths(j, i) = distance(i, j);
    }
  }
  while (join(distance, lengths)) continue;
  return lengths;
}

Eigenmap laplacian_eigenmap(Signal features, std::int64_t neighbours, std::int64_t count) {
  if (count < 1 || count >= features.extent(0)) {
    throw usage_error(where, std::to_string(count) + " components of " + std::to_string(features.extent(0)) +
                                 " points: at least 1, and fewer than points");
  }
  const Matrix lengths = neighbour_lengths(features, neighbours);
  const std::int64_t nodes = lengths.extent(0);
  const double scale = median_length(lengths);
  Eigenmap result{Matrix({nodes, nodes}), {}, Matrix({nodes, count})};
  std::vector<double> root(static_cast<std::size_t>(nodes), 0.0);
  for (std::int64_t i = 0; i < nodes; ++i) {
    for (std::int64_t j = 0; j < nodes; ++j) {
      if (lengths(i, j) > 0) result.affinity(i, j) = std::exp(-(lengths(i, j) / scale) * (lengths(i, j) / scale));
      root[static_cast<std::size_t>(i)] += result.affinity(i, j);
    }
  }
  for (std::int64_t i = 0; i < nodes; ++i) {
    double& degree = root[static_cast<std::size_t>(i)];
    if (!(degree > 0)) throw input_error(where, "point " + std::to_string(i) + " lies too far from all others");
    degree = std::sqrt(degree);
  }
  Matrix laplacian({nodes, nodes});
  for (std::int64_t i = 0; i < nodes; ++i) {
    for (std::int64_t j = 0; j < nodes; ++j) {
      laplacian(i, j) = (i == j ? 1 : 0) -
                        result.affinity(i, j) / (root[static_cast<std::size_t>(i)] * root[static_cast<std::size_t>(j)]);
    }
  }
  const SymmetricEigen parts = symmetric_eigen(laplacian);
  result.eigenvalues.assign(parts.values.begin(), parts.values.begin() + count + 1);
  for (std::int64_t i = 0; i < nodes; ++i) {
    for (std::int64_t k = 0; k < count; ++k)
      result.embedding(i, k) = parts.vectors(i, k + 1) / root[static_cast<std::size_t>(i)];
  }
  sign_columns(result.embedding);
  return result;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const MatrixPort f(args, in, "f");
  const Eigenmap map = laplacian_eigenmap(f, args.integer("neighbours"), args.integer("components"));
  return {{"affinity", Tensor::of(map.affinity)},
          {"eigenvalues", Tensor::vector(map.eigenvalues)},
          {"embedding", Tensor::of(map.embedding)}};
}

const Operation operation{.name = "laplacian_eigenmap",
                          .room = "geometry",
                          .about =
                              "points placed by the eigenvectors of their neighbour graph (scikit-learn "
                              "spectral_embedding up to scale)",
                          .arguments = {{"neighbours", "integer", Json(4)}, {"components", "integer", Json(3)}},
                          .inputs = {{"f", "V F"}},
                          .outputs = {{"affinity", "V V"}, {"eigenvalues", "m+1"}, {"embedding", "V m"}},
                          .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
