// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/lda.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/text.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
constexpr double epsilon = std::numeric_limits<double>::epsilon();

Eigen::Map<const RowMatrix> mapped(View<const double, 2> rows) { return {rows.data(), rows.extent(0), rows.extent(1)}; }

Signal view_of(const RowMatrix& rows) { return {rows.data(), {rows.rows(), rows.cols()}}; }

/// Samples of each class, class means and shares.
struct Grouped {
  std::vector<RowMatrix> rows;
  RowMatrix mean;         ///< classes x features
  Eigen::VectorXd prior;  ///< classes
  double samples = 0;
};

Grouped grouped(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes) {
  const auto x = mapped(rows);
  std::vector<std::int64_t> count(static_cast<std::size_t>(classes), 0);
  for (const auto k : y) ++count[static_cast<std::size_t>(k)];
  Grouped result{{}, RowMatrix::Zero(classes, x.cols()), Eigen::VectorXd(classes), static_cast<double>(y.size())};
  for (std::int64_t k = 0; k < classes; ++k) {
    result.rows.emplace_back(count[static_cast<std::size_t>(k)], x.cols());
    result.prior[k] = static_cast<double>(count[static_cast<std::size_t>(k)]) / result.samples;
  }
  std::vector<std::int64_t> place(count.size(), 0);
  for (std::int64_t i = 0; i < x.rows(); ++i) {
    const auto k = static_cast<std::size_t>(y[static_cast<std::size_t>(i)]);
    result.rows[k].row(place[k]++) = x.row(i);
    result.mean.row(static_cast<Eigen::Index>(k)) += x.row(i);
  }
  for (std::int64_t k = 0; k < classes; ++k)
    result.mean.row(k) /= static_cast<double>(count[static_cast<std::size_t>(k)]);
  return result;
}

/// Ledoit and Wolf's share of the identity for centred rows with covariance `s` (divisor n).
double ledoit_wolf_shrinkage(const RowMatrix& z, const RowMatrix& s) {
  const auto n = static_cast<double>(z.rows()), p = static_cast<double>(z.cols());
  if (z.cols() == 1) return 0;
  const double squares = s.squaredNorm(), mu = s.trace() / p;
  const double fourth = z.array().square().rowwise().sum().square().sum();
  const double delta = (squares - 2 * mu * s.trace() + p * mu * mu) / p;
  const double beta = std::min((fourth / n - squares) / (p * n), delta);
  return beta == 0 ? 0 : beta / delta;
}

/// Standard deviation (divisor n) of each column of centred rows; 1 for a column that is constant up to rounding.
Eigen::RowVectorXd deviations(const RowMatrix& centred, const Eigen::RowVectorXd& mean) {
  const auto n = static_cast<double>(centred.rows());
  Eigen::RowVectorXd variance = centred.array().square().colwise().sum() / n;
  for (Eigen::Index f = 0; f < variance.size(); ++f) {
    const double floor = n * epsilon * variance[f] + std::pow(n * mean[f] * epsilon, 2);
    variance[f] = variance[f] <= floor ? 1 : std::sqrt(variance[f]);
  }
  return variance;
}

RowMatrix shrunk(RowMatrix s, double share) {
  const double mu = s.trace() / static_cast<double>(s.cols());
  s *= 1 - share;
  s.diagonal().array() += share * mu;
  return s;
}

RowMatrix class_covariance(RowMatrix rows, const Eigen::RowVectorXd& mean, const LdaOptions& options) {
  const auto n = static_cast<double>(rows.rows());
  rows.rowwise() -= mean;
  if (!options.automatic) {
    const RowMatrix s = rows.transpose() * rows / n;
    return options.shrinkage ? shrunk(s, *options.shrinkage) : s;
  }
  const Eigen::RowVectorXd scale = deviations(rows, mean);
  rows.array().rowwise() /= scale.array();
  const RowMatrix s = rows.transpose() * rows / n;
  return scale.asDiagonal() * shrunk(s, ledoit_wolf_shrinkage(rows, s)) * scale.asDiagonal();
}

/// Solves c w = m for all columns of m; the solution of least norm where c is singular.
RowMatrix solved(const RowMatrix& c, const RowMatrix& m) {
  const Eigen::LLT<Eigen::MatrixXd> factor(c);
  if (factor.info() == Eigen::Success && factor.rcond() > 1e-12) return factor.solve(m);
  const SymmetricEigen eigen = symmetric_eigen(view_of(c));
  Eigen::VectorXd inverse = Eigen::Map<const Eigen::VectorXd>(eigen.values.data(), c.rows());
  const double smallest = inverse.cwiseAbs().maxCoeff() * epsilon;
  for (auto& value : inverse) value = std::abs(value) > smallest ? 1 / value : 0;
  const auto vectors = mapped(eigen.vectors);
  return vectors * inverse.asDiagonal() * (vectors.transpose() * m);
}

struct Discriminants {
  RowMatrix weight;           ///< classes x features
  Eigen::VectorXd intercept;  ///< classes
};

Discriminants by_least_squares(const Grouped& groups, const LdaOptions& options) {
  RowMatrix pooled = RowMatrix::Zero(groups.mean.cols(), groups.mean.cols());
  for (std::size_t k = 0; k < groups.rows.size(); ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    pooled += groups.prior[row] * class_covariance(groups.rows[k], groups.mean.row(row), options);
  }
  Discriminants result{solved(pooled, groups.mean.transpose()).transpose(), {}};
  result.intercept = -0.5 * (groups.mean.array() * result.weight.array()).rowwise().sum();
  result.intercept.array() += groups.prior.array().log();
  return result;
}

