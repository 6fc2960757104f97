// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/ssvep/trca.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

constexpr const char* where = "trca_filter";

std::vector<Matrix> centred_epochs(Epochs x) {
  std::vector<Matrix> result;
  for (std::int64_t n = 0; n < x.extent(0); ++n) result.push_back(centred(x[n]));
  return result;
}

Matrix sum_of(const std::vector<Matrix>& matrices) {
  Matrix sum(matrices.front());
  for (std::size_t n = 1; n < matrices.size(); ++n) add_to(sum, matrices[n]);
  return sum;
}

/// Covariance of all epochs side by side, centred over the whole, times the number of samples.
Matrix whole_scatter(Epochs x) {
  Matrix side_by_side({x.extent(1), x.extent(0) * x.extent(2)}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) put(x[n], side_by_side.view().slice(1, n * x.extent(2), x.extent(2)));
  return scatter(centred(side_by_side));
}

/// Refuses a matrix whose channels depend on each other, judged on the scale of each channel.
void require_full_rank(Signal q) {
  const std::int64_t channels = q.extent(0);
  Matrix relative({channels, channels});
  for (std::int64_t i = 0; i < channels; ++i) {
    if (!(q(i, i) > 0)) {
      throw input_error(where, "rank: channel " + std::to_string(i) + " is flat", "leave it out");
    }
    for (std::int64_t j = 0; j < channels; ++j) relative(i, j) = q(i, j) / std::sqrt(q(i, i)) / std::sqrt(q(j, j));
  }
  const auto eigen = symmetric_eigen(relative);
  if (eigen.values.front() > 1e-13 * eigen.values.back()) return;
  std::string names;
  for (std::int64_t i = 0; i < channels; ++i) {
    if (std::abs(eigen.vectors(i, 0)) > 1e-3) names += (names.empty() ? "" : ", ") + std::to_string(i);
  }
  throw input_error(where, "rank: the channels " + names + " depend on each other",
                    "leave one of them out, or undo the average reference or interpolation that joined them");
}

void set_filter(TrcaFilter& result, const std::vector<double>& filter) {
  double norm = 0;
  for (const double value : filter) norm += value * value;
  Matrix row({1, static_cast<std::int64_t>(filter.size())});
  for (std::size_t c = 0; c < filter.size(); ++c) row.data()[c] = filter[c] / std::sqrt(norm);
  sign_rows(row);
  result.w.assign(row.begin(), row.end());
}

std::vector<double> column(Signal matrix, std::int64_t k) {
  std::vector<double> result;
  for (std::int64_t i = 0; i < matrix.extent(0); ++i) result.push_back(matrix(i, k));
  return result;
}

/// Largest S against Q.
TrcaFilter solved(Matrix s, Matrix q) {
  require_full_rank(q);
  const auto eigen = generalized_eigen(s, q);
  if (!eigen) throw input_error(where, "rank: the channels depend on each other");
  TrcaFilter result{std::move(s), std::move(q), {eigen->values.rbegin(), eigen->values.rend()}, {}};
  set_filter(result, column(eigen->vectors, eigen->vectors.extent(1) - 1));
  return result;
}

TrcaFilter repeating(Epochs x, bool fast) {
  const auto epochs = centred_epochs(x);
  Matrix s = scatter(sum_of(epochs)), own({x.extent(1), x.extent(1)}, 0.0);
  for (const Matrix& epoch : epochs) add_to(own, scatter(epoch));
  if (fast) return solved(std::move(s), std::move(own));
  return solved(combination(1, s, -1, own), whole_scatter(x));
}

TrcaFilter correlating(Epochs x) {
  const auto epochs = centred_epochs(x);
  const Matrix mean = scaled(sum_of(epochs), 1 / static_cast<double>(epochs.size()));
  const auto lower_of = [](const Matrix& q) {
    require_full_rank(q);
    auto lower = cholesky(q);
    if (!lower) throw input_error(where, "rank: the channels depend on each other");
    return *lower;
  };
  TrcaFilter result{Matrix({x.extent(1), x.extent(1)}, 0.0), scatter(mean), {}, {}};
  const Matrix l1 = lower_of(result.q);
  for (const Matrix& epoch : epochs) {
    const Matrix l = lower_of(scatter(epoch));
    // G = L₁⁻¹ X̄xᵀ L⁻ᵀ, so that Gᵀ = L⁻¹ (L₁⁻¹ X̄xᵀ)ᵀ.
    const Matrix half = solve(l1, product_transposed(mean, epoch)).value();
    const Matrix g_transposed = solve(l, half.view().transposed()).value();
    add_to(result.s, scatter(g_transposed));
  }
  const auto eigen = symmetric_eigen(result.s);
  result.eigenvalues.assign(eigen.values.rbegin(), eigen.values.rend());
  const std::int64_t last = x.extent(1) - 1;
  set_filter(result, column(solve(l1.view().transposed(), eigen.vectors.view().slice(1, last, 1)).value(), 0));
  return result;
}

}  // namespace

TrcaVariant trca_variant(const std::string& who, std::string_view name) {
  if (name == "trca") return TrcaVariant::trca;
  if (name == "ftrca") return TrcaVariant::ftrca;
  if (name == "sscor") return TrcaVariant::sscor;
  throw usage_error(who, "unknown variant \"" + std::string(name) + "\"", "known: ftrca, trca, sscor");
}

TrcaFilter trca_filter(Epochs x, TrcaVariant variant) {
  if (x.extent(0) < 2) {
    throw input_error(where, "a class needs at least 2 trials, there are " + std::to_string(x.extent(0)),
                      "record more blocks, or use ssvep_cca, which needs none");
  }
  return variant == TrcaVariant::sscor ? correlating(x) : repeating(x, variant == TrcaVariant::ftrca);
}

namespace {

const Operation trca_filter_operation{
    .name = "trca_filter",
    .room = "decode/ssvep",
    .about = "Spatial filter under which epochs of one class repeat (mnakanishi/TRCA-SSVEP trca.m, ftrca.m, sscor.m)",
    .arguments = {{.name = "variant", .type = "text", .standard = "ftrca", .about = "ftrca, trca, sscor"}},
    .inputs = {{.name = "x", .shape = "N C T", .unit = "V"}},
    .outputs = {{.name = "s", .shape = "C C"},
                {.name = "q", .shape = "C C"},
                {.name = "eigenvalues", .shape = "C"},
                {.name = "w", .shape = "C"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto variant = trca_variant(args.operation(), args.text("variant"));
          const auto filter = trca_filter(epochs_port(args, in, "x"), variant);
          return Tensors{{"s", Tensor::of(filter.s)},
                         {"q", Tensor::of(filter.q)},
                         {"eigenvalues", Tensor::vector(filter.eigenvalues)},
                         {"w", Tensor::vector(filter.w)}};
        },
};
CATON_REGISTER(Operation, trca_filter_operation);

}  // namespace

}  // namespace caton
