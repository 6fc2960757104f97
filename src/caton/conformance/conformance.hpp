// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/golden_case.hpp"
#include "caton/base/json.hpp"

#include <string>
#include <vector>

/// Golden cases replayed: the only thing this room does. It holds no arithmetic of its own.
namespace caton {

/// How one output compares with the golden numbers.
struct OutputComparison {
  std::string name;  ///< the tensor in the file
  bool passed = false;
  double largest_absolute = 0;  ///< over all values
  double largest_relative = 0;  ///< over values whose golden number is not 0
  double atol = 0, rtol = 0;
  std::string problem;  ///< the worst element, or the shapes that differ; empty when passed
};

struct CaseResult {
  std::string path, system, name;
  bool passed = false;
  std::vector<OutputComparison> outputs;
  std::string problem;  ///< why the case could not be replayed at all, or which refusal failed
};

/// Replays a case. Never throws for what the case itself does wrong; throws only when the file cannot be read.
[[nodiscard]] CaseResult verify_case(const GoldenCase& golden);
/// Only the calls whose operation is registered and named in `only` (empty: all).
[[nodiscard]] CaseResult verify_calls(const GoldenCase& golden, const std::vector<std::string>& only);

/// The outputs of all calls of an operation case, by their names in the file; calls that must be refused are left out.
[[nodiscard]] Tensors replay_outputs(const GoldenCase& golden);

/// `|ours - golden| <= atol + rtol |golden|` for every value; NaN equals NaN, infinities must be equal.
[[nodiscard]] OutputComparison compare(const std::string& name, const Tensor& ours, const Tensor& golden,
                                       const Json& tolerance);

[[nodiscard]] Json to_json(const CaseResult& result);

}  // namespace caton
