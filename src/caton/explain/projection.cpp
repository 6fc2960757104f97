// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/explain/projection.hpp"

#include "caton/base/error.hpp"

#include <Eigen/Dense>

#include <cmath>

namespace caton {
namespace {

Eigen::MatrixXd centred(View<const float, 2> features) {
  Eigen::MatrixXd values(features.extent(0), features.extent(1));
  for (Eigen::Index i = 0; i < values.rows(); ++i) {
    for (Eigen::Index j = 0; j < values.cols(); ++j) {
      values(i, j) = static_cast<double>(features(i, j));
      if (!std::isfinite(values(i, j))) throw usage_error("projection", "features must be finite");
    }
  }
  const Eigen::RowVectorXd mean = values.colwise().mean();
  values.rowwise() -= mean;
  return values;
}

/// Loadings (features x components, unit length), strongest first; through the smaller of the two square matrices.
Eigen::MatrixXd strongest_loadings(const Eigen::MatrixXd& values, Eigen::Index count) {
  const bool few_features = values.cols() <= values.rows();
  const Eigen::MatrixXd square =
      few_features ? Eigen::MatrixXd(values.transpose() * values) : Eigen::MatrixXd(values * values.transpose());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(square);
  const Eigen::MatrixXd vectors = solver.eigenvectors().rightCols(count).rowwise().reverse();
  Eigen::MatrixXd loadings = few_features ? vectors : Eigen::MatrixXd(values.transpose() * vectors);
  for (Eigen::Index k = 0; k < count; ++k) {
    const double norm = loadings.col(k).norm();
    if (norm > 0) loadings.col(k) /= norm;
    Eigen::Index largest = 0;
    loadings.col(k).cwiseAbs().maxCoeff(&largest);
    if (loadings(largest, k) < 0) loadings.col(k) *= -1;
  }
  return loadings;
}

}  // namespace

PrincipalPlane principal_plane(View<const float, 2> features) {
  if (features.extent(0) < 2 || features.extent(1) < 1)
    throw usage_error("projection", "at least 2 samples and 1 feature are needed");
  const Eigen::MatrixXd values = centred(features);
  const Eigen::Index count = std::min<Eigen::Index>({2, values.cols(), values.rows()});
  const Eigen::MatrixXd scores = values * strongest_loadings(values, count);
  const double total = values.squaredNorm();
  PrincipalPlane plane{.points = Array<double, 2>({features.extent(0), 2})};
  for (Eigen::Index k = 0; k < count; ++k) {
    plane.share[static_cast<std::size_t>(k)] = total > 0 ? scores.col(k).squaredNorm() / total : 0;
    for (Eigen::Index i = 0; i < scores.rows(); ++i) plane.points(i, k) = scores(i, k);
  }
  return plane;
}

}  // namespace caton
