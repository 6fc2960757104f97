// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/optimiser.hpp"

#include "caton/base/error.hpp"
#include "caton/nn/kernels.hpp"

#include <cmath>
#include <numbers>

namespace caton::nn {

AdamOptions adam_from(const Json& training, const std::string& where) {
  const std::string name = training.at("optimizer", where).text(where + ": optimizer");
  const bool decoupled = name == "AdamW" || name == "adamw";
  if (!decoupled && name != "Adam" && name != "adam")
    throw usage_error(where, "the optimizer \"" + name + "\" is not known", "use AdamW or Adam");
  AdamOptions options{.weight_decay = decoupled ? 0.01 : 0.0, .decoupled = decoupled};
  for (const char* const key : {"lr", "learning_rate"}) {
    if (const Json* const rate = training.find(key)) options.learning_rate = rate->number(where + ": " + key);
  }
  if (const Json* const decay = training.find("weight_decay"))
    options.weight_decay = decay->number(where + ": weight_decay");
  if (const Json* const epsilon = training.find("eps")) options.epsilon = epsilon->number(where + ": eps");
  if (const Json* const given = training.find("betas")) {
    const auto betas = given->numbers(where + ": betas");
    if (betas.size() != 2) throw usage_error(where, "betas: two numbers are needed");
    options.beta1 = betas[0];
    options.beta2 = betas[1];
  }
  return options;
}

Adam::Adam(const AdamOptions& options, std::int64_t parameters) : options_(options) {
  state_.first_moment.assign(static_cast<std::size_t>(parameters), 0.0F);
  state_.second_moment.assign(static_cast<std::size_t>(parameters), 0.0F);
}

void Adam::step(std::span<float> parameters, std::span<const float> gradients, double learning_rate) {
  ++state_.steps;
  const double correction1 = 1 - std::pow(options_.beta1, static_cast<double>(state_.steps));
  const double correction2 = 1 - std::pow(options_.beta2, static_cast<double>(state_.steps));
  adam_step({.parameters = parameters.data(),
             .gradients = gradients.data(),
             .first_moment = state_.first_moment.data(),
             .second_moment = state_.second_moment.data(),
             .count = parameters.size()},
            {.beta1 = static_cast<float>(options_.beta1),
             .beta2 = static_cast<float>(options_.beta2),
             .one_minus_beta1 = static_cast<float>(1 - options_.beta1),
             .one_minus_beta2 = static_cast<float>(1 - options_.beta2),
             .gradient_decay = static_cast<float>(options_.decoupled ? 0 : options_.weight_decay),
             .keep = static_cast<float>(options_.decoupled ? 1 - learning_rate * options_.weight_decay : 1),
             .step_size = static_cast<float>(learning_rate / correction1),
             .root_correction2 = static_cast<float>(std::sqrt(correction2)),
             .epsilon = static_cast<float>(options_.epsilon)});
}

void Adam::restore(State state) {
  if (state.first_moment.size() != state_.first_moment.size() ||
      state.second_moment.size() != state_.second_moment.size())
    throw input_error("training state", "its moments belong to a network of another size");
  state_ = std::move(state);
}

double CosineSchedule::at(std::int64_t epoch) const noexcept {
  const double phase = std::numbers::pi * static_cast<double>(epoch) / static_cast<double>(period);
  return minimum + (start - minimum) * (1 + std::cos(phase)) / 2;
}

double clip_gradients(std::span<float> gradients, double largest) noexcept {
  double sum = 0;
  for (const float value : gradients) sum += static_cast<double>(value) * static_cast<double>(value);
  const double norm = std::sqrt(sum);
  const double factor = largest / (norm + 1e-6);
  if (factor < 1) {
    for (float& value : gradients) value = static_cast<float>(value * factor);
  }
  return norm;
}

}  // namespace caton::nn
