// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"

#include "caton/base/complete_arguments.hpp"
#include "caton/base/signal_stream.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

std::string Arguments::where(std::string_view name) const { return operation_ + ": " + std::string(name); }

const Json& Arguments::value(std::string_view name) const { return values_.at(name, operation_); }
bool Arguments::given(std::string_view name) const {
  const Json* const value = values_.find(name);
  return value != nullptr && !value->is_null();
}
double Arguments::number(std::string_view name) const { return value(name).number(where(name)); }
std::int64_t Arguments::integer(std::string_view name) const { return value(name).integer(where(name)); }
bool Arguments::flag(std::string_view name) const { return value(name).flag(where(name)); }
const std::string& Arguments::text(std::string_view name) const { return value(name).text(where(name)); }
std::vector<double> Arguments::numbers(std::string_view name) const { return value(name).numbers(where(name)); }

Error Arguments::refuse(std::string problem, std::string remedy) const {
  return usage_error(operation_, std::move(problem), std::move(remedy));
}

const Operation& operation_named(std::string_view name) {
  std::string wanted(name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  const auto& registry = Registry<Operation>::instance();
  const Operation* const found = registry.find(wanted);
  if (found == nullptr) {
    throw usage_error("operation \"" + std::string(name) + "\"", "unknown operation",
                      suggestion(wanted, registry.names()));
  }
  return *found;
}

namespace {

Json completed(const Operation& operation, const Json& given) {
  std::vector<std::string> known;
  for (const auto& argument : operation.arguments) known.push_back(argument.name);
  Json complete = Json::object();
  for (const auto& argument : operation.arguments) {
    // null says "not given", wherever there is something to take instead.
    const Json* const value = given.find(argument.name);
    if (value != nullptr && !(value->is_null() && argument.standard))
      complete[argument.name] = *value;
    else if (argument.standard)
      complete[argument.name] = *argument.standard;
    else
      throw usage_error(operation.name, "the argument \"" + argument.name + "\" is missing");
  }
  if (given.is_null()) return complete;
  for (const auto& [key, value] : given.members(operation.name)) {
    if (complete.has(key)) continue;
    if (!operation.open_arguments) {
      throw usage_error(operation.name, "unknown argument \"" + key + "\"", suggestion(key, known));
    }
    complete[key] = value;
  }
  return complete;
}

template <class T>
void refuse_not_finite(const Operation& operation, const std::string& name, const Tensor& tensor) {
  const auto values = tensor.values<T>(name);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    std::string place = "value " + std::to_string(i);
    if (tensor.rank() >= 2) {
      const auto width = static_cast<std::size_t>(tensor.shape().back());
      place = "channel " + std::to_string(i / width) + ", sample " + std::to_string(i % width);
    }
    throw input_error(operation.name, "\"" + name + "\" is not finite at " + place,
                      "mark or fill what was not measured first");
  }
}

void check_ports(const Operation& operation, const Tensors& in) {
  for (const auto& port : operation.inputs) {
    const auto found = in.find(port.name);
    if (found == in.end()) {
      if (port.optional) continue;
      throw usage_error(operation.name, "the input \"" + port.name + "\" is missing");
    }
    if (operation.nan_policy != NanPolicy::refuse) continue;
    if (found->second.dtype() == Dtype::f64) refuse_not_finite<double>(operation, port.name, found->second);
    if (found->second.dtype() == Dtype::f32) refuse_not_finite<float>(operation, port.name, found->second);
  }
}

}  // namespace

Arguments complete_arguments(const Operation& operation, const Json& given) {
  return {operation.name, completed(operation, given)};
}

Tensors run_operation(const Operation& operation, const Json& args, const Tensors& in) {
  const Arguments arguments = complete_arguments(operation, args);
  check_ports(operation, in);
  return operation.call(arguments, in);
}

Tensors run_operation(std::string_view name, const Json& args, const Tensors& in) {
  return run_operation(operation_named(name), args, in);
}

std::unique_ptr<SignalStream> make_stream(const Operation& operation, const Json& args, std::int64_t channels,
                                          double rate_hz) {
  const StreamForm* const form = Registry<StreamForm>::instance().find(operation.name);
  if (form == nullptr) {
    throw usage_error(operation.name, "has no causal form: it needs samples that are still to come",
                      operation.streaming_form.empty() ? "leave the step out, or decode the whole recording"
                                                       : "block by block there is: " + operation.streaming_form);
  }
  return form->make(complete_arguments(operation, args), channels, rate_hz);
}

const Tensor& port(const Tensors& in, const std::string& name) {
  const auto found = in.find(name);
  if (found == in.end()) throw usage_error("input \"" + name + "\"", "is missing");
  return found->second;
}

}  // namespace caton
