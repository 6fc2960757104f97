// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/golden_case.hpp"
#include "caton/models/geometric-eeg/filtration.hpp"
#include "caton/models/geometric-eeg/ricci_gcn.hpp"

namespace caton::geometric_eeg {
namespace {

const at::Tensor& input(const nn::Trace& inputs, const std::string& name) {
  const auto found = inputs.find(name);
  if (found == inputs.end()) throw input_error("golden case", "the tensor \"in." + name + "\" is missing");
  return found->second;
}

std::string config_place(const GoldenCase& golden) { return golden.path.string() + ": config"; }

Tensors replay_filtration(const GoldenCase& golden) {
  AttentionFiltration network(filtration_config(golden.json("config"), config_place(golden)));
  const auto forward = [&](const nn::Trace& inputs, nn::Trace* trace) {
    const auto estimate = network.forward(input(inputs, "x"));
    if (trace != nullptr) {
      (*trace)["autoencoder"] = estimate.autoencoder;
      (*trace)["transformer"] = estimate.transformer;
      (*trace)["correlation"] = estimate.correlation;
    }
    return estimate.denoised;
  };
  const auto loss = [](const nn::Trace& inputs, const at::Tensor& denoised, const nn::Trace& trace) {
    const at::Tensor& clean = input(inputs, "clean");
    return at::mse_loss(denoised, clean) + 0.5 * at::mse_loss(trace.at("autoencoder"), clean);
  };
  return nn::replay_network(
      golden,
      {.parameters = network.parameters(), .forward = forward, .output = "denoised", .loss = loss, .same_batch = true});
}

Tensors replay_discriminator(const GoldenCase& golden) {
  FiltrationDiscriminator network;
  const auto forward = [&](const nn::Trace& inputs, nn::Trace*) { return network.forward(input(inputs, "x")); };
  const auto loss = [](const nn::Trace& inputs, const at::Tensor& score, const nn::Trace&) {
    return at::binary_cross_entropy_with_logits(score, input(inputs, "y").to(at::kFloat));
  };
  return nn::replay_network(
      golden,
      {.parameters = network.parameters(), .forward = forward, .output = "score", .loss = loss, .same_batch = true});
}

Tensors replay_ricci_gcn(const GoldenCase& golden) {
  RicciGcn network(ricci_gcn_config(golden.json("config"), config_place(golden)));
  const auto forward = [&](const nn::Trace& inputs, nn::Trace* trace) {
    return network.forward(input(inputs, "x"), input(inputs, "w"), trace);
  };
  return nn::replay_network(golden, {.parameters = network.parameters(), .forward = forward, .same_batch = true});
}

const NetworkEntry filtration{.name = "AttentionFiltration", .replay = replay_filtration};
const NetworkEntry discriminator{.name = "FiltrationDiscriminator", .replay = replay_discriminator};
const NetworkEntry gcn{.name = "RicciGCN", .replay = replay_ricci_gcn};
CATON_REGISTER(NetworkEntry, filtration);
CATON_REGISTER(NetworkEntry, discriminator);
CATON_REGISTER(NetworkEntry, gcn);

}  // namespace
}  // namespace caton::geometric_eeg
