// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"

#include "caton/base/error.hpp"

#include <limits>

namespace caton {

namespace {

const Tensor& filled_port(const Arguments& args, const Tensors& in, const std::string& name, std::size_t rank) {
  const Tensor& tensor = port(in, name);
  if (tensor.rank() != rank) {
    throw args.refuse("\"" + name + "\" has the shape " + tensor.about() + ", wanted are " + std::to_string(rank) +
                      (rank == 1   ? " axis"
                       : rank == 2 ? " axes"
                                   : " axes (trials x channels x samples)"));
  }
  if (tensor.size() == 0) throw args.refuse("\"" + name + "\" is empty: " + tensor.about());
  return tensor;
}

}  // namespace

MatrixPort::MatrixPort(const Arguments& args, const Tensors& in, const std::string& name) {
  const Tensor& tensor = filled_port(args, in, name, 2);
  if (tensor.dtype() == Dtype::f64) {
    view_ = tensor.view<double, 2>(name);
  } else {
    converted_ = tensor.array<2>(name);
    view_ = converted_;
  }
}

Array<double, 3> epochs_port(const Arguments& args, const Tensors& in, const std::string& name) {
  return filled_port(args, in, name, 3).array<3>(name);
}

std::vector<double> vector_port(const Arguments& args, const Tensors& in, const std::string& name) {
  return filled_port(args, in, name, 1).doubles();
}

Array<double, 3> cube_port(const Arguments& args, const Tensors& in, const std::string& name) {
  return filled_port(args, in, name, 3).array<3>(name);
}

std::vector<std::pair<double, double>> pairs_argument(const Arguments& args, std::string_view name) {
  const std::string where = args.operation() + ": " + std::string(name);
  std::vector<std::pair<double, double>> pairs;
  for (const Json& pair : args.value(name).items(where)) {
    const auto values = pair.numbers(where);
    if (values.size() != 2) throw args.refuse(std::string(name) + ": a pair has two numbers");
    pairs.emplace_back(values[0], values[1]);
  }
  return pairs;
}

std::optional<double> optional_number(const Arguments& args, std::string_view name) {
  if (!args.given(name)) return std::nullopt;
  return args.number(name);
}

int count_argument(const Arguments& args, std::string_view name, int least) {
  const std::int64_t value = args.integer(name);
  if (value < least || value > std::numeric_limits<int>::max()) {
    throw args.refuse(std::string(name) + " must be at least " + std::to_string(least) + ", got " +
                      std::to_string(value));
  }
  return static_cast<int>(value);
}

}  // namespace caton
