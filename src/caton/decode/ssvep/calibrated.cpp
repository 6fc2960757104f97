// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/calibrated.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"

namespace caton {

CalibratedPorts::CalibratedPorts(const Arguments& args, const Tensors& in)
    : train(epochs_port(args, in, "train_x")),
      test(epochs_port(args, in, "test_x")),
      classes(numbered_classes(port(in, "train_y").integers("train_y"), args.operation())) {
  if (static_cast<std::int64_t>(classes.y.size()) != train.extent(0))
    throw args.refuse("train_x and train_y differ in shape: as many labels as epochs are needed");
}

Tensor CalibratedPorts::labels(const std::vector<std::int64_t>& numbers) const {
  std::vector<std::int64_t> result;
  for (const std::int64_t k : numbers) result.push_back(classes.values[static_cast<std::size_t>(k)]);
  return Tensor::vector(result);
}

Tensors CalibratedPorts::outputs(const SsvepScores& scores) const {
  return {{"score", Tensor::of(scores.score)}, {"label", labels(scores.label)}};
}

void require_epochs(const std::string& where, Epochs x, std::int64_t channels, std::int64_t samples) {
  if (x.extent(1) == channels && x.extent(2) == samples) return;
  throw usage_error(where, "shape: epochs have " + std::to_string(x.extent(1)) + " channels and " +
                               std::to_string(x.extent(2)) + " samples, wanted are " + std::to_string(channels) +
                               " and " + std::to_string(samples));
}

}  // namespace caton