std::int64_t count_above(const std::vector<double>& singular, double threshold) {
  return std::count_if(singular.begin(), singular.end(), [&](double value) { return value > threshold; });
}

Discriminants by_singular_values(const Grouped& groups) {
  constexpr double tolerance = 1e-4;  // scikit-learn's default
  const Eigen::Index classes = groups.mean.rows(), features = groups.mean.cols();
  const Eigen::RowVectorXd centre = groups.prior.transpose() * groups.mean;
  RowMatrix within(static_cast<Eigen::Index>(groups.samples), features);
  Eigen::Index at = 0;
  for (std::size_t k = 0; k < groups.rows.size(); ++k) {
    within.middleRows(at, groups.rows[k].rows()) =
        groups.rows[k].rowwise() - groups.mean.row(static_cast<Eigen::Index>(k));
    at += groups.rows[k].rows();
  }
  const Eigen::RowVectorXd mean = within.colwise().mean();
  Eigen::RowVectorXd scale = ((within.rowwise() - mean).array().square().colwise().mean()).sqrt();
  for (auto& value : scale) value = value == 0 ? 1 : value;
  within.array().rowwise() /= scale.array() * std::sqrt(groups.samples - static_cast<double>(classes));
  const Svd inner = svd(view_of(within));
  const auto rank = count_above(inner.singular, tolerance);
  if (rank == 0) throw input_error("lda", "no feature varies within the classes: all are flat");
  RowMatrix scaling = mapped(inner.v).leftCols(rank);
  scaling.array().colwise() /= scale.transpose().array();
  scaling.array().rowwise() /= Eigen::Map<const Eigen::RowVectorXd>(inner.singular.data(), rank).array();

  const double share = 1 / (static_cast<double>(classes) - 1);
  const Eigen::VectorXd weight = (groups.prior * groups.samples * share).cwiseSqrt();
  const RowMatrix apart = groups.mean.rowwise() - centre;
  const RowMatrix between = weight.asDiagonal() * apart * scaling;
  const Svd outer = svd(view_of(between));
  const double largest = outer.singular.empty() ? 0 : outer.singular.front();
  scaling = (scaling * mapped(outer.v).leftCols(count_above(outer.singular, tolerance * largest))).eval();

  const RowMatrix place = apart * scaling;
  Discriminants result{place * scaling.transpose(), {}};
  result.intercept = -0.5 * place.array().square().rowwise().sum();
  result.intercept.array() += groups.prior.array().log();
  result.intercept -= result.weight * centre.transpose();
  return result;
}

LinearModel model_of(const Discriminants& found) {
  const bool two = found.weight.rows() == 2;
  const RowMatrix weight = two ? RowMatrix(found.weight.row(1) - found.weight.row(0)) : found.weight;
  LinearModel model{Array<double, 2>({weight.rows(), weight.cols()}, uninitialised),
                    Array<double, 1>({weight.rows()}, uninitialised)};
  std::copy(weight.data(), weight.data() + weight.size(), model.weight.begin());
  for (Eigen::Index k = 0; k < weight.rows(); ++k)
    model.intercept[k] = two ? found.intercept[1] - found.intercept[0] : found.intercept[k];
  return model;
}

void check(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
           const LdaOptions& options) {
  if (rows.extent(0) != static_cast<std::int64_t>(y.size()))
    throw usage_error("lda", "as many labels as samples are needed (shape)");
  if (rows.extent(1) == 0) throw usage_error("lda", "the list of features is empty");
  if (classes < 2) throw usage_error("lda", "training has samples of one class only");
  if (rows.extent(0) <= classes) {
    throw usage_error(
        "lda", std::to_string(rows.extent(0)) + " samples are too few for " + std::to_string(classes) + " classes",
        "give more samples than classes");
  }
  if (options.solver == LdaOptions::Solver::svd && (options.automatic || options.shrinkage))
    throw usage_error("lda", "the solver svd knows no shrinkage", "use solver = \"lsqr\"");
  if (options.shrinkage && !(*options.shrinkage >= 0 && *options.shrinkage <= 1))
    throw usage_error("lda", "shrinkage = " + number_text(*options.shrinkage) + " lies outside 0 … 1");
}

}  // namespace

LdaOptions lda_options(const std::string& solver, const Json& shrinkage) {
  LdaOptions options{.solver = LdaOptions::Solver::lsqr, .automatic = false, .shrinkage = {}};
  if (solver == "svd")
    options.solver = LdaOptions::Solver::svd;
  else if (solver != "lsqr")
    throw usage_error("lda", "unknown solver \"" + solver + "\"", "known: lsqr, svd");
  if (shrinkage.is_text()) {
    if (shrinkage.text() != "auto")
      throw usage_error("lda", "unknown shrinkage \"" + shrinkage.text() + "\"", "give \"auto\" or a number 0 … 1");
    options.automatic = options.solver == LdaOptions::Solver::lsqr;
  } else if (!shrinkage.is_null()) {
    options.shrinkage = shrinkage.number("lda: shrinkage");
  }
  return options;
}

LinearModel fit_lda(View<const double, 2> rows, std::span<const std::int64_t> y, std::int64_t classes,
                    const LdaOptions& options) {
  check(rows, y, classes, options);
  const Array<double, 2> packed(rows);
  const Grouped groups = grouped(packed, y, classes);
  return model_of(options.solver == LdaOptions::Solver::svd ? by_singular_values(groups)
                                                            : by_least_squares(groups, options));
}

}  // namespace caton
