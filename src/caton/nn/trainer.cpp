// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/trainer.hpp"

#include "caton/base/error.hpp"
#include "caton/base/held_interrupts.hpp"
#include "caton/nn/training_state.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

namespace caton::nn {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double plateau_factor = 0.5, plateau_threshold = 1e-4;
constexpr std::int64_t plateau_patience = 10;

class Training {
 public:
  Training(const Trainable& network, const TrainingData& data, const TrainingRecipe& recipe, const std::string& key,
           FitContext& context)
      : network_(network),
        data_(data),
        recipe_(recipe),
        key_(key),
        context_(context),
        random_(context.random.derive("training")),
        adam_(recipe.adam, network.parameters.count()),
        rows_(data.x.size(0)),
        saved_(Clock::now()) {
    state_.learning_rate = recipe.adam.learning_rate;
    state_.best_loss = std::numeric_limits<double>::max();
    if (recipe.average > 0) state_.average.assign(parameters().begin(), parameters().end());
    take_up();
  }

  void run() {
    // A training that was complete before shows nothing to do.
    if (context_.progress != nullptr && state_.epoch < recipe_.epochs)
      context_.progress->begin("training", static_cast<double>(recipe_.epochs - state_.epoch));
    while (state_.epoch < recipe_.epochs) {
      run_epoch();
      if (context_.progress != nullptr) context_.progress->step();
      if (network_.after_epoch) network_.after_epoch(state_.epoch);
    }
    save_now();
    if (!state_.average.empty()) std::copy(state_.average.begin(), state_.average.end(), parameters().begin());
    if (context_.record != nullptr) context_.record->curve = state_.curve;
  }

 private:
  std::span<float> parameters() const { return network_.parameters.values(); }

  void take_up() {
    if (!context_.state_folder) return;
    auto found = read_training_state(*context_.state_folder, key_, parameters().size());
    if (!found) return;
    state_ = std::move(*found);
    std::copy(state_.parameters.begin(), state_.parameters.end(), parameters().begin());
    adam_.restore(state_.adam);
  }

  void save_now() {
    if (!context_.state_folder) return;
    state_.parameters.assign(parameters().begin(), parameters().end());
    state_.adam = adam_.state();
    write_training_state(*context_.state_folder, key_, state_);
    saved_ = Clock::now();
  }

  void save_if_due() {
    if (std::chrono::duration<double>(Clock::now() - saved_).count() >= recipe_.save_every_s) save_now();
  }

  void run_epoch() {
    const HeldInterrupts held;  // between steps alone there is something to keep
    const auto order = random_.derive("shuffle", {epoch()}).permutation(rows_);
    const std::int64_t batch = state_.epoch >= recipe_.late_from_epoch ? recipe_.late_batch : recipe_.batch;
    const double rate = learning_rate();
    for (std::int64_t first = state_.step * batch; first < rows_; first += batch) {
      stop_if_asked();
      run_step({order.data() + first, static_cast<std::size_t>(std::min(batch, rows_ - first))}, rate);
      ++state_.step;
      // The end of an epoch is kept as the beginning of the next.
      if (first + batch < rows_) save_if_due();
    }
    end_epoch(rate);
    save_if_due();
  }

  void stop_if_asked() {
    if (!interrupted()) return;
    save_now();
    check_interrupted();
  }

  std::uint64_t epoch() const { return static_cast<std::uint64_t>(state_.epoch); }

  double learning_rate() const {
    const double start = recipe_.adam.learning_rate;
    if (recipe_.schedule == "constant") return start;
    if (recipe_.schedule == "plateau") return state_.learning_rate;
    return CosineSchedule{.start = start, .minimum = recipe_.minimum_learning_rate, .period = recipe_.epochs}.at(
        state_.epoch);
  }

  void run_step(std::span<const std::int64_t> batch, double rate) {
    const at::Tensor x = picked(data_.x, batch), y = picked(data_.y, batch);
    const auto random = random_.derive("dropout", {epoch(), static_cast<std::uint64_t>(state_.step)});
    network_.parameters.clear_gradients();
    const at::Tensor logits = network_.forward(x, random);
    at::Tensor losses = losses_of(recipe_.loss, logits, y);
    if (data_.weight.defined()) losses = losses * picked(data_.weight, batch);
    const at::Tensor loss = losses.mean();
    loss.backward();
    const double value = static_cast<double>(loss.item<float>());
    if (!std::isfinite(value)) {
      throw check_error("training", "the loss is not finite in epoch " + std::to_string(state_.epoch + 1),
                        "a smaller learning rate may help");
    }
    if (recipe_.largest_gradient_norm > 0)
      clip_gradients(network_.parameters.gradients(), recipe_.largest_gradient_norm);
    adam_.step(parameters(), network_.parameters.gradients(), rate);
    update_average();
    state_.loss_sum += value * static_cast<double>(batch.size());
    state_.correct += logits.detach().argmax(1).eq(y).sum().item<std::int64_t>();
  }

  /// Rows of a tensor, one after another.
  static at::Tensor picked(const at::Tensor& from, std::span<const std::int64_t> rows) {
    auto shape = from.sizes().vec();
    shape[0] = static_cast<std::int64_t>(rows.size());
    at::Tensor result = at::empty(shape, from.scalar_type());
    const std::size_t bytes = from.nbytes() / static_cast<std::size_t>(from.size(0));
    const auto* const source = static_cast<const std::byte*>(from.data_ptr());
    auto* out = static_cast<std::byte*>(result.data_ptr());
    for (const std::int64_t row : rows) {
      std::memcpy(out, source + static_cast<std::size_t>(row) * bytes, bytes);
      out += bytes;
    }
    return result;
  }

  void update_average() {
    const auto decay = static_cast<float>(recipe_.average), rest = static_cast<float>(1 - recipe_.average);
    const auto now = parameters();
    for (std::size_t i = 0; i < state_.average.size(); ++i)
      state_.average[i] = decay * state_.average[i] + rest * now[i];
  }

  void end_epoch(double rate) {
    const double loss = state_.loss_sum / static_cast<double>(rows_);
    state_.curve.push_back(Json::object({{"epoch", state_.epoch + 1},
                                         {"loss", loss},
                                         {"accuracy", static_cast<double>(state_.correct) / static_cast<double>(rows_)},
                                         {"learning_rate", rate}}));
    if (loss < state_.best_loss * (1 - plateau_threshold)) {
      state_.best_loss = loss;
      state_.bad_epochs = 0;
    } else if (++state_.bad_epochs > plateau_patience) {
      state_.learning_rate = std::max(recipe_.minimum_learning_rate, plateau_factor * state_.learning_rate);
      state_.bad_epochs = 0;
    }
    ++state_.epoch;
    state_.step = 0;
    state_.loss_sum = 0;
    state_.correct = 0;
  }

  const Trainable& network_;
  const TrainingData& data_;
  const TrainingRecipe& recipe_;
  const std::string& key_;
  FitContext& context_;
  RandomStream random_;
  Adam adam_;
  std::int64_t rows_;
  TrainingState state_;
  Clock::time_point saved_;
};

}  // namespace

void train(const Trainable& network, const TrainingData& data, const TrainingRecipe& recipe, const std::string& key,
           FitContext& context) {
  if (data.x.size(0) == 0) throw usage_error("training", "there is no sample to learn from");
  Training(network, data, recipe, key, context).run();
}

}  // namespace caton::nn
