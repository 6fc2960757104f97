// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/whitening.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace caton {

namespace {

/// Below this share of the largest eigenvalue a covariance no longer gives its axes to 1e-8.
constexpr double exact_share = 1e-8;
/// A singular value below this share of the largest stands for no dimension.
constexpr double rank_share = 1e-10;

/// Axes (channels x k) and singular values of the centred signal, largest first.
struct Axes {
  Matrix vectors;
  std::vector<double> singular;
};

Axes axes_of_covariance(const Tiles& centred) {
  const SymmetricEigen eigen = symmetric_eigen(products_of(centred));
  const std::int64_t count = centred.rows();
  Axes axes{Matrix({count, count}, uninitialised), {}};
  for (std::int64_t k = 0; k < count; ++k) {
    axes.singular.push_back(std::sqrt(std::max(0.0, eigen.values[static_cast<std::size_t>(count - 1 - k)])));
    for (std::int64_t c = 0; c < count; ++c) axes.vectors(c, k) = eigen.vectors(c, count - 1 - k);
  }
  return axes;
}

Axes axes_of_samples(const Tiles& centred) {
  Svd parts = svd(centred.signal().view().transposed());
  return {std::move(parts.v), std::move(parts.singular)};
}

}  // namespace

std::vector<double> row_means(Signal x) {
  std::vector<double> means(static_cast<std::size_t>(x.extent(0)));
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t row) {
    const Array<double, 1> copied = x.stride(1) == 1 ? Array<double, 1>() : Array<double, 1>(x[row]);
    const double* const values = x.stride(1) == 1 ? x[row].data() : copied.data();
    means[static_cast<std::size_t>(row)] =
        ordered_sum({values, static_cast<std::size_t>(x.extent(1))}) / static_cast<double>(x.extent(1));
  });
  return means;
}

namespace {

void require_components(const std::string& where, Signal x, std::int64_t components) {
  require_signal(where, x);
  require_finite(where, x);
  const std::int64_t most = std::min(x.extent(0), x.extent(1));
  if (components < 1 || components > most) {
    throw usage_error(where, "components must be 1 to " + std::to_string(most) + " for " + std::to_string(x.extent(0)) +
                                 " channels and " + std::to_string(x.extent(1)) + " samples, got " +
                                 std::to_string(components));
  }
}

/// Of the signal whose means are given, less these means.
Whitening whitening_of(const std::string& where, const Tiles& centred, std::vector<double> mean,
                       std::int64_t components) {
  Whitening result{Matrix({components, centred.rows()}, uninitialised), std::move(mean), {}};
  Axes axes = axes_of_covariance(centred);
  const auto last = static_cast<std::size_t>(components - 1);
  if (!(axes.singular[last] * axes.singular[last] > exact_share * axes.singular[0] * axes.singular[0]))
    axes = axes_of_samples(centred);
  const std::int64_t rank = axes.singular[0] > 0 ? rank_of(axes.singular, rank_share) : 0;
  if (rank < components || !(axes.singular[last] > 1e-150)) {
    throw input_error(where,
                      "the rank of the data is " + std::to_string(std::min(rank, components - 1)) + ", less than the " +
                          std::to_string(components) + " components asked for",
                      "ask for fewer components, or leave out channels that are flat, referenced away or interpolated");
  }
  const auto samples = static_cast<double>(centred.samples());
  for (std::int64_t k = 0; k < components; ++k) {
    const double singular = axes.singular[static_cast<std::size_t>(k)];
    const double scale = std::copysign(std::sqrt(samples) / singular, axes.vectors(0, k));
    for (std::int64_t c = 0; c < centred.rows(); ++c) result.matrix(k, c) = axes.vectors(c, k) * scale;
    result.eigenvalues.push_back(singular * singular / samples);
  }
  return result;
}

}  // namespace

Whitening pca_whitening(const std::string& where, Signal x, std::int64_t components) {
  require_components(where, x, components);
  auto mean = row_means(x);
  const Tiles centred(x, mean);
  return whitening_of(where, centred, std::move(mean), components);
}

WhitenedSignal pca_whitened(const std::string& where, Signal x, std::int64_t components) {
  require_components(where, x, components);
  auto mean = row_means(x);
  const Tiles centred(x, mean);
  Whitening whitening = whitening_of(where, centred, std::move(mean), components);
  Tiles white = multiplied(whitening.matrix, centred);
  return {std::move(whitening), std::move(white)};
}

Tiles whitened(const Whitening& whitening, Signal x) { return multiplied(whitening.matrix, Tiles(x, whitening.mean)); }

std::int64_t rank_of_signal(Signal x, double relative) {
  const Tiles centred(x, row_means(x));
  const Axes axes = axes_of_covariance(centred);
  return axes.singular[0] > 0 ? rank_of(axes.singular, relative) : 0;
}

namespace {

const Operation whitening_operation{
    .name = "pca_whiten",
    .room = "signal",
    .about = "Principal components scaled to variance 1 (the whitening of sklearn.decomposition.FastICA)",
    .arguments = {{.name = "components", .type = "integer"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "whitening", .shape = "K C", .unit = "1/V"},
                {.name = "mean", .shape = "C", .unit = "V"},
                {.name = "white", .shape = "K T"},
                {.name = "eigenvalues", .shape = "K", .unit = "V^2"}},
    .streaming_form = "a fixed matrix learnt before",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          const Whitening result = pca_whitening(args.operation(), x, args.integer("components"));
          return Tensors{{"whitening", Tensor::of(result.matrix)},
                         {"mean", Tensor::vector(result.mean)},
                         {"white", Tensor::of(whitened(result, x).signal())},
                         {"eigenvalues", Tensor::vector(result.eigenvalues)}};
        },
};
CATON_REGISTER(Operation, whitening_operation);

}  // namespace

}  // namespace caton
