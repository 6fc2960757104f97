// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/golden_case.hpp"
#include "caton/nn/parameters.hpp"

#include <functional>
#include <map>
#include <string>

namespace caton::nn {

/// Tensors by the names they have in golden cases ("attention.0", "logits"): what a network does on its way.
using Trace = std::map<std::string, at::Tensor>;

/// A network as golden cases see it: its parameters, and a forward pass from the named inputs to the output that fills
/// the trace where one is given.
struct ReplayedNetwork {
  Parameters& parameters;
  std::function<at::Tensor(const Trace& inputs, Trace* trace)> forward;
  std::string output = "logits";  ///< what the cases call the output
  /// What is made small; nothing: the case's classification loss of the output and `in.y`.
  std::function<at::Tensor(const Trace& inputs, const at::Tensor& output, const Trace& trace)> loss = {};
  /// `train-steps` takes the whole input in every step, as it does where the case's `batch` says so; `out.*` are those
  /// of the first step.
  bool same_batch = false;
};

/// Loads the case's `param.*`, then replays its mode: `eval` (the trace; of a classifier also `out.probabilities`),
/// `train` (output, loss, all gradients), `train-steps` (losses, learning rates, parameters after). Refuses other modes
/// by name, and what a case asks of its training that is not done here (constraints, frozen parameters, averages).
[[nodiscard]] Tensors replay_network(const GoldenCase& golden, const ReplayedNetwork& network);

}  // namespace caton::nn
