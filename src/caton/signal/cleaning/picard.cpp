// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/ica.hpp"

#include <Eigen/Dense>
#include <unsupported/Eigen/MatrixFunctions>

#include <cmath>
#include <deque>

namespace caton {

namespace {

using Square = Eigen::MatrixXd;
const std::string where = "ica_picard";

Square square_of(const Matrix& m) {
  Square out(m.extent(0), m.extent(1));
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    for (Eigen::Index j = 0; j < out.cols(); ++j) out(i, j) = m(i, j);
  }
  return out;
}

Matrix matrix_of(const Square& m) {
  Matrix out({m.rows(), m.cols()}, uninitialised);
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    for (Eigen::Index j = 0; j < m.cols(); ++j) out(i, j) = m(i, j);
  }
  return out;
}

Eigen::VectorXd vector_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

/// What is known of one unmixing matrix, before signs.
struct Evaluation {
  Square w, cross, curvature;
  Eigen::VectorXd slope, value, power;
};

/// One step of the quasi-Newton memory: a move, the change of the gradient that it made, and 1/(their product).
struct Step {
  Square move, change;
  double weight;
};

class Search {
 public:
  Search(const Tiles& white, const Picard& options) : white_(white), options_(options) {
    const auto count = static_cast<Eigen::Index>(white.rows());
    signs_ = Eigen::VectorXd::Ones(count);
    if (options.extended) covariance_ = square_of(products_of(white)) / static_cast<double>(white.samples());
    here_ = evaluate(Square::Identity(count, count));
    loss_ = loss(here_);
  }

  PicardResult run() {
    PicardResult result;
    while (result.iterations < options_.max_iterations) {
      const bool turned = look_at_gradient();
      ++result.iterations;
      result.gradient_norm = gradient_.cwiseAbs().maxCoeff();
      if (!std::isfinite(result.gradient_norm)) throw input_error(where, "the rank of the data is too low");
      if (result.gradient_norm < options_.tolerance) break;
      remember(turned);
      move();
    }
    if (!(result.gradient_norm < options_.tolerance)) {
      result.findings.push_back({.code = "ica/not-converged",
                                 .severity = Severity::warn,
                                 .where = where,
                                 .what = "no convergence after " + std::to_string(result.iterations) + " iterations"});
    }
    result.unmixing = matrix_of(here_.w);
    return result;
  }

 private:
  [[nodiscard]] Evaluation evaluate(Square w) const {
    ContrastMeans means = contrast_means(
        matrix_of(w), white_, {.function = options_.density, .value = true, .curvature = !options_.orthogonal});
    return {std::move(w),           square_of(means.cross), square_of(means.curvature),
            vector_of(means.slope), vector_of(means.value), vector_of(means.power)};
  }

  [[nodiscard]] double loss(const Evaluation& at) const {
    double sum = 0;
    for (Eigen::Index i = 0; i < signs_.size(); ++i) {
      sum += signs_[i] * at.value[i];
      if (options_.extended && !options_.orthogonal) sum += 0.5 * at.power[i];
    }
    if (!options_.orthogonal) sum -= std::log(std::abs(at.w.partialPivLu().determinant()));
    return sum;
  }

  /// Gradient and Hessian at the place reached; whether a source changed between peaked and flat.
  bool look_at_gradient() {
    gradient_ = here_.cross;
    Eigen::VectorXd slope = here_.slope;
    Square curvature = here_.curvature;
    bool turned = false;
    if (options_.extended) {
      const Square covariance = here_.w * covariance_ * here_.w.transpose();
      for (Eigen::Index i = 0; i < signs_.size(); ++i) {
        const double excess = slope[i] * covariance(i, i) - gradient_(i, i);
        const double sign = excess > 0 ? 1 : excess < 0 ? -1 : 0;
        turned = turned || (!first_ && sign != signs_[i]);
        signs_[i] = sign;
      }
      gradient_ = signs_.asDiagonal() * gradient_;
      slope = slope.cwiseProduct(signs_);
      if (!options_.orthogonal) {
        gradient_ += covariance;
        curvature = signs_.asDiagonal() * curvature;
        curvature.rowwise() += here_.power.transpose();
      }
    }
    hessian_ = options_.orthogonal ? hessian_of_rotations(slope) : regularised(curvature);
    if (options_.orthogonal)
      gradient_ = ((gradient_ - gradient_.transpose()) / 2).eval();
    else
      gradient_.diagonal().array() -= 1;
    first_ = false;
    return turned;
  }

