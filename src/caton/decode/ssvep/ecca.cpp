// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/ecca.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/ssvep/canonical_correlation.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr const char* where = "ssvep_ecca";

double score_of(const Matrix& x, const Matrix& mean, const Matrix& reference, const CanonicalWeights& of_mean,
                std::int64_t components) {
  const auto with_reference = canonical_weights(x, reference, components);
  const auto with_mean = canonical_weights(x, mean, components);
  const Matrix u1x = transposed_product(with_reference.u, x);
  const double rho[] = {
      correlation(u1x, transposed_product(with_reference.v, reference)),
      correlation(u1x, transposed_product(with_reference.u, mean)),
      correlation(transposed_product(with_mean.u, x), transposed_product(with_mean.u, mean)),
      correlation(transposed_product(of_mean.u, x), transposed_product(of_mean.u, mean)),
  };
  double sum = 0;
  for (const double r : rho) sum += std::copysign(r * r, r);
  return sum;
}

}  // namespace

SsvepScores ssvep_ecca(Epochs train, std::span<const std::int64_t> y, View<const double, 3> reference, Epochs test,
                       std::int64_t components) {
  const std::int64_t classes = reference.extent(0);
  require_epochs(where, test, train.extent(1), train.extent(2));
  if (reference.extent(2) != train.extent(2) || train.extent(0) != static_cast<std::int64_t>(y.size()))
    throw usage_error(where, "shape: reference, training epochs and labels do not fit each other");
  std::vector<Matrix> means, references;
  std::vector<CanonicalWeights> weights;
  for (std::int64_t k = 0; k < classes; ++k) {
    if (std::count(y.begin(), y.end(), k) == 0)
      throw input_error(where, "class " + std::to_string(k) + " has no training epoch");
    means.push_back(centred(class_mean(train, y, k)));
    references.push_back(centred(reference[k]));
    weights.push_back(canonical_weights(means.back(), references.back(), components));
  }
  Matrix score({test.extent(0), classes}, uninitialised);
  thread_pool().parallel_for(test.extent(0), [&](std::int64_t n) {
    const Matrix x = centred(test[n]);
    for (std::int64_t k = 0; k < classes; ++k) {
      const auto at = static_cast<std::size_t>(k);
      score(n, k) = score_of(x, means[at], references[at], weights[at], components);
    }
  });
  return ssvep_scores(std::move(score));
}

namespace {

Tensors run_ecca(const Arguments& args, const Tensors& in) {
  const int components = count_argument(args, "components");
  const LabelledPorts ports(args, in, "x");
  const auto reference = epochs_port(args, in, "reference");
  if (reference.extent(0) != ports.count())
    throw args.refuse("reference has the shape of " + std::to_string(reference.extent(0)) + " classes, training of " +
                      std::to_string(ports.count()));
  return score_ports(ports, ssvep_ecca(ports.train, ports.classes.y, reference, ports.test, components));
}

const Operation ecca_operation{
    .name = "ssvep_ecca",
    .room = "decode/ssvep",
    .about = "Extended canonical correlation with a template of each class (MetaBCI cca.ECCA)",
    .arguments = {{.name = "components", .type = "integer", .standard = 1}},
    .inputs = {{.name = "train_x", .shape = "N C T", .unit = "V"},
               {.name = "train_y", .shape = "N"},
               {.name = "reference", .shape = "K Q T"},
               {.name = "test_x", .shape = "M C T", .unit = "V"}},
    .outputs = {{.name = "score", .shape = "M K", .unit = "1"}, {.name = "label", .shape = "M"}},
    .call = run_ecca,
};
CATON_REGISTER(Operation, ecca_operation);

}  // namespace

}  // namespace caton
