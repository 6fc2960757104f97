// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/detrend.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

double mean_of(View<const double, 1> row) {
  double sum = 0;
  for (std::int64_t t = 0; t < row.extent(0); ++t) sum += row[t];
  return sum / static_cast<double>(row.extent(0));
}

/// Weights (window x window): row p gives the derivative of the fitted polynomial at place p of the window.
Eigen::MatrixXd polynomial_weights(std::int64_t window, int order, int derivative) {
  const auto half = static_cast<double>(window / 2), scale = std::max(half, 1.0);
  Eigen::MatrixXd powers(window, order + 1), derived = Eigen::MatrixXd::Zero(window, order + 1);
  for (std::int64_t p = 0; p < window; ++p) {
    const double at = (static_cast<double>(p) - half) / scale;
    for (int k = 0; k <= order; ++k) {
      powers(p, k) = std::pow(at, k);
      if (k < derivative) continue;
      double factor = std::pow(scale, -derivative);
      for (int i = 0; i < derivative; ++i) factor *= k - i;
      derived(p, k) = factor * std::pow(at, k - derivative);
    }
  }
  return derived * powers.householderQr().solve(Eigen::MatrixXd::Identity(window, window));
}

}  // namespace

void remove_line(View<const double, 1> x, double* out) {
  const double mean = mean_of(x), middle = static_cast<double>(x.extent(0) - 1) / 2;
  double above = 0, below = 0;
  for (std::int64_t t = 0; t < x.extent(0); ++t) {
    const double at = static_cast<double>(t) - middle;
    above += at * (x[t] - mean);
    below += at * at;
  }
  const double slope = below > 0 ? above / below : 0;
  for (std::int64_t t = 0; t < x.extent(0); ++t) out[t] = (x[t] - mean) - slope * (static_cast<double>(t) - middle);
}

Matrix detrend(Signal x, Trend kind, const std::vector<std::int64_t>& breakpoints) {
  require_signal("detrend", x);
  std::vector<std::int64_t> edges{0, x.extent(1)};
  for (const std::int64_t place : breakpoints) {
    if (place < 0 || place > x.extent(1)) {
      throw usage_error("detrend", "breakpoint " + std::to_string(place) + " lies outside the " +
                                       std::to_string(x.extent(1)) + " samples");
    }
    if (kind == Trend::linear) edges.push_back(place);
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  Matrix y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    for (std::size_t i = 1; i < edges.size(); ++i) {
      const auto part = x[c].slice(0, edges[i - 1], edges[i] - edges[i - 1]);
      double* const out = y[c].data() + edges[i - 1];
      if (kind == Trend::linear) {
        remove_line(part, out);
      } else {
        const double mean = mean_of(part);
        for (std::int64_t t = 0; t < part.extent(0); ++t) out[t] = part[t] - mean;
      }
    }
  });
  return y;
}

Matrix savitzky_golay(Signal x, std::int64_t window, int order, int derivative) {
  const std::string where = "savitzky_golay";
  require_signal(where, x);
  if (window < 1 || window % 2 == 0 || window > 10001)
    throw usage_error(where, "window must be odd, positive and at most 10001, got " + std::to_string(window));
  if (order < 0 || order >= window)
    throw usage_error(where,
                      "order " + std::to_string(order) + " must be less than the window of " + std::to_string(window));
  if (derivative < 0) throw usage_error(where, "derivative must be positive or 0");
  if (x.extent(1) < window) {
    throw input_error(where, "the signal is too short: " + std::to_string(x.extent(1)) + " samples, the window has " +
                                 std::to_string(window));
  }
  const Eigen::MatrixXd weights = polynomial_weights(window, order, derivative);
  const std::int64_t half = window / 2, last = x.extent(1) - window;
  Matrix y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      const std::int64_t begin = std::clamp<std::int64_t>(t - half, 0, last);
      double sum = 0;
      for (std::int64_t p = 0; p < window; ++p) sum += weights(t - begin, p) * x(c, begin + p);
      y(c, t) = sum;
    }
  });
  return y;
}

