// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/error.hpp"
#include "caton/base/json.hpp"
#include "caton/base/registry.hpp"
#include "caton/base/tensor.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// What an operation does with values that are not finite (RELIABILITY R29).
enum class NanPolicy { refuse, propagate, handle };

struct Argument {
  std::string name;                   ///< with its unit: "low_hz"
  std::string type;                   ///< "number", "integer", "flag", "text", "numbers", "list", "any"
  std::optional<Json> standard = {};  ///< the default; without one the argument is required
  std::string about = {};
};

struct Port {
  std::string name;
  std::string shape;  ///< "C T", for people
  std::string unit = {};
  bool optional = false;
};

/// The arguments of one call: complete (defaults filled in), every key known. Getters name the operation and the
/// argument when a value is of the wrong type.
class Arguments {
 public:
  Arguments(std::string operation, Json values) : operation_(std::move(operation)), values_(std::move(values)) {}

  [[nodiscard]] bool given(std::string_view name) const;  ///< present and not null
  [[nodiscard]] double number(std::string_view name) const;
  [[nodiscard]] std::int64_t integer(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const;
  [[nodiscard]] const Json& value(std::string_view name) const;
  [[nodiscard]] const std::string& operation() const noexcept { return operation_; }
  [[nodiscard]] const Json& all() const noexcept { return values_; }
  /// An error of kind `usage` whose message begins with the operation: `throw args.refuse("low_hz >= high_hz: empty
  /// band", "…")`.
  [[nodiscard]] Error refuse(std::string problem, std::string remedy = {}) const;

 private:
  [[nodiscard]] std::string where(std::string_view name) const;

  std::string operation_;
  Json values_;
};

/// Something that can be computed: recipes, `caton verify`, the bad-input matrix, the thread test and the documentation
/// all call the one function `call`.
struct Operation {
  std::string name;
  std::vector<std::string> aliases = {};
  std::string room;
  std::string about;  ///< one sentence, and the reference it equals
  std::vector<Argument> arguments = {};
  std::vector<Port> inputs = {};
  std::vector<Port> outputs = {};
  NanPolicy nan_policy = NanPolicy::refuse;
  std::string streaming_form = {};  ///< how it runs block by block; empty: not at all
  Tensors (*call)(const Arguments& args, const Tensors& in) = nullptr;
  bool open_arguments = false;  ///< passes unknown arguments on (`cross_validate`: those of its decoder)
};

/// Looks an operation up by name or alias (`-` may stand for `_`); an unknown name is refused with near ones.
[[nodiscard]] const Operation& operation_named(std::string_view name);

/// Checks arguments (unknown, missing) and ports (missing, not finite under `NanPolicy::refuse`), fills in defaults,
/// calls.
[[nodiscard]] Tensors run_operation(const Operation& operation, const Json& args, const Tensors& in);
[[nodiscard]] Tensors run_operation(std::string_view name, const Json& args, const Tensors& in);

/// The input tensor of a port; refused when it is missing.
[[nodiscard]] const Tensor& port(const Tensors& in, const std::string& name);

}  // namespace caton
