// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/canonical_correlation.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/geometry/covariance_kernels.hpp"
#include "caton/geometry/spectral.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <limits>

namespace caton {

namespace {

/// L⁻¹ of x xᵀ = L Lᵀ; nothing where a row is almost spanned by those before it.
std::optional<Matrix> whitening(const Matrix& x) {
  constexpr double least_share = 1e-8;
  const Matrix gram = scatter(x);
  const auto lower = cholesky(gram);
  if (!lower) return std::nullopt;
  for (std::int64_t i = 0; i < gram.extent(0); ++i) {
    if (!((*lower)(i, i) * (*lower)(i, i) > least_share * gram(i, i))) return std::nullopt;
  }
  return lower_inverse(*lower);
}

/// Cholesky's factor of the Gram matrix orthonormalises rows that are far from dependent; doing it twice leaves the
/// rounding of Householder's way (Yamamoto et al. 2015, "CholeskyQR2").
std::optional<Matrix> basis_by_whitening(const Matrix& x) {
  const auto once = whitening(x);
  if (!once) return std::nullopt;
  Matrix basis = product(*once, x);
  const auto again = whitening(basis);
  if (!again) return std::nullopt;
  return product(*again, basis);
}

}  // namespace

Matrix centred_row_basis(Signal x) {
  const Matrix about_mean = centred(x);
  if (x.extent(0) > 0 && x.extent(0) < x.extent(1)) {
    if (auto basis = basis_by_whitening(about_mean)) return std::move(*basis);
  }
  const Eigen::Map<const Eigen::MatrixXd> columns(about_mean.data(), x.extent(1), x.extent(0));
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(columns);
  qr.setThreshold(static_cast<double>(std::max(x.extent(0), x.extent(1))) * std::numeric_limits<double>::epsilon());
  const Eigen::Index rank = about_mean.empty() || qr.maxPivot() == 0 ? 0 : qr.rank();
  const Eigen::MatrixXd basis = qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), rank);
  Matrix result({rank, x.extent(1)}, uninitialised);
  std::copy(basis.data(), basis.data() + basis.size(), result.begin());
  return result;
}

std::vector<double> basis_correlation(Signal x_basis, Signal y_basis) {
  if (x_basis.empty() || y_basis.empty()) return {};
  auto correlations = svd(product_transposed(x_basis, y_basis)).singular;
  for (double& r : correlations) r = std::min(r, 1.0);
  return correlations;
}

std::vector<double> canonical_correlation(Signal x, Signal y) {
  if (x.extent(1) != y.extent(1)) {
    throw usage_error("canonical_correlation",
                      "shape: x has " + std::to_string(x.extent(1)) + " samples, y " + std::to_string(y.extent(1)));
  }
  auto result = basis_correlation(centred_row_basis(x), centred_row_basis(y));
  result.resize(static_cast<std::size_t>(std::min(x.extent(0), y.extent(0))), 0.0);
  return result;
}

CanonicalWeights canonical_weights(Signal x, Signal y, std::int64_t components) {
  const Matrix transposed_y(y.transposed());
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> columns(
      transposed_y.data(), y.extent(1), y.extent(0));
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(columns);
  const Eigen::Index width = std::min(columns.rows(), columns.cols());
  const Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(columns.rows(), width);
  const Eigen::MatrixXd r = qr.matrixQR().topRows(width).triangularView<Eigen::Upper>();
  const View<const double, 2> q_rows(q.data(), {width, columns.rows()}), r_transposed(r.data(), {r.cols(), width});
  const Matrix z = product_transposed(x, q_rows);
  const auto eigen = generalized_eigen(product_transposed(z, z), product_transposed(x, x));
  if (!eigen) throw input_error("canonical_weights", "rank: the channels of an epoch are not independent");
  const std::int64_t channels = x.extent(0), count = std::min(components, channels);
  Matrix u({channels, count}, uninitialised);
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t k = 0; k < count; ++k) u(c, k) = eigen->vectors(c, channels - 1 - k);
  }
  Matrix v = product(pseudo_inverse(r_transposed.transposed()), transposed_product(z, u));
  return {std::move(u), std::move(v)};
}

namespace {

const Operation canonical_correlation_operation{
    .name = "canonical_correlation",
    .room = "decode/ssvep",
    .about = "Canonical correlations of two signals (MATLAB canoncorr)",
    .inputs = {{.name = "x", .shape = "C T"}, {.name = "y", .shape = "Q T"}},
    .outputs = {{.name = "r", .shape = "min(C,Q)", .unit = "1"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x"), y(args, in, "y");
          return Tensors{{"r", Tensor::vector(canonical_correlation(x, y))}};
        },
};
CATON_REGISTER(Operation, canonical_correlation_operation);

}  // namespace

}  // namespace caton