  [[nodiscard]] Square hessian_of_rotations(const Eigen::VectorXd& slope) const {
    Square h(slope.size(), slope.size());
    for (Eigen::Index i = 0; i < h.rows(); ++i) {
      for (Eigen::Index j = 0; j < h.cols(); ++j) {
        const double value = 0.5 * (slope[i] + slope[j] - gradient_(i, i) - gradient_(j, j));
        h(i, j) = std::max(value, options_.lambda_min);
      }
    }
    return h;
  }

  /// The 2 x 2 blocks [h_ij, 1; 1, h_ji] lifted until their smaller eigenvalue is lambda_min.
  [[nodiscard]] Square regularised(const Square& h) const {
    Square lifted = h;
    for (Eigen::Index i = 0; i < h.rows(); ++i) {
      for (Eigen::Index j = 0; j < h.cols(); ++j) {
        const double apart = h(i, j) - h(j, i);
        const double smaller = 0.5 * (h(i, j) + h(j, i) - std::sqrt(apart * apart + 4));
        if (i != j && smaller < options_.lambda_min) lifted(i, j) += options_.lambda_min - smaller;
      }
    }
    return lifted;
  }

  void remember(bool turned) {
    if (moved_.size() != 0) {
      const Square change = gradient_ - gradient_before_;
      memory_.push_back({moved_, change, 1 / moved_.cwiseProduct(change).sum()});
      if (memory_.size() > static_cast<std::size_t>(options_.memory)) memory_.pop_front();
    }
    gradient_before_ = gradient_;
    if (!turned) return;
    memory_.clear();
    loss_ = loss(here_);
  }

  [[nodiscard]] Square direction() const {
    Square q = gradient_;
    std::vector<double> shares;
    for (auto step = memory_.rbegin(); step != memory_.rend(); ++step) {
      shares.push_back(step->weight * step->move.cwiseProduct(q).sum());
      q -= shares.back() * step->change;
    }
    Square z(q.rows(), q.cols());
    for (Eigen::Index i = 0; i < q.rows(); ++i) {
      for (Eigen::Index j = 0; j < q.cols(); ++j) {
        z(i, j) = options_.orthogonal ? (q(i, j) / hessian_(i, j) - q(j, i) / hessian_(j, i)) / 2
                                      : (hessian_(j, i) * q(i, j) - q(j, i)) / (hessian_(i, j) * hessian_(j, i) - 1);
      }
    }
    for (const Step& step : memory_) {
      const double share = step.weight * step.change.cwiseProduct(z).sum();
      z += (shares.back() - share) * step.move;
      shares.pop_back();
    }
    return -z;
  }

  /// Halves the step until the loss falls; the place reached is kept either way.
  bool search_along(const Square& direction, int tries) {
    const Square start = here_.w;
    double step = 1;
    for (int i = 0; i < tries; ++i, step /= 2) {
      moved_ = step * direction;
      Square turn = moved_;
      if (options_.orthogonal)
        turn = moved_.exp();
      else
        turn.diagonal().array() += 1;
      reached_ = evaluate(turn * start);
      loss_reached_ = loss(reached_);
      if (loss_reached_ < loss_) return true;
    }
    moved_ = step * direction;
    return false;
  }

  void move() {
    if (!search_along(direction(), options_.line_search)) {
      memory_.clear();
      (void)search_along(-gradient_, 10);
    }
    here_ = std::move(reached_);
    loss_ = loss_reached_;
  }

  const Tiles& white_;
  const Picard& options_;
  Square covariance_, gradient_, gradient_before_, hessian_, moved_;
  Eigen::VectorXd signs_;
  Evaluation here_, reached_;
  std::deque<Step> memory_;
  double loss_ = 0, loss_reached_ = 0;  ///< the first one counts all sources as peaked, as the reference does
  bool first_ = true;
};

}  // namespace

PicardResult ica_picard(const Tiles& white, const Picard& options) {
  if (white.rows() < 1 || white.samples() < 1) throw usage_error(where, "the signal is empty");
  require_iterations(where, options.max_iterations);
  require_positive(where, "tolerance", options.tolerance);
  require_positive(where, "lambda_min", options.lambda_min);
  if (options.memory < 1 || options.memory > 1000) throw usage_error(where, "memory must be positive, at most 1000");
  if (options.line_search < 1 || options.line_search > 100)
    throw usage_error(where, "line_search must be positive, at most 100");
  return Search(white, options).run();
}

}  // namespace caton
