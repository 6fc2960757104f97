// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/logistic.hpp"

#include "caton/base/error.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/text.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Unknowns = Eigen::VectorXd;

/// The smooth part of the objective. Unknowns: for each output the weights, then the intercept.
class Problem {
 public:
  Problem(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
          std::span<const double> weight, const LogisticOptions& options)
      : x_(rows.extent(0), rows.extent(1) + 1),
        y_(y),
        outputs_(classes == 2 ? 1 : classes),
        c_(Unknowns::Constant(rows.extent(0), options.c)),
        ridge_(1 - options.l1_ratio),
        lasso_(options.l1_ratio) {
    for (std::int64_t i = 0; i < rows.extent(0); ++i) {
      for (std::int64_t f = 0; f < rows.extent(1); ++f) x_(i, f) = rows(i, f);
    }
    x_.col(features()).setOnes();
    for (std::size_t i = 0; i < weight.size(); ++i) c_[static_cast<Eigen::Index>(i)] *= weight[i];
  }

  [[nodiscard]] Eigen::Index features() const { return x_.cols() - 1; }
  [[nodiscard]] Eigen::Index outputs() const { return outputs_; }
  [[nodiscard]] Eigen::Index unknowns() const { return outputs_ * x_.cols(); }
  [[nodiscard]] bool is_intercept(Eigen::Index j) const { return j % x_.cols() == features(); }
  [[nodiscard]] double lasso() const { return lasso_; }
  [[nodiscard]] double scale() const { return c_.sum(); }

  [[nodiscard]] double smooth(const Unknowns& theta) const {
    const RowMatrix score = scores(theta);
    double sum = 0;
    for (Eigen::Index i = 0; i < score.rows(); ++i) sum += c_[i] * loss(score, i);
    double squares = 0;
    for (Eigen::Index j = 0; j < theta.size(); ++j) squares += is_intercept(j) ? 0 : theta[j] * theta[j];
    return sum + 0.5 * ridge_ * squares;
  }

  [[nodiscard]] double absolute(const Unknowns& theta) const {
    double sum = 0;
    for (Eigen::Index j = 0; j < theta.size(); ++j) sum += is_intercept(j) ? 0 : std::abs(theta[j]);
    return sum;
  }

  [[nodiscard]] double objective(const Unknowns& theta) const { return smooth(theta) + lasso_ * absolute(theta); }

  /// samples x outputs
  [[nodiscard]] RowMatrix probability(const Unknowns& theta) const {
    RowMatrix p = scores(theta);
    for (Eigen::Index i = 0; i < p.rows(); ++i) {
      if (outputs_ == 1) {
        p(i, 0) = p(i, 0) >= 0 ? 1 / (1 + std::exp(-p(i, 0))) : std::exp(p(i, 0)) / (1 + std::exp(p(i, 0)));
      } else {
        p.row(i) = (p.row(i).array() - p.row(i).maxCoeff()).exp().matrix().eval();
        p.row(i) /= p.row(i).sum();
      }
    }
    return p;
  }

  [[nodiscard]] Unknowns gradient(const Unknowns& theta, const RowMatrix& p) const {
    RowMatrix residual = p;
    for (Eigen::Index i = 0; i < p.rows(); ++i) {
      const auto k = y_[static_cast<std::size_t>(i)];
      if (outputs_ == 1)
        residual(i, 0) -= static_cast<double>(k);
      else
        residual(i, k) -= 1;
      residual.row(i) *= c_[i];
    }
    const RowMatrix slope = residual.transpose() * x_;
    Unknowns gradient = Eigen::Map<const Unknowns>(slope.data(), slope.size());
    for (Eigen::Index j = 0; j < theta.size(); ++j) gradient[j] += is_intercept(j) ? 0 : ridge_ * theta[j];
    return gradient;
  }

  [[nodiscard]] Eigen::MatrixXd curvature(const RowMatrix& p) const {
    const Eigen::Index width = x_.cols();
    Eigen::MatrixXd h = Eigen::MatrixXd::Zero(unknowns(), unknowns());
    for (Eigen::Index k = 0; k < outputs_; ++k) {
      for (Eigen::Index l = 0; l <= k; ++l) {
        const Unknowns weight = c_.array() * p.col(k).array() * ((k == l ? 1.0 : 0.0) - p.col(l).array());
        const RowMatrix weighted = weight.asDiagonal() * x_;
        h.block(k * width, l * width, width, width) = x_.transpose() * weighted;
        if (l < k)
          h.block(l * width, k * width, width, width) = h.block(k * width, l * width, width, width).transpose();
      }
    }
    const double hold = scale() / static_cast<double>(outputs_ * outputs_);
    for (Eigen::Index j = 0; j < unknowns(); ++j) {
      if (!is_intercept(j)) h(j, j) += ridge_;
      // All intercepts may shift together at no cost; holding their sum makes the step unique and leaves the
      // gradient, which has no share in that direction, as it is.
      if (is_intercept(j) && outputs_ > 1) {
        for (Eigen::Index i = features(); i < unknowns(); i += width) h(i, j) += hold;
      }
    }
    return h;
  }

 private:
  [[nodiscard]] RowMatrix scores(const Unknowns& theta) const {
    const Eigen::Map<const RowMatrix> w(theta.data(), outputs_, x_.cols());
    return x_ * w.transpose();
  }

  [[nodiscard]] double loss(const RowMatrix& score, Eigen::Index i) const {
    const auto k = y_[static_cast<std::size_t>(i)];
    if (outputs_ == 1) {
      const double margin = k == 1 ? score(i, 0) : -score(i, 0);
      return margin > 0 ? std::log1p(std::exp(-margin)) : std::log1p(std::exp(margin)) - margin;
    }
    const double largest = score.row(i).maxCoeff();
    return std::log((score.row(i).array() - largest).exp().sum()) + largest - score(i, k);
  }

