// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/labelled_ports.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"

namespace caton {

NumberedClasses labels_port(const Arguments& args, const Tensors& in, const std::string& name, std::int64_t samples) {
  auto classes = numbered_classes(port(in, name).integers(name), args.operation());
  if (static_cast<std::int64_t>(classes.y.size()) != samples) {
    throw args.refuse("\"" + name + "\" has the shape of " + std::to_string(classes.y.size()) + " labels for " +
                      std::to_string(samples) + " samples");
  }
  return classes;
}

LabelledPorts::LabelledPorts(const Arguments& args, const Tensors& in, const std::string& kind)
    : train(epochs_port(args, in, "train_" + kind)),
      test(epochs_port(args, in, "test_" + kind)),
      classes(labels_port(args, in, "train_y", train.extent(0))) {
  if (train.extent(1) != test.extent(1)) {
    throw args.refuse("training and test differ in shape: " + std::to_string(train.extent(1)) + " and " +
                      std::to_string(test.extent(1)) + " channels");
  }
}

Tensor LabelledPorts::labels(const std::vector<std::int64_t>& numbers) const {
  std::vector<std::int64_t> result;
  for (const std::int64_t k : numbers) result.push_back(classes.values[static_cast<std::size_t>(k)]);
  return Tensor::vector(result);
}

std::vector<Port> labelled_inputs(const std::string& kind, const std::string& shape, const std::string& unit) {
  return {{.name = "train_" + kind, .shape = "N " + shape, .unit = unit},
          {.name = "train_y", .shape = "N"},
          {.name = "test_" + kind, .shape = "M " + shape, .unit = unit}};
}

}  // namespace caton
