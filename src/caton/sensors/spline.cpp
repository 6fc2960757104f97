// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/sensors/spline.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/sensors/position_checks.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

Eigen::MatrixXd directions(Signal positions) {
  Eigen::MatrixXd unit(positions.extent(0), 3);
  for (std::int64_t i = 0; i < positions.extent(0); ++i) {
    for (std::int64_t axis = 0; axis < 3; ++axis) unit(i, axis) = positions(i, axis);
    unit.row(i) /= unit.row(i).norm();
  }
  return unit;
}

/// sum over n >= 1 of (2n+1) / (4 pi (n (n+1))^power) P_n(cosine).
double legendre_series(double cosine, int power, int terms) {
  double before = 1, now = cosine, sum = 0;
  for (int n = 1; n <= terms; ++n) {
    sum += (2 * n + 1) / (4 * std::numbers::pi * std::pow(static_cast<double>(n) * (n + 1), power)) * now;
    const double next = ((2 * n + 1) * cosine * now - n * before) / (n + 1);
    before = now;
    now = next;
  }
  return sum;
}

Eigen::MatrixXd spline_matrix(const Eigen::MatrixXd& to, const Eigen::MatrixXd& from, int power, int terms) {
  Eigen::MatrixXd g(to.rows(), from.rows());
  for (Eigen::Index i = 0; i < to.rows(); ++i) {
    for (Eigen::Index j = 0; j < from.rows(); ++j)
      g(i, j) = legendre_series(std::clamp(to.row(i).dot(from.row(j)), -1.0, 1.0), power, terms);
  }
  return g;
}

Matrix matrix_of(const Eigen::MatrixXd& m) {
  Matrix result({m.rows(), m.cols()}, uninitialised);
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    for (Eigen::Index j = 0; j < m.cols(); ++j) result(i, j) = m(i, j);
  }
  return result;
}

void require_same_channels(const std::string& where, Signal x, Signal positions) {
  if (x.extent(0) == positions.extent(0)) return;
  throw usage_error(where, "shape: the signal has " + std::to_string(x.extent(0)) + " channels, there are " +
                               std::to_string(positions.extent(0)) + " positions");
}

/// y = weights x, each output channel added up in the order of the inputs.
void mix(const Matrix& weights, std::int64_t row, Signal x, const std::vector<std::int64_t>& channels, double* y) {
  std::fill(y, y + x.extent(1), 0.0);
  for (std::size_t j = 0; j < channels.size(); ++j) {
    const double weight = weights(row, j);
    for (std::int64_t t = 0; t < x.extent(1); ++t) y[t] += weight * x(channels[j], t);
  }
}

}  // namespace

Matrix spline_interpolation_matrix(Signal good, Signal bad, double smoothing) {
  const std::string where = "spline_interpolation_matrix";
  require_directions(where, good);
  require_directions(where, bad);
  if (!(smoothing >= 0)) throw usage_error(where, "smoothing must be positive or 0");
  const Eigen::MatrixXd from = directions(good), to = directions(bad);
  const Eigen::Index count = from.rows();
  Eigen::MatrixXd c = Eigen::MatrixXd::Ones(count + 1, count + 1);
  c(count, count) = 0;
  c.topLeftCorner(count, count) = spline_matrix(from, from, 4, 50);
  c.topLeftCorner(count, count).diagonal().array() += smoothing;
  Eigen::MatrixXd onto = Eigen::MatrixXd::Ones(to.rows(), count + 1);
  onto.leftCols(count) = spline_matrix(to, from, 4, 50);
  const Matrix weights = product(matrix_of(onto), pseudo_inverse(matrix_of(c)));
  return Matrix(weights.view().slice(1, 0, count));
}

Matrix interpolate_bad(Signal x, Signal positions, const std::vector<std::int64_t>& bad) {
  const std::string where = "interpolate_bad";
  require_directions(where, positions);
  require_same_channels(where, x, positions);
  std::vector<bool> is_bad(static_cast<std::size_t>(x.extent(0)), false);
  for (const std::int64_t channel : bad) {
    if (channel < 0 || channel >= x.extent(0)) {
      throw usage_error(where, "bad names channel " + std::to_string(channel) + ", there are channels 0 to " +
                                   std::to_string(x.extent(0) - 1));
    }
    is_bad[static_cast<std::size_t>(channel)] = true;
  }
  std::vector<std::int64_t> good, replaced;
  for (std::int64_t c = 0; c < x.extent(0); ++c) (is_bad[static_cast<std::size_t>(c)] ? replaced : good).push_back(c);
  if (good.empty()) throw usage_error(where, "all channels are bad: none is left to interpolate from");
  Matrix y(x);
  if (replaced.empty()) return y;
  const auto chosen = [&](const std::vector<std::int64_t>& channels) {
    Matrix places({static_cast<std::int64_t>(channels.size()), 3}, uninitialised);
    for (std::size_t i = 0; i < channels.size(); ++i) {
      for (std::int64_t axis = 0; axis < 3; ++axis) places(i, axis) = positions(channels[i], axis);
    }
    return places;
  };
  const Matrix weights = spline_interpolation_matrix(chosen(good), chosen(replaced));
  thread_pool().parallel_for(static_cast<std::int64_t>(replaced.size()), [&](std::int64_t i) {
    mix(weights, i, x, good, y[replaced[static_cast<std::size_t>(i)]].data());
  });
  return y;
}

