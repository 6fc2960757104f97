// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/samples/class_weights.hpp"

#include "caton/base/operation.hpp"

namespace caton {

std::vector<double> inverse_frequency_weights(std::span<const std::int64_t> label, std::int64_t classes) {
  if (classes < 1 || classes > 1'000'000)
    throw usage_error("class weights", std::to_string(classes) + " classes: at least one class is needed");
  std::vector<double> weight(static_cast<std::size_t>(classes), 0.0);
  for (const auto value : label) {
    if (value < 0 || value >= classes) {
      throw input_error("class weights",
                        "the label " + std::to_string(value) + " is no class of 0 … " + std::to_string(classes - 1));
    }
    weight[static_cast<std::size_t>(value)] += 1;
  }
  const auto total = static_cast<double>(label.size());
  for (auto& value : weight) {
    if (value > 0) value = total / (static_cast<double>(classes) * value);
  }
  return weight;
}

namespace {

const Operation inverse_frequency_weights_operation{
    .name = "inverse_frequency_weights",
    .room = "samples",
    .about = "Weight N/(K·n_c) of each class, 0 for an absent one (RBTransformer's leave-one-subject-out trainer).",
    .arguments = {{"classes", "integer", {}, "number of classes K"}},
    .inputs = {{"y", "N"}},
    .outputs = {{"weight", "K"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto label = port(in, "y").integers("y");
          return Tensors{{"weight", Tensor::vector(inverse_frequency_weights(label, args.integer("classes")))}};
        },
};
CATON_REGISTER(Operation, inverse_frequency_weights_operation);

}  // namespace
}  // namespace caton
