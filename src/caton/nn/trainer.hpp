// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/nn/losses.hpp"
#include "caton/nn/optimiser.hpp"
#include "caton/nn/parameters.hpp"
#include "caton/samples/fit_context.hpp"

#include <functional>
#include <string>

namespace caton::nn {

/// How a classifier is trained. Everything is decided by the recipe, the data and the stream: never by threads, time
/// or what else is being trained.
struct TrainingRecipe {
  std::int64_t epochs = 1;
  std::int64_t batch = 256;
  std::int64_t late_batch = 64, late_from_epoch = 0;  ///< from that epoch on (0 first); beyond `epochs`: never
  AdamOptions adam = {};
  /// "cosine": per epoch to the minimum after all epochs; "constant"; "plateau": halved when the training loss has not
  /// fallen for 10 epochs, never below the minimum.
  std::string schedule = "cosine";
  double minimum_learning_rate = 0;
  Loss loss = {};
  double largest_gradient_norm = 0;  ///< 0: not clipped
  double average = 0;                ///< decay of a moving average of the weights, which is what is kept; 0: none
  double save_every_s = 1;           ///< how often state is kept where there is a folder for it; 0: every step
};

/// Rows to learn from: x (n, …) float32, y (n) int64, weight (n) float32 or undefined.
struct TrainingData {
  at::Tensor x, y, weight;
};

/// What is trained: parameters and a differentiable forward pass that draws its dropout from the stream.
struct Trainable {
  Parameters& parameters;
  std::function<at::Tensor(const at::Tensor& x, const RandomStream& random)> forward;
  /// Called after each epoch (1, 2, …). What it remembers is in no state folder: give none.
  std::function<void(std::int64_t epoch)> after_epoch = {};
};

/// Trains from the parameters as they are; leaves the trained ones. Rows are reshuffled in every epoch, the last short
/// batch is kept. Writes the curve (epoch, loss, accuracy, learning_rate) to the record. With a state folder it goes on
/// where a training of the same `key` stopped, to the same bytes; on Ctrl-C it keeps its state and throws.
/// Refuses (kind `check`, word `finite`) a loss that is not finite.
void train(const Trainable& network, const TrainingData& data, const TrainingRecipe& recipe, const std::string& key,
           FitContext& context);

}  // namespace caton::nn