Matrix current_source_density(Signal x, Signal positions, const CurrentSourceDensity& options) {
  const std::string where = "current_source_density";
  require_directions(where, positions);
  require_same_channels(where, x, positions);
  if (!(options.radius_m > 0)) throw usage_error(where, "radius_m must be positive");
  if (!(options.lambda >= 0)) throw usage_error(where, "lambda must be positive or 0");
  if (options.stiffness < 2) throw usage_error(where, "stiffness must be at least 2");
  if (options.legendre_terms < 1 || options.legendre_terms > 10000)
    throw usage_error(where, "legendre_terms must be positive and at most 10000");
  const Eigen::MatrixXd unit = directions(positions);
  const Eigen::Index count = unit.rows();
  Eigen::MatrixXd g = spline_matrix(unit, unit, options.stiffness, options.legendre_terms);
  const Eigen::MatrixXd h = spline_matrix(unit, unit, options.stiffness - 1, options.legendre_terms);
  g.diagonal().array() += options.lambda;
  const Eigen::MatrixXd inverse = g.inverse();
  const Eigen::MatrixXd average = Eigen::MatrixXd::Identity(count, count).array() - 1.0 / static_cast<double>(count);
  const Eigen::MatrixXd c = inverse * average;
  const Eigen::RowVectorXd c0 = c.colwise().sum() / inverse.sum();
  const Eigen::MatrixXd weights =
      ((c - inverse.rowwise().sum() * c0).transpose() * h / (options.radius_m * options.radius_m)).transpose();
  if (!weights.allFinite()) throw usage_error(where, "two positions are the same: no spline tells them apart");
  const Matrix rows = matrix_of(weights);
  std::vector<std::int64_t> channels;
  for (std::int64_t i = 0; i < x.extent(0); ++i) channels.push_back(i);
  Matrix y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t i) { mix(rows, i, x, channels, y[i].data()); });
  return y;
}

namespace {

const Operation spline_operation{
    .name = "spline_interpolation_matrix",
    .room = "sensors",
    .about = "Spherical spline weights from good electrodes to bad ones (MNE _make_interpolation_matrix)",
    .arguments = {{.name = "smoothing", .type = "number", .standard = 1e-5}},
    .inputs = {{.name = "good", .shape = "G 3"}, {.name = "bad", .shape = "B 3"}},
    .outputs = {{.name = "matrix", .shape = "B G"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          return Tensors{
              {"matrix", Tensor::of(spline_interpolation_matrix(
                             MatrixPort(args, in, "good"), MatrixPort(args, in, "bad"), args.number("smoothing")))}};
        },
};
CATON_REGISTER(Operation, spline_operation);

const Operation interpolate_operation{
    .name = "interpolate_bad",
    .room = "sensors",
    .about = "Bad channels replaced by spherical splines of the good ones (MNE interpolate_bads, EEG)",
    .arguments = {{.name = "bad", .type = "list", .about = "channel indices"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "positions", .shape = "C 3"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x"), positions(args, in, "positions");
          std::vector<std::int64_t> bad;
          for (const Json& channel : args.value("bad").items("interpolate_bad: bad"))
            bad.push_back(channel.integer("interpolate_bad: bad"));
          return Tensors{{"y", Tensor::of(interpolate_bad(x, positions, bad))}};
        },
};
CATON_REGISTER(Operation, interpolate_operation);

const Operation density_operation{
    .name = "current_source_density",
    .room = "sensors",
    .about = "Surface Laplacian by spherical splines (MNE compute_current_source_density)",
    .arguments = {{.name = "radius_m", .type = "number"},
                  {.name = "lambda", .type = "number", .standard = 1e-5},
                  {.name = "stiffness", .type = "integer", .standard = 4},
                  {.name = "legendre_terms", .type = "integer", .standard = 50}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "positions", .shape = "C 3"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V/m^2"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x"), positions(args, in, "positions");
          const CurrentSourceDensity options{.radius_m = args.number("radius_m"),
                                             .lambda = args.number("lambda"),
                                             .stiffness = count_argument(args, "stiffness", 2),
                                             .legendre_terms = count_argument(args, "legendre_terms")};
          return Tensors{{"y", Tensor::of(current_source_density(x, positions, options))}};
        },
};
CATON_REGISTER(Operation, density_operation);

}  // namespace

}  // namespace caton
