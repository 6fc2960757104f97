// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/nn/optimiser.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton::nn {

/// All that a training must know to go on as if it had never stopped.
struct TrainingState {
  std::int64_t epoch = 0, step = 0;  ///< the next step to do
  std::vector<float> parameters, average;
  Adam::State adam;
  double loss_sum = 0;  ///< over the samples of the running epoch
  std::int64_t correct = 0;
  double learning_rate = 0, best_loss = 0;  ///< of the plateau schedule
  std::int64_t bad_epochs = 0;
  std::vector<Json> curve;
};

/// Writes the state whole or not at all.
void write_training_state(const Path& folder, const std::string& key, const TrainingState& state);
/// The state left in a folder; nothing when there is none, or when it belongs to another training or cannot be read
/// (then training begins anew, which costs time and changes nothing). Removes what a killed process left unfinished.
[[nodiscard]] std::optional<TrainingState> read_training_state(const Path& folder, const std::string& key,
                                                               std::size_t parameters);

}  // namespace caton::nn
