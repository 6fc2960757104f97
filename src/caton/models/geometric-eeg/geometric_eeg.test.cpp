// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/conformance/conformance.hpp"
#include "caton/models/geometric-eeg/denoiser_training.hpp"
#include "caton/models/geometric-eeg/ricci_gcn.hpp"
#include "golden_test.hpp"
#include "own_cases.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace caton;
using namespace caton::testing;
using namespace caton::geometric_eeg;

namespace {

bool says(const Error& error, const std::string& word) {
  return std::string(error.what()).find(word) != std::string::npos;
}

at::Tensor noise(const at::IntArrayRef shape, const std::string& purpose) {
  at::Tensor values = at::empty(shape, at::kFloat);
  RandomStream stream(1, purpose);
  auto* const data = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) data[i] = static_cast<float>(stream.normal());
  return values;
}

/// Rows of unit root mean square.
at::Tensor unit(const at::Tensor& rows) { return rows / at::sqrt((rows * rows).mean(1, true)); }

/// Slow rhythms with an alpha burst, and bursts of muscle above 15 Hz on them, mixed at -7 … 2 dB of amplitude.
DenoiserPairs made_pairs(std::int64_t segments, std::int64_t samples, const std::string& purpose, double low_db,
                         double high_db) {
  constexpr double rate = 256, pi = std::numbers::pi;
  at::Tensor clean = at::zeros({segments, samples}), muscle = at::zeros({segments, samples});
  RandomStream stream(7, purpose);
  std::vector<float> gain;
  for (std::int64_t s = 0; s < segments; ++s) {
    auto* const brain = clean.data_ptr<float>() + s * samples;
    auto* const noisy = muscle.data_ptr<float>() + s * samples;
    for (int part = 1; part <= 24; ++part) {
      const double hz = 0.5 * part, phase = 2 * pi * stream.uniform(), size = stream.normal() / std::sqrt(hz);
      for (std::int64_t t = 0; t < samples; ++t)
        brain[t] += static_cast<float>(size * std::sin(2 * pi * hz * static_cast<double>(t) / rate + phase));
    }
    for (int part = 0; part < 40; ++part) {
      const double hz = 15 + 100 * stream.uniform(), phase = 2 * pi * stream.uniform(), size = stream.normal();
      for (std::int64_t t = 0; t < samples; ++t)
        noisy[t] += static_cast<float>(size * std::sin(2 * pi * hz * static_cast<double>(t) / rate + phase));
    }
    gain.push_back(static_cast<float>(std::pow(10, -(low_db + (high_db - low_db) * stream.uniform()) / 10)));
  }
  clean = unit(clean);
  const at::Tensor mixed = clean + at::tensor(gain).unsqueeze(1) * unit(muscle);
  const at::Tensor scale = mixed.std(1, false, true);
  return {mixed / scale, clean / scale};
}

double mean_correlation(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a - a.mean(1, true), y = b - b.mean(1, true);
  return ((x * y).sum(1) / at::sqrt((x * x).sum(1) * (y * y).sum(1))).mean().item<double>();
}

at::Tensor lengths_of(std::int64_t graphs, std::int64_t nodes) {
  const at::Tensor random = noise({graphs, nodes, nodes}, "lengths").abs();
  const at::Tensor w = random + random.transpose(1, 2);
  return w * (1 - at::eye(nodes));
}

}  // namespace

