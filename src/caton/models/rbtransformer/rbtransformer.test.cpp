// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/conformance/conformance.hpp"
#include "caton/models/rbtransformer/checkpoint.hpp"
#include "caton/models/rbtransformer/inference.hpp"
#include "caton/models/rbtransformer/network.hpp"
#include "caton/models/rbtransformer/parameter_shapes.hpp"
#include "golden_test.hpp"
#include "own_cases.hpp"

#include <doctest/doctest.h>

using namespace caton;
using namespace caton::testing;
using namespace caton::rbtransformer;

namespace {

Config published(std::int64_t electrodes, std::int64_t classes) {
  return {
      .num_electrodes = electrodes, .embed_dim = 128, .depth = 4, .heads = 6, .head_dim = 32, .num_classes = classes};
}
Network small_network() {
  Network network({.num_electrodes = 5, .embed_dim = 12, .depth = 2, .heads = 2, .head_dim = 5, .mlp_hidden_dim = 9});
  network.initialise(RandomStream(1, "small"));
  return network;
}
bool says(const Error& error, const std::string& word) {
  return std::string(error.what()).find(word) != std::string::npos;
}

}  // namespace

TEST_SUITE("networks") {
  TEST_CASE("RBTransformer: the authors' numbers") {
    for (const char* const name :
         {"eval-binary-dreamer", "eval-odd-sizes", "eval-one-electrode", "eval-published-width",
          "eval-seed-three-class-4d", "eval-without-electrode-identity", "eval-without-intercortical-attention",
          "train-binary-no-smoothing", "train-five-class", "train-steps-adamw-cosine"}) {
      const auto path = reference("golden/rbtransformer/" + std::string(name) + ".safetensors");
      if (!path) continue;
      const CaseResult result = verify_case(read_golden_case(*path));
      INFO(name << ": " << result.problem);
      for (const auto& output : result.outputs) {
        INFO(output.name << " " << output.largest_absolute << " " << output.problem);
        CHECK(output.passed);
      }
      CHECK(result.passed);
    }
  }

  TEST_CASE("RBTransformer: own cases of other sizes, losses and trainings") {
    replay_own_cases("rbtransformer",
                     {"network-eval-b", "network-eval-c", "network-eval-h", "network-eval-i", "network-eval-j",
                      "network-train-b", "network-train-d", "network-train-e", "network-steps-a", "network-steps-b",
                      "network-steps-c", "network-steps-d", "network-steps-e", "network-steps-f"});
  }

  TEST_CASE("golden cases: what a training asks for and is not replayed is refused") {
    GoldenCase golden = read_golden_case(source_dir() / "tests" / "reference" / "own" / "rbtransformer" /
                                         "network-steps-d.safetensors");
    const Json training = golden.json("training");
    for (const char* const key : {"ema", "constraints", "frozen", "scheduler", "layerwise_lr_decay"}) {
      Json other = training;
      other[key] = 0.5;
      golden.content.metadata["training"] = other.dump();
      const CaseResult result = verify_case(golden);
      CHECK_FALSE(result.passed);
      CHECK(result.problem.find(key) != std::string::npos);
    }
    Json rates = training;
    rates["lr_per_step"] = Json::list_of(std::vector<double>{1e-3});
    golden.content.metadata["training"] = rates.dump();
    CHECK(verify_case(golden).problem.find("lr_per_step") != std::string::npos);
  }

  TEST_CASE("RBTransformer: as many parameters as the authors' networks") {
    const auto count = [](const Config& config) { return nn::parameter_count(parameter_shapes(config)); };
    CHECK(count(published(14, 2)) == 662530);
    CHECK(count(published(14, 5)) == 662917);
    CHECK(count(published(32, 2)) == 664834);
    CHECK(count(published(32, 9)) == 665737);
    CHECK(count(published(62, 3)) == 668803);
    Config mean_only = published(14, 2);
    mean_only.intercortical_attention = false;
    CHECK(count(mean_only) == 134658);
  }

  TEST_CASE("RBTransformer: starts as PyTorch would, keyed by its stream") {
    Network network(published(14, 2));
    network.initialise(RandomStream(1, "start"));
    const auto all = network.parameters().tensors();
    for (const float value : all.at("intercortical_attention_blocks.2.feed_forward.norm.weight").values<float>())
      CHECK(value == 1);
    double sum = 0, largest = 0;
    for (const float value : all.at("intercortical_attention_blocks.0.attention.fn.to_out.0.bias").values<float>())
      largest = std::max(largest, std::abs(static_cast<double>(value)));
    CHECK(largest < 1 / std::sqrt(192.0));
    CHECK(largest > 0.9 / std::sqrt(192.0));
    const auto identity = all.at("electrode_id_embedding.embedding").values<float>();
    for (const float value : identity) sum += static_cast<double>(value) * static_cast<double>(value);
    CHECK(sum / static_cast<double>(identity.size()) == doctest::Approx(1).epsilon(0.1));
    Network again(published(14, 2));
    again.initialise(RandomStream(1, "start"));
    CHECK(std::equal(all.at("bde_proj_layer.linear.weight").values<float>().begin(),
                     all.at("bde_proj_layer.linear.weight").values<float>().end(),
                     again.parameters().tensors().at("bde_proj_layer.linear.weight").values<float>().begin()));
  }

  TEST_CASE("RBTransformer: without libtorch the same answers; other electrodes are refused") {
    const Network network = small_network();
    const std::int64_t windows = 61;
    RandomStream random(2, "tokens");
    Array<float, 2> tokens({windows, 20}), logits({windows, 2});
    for (float& value : tokens) value = static_cast<float>(random.normal());
    const Inference inference(network.config(), network.parameters().tensors(), "test");
    inference.run(tokens, logits);
    const at::Tensor x = at::from_blob(tokens.data(), {windows, 5, 4}, at::kFloat);
    const at::NoGradGuard no_gradients;
    const at::Tensor reference = network.forward(x);
    for (std::int64_t i = 0; i < windows; ++i) {
      for (std::int64_t k = 0; k < 2; ++k)
        CHECK(logits(i, k) == doctest::Approx(reference[i][k].item<float>()).epsilon(1e-4));
    }
    CHECK(at::allclose(network.forward(x.view({windows, 1, 5, 4})), reference));
    CHECK(says(error_of([&] { static_cast<void>(network.forward(x.view({windows, 4, 5}))); }), "electrodes"));
    CHECK(says(error_of([&] { static_cast<void>(network.forward(at::zeros({2, 6, 4}))); }), "electrodes"));
  }

  TEST_CASE("checkpoint folder: written and read back; damaged ones are refused by name") {
    const Network network = small_network();
    const Path folder = scratch("checkpoint") / "network";
    write_checkpoint_folder(folder, {network.config(), network.parameters().tensors()});
    const Checkpoint back = read_checkpoint_folder(folder);
    CHECK(back.config == network.config());
    CHECK(safetensors_bytes({{}, back.parameters}) == safetensors_bytes({{}, network.parameters().tensors()}));
    CHECK(error_of([&] { write_checkpoint_folder(folder, back); }).kind() == ErrorKind::usage);

    const auto with = [&](const std::string& config, const Tensors& parameters) {
      write_file(folder / "config.json", config);
      write_safetensors(folder / "model.safetensors", {{}, parameters});
      return error_of([&] { static_cast<void>(read_checkpoint_folder(folder)); });
    };
    const std::string config = to_json(back.config).dump();
    Tensors missing = back.parameters, surplus = back.parameters;
    missing.erase("classification_head.norm.bias");
    surplus.emplace("head.bias", Tensor({1}, std::vector<float>{0}));
    CHECK(says(with(config, missing), "classification_head.norm.bias"));
    CHECK(says(with(config, surplus), "head.bias"));
    Json wider = to_json(back.config);
    wider["embed_dim"] = 16;
    CHECK(says(with(wider.dump(), back.parameters), "bde_proj_layer.linear.weight"));
    wider["embed_dim"] = 1 << 20;
    CHECK(says(with(wider.dump(), back.parameters), "embed_dim"));
    wider["embed_dim"] = "12";
    CHECK(says(with(wider.dump(), back.parameters), "embed_dim"));
    CHECK(says(with(R"({"width": 3})", back.parameters), "width"));
    CHECK(with("{", back.parameters).kind() == ErrorKind::input);
  }

  TEST_CASE("checkpoint folder: an ablation is told by its keys") {
    Config config{.num_electrodes = 5, .embed_dim = 12, .depth = 1};
    for (const bool identity : {true, false}) {
      for (const bool attention : {true, false}) {
        if (!identity && !attention) continue;
        config.electrode_identity = identity;
        config.intercortical_attention = attention;
        const Network network(config);
        const Path folder = scratch("checkpoint-ablation") / "network";
        write_checkpoint_folder(folder, {config, network.parameters().tensors()});
        CHECK(network_name(read_checkpoint_folder(folder).config) == network_name(config));
      }
    }
  }
}
