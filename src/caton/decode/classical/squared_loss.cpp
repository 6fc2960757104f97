// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/squared_loss.hpp"

#include "caton/base/error.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/text.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

using ColumnMatrix = Eigen::MatrixXd;
using Column = Eigen::VectorXd;

void require(bool possible, const char* who, const std::string& problem) {
  if (!possible) throw usage_error(who, problem);
}

void check(const char* who, View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
           std::span<const double> weight) {
  require(classes >= 2, who, "training has samples of one class only");
  require(rows.extent(0) == static_cast<std::int64_t>(y.size()), who, "as many labels as samples are needed (shape)");
  require(weight.empty() || weight.size() == y.size(), who, "as many weights as samples are needed (shape)");
  double sum = 0;
  for (const double value : weight) {
    require(value >= 0 && std::isfinite(value), who, "weights must be finite and not negative");
    sum += value;
  }
  require(weight.empty() || sum > 0, who, "weights must not all be 0");
}

/// Samples and targets less their weighted means, each times the root of its weight (which sum to the number of
/// samples): a problem without intercepts and weights.
struct Centred {
  ColumnMatrix x, targets;  ///< samples x features, samples x outputs
  Eigen::RowVectorXd x_mean, target_mean;
};

Centred centred(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
                std::span<const double> weight, bool unit_weights) {
  const Eigen::Index count = rows.extent(0), outputs = classes == 2 ? 1 : classes;
  Column w = Column::Ones(count);
  for (std::size_t i = 0; i < weight.size(); ++i) w[static_cast<Eigen::Index>(i)] = weight[i];
  if (unit_weights) w *= static_cast<double>(count) / w.sum();
  Centred data{ColumnMatrix(count, rows.extent(1)), ColumnMatrix(count, outputs), {}, {}};
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index f = 0; f < data.x.cols(); ++f) data.x(i, f) = rows(i, f);
    const auto label = y[static_cast<std::size_t>(i)];
    for (Eigen::Index k = 0; k < outputs; ++k) data.targets(i, k) = label == (outputs == 1 ? 1 : k) ? 1 : -1;
  }
  data.x_mean = (w.transpose() * data.x) / w.sum();
  data.target_mean = (w.transpose() * data.targets) / w.sum();
  data.x.rowwise() -= data.x_mean;
  data.targets.rowwise() -= data.target_mean;
  data.x.array().colwise() *= w.array().sqrt();
  data.targets.array().colwise() *= w.array().sqrt();
  return data;
}

/// weights: features x outputs.
LinearModel with_intercepts(const Centred& data, const ColumnMatrix& weights) {
  LinearModel model{Array<double, 2>({weights.cols(), weights.rows()}, uninitialised),
                    Array<double, 1>({weights.cols()}, uninitialised)};
  for (Eigen::Index k = 0; k < weights.cols(); ++k) {
    for (Eigen::Index f = 0; f < weights.rows(); ++f) model.weight(k, f) = weights(f, k);
    model.intercept[k] = data.target_mean[k] - data.x_mean.dot(weights.col(k));
  }
  return model;
}

/// One output of an elastic net. The penalties are those of the sum, not of the mean.
class Descent {
 public:
  Descent(const ColumnMatrix& x, const Column& target, double lasso, double ridge)
      : x_(x), lasso_(lasso), ridge_(ridge), squares_(x.colwise().squaredNorm().transpose()), residual_(target) {
    weight_ = Column::Zero(x.cols());
    target_squares_ = target.squaredNorm();
  }

  Column solved(double tolerance) {
    constexpr int most_sweeps = 100'000;
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
      check_interrupted();
      double moved = 0;
      for (Eigen::Index f = 0; f < x_.cols(); ++f) moved = std::max(moved, update(f));
      const bool still = moved <= 1e-15 * target_squares_;
      if (still || (sweep % 10 == 0 && duality_gap() <= tolerance * target_squares_)) break;
    }
    return weight_;
  }

 private:
  /// How much the squares fell, about.
  double update(Eigen::Index f) {
    if (squares_[f] == 0) return 0;
    const double slope = x_.col(f).dot(residual_) + squares_[f] * weight_[f];
    const double next = std::copysign(std::max(std::abs(slope) - lasso_, 0.0), slope) / (squares_[f] + ridge_);
    const double change = next - weight_[f];
    if (change == 0) return 0;
    residual_ -= change * x_.col(f);
    weight_[f] = next;
    return change * change * squares_[f];
  }

  /// How far the objective is above its optimum, at most (the gap that scikit-learn looks at; pure ridge has none of
  /// this form, there the sweeps end when nothing moves).
  [[nodiscard]] double duality_gap() const {
    if (lasso_ == 0) return target_squares_;
    const Column slopes = x_.transpose() * residual_ - ridge_ * weight_;
    const double largest = slopes.cwiseAbs().maxCoeff(), squares = residual_.squaredNorm();
    const double share = largest > lasso_ ? lasso_ / largest : 1;
    const double with_target = squares + residual_.dot(x_ * weight_);
    return 0.5 * squares * (1 + share * share) + lasso_ * weight_.cwiseAbs().sum() - share * with_target +
           0.5 * ridge_ * (1 + share * share) * weight_.squaredNorm();
  }

  const ColumnMatrix& x_;
  double lasso_, ridge_;
  Column squares_, residual_, weight_;
  double target_squares_ = 0;
};

}  // namespace

LinearModel fit_ridge(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
                      std::span<const double> weight, double alpha) {
  check("ridge", rows, y, classes, weight);
  require(alpha > 0 && std::isfinite(alpha), "ridge", "alpha = " + number_text(alpha) + " must be above 0");
  const Centred data = centred(rows, y, classes, weight, false);
  const auto solved = [&](ColumnMatrix products, const ColumnMatrix& right) -> ColumnMatrix {
    products.diagonal().array() += alpha;
    return products.ldlt().solve(right);
  };
  if (data.x.cols() <= data.x.rows())
    return with_intercepts(data, solved(data.x.transpose() * data.x, data.x.transpose() * data.targets));
  return with_intercepts(data, data.x.transpose() * solved(data.x * data.x.transpose(), data.targets));
}

LinearModel fit_elastic_net(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
                            std::span<const double> weight, const ElasticNetOptions& options) {
  check("elastic net", rows, y, classes, weight);
  const double alpha = options.alpha, ratio = options.l1_ratio;
  require(alpha > 0 && std::isfinite(alpha), "elastic net", "alpha = " + number_text(alpha) + " must be above 0");
  require(ratio >= 0 && ratio <= 1, "elastic net", "l1_ratio = " + number_text(ratio) + " lies outside 0 … 1");
  const Centred data = centred(rows, y, classes, weight, true);
  const auto count = static_cast<double>(data.x.rows());
  ColumnMatrix weights(data.x.cols(), data.targets.cols());
  for (Eigen::Index k = 0; k < weights.cols(); ++k)
    weights.col(k) = Descent(data.x, data.targets.col(k), count * alpha * ratio, count * alpha * (1 - ratio))
                         .solved(options.tolerance);
  return with_intercepts(data, weights);
}

}  // namespace caton