Regressed regress_out(Signal x, Signal reference) {
  const std::string where = "regress_out";
  require_signal(where, x);
  if (reference.extent(1) != x.extent(1)) {
    throw usage_error(where, "shape: the reference has " + std::to_string(reference.extent(1)) +
                                 " samples, the signal " + std::to_string(x.extent(1)));
  }
  const auto count = static_cast<Eigen::Index>(reference.extent(0));
  Eigen::MatrixXd centred(count, reference.extent(1));
  for (Eigen::Index i = 0; i < count; ++i) {
    const double mean = mean_of(reference[i]);
    for (Eigen::Index t = 0; t < centred.cols(); ++t) centred(i, t) = reference(i, t) - mean;
  }
  const Eigen::MatrixXd covariance = centred * centred.transpose();
  const Eigen::VectorXd scale = covariance.diagonal().array().sqrt().matrix();
  if (!(scale.minCoeff() > 0)) throw input_error(where, "rank: a reference channel is constant", "leave it out");
  const Eigen::MatrixXd correlation =
      scale.cwiseInverse().asDiagonal() * covariance * scale.cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(correlation);
  if (eigen.eigenvalues()[0] < 1e-10 * eigen.eigenvalues()[count - 1]) {
    throw input_error(where, "rank: the reference channels depend on each other", "leave one of them out");
  }
  const Eigen::LDLT<Eigen::MatrixXd> solver(covariance);
  Regressed result{Matrix(x.extents(), uninitialised), Matrix({x.extent(0), reference.extent(0)}, uninitialised)};
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    const double mean = mean_of(x[c]);
    Eigen::VectorXd cross = Eigen::VectorXd::Zero(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      for (Eigen::Index t = 0; t < centred.cols(); ++t) cross[i] += (x(c, t) - mean) * centred(i, t);
    }
    const Eigen::VectorXd weights = solver.solve(cross);
    for (Eigen::Index i = 0; i < count; ++i) result.weights(c, i) = weights[i];
    for (Eigen::Index t = 0; t < centred.cols(); ++t) {
      double sum = x(c, t);
      for (Eigen::Index i = 0; i < count; ++i) sum -= weights[i] * centred(i, t);
      result.y(c, t) = sum;
    }
  });
  return result;
}

namespace {

const Operation detrend_operation{
    .name = "detrend",
    .room = "signal",
    .about = "Mean or straight lines taken away (scipy.signal.detrend)",
    .arguments = {{.name = "kind", .type = "text", .standard = "linear", .about = "constant, linear"},
                  {.name = "breakpoints", .type = "list", .standard = Json::list(), .about = "samples"}},
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "y", .shape = "C T"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto kind =
              choice_argument<Trend>(args, "kind", {{"constant", Trend::constant}, {"linear", Trend::linear}});
          std::vector<std::int64_t> breakpoints;
          for (const Json& place : args.value("breakpoints").items("detrend: breakpoints"))
            breakpoints.push_back(place.integer("detrend: breakpoints"));
          return Tensors{{"y", Tensor::of(detrend(MatrixPort(args, in, "x"), kind, breakpoints))}};
        },
};
CATON_REGISTER(Operation, detrend_operation);

const Operation savitzky_golay_operation{
    .name = "savitzky_golay",
    .room = "signal",
    .about = "Least-squares polynomials in moving windows (scipy.signal.savgol_filter)",
    .arguments = {{.name = "window", .type = "integer", .about = "samples, odd"},
                  {.name = "order", .type = "integer"},
                  {.name = "derivative", .type = "integer", .standard = 0}},
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "y", .shape = "C T"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          return Tensors{{"y", Tensor::of(savitzky_golay(x, args.integer("window"), count_argument(args, "order", 0),
                                                         count_argument(args, "derivative", 0)))}};
        },
};
CATON_REGISTER(Operation, savitzky_golay_operation);

const Operation regress_operation{
    .name = "regress_out",
    .room = "signal",
    .about = "What reference channels explain taken away (mne.preprocessing.regress_artifact)",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "reference", .shape = "R T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}, {.name = "weights", .shape = "C R"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto result = regress_out(MatrixPort(args, in, "x"), MatrixPort(args, in, "reference"));
          return Tensors{{"y", Tensor::of(result.y)}, {"weights", Tensor::of(result.weights)}};
        },
};
CATON_REGISTER(Operation, regress_operation);

}  // namespace

}  // namespace caton
