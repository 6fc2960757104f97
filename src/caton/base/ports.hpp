// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caton {

/// A matrix port of an operation (a signal, positions, sections) as float64 whatever is stored: looks at the tensor's
/// own memory where it can. Refuses another rank (word `shape`) and no values (word `empty`).
class MatrixPort {
 public:
  MatrixPort(const Arguments& args, const Tensors& in, const std::string& name);
  MatrixPort(const MatrixPort&) = delete;
  MatrixPort& operator=(const MatrixPort&) = delete;

  [[nodiscard]] Signal view() const noexcept { return view_; }
  operator Signal() const noexcept { return view_; }

 private:
  Matrix converted_;
  Signal view_;
};

/// A port of trials x channels x samples as float64; refuses another rank (word `shape`) and no values (`empty`).
[[nodiscard]] Array<double, 3> epochs_port(const Arguments& args, const Tensors& in, const std::string& name);

/// The values of a port of one axis, as float64; refused when there are none or the rank is another.
[[nodiscard]] std::vector<double> vector_port(const Arguments& args, const Tensors& in, const std::string& name);

/// The values of a port of three axes (epochs, coefficients), as float64; refused likewise.
[[nodiscard]] Array<double, 3> cube_port(const Arguments& args, const Tensors& in, const std::string& name);

/// A list of pairs of numbers, for instance bands: `[[4, 8], [8, 13]]`.
[[nodiscard]] std::vector<std::pair<double, double>> pairs_argument(const Arguments& args, std::string_view name);

/// A number, or nothing where the argument is null.
[[nodiscard]] std::optional<double> optional_number(const Arguments& args, std::string_view name);
/// A whole number that fits an `int` and is at least `least`; refused with the argument's name.
[[nodiscard]] int count_argument(const Arguments& args, std::string_view name, int least = 1);

/// The value that a text argument names; an unknown name is refused (word `unknown`) with near ones.
template <class Value>
[[nodiscard]] Value choice_argument(const Arguments& args, std::string_view argument,
                                    const std::vector<std::pair<std::string, Value>>& choices) {
  const std::string& name = args.text(argument);
  std::vector<std::string> known;
  for (const auto& [text, value] : choices) {
    if (text == name) return value;
    known.push_back(text);
  }
  throw args.refuse("unknown " + std::string(argument) + " \"" + name + "\"", suggestion(name, known));
}

}  // namespace caton
