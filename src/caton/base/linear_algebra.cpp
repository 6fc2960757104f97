// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/linear_algebra.hpp"

#include "caton/base/matrix_product.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/SVD>

#include <cmath>
#include <limits>

namespace caton {

namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
using ConstMap = Eigen::Map<const RowMatrix, Eigen::Unaligned, Strides>;

ConstMap map(Signal a) { return {a.data(), a.extent(0), a.extent(1), Strides(a.stride(0), a.stride(1))}; }

Matrix array_of(const Eigen::Ref<const Eigen::MatrixXd>& values) {
  Matrix result({values.rows(), values.cols()}, uninitialised);
  Eigen::Map<RowMatrix>(result.data(), values.rows(), values.cols()) = values;
  return result;
}

std::vector<double> vector_of(const Eigen::VectorXd& values) { return {values.data(), values.data() + values.size()}; }

double turn(const View<double, 1>& values) {
  double largest = 0;
  for (std::int64_t i = 0; i < values.extent(0); ++i) {
    if (std::abs(values[i]) > std::abs(largest)) largest = values[i];
  }
  if (!(largest < 0)) return 1;
  for (std::int64_t i = 0; i < values.extent(0); ++i) values[i] = -values[i];
  return -1;
}

}  // namespace

SymmetricEigen symmetric_eigen(Signal a) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(Eigen::MatrixXd(map(a)));
  return {vector_of(solver.eigenvalues()), array_of(solver.eigenvectors())};
}

std::optional<SymmetricEigen> generalized_eigen(Signal a, Signal b) {
  if (!cholesky(b)) return std::nullopt;
  const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> solver(Eigen::MatrixXd(map(a)),
                                                                         Eigen::MatrixXd(map(b)));
  return SymmetricEigen{vector_of(solver.eigenvalues()), array_of(solver.eigenvectors())};
}

Svd svd(Signal a) {
  const Eigen::BDCSVD<Eigen::MatrixXd> solver(Eigen::MatrixXd(map(a)), Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {array_of(solver.matrixU()), vector_of(solver.singularValues()), array_of(solver.matrixV())};
}

std::int64_t rank_of(const std::vector<double>& singular, double relative) {
  if (singular.empty()) return 0;
  const double cut = relative * singular.front();
  return std::count_if(singular.begin(), singular.end(), [&](double value) { return value > cut; });
}

Matrix product(Signal a, Signal b) {
  Matrix result({a.extent(0), b.extent(1)}, uninitialised);
  multiply(a, b, result);
  return result;
}
Matrix product_transposed(Signal a, Signal b) { return product(a, b.transposed()); }
Matrix transposed_product(Signal a, Signal b) { return product(a.transposed(), b); }

std::optional<Matrix> cholesky(Signal a) {
  const Eigen::LLT<Eigen::MatrixXd> factor(Eigen::MatrixXd(map(a)));
  if (factor.info() != Eigen::Success) return std::nullopt;
  return array_of(Eigen::MatrixXd(factor.matrixL()));
}

std::optional<Matrix> solve(Signal a, Signal b) {
  const Eigen::PartialPivLU<Eigen::MatrixXd> factor(Eigen::MatrixXd(map(a)));
  if (!(factor.rcond() > std::numeric_limits<double>::epsilon())) return std::nullopt;
  return array_of(factor.solve(Eigen::MatrixXd(map(b))));
}

Matrix least_squares(Signal a, Signal b) {
  Eigen::BDCSVD<Eigen::MatrixXd> solver(Eigen::MatrixXd(map(a)), Eigen::ComputeThinU | Eigen::ComputeThinV);
  solver.setThreshold(static_cast<double>(std::max(a.extent(0), a.extent(1))) * std::numeric_limits<double>::epsilon());
  return array_of(solver.solve(Eigen::MatrixXd(map(b))));
}

Matrix pseudo_inverse(Signal a, double relative) {
  const Svd parts = svd(a);
  Matrix scaled = parts.v;
  for (std::int64_t k = 0; k < scaled.extent(1); ++k) {
    const double value = parts.singular[static_cast<std::size_t>(k)];
    const double factor = value > relative * parts.singular.front() ? 1 / value : 0;
    for (std::int64_t i = 0; i < scaled.extent(0); ++i) scaled(i, k) *= factor;
  }
  return product_transposed(scaled, parts.u);
}

std::vector<double> sign_rows(View<double, 2> rows) {
  std::vector<double> signs;
  for (std::int64_t i = 0; i < rows.extent(0); ++i) signs.push_back(turn(rows[i]));
  return signs;
}

std::vector<double> sign_columns(View<double, 2> columns) { return sign_rows(columns.transposed()); }

}  // namespace caton
