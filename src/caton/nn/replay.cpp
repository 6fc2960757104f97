// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/replay.hpp"

#include "caton/base/error.hpp"
#include "caton/nn/losses.hpp"
#include "caton/nn/optimiser.hpp"
#include "caton/nn/tensors.hpp"

#include <optional>

namespace caton::nn {
namespace {

Tensors with_prefix(const Tensors& tensors, const std::string& prefix) {
  Tensors found;
  for (const auto& [name, tensor] : tensors) {
    if (name.starts_with(prefix)) found.emplace(name.substr(prefix.size()), tensor);
  }
  return found;
}

void add(Tensors& to, const std::string& prefix, const Tensors& tensors) {
  for (const auto& [name, tensor] : tensors) to.emplace(prefix + name, tensor);
}

Trace inputs_of(const GoldenCase& golden) {
  Trace inputs;
  for (const auto& [name, tensor] : with_prefix(golden.content.tensors, "in.")) inputs.emplace(name, to_torch(tensor));
  return inputs;
}

const at::Tensor& input(const GoldenCase& golden, const Trace& inputs, const std::string& name) {
  const auto found = inputs.find(name);
  if (found == inputs.end()) throw input_error(golden.path.string(), "the tensor \"in." + name + "\" is missing");
  return found->second;
}

/// How the case was trained; a case that says nothing means the plain loss.
Json training_of(const GoldenCase& golden) {
  return golden.metadata_or("training", "").empty() ? Json::object() : golden.json("training");
}

Tensors outputs_of(const Trace& trace) {
  Tensors results;
  for (const auto& [name, tensor] : trace) results.emplace("out." + name, from_torch(tensor));
  return results;
}

Tensors replay_eval(const Trace& inputs, const ReplayedNetwork& network) {
  const at::NoGradGuard no_gradients;
  Trace trace;
  const at::Tensor output = network.forward(inputs, &trace);
  trace[network.output] = output;
  if (network.output == "logits") trace["probabilities"] = at::softmax(output, 1);
  return outputs_of(trace);
}

/// One forward and backward pass; the trace gets the output and the loss.
Trace learn(const GoldenCase& golden, const Trace& inputs, const ReplayedNetwork& network) {
  network.parameters.clear_gradients();
  Trace trace;
  const at::Tensor output = network.forward(inputs, &trace);
  const at::Tensor loss =
      network.loss ? network.loss(inputs, output, trace)
                   : loss_of(loss_from(training_of(golden), golden.path.string()), output, input(golden, inputs, "y"));
  loss.backward();
  trace[network.output] = output;
  trace["loss"] = loss;
  return trace;
}

Tensors replay_train(const GoldenCase& golden, const Trace& inputs, const ReplayedNetwork& network) {
  Tensors results = outputs_of(learn(golden, inputs, network));
  add(results, "grad.", network.parameters.gradient_tensors());
  return results;
}

constexpr std::int64_t most_steps = 100000;

/// How many samples each step takes, and in which epoch it lies.
struct Step {
  std::int64_t samples = 0, epoch = 0;
};

std::vector<Step> steps_of(const Json& training, std::int64_t available, const std::string& where) {
  std::vector<Step> steps;
  if (const Json* const sizes = training.find("batches_per_epoch"); sizes != nullptr && sizes->is_list()) {
    const std::int64_t epochs = training.has("epochs") ? training.at("epochs").integer(where + ": epochs") : 1;
    if (epochs < 0 || epochs > available) throw input_error(where, "epochs: more than there are samples");
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      for (const Json& size : sizes->items()) steps.push_back({size.integer(where + ": batches_per_epoch"), epoch});
    }
  } else {
    const std::int64_t count = training.at("steps", where).integer(where + ": steps");
    if (count < 1 || available % count != 0) throw input_error(where, "steps: the samples do not divide into them");
    const std::int64_t an_epoch = sizes != nullptr ? std::max<std::int64_t>(1, sizes->integer(where)) : 1;
    for (std::int64_t step = 0; step < count; ++step) steps.push_back({available / count, step / an_epoch});
  }
  std::int64_t total = 0;
  for (const Step& step : steps) total += step.samples;
  if (total != available) {
    throw input_error(where,
                      "the batches hold " + std::to_string(total) + " samples, in.x " + std::to_string(available));
  }
  return steps;
}

CosineSchedule schedule_of(const Json& training, double rate, const std::string& where) {
  const Json* const given = training.find("schedule");
  if (given == nullptr || given->is_null()) return {.start = rate, .minimum = rate};
  const std::string& kind = given->at("kind", where).text(where + ": schedule");
  if (kind != "cosine_per_epoch") {
    throw usage_error(where, "the schedule \"" + kind + "\" is not known", "use cosine_per_epoch");
  }
  const double minimum = given->has("eta_min") ? given->at("eta_min").number(where + ": eta_min") : 0;
  return {.start = rate, .minimum = minimum, .period = given->at("T_max", where).integer(where + ": T_max")};
}

/// Steps that all take the whole input.
std::vector<Step> same_steps(const Json& training, std::int64_t samples, const std::string& where) {
  const std::int64_t count = training.at("steps", where).integer(where + ": steps");
  if (count < 1 || count > most_steps) throw input_error(where, "steps: a whole number from 1 is needed");
  return std::vector<Step>(static_cast<std::size_t>(count), Step{samples, 0});
}

Trace narrowed(const Trace& inputs, std::int64_t first, std::int64_t samples) {
  Trace part;
  for (const auto& [name, tensor] : inputs) part.emplace(name, tensor.narrow(0, first, samples));
  return part;
}

/// What a case may ask of its training that is not done here: left out in silence, other numbers would come out.
void refuse_other_training(const Json& training, const std::string& where) {
  for (const char* const key : {"constraint", "constraints", "ema", "frozen", "layerwise_lr_decay", "param_groups",
                                "scheduler", "weight_decay_on"}) {
    if (training.has(key)) throw usage_error(where, std::string("the training's \"") + key + "\" is not replayed");
  }
}

/// The rate of each step and, where a schedule says it, the one after the last.
std::vector<double> rates_of(const Json& training, double rate, const std::vector<Step>& steps,
                             const std::string& where) {
  if (const Json* const given = training.find("lr_per_step")) {
    auto rates = given->numbers(where + ": lr_per_step");
    if (rates.size() != steps.size()) throw input_error(where, "lr_per_step: one rate for each step is needed");
    return rates;
  }
  const CosineSchedule schedule = schedule_of(training, rate, where);
  std::vector<double> rates;
  for (const Step& step : steps) rates.push_back(schedule.at(step.epoch));
  rates.push_back(schedule.at(steps.empty() ? 1 : steps.back().epoch + 1));
  return rates;
}

std::optional<double> largest_gradient(const Json& training, const std::string& where) {
  for (const char* const key : {"clip_grad_norm", "clip_grad"}) {
    if (const Json* const norm = training.find(key)) return norm->number(where + ": " + key);
  }
  return std::nullopt;
}

bool says_same_batch(const Json& training) {
  const Json* const batch = training.find("batch");
  return batch != nullptr && batch->is_text() && batch->text("batch").find("same batch") != std::string::npos;
}

Tensors replay_steps(const GoldenCase& golden, const Trace& inputs, const ReplayedNetwork& network) {
  const std::string where = golden.path.string();
  const Json training = golden.json("training");
  refuse_other_training(training, where);
  const AdamOptions options = adam_from(training, where);
  const auto clip = largest_gradient(training, where);
  const at::Tensor& x = input(golden, inputs, "x");
  Adam adam(options, network.parameters.count());
  const bool same_batch = network.same_batch || says_same_batch(training);
  const std::vector<Step> steps =
      same_batch ? same_steps(training, x.size(0), where) : steps_of(training, x.size(0), where);
  const std::vector<double> rates = rates_of(training, options.learning_rate, steps, where);
  std::vector<float> losses;
  std::int64_t first = 0;
  Tensors results;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Trace trace = learn(golden, narrowed(inputs, first, steps[i].samples), network);
    const auto gradients = network.parameters.gradients();
    if (clip) (void)clip_gradients(gradients, *clip);
    adam.step(network.parameters.values(), gradients, rates[i]);
    losses.push_back(trace.at("loss").item<float>());
    if (same_batch && results.empty()) results = outputs_of(trace);
    if (!same_batch) first += steps[i].samples;
  }
  add(results, "after.", network.parameters.tensors());
  results.emplace("out.losses", Tensor::vector(losses));
  results.emplace("out.learning_rates", Tensor::vector(rates));
  return results;
}

}  // namespace

Tensors replay_network(const GoldenCase& golden, const ReplayedNetwork& network) {
  network.parameters.load(with_prefix(golden.content.tensors, "param."), golden.path.string());
  const Trace inputs = inputs_of(golden);
  const std::string& mode = golden.metadata("mode");
  if (mode == "eval") return replay_eval(inputs, network);
  if (mode == "train") return replay_train(golden, inputs, network);
  if (mode == "train-steps") return replay_steps(golden, inputs, network);
  throw usage_error(golden.path.string(), "the mode \"" + mode + "\" is not known", "use eval, train or train-steps");
}

}  // namespace caton::nn
