// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/linear_model.hpp"
#include "caton/geometry/matrices.hpp"

#include <string>
#include <vector>

namespace caton {

/// Labels (port `name`), numbered; as many as there are samples. Refuses one class (word `class`) and another count
/// (`shape`).
[[nodiscard]] NumberedClasses labels_port(const Arguments& args, const Tensors& in, const std::string& name,
                                          std::int64_t samples);

/// The ports of an operation that learns from one set and is asked about another: `train_<kind>`, `train_y`,
/// `test_<kind>`, both sets of three axes (kind "c": matrices; "x": epochs).
struct LabelledPorts {
  LabelledPorts(const Arguments& args, const Tensors& in, const std::string& kind);

  Array<double, 3> train, test;
  NumberedClasses classes;  ///< of the training samples

  [[nodiscard]] std::int64_t count() const noexcept { return static_cast<std::int64_t>(classes.values.size()); }
  /// Numbers of classes as the labels they stand for.
  [[nodiscard]] Tensor labels(const std::vector<std::int64_t>& numbers) const;
};

/// The declarations of these ports.
[[nodiscard]] std::vector<Port> labelled_inputs(const std::string& kind, const std::string& shape,
                                                const std::string& unit = {});

}  // namespace caton