TEST_SUITE("networks") {
  TEST_CASE("geometric-eeg: own cases of other sizes") {
    replay_own_cases("geometric-eeg", {"network-filt5", "network-filt6", "network-gcn7", "network-gcn8",
                                       "network-gcn10", "network-gcn11", "network-disc12"});
  }

  TEST_CASE("geometric EEG: the reference's numbers") {
    for (const char* const name :
         {"filtration-eval", "filtration-train", "discriminator-eval", "gcn-eval", "gcn-train", "gcn-train-steps"}) {
      const auto path = reference("golden/geometric-eeg/" + std::string(name) + ".safetensors");
      if (!path) continue;
      const CaseResult result = verify_case(read_golden_case(*path));
      INFO(name << ": " << result.problem);
      CHECK(result.passed);
    }
  }

  TEST_CASE("AttentionFiltration: the gate chooses a branch for each segment") {
    AttentionFiltration network({.samples = 64, .patch = 8, .dim = 8, .heads = 2, .layers = 1, .ff = 8});
    network.initialise(RandomStream(1, "net"));
    at::Tensor x = noise({6, 64}, "x");
    x[2].fill_(0.5);
    const auto estimate = network.forward(x);
    for (std::int64_t s = 0; s < 6; ++s) {
      const bool noisy = s == 2 || estimate.correlation[s].item<float>() < 0.9F;
      const at::Tensor& chosen = noisy ? estimate.transformer : estimate.autoencoder;
      CHECK(at::equal(estimate.denoised[s], chosen[s]));
    }
    CHECK(says(error_of([&] { (void)network.forward(noise({6, 63}, "x")); }), "samples"));
  }

  TEST_CASE("AttentionFiltration: configurations that cannot be are refused") {
    const auto refused = [](const Json& config, const std::string& word) {
      CHECK(says(error_of([&] { (void)filtration_config(config, "config"); }), word));
    };
    refused(Json::object({{"samples", 130}}), "patch");
    refused(Json::object({{"heads", 3}}), "heads");
    refused(Json::object({{"layers", 0}}), "layers");
    refused(Json::object({{"width", 3}}), "width");
    refused(Json::object({{"dropout", 1.5}}), "dropout");
  }

  TEST_CASE("RicciGCN: relabelling the nodes changes nothing; lengths that are none are refused") {
    RicciGcn network({.features = 5, .hidden = 7, .out = 4, .classes = 3});
    network.initialise(RandomStream(2, "net"));
    const at::Tensor x = noise({3, 6, 5}, "x"), w = lengths_of(3, 6);
    const at::Tensor order = at::tensor(std::vector<std::int64_t>{4, 2, 5, 0, 1, 3});
    const at::Tensor logits = network.forward(x, w);
    const at::Tensor again = network.forward(x.index_select(1, order), w.index_select(1, order).index_select(2, order));
    CHECK(at::allclose(logits, again, 1e-5, 1e-6));
    CHECK(says(error_of([&] { (void)network.forward(x, -w); }), "negative"));
    CHECK(says(error_of([&] { (void)network.forward(x, w + at::triu(w, 1)); }), "symmetric"));
    CHECK(says(error_of([&] { (void)network.forward(x, w * NAN); }), "finite"));
    CHECK(says(error_of([&] { (void)network.forward(x.narrow(2, 0, 4), w); }), "shape"));
  }

  TEST_CASE("denoiser: the same bytes twice, and it learns") {
    const FiltrationConfig config{.samples = 128, .patch = 16, .dim = 16, .heads = 2, .layers = 1, .ff = 24};
    const DenoiserPairs training = made_pairs(200, 128, "training", -7, 2),
                        validation = made_pairs(60, 128, "v", -7, 2);
    std::vector<double> errors;
    for (int turn = 0; turn < 2; ++turn) {
      AttentionFiltration network(config);
      network.initialise(RandomStream(3, "net"));
      const double before = denoising_error(network, validation);
      Progress progress;
      train_denoiser(network, training, validation, {.epochs = 4, .batch = 50}, RandomStream(3, "train"), progress);
      errors.push_back(denoising_error(network, validation));
      CHECK(errors.back() < 0.6 * before);
    }
    CHECK(errors[0] == errors[1]);
  }

  TEST_CASE("denoiser [nightly]: the correlations that the specification reaches on simulated segments" *
            doctest::skip(std::getenv("CATON_NIGHTLY") == nullptr)) {
    AttentionFiltration network({.samples = 256});
    network.initialise(RandomStream(4, "net"));
    CHECK(network.parameters().count() == 21305);
    Progress progress;
    train_denoiser(network, made_pairs(1500, 256, "training", -7, 2), {},
                   {.epochs = 14, .batch = 50, .adversarial_weight = 0}, RandomStream(4, "train"), progress);
    const auto reached = [&](double db) {
      const at::NoGradGuard no_gradients;
      const DenoiserPairs test = made_pairs(100, 256, "test " + std::to_string(db), db, db);
      const double correlation = mean_correlation(network.forward(test.noisy).denoised, test.clean);
      MESSAGE(db << " dB: " << mean_correlation(test.noisy, test.clean) << " to " << correlation);
      return correlation;
    };
    CHECK(reached(2) > 0.97);
    CHECK(reached(-7) > 0.90);
  }
}