  RowMatrix x_;
  std::span<const std::int64_t> y_;
  Eigen::Index outputs_;
  Unknowns c_;
  double ridge_, lasso_;
};

/// How far a point is from the optimum: the smallest subgradient's largest entry.
double distance_to_optimum(const Problem& problem, const Unknowns& theta, const Unknowns& gradient) {
  double largest = 0;
  for (Eigen::Index j = 0; j < theta.size(); ++j) {
    const double lasso = problem.is_intercept(j) ? 0 : problem.lasso();
    double g = gradient[j];
    if (theta[j] != 0)
      g += theta[j] > 0 ? lasso : -lasso;
    else
      g = std::max(std::abs(g) - lasso, 0.0);
    largest = std::max(largest, std::abs(g));
  }
  return largest;
}

/// The step that minimises the quadratic model plus the lasso, by coordinate descent.
Unknowns lasso_step(const Problem& problem, const Unknowns& theta, const Unknowns& gradient, const Eigen::MatrixXd& h) {
  constexpr int most_sweeps = 20'000;
  Unknowns step = Unknowns::Zero(theta.size()), slope = gradient;  // slope = gradient + h step
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    double moved = 0;
    for (Eigen::Index j = 0; j < theta.size(); ++j) {
      if (h(j, j) <= 0) continue;
      const double lasso = problem.is_intercept(j) ? 0 : problem.lasso();
      const double free = theta[j] + step[j] - slope[j] / h(j, j), limit = lasso / h(j, j);
      const double target = free > limit ? free - limit : free < -limit ? free + limit : 0;
      const double change = target - theta[j] - step[j];
      if (change == 0) continue;
      step[j] += change;
      slope += change * h.col(j);
      moved = std::max(moved, std::abs(change) * std::sqrt(h(j, j)));
    }
    if (moved < 1e-14) break;
  }
  return step;
}

Unknowns newton_step(const Problem& problem, const Unknowns& theta, const Unknowns& gradient,
                     const Eigen::MatrixXd& h) {
  if (problem.lasso() > 0) return lasso_step(problem, theta, gradient, h);
  return -h.ldlt().solve(gradient);
}

/// Goes along the step as far as the objective falls enough. False when no more can be gained, which is the limit of
/// double arithmetic: the objective is a sum, known to some 1e-13 of itself, while the step may still be exact.
bool advance(const Problem& problem, const Unknowns& gradient, const Unknowns& step, Unknowns& theta) {
  const double before = problem.objective(theta);
  const double rounding = 1e-13 * std::abs(before);
  const double lasso_change = problem.lasso() * (problem.absolute(theta + step) - problem.absolute(theta));
  const double promised = gradient.dot(step) + lasso_change;
  for (double share = 1; share > 1e-10; share /= 2) {
    const Unknowns next = theta + share * step;
    if (problem.objective(next) <= before + 1e-4 * share * promised + rounding) {
      theta = next;
      return -promised > 1e-6 * rounding;
    }
  }
  return false;
}

Unknowns minimised(const Problem& problem, double tolerance) {
  constexpr int most_steps = 200;
  Unknowns theta = Unknowns::Zero(problem.unknowns());
  for (int i = 0; i < most_steps; ++i) {
    check_interrupted();
    const RowMatrix p = problem.probability(theta);
    const Unknowns gradient = problem.gradient(theta, p);
    if (distance_to_optimum(problem, theta, gradient) <= tolerance * problem.scale()) break;
    if (!advance(problem, gradient, newton_step(problem, theta, gradient, problem.curvature(p)), theta)) break;
  }
  return theta;
}

void check(View<const double, 2> rows, std::span<const std::int64_t> y, std::span<const double> weight,
           std::int64_t classes, const LogisticOptions& options) {
  const auto refuse = [](const std::string& problem) { throw usage_error("logistic regression", problem); };
  if (!(options.c > 0 && std::isfinite(options.c))) refuse("c = " + number_text(options.c) + " must be above 0");
  if (!(options.l1_ratio >= 0 && options.l1_ratio <= 1))
    refuse("l1_ratio = " + number_text(options.l1_ratio) + " lies outside 0 … 1");
  if (!(options.tolerance > 0)) refuse("tolerance must be above 0");
  if (classes < 2) refuse("training has samples of one class only");
  if (rows.extent(0) != static_cast<std::int64_t>(y.size())) refuse("as many labels as samples are needed (shape)");
  if (!weight.empty() && weight.size() != y.size()) refuse("as many weights as samples are needed (shape)");
  for (const double value : weight) {
    if (!(value >= 0 && std::isfinite(value))) refuse("weights must be finite and not negative");
  }
}

}  // namespace

LinearModel fit_logistic(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
                         std::span<const double> weight, const LogisticOptions& options) {
  check(rows, y, weight, classes, options);
  const Problem problem(rows, y, classes, weight, options);
  const Unknowns theta = minimised(problem, options.tolerance);
  const Eigen::Index width = problem.features() + 1;
  LinearModel model{Array<double, 2>({problem.outputs(), problem.features()}, uninitialised),
                    Array<double, 1>({problem.outputs()}, uninitialised)};
  for (Eigen::Index k = 0; k < problem.outputs(); ++k) {
    for (Eigen::Index f = 0; f < problem.features(); ++f) model.weight(k, f) = theta[k * width + f];
    model.intercept[k] = theta[k * width + problem.features()];
  }
  return model;
}

}  // namespace caton
