// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/msetcca.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/ssvep/reference_bases.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr const char* where = "ssvep_msetcca";

/// The epoch with unit covariance: diag(|λ|^-½) Eᵀ x of its shrunken covariance.
Matrix whitened(Signal epoch) {
  const Matrix about_mean = centred(epoch);
  const auto eigen = symmetric_eigen(covariance(about_mean, {.estimator = Estimator::sch}));
  Matrix whitening(eigen.vectors.view().transposed());
  for (std::int64_t i = 0; i < whitening.extent(0); ++i) {
    const double scale = 1 / std::sqrt(std::abs(eigen.values[static_cast<std::size_t>(i)]));
    if (!std::isfinite(scale)) throw input_error(where, "rank: an epoch has dependent channels");
    for (std::int64_t j = 0; j < whitening.extent(1); ++j) whitening(i, j) *= scale;
  }
  return product(whitening, about_mean);
}

}  // namespace

Matrix msetcca_reference(Epochs x, std::int64_t filters) {
  const std::int64_t epochs = x.extent(0), channels = x.extent(1), samples = x.extent(2);
  if (epochs < 2) throw input_error(where, "a class needs at least 2 trials, there are " + std::to_string(epochs));
  if (filters < 1 || filters > channels)
    throw usage_error(where, "filters must lie in 1 … " + std::to_string(channels) + ", the number of channels");
  Matrix stacked({epochs * channels, samples}, uninitialised);
  for (std::int64_t n = 0; n < epochs; ++n) put(whitened(x[n]), stacked.view().slice(0, n * channels, channels));
  Matrix between = product_transposed(stacked, stacked), within(between.extents(), 0.0);
  for (std::int64_t n = 0; n < epochs; ++n) {
    const auto block = [&](Matrix& m) {
      return m.view().slice(0, n * channels, channels).slice(1, n * channels, channels);
    };
    put(block(between), block(within));
  }
  const auto eigen = generalized_eigen(combination(1, between, -1, within), within);
  if (!eigen) throw input_error(where, "rank: an epoch has dependent channels");
  Matrix common({epochs * filters, samples}, uninitialised);
  for (std::int64_t n = 0; n < epochs; ++n) {
    const auto rows = stacked.view().slice(0, n * channels, channels);
    const auto w =
        eigen->vectors.view().slice(0, n * channels, channels).slice(1, epochs * channels - filters, filters);
    put(transposed_product(w, rows), common.view().slice(0, n * filters, filters));
  }
  return common;
}

SsvepScores msetcca_scores(const std::vector<Matrix>& references, Epochs x) {
  for (const Matrix& reference : references) require_epochs(where, x, x.extent(1), reference.extent(1));
  return ssvep_scores(ReferenceBases({references.begin(), references.end()}).largest_correlations(x));
}

namespace {

Tensors run_msetcca(const Arguments& args, const Tensors& in) {
  const int filters = count_argument(args, "filters");
  const LabelledPorts ports(args, in, "x");
  std::vector<Matrix> references;
  for (std::int64_t k = 0; k < ports.count(); ++k)
    references.push_back(msetcca_reference(class_epochs(ports.train, ports.classes.y, k), filters));
  return score_ports(ports, msetcca_scores(references, ports.test));
}

const Operation msetcca_operation{
    .name = "ssvep_msetcca",
    .room = "decode/ssvep",
    .about = "Canonical correlation with what the training epochs of a class have in common (MsetCCA, per class)",
    .arguments = {{.name = "filters", .type = "integer", .standard = 1}},
    .inputs = {{.name = "train_x", .shape = "N C T", .unit = "V"},
               {.name = "train_y", .shape = "N"},
               {.name = "test_x", .shape = "M C T", .unit = "V"}},
    .outputs = {{.name = "score", .shape = "M K", .unit = "1"}, {.name = "label", .shape = "M"}},
    .call = run_msetcca,
};
CATON_REGISTER(Operation, msetcca_operation);

}  // namespace

}  // namespace caton
