// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/focal_loss.hpp"

#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace caton {
namespace {

void check(View<const double, 2> logits, std::span<const std::int64_t> label, std::span<const double> weight,
           double gamma) {
  const std::string where = "focal loss";
  if (logits.empty()) throw usage_error(where, "no samples (empty)");
  if (static_cast<std::int64_t>(label.size()) != logits.extent(0))
    throw usage_error(where, "shape: " + std::to_string(label.size()) + " labels for " +
                                 std::to_string(logits.extent(0)) + " samples");
  if (static_cast<std::int64_t>(weight.size()) != logits.extent(1))
    throw usage_error(where, "shape: " + std::to_string(weight.size()) + " weights for " +
                                 std::to_string(logits.extent(1)) + " classes");
  if (!(gamma >= 0)) throw usage_error(where, "gamma is below 0");
  for (const double value : weight) {
    if (!(value >= 0)) throw usage_error(where, "a weight is below 0");
  }
  for (const auto value : label) {
    if (value < 0 || value >= logits.extent(1))
      throw input_error(
          where, "the label " + std::to_string(value) + " is no class of 0 … " + std::to_string(logits.extent(1) - 1));
  }
}

/// Softmax of one row and the logarithm of its normaliser.
double log_normaliser(View<const double, 1> row, std::vector<double>& probability) {
  double largest = row[0], sum = 0;
  for (std::int64_t k = 1; k < row.extent(0); ++k) largest = std::max(largest, row[k]);
  for (std::int64_t k = 0; k < row.extent(0); ++k)
    sum += probability[static_cast<std::size_t>(k)] = std::exp(row[k] - largest);
  for (double& value : probability) value /= sum;
  return largest + std::log(sum);
}

/// Loss of one sample and how it changes with its weighted cross-entropy.
struct Focus {
  double loss = 0, slope = 0;
};
Focus focus(double entropy, double gamma) {
  const double p = std::exp(-entropy), missing = -std::expm1(-entropy);
  const double factor = std::pow(missing, gamma);
  // d/dCE (1-p)^gamma · CE; at p = 1 the first part vanishes with CE.
  const double first = gamma == 0 || entropy == 0 ? 0 : gamma * std::pow(missing, gamma - 1) * p * entropy;
  return {factor * entropy, first + factor};
}

}  // namespace

FocalLoss focal_loss(View<const double, 2> logits, std::span<const std::int64_t> label, std::span<const double> weight,
                     double gamma) {
  check(logits, label, weight, gamma);
  const std::int64_t samples = logits.extent(0), classes = logits.extent(1);
  FocalLoss result{0, Array<double, 2>({samples, classes})};
  std::vector<double> probability(static_cast<std::size_t>(classes));
  for (std::int64_t i = 0; i < samples; ++i) {
    const auto own = label[static_cast<std::size_t>(i)];
    const double scale = weight[static_cast<std::size_t>(own)];
    const double entropy = scale * (log_normaliser(logits[i], probability) - logits(i, own));
    const Focus found = focus(entropy, gamma);
    result.loss += found.loss / static_cast<double>(samples);
    for (std::int64_t k = 0; k < classes; ++k) {
      const double off = probability[static_cast<std::size_t>(k)] - (k == own ? 1 : 0);
      result.gradient(i, k) = found.slope * scale * off / static_cast<double>(samples);
    }
  }
  return result;
}

namespace {

const Operation focal_loss_operation{
    .name = "focal_loss",
    .room = "measure",
    .about =
        "Mean focal loss of weighted cross-entropies and its gradient, as RBTransformer's leave-one-subject-out "
        "trainer.",
    .arguments = {{"gamma", "number", 2.0, "exponent of (1-p)"}},
    .inputs = {{"logits", "N K"}, {"y", "N"}, {"weight", "K", "1", true}},
    .outputs = {{"loss", ""}, {"grad", "N K"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto logits = port(in, "logits").array<2>("logits");
          const auto label = port(in, "y").integers("y");
          const auto weight = in.contains("weight")
                                  ? in.at("weight").doubles()
                                  : std::vector<double>(static_cast<std::size_t>(logits.extent(1)), 1.0);
          const FocalLoss result = focal_loss(logits, label, weight, args.number("gamma"));
          return Tensors{{"loss", Tensor::scalar(result.loss)}, {"grad", Tensor::of(result.gradient)}};
        },
};
CATON_REGISTER(Operation, focal_loss_operation);

}  // namespace
}  // namespace caton
