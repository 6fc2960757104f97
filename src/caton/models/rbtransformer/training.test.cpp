// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/held_interrupts.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/decode/decoder.hpp"
#include "golden_test.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace caton;
using namespace caton::testing;

namespace {

/// Tokens whose second band is larger on the first electrode for class 1: easy to learn. Class 1 is rarer.
SampleSet easy_samples(std::int64_t count, std::uint64_t seed = 5) {
  RandomStream random(seed, "easy samples");
  SampleSet samples;
  std::vector<float> tokens;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t label = i % 3 == 0 ? 1 : 0;
    samples.label.push_back(label);
    samples.origins.id.push_back(i);
    for (std::int64_t electrode = 0; electrode < 5; ++electrode) {
      for (std::int64_t band = 0; band < 4; ++band) {
        const double shift = electrode == 0 && band == 1 ? 2.0 * static_cast<double>(label) : 0;
        tokens.push_back(static_cast<float>(random.normal() + shift));
      }
    }
  }
  samples.blocks.emplace("tokens", Tensor({count, 5, 4}, tokens));
  samples.classes = {"low", "high"};
  samples.channels = {"F3", "F4", "Cz", "P3", "P4"};
  samples.features = {"theta", "alpha", "beta", "gamma"};
  samples.rate_hz = 128;
  return samples;
}

Json tiny(std::int64_t epochs) {
  return Json::object({{"name", "rbtransformer"},
                       {"embed_dim", 8},
                       {"depth", 2},
                       {"heads", 2},
                       {"head_dim", 4},
                       {"mlp_hidden_dim", 12},
                       {"epochs", epochs},
                       {"batch", 32},
                       {"late_batch", 16},
                       {"late_from_epoch", epochs / 2}});
}

struct Fitted {
  std::unique_ptr<Decoder> decoder;
  FitRecord record;
};
Fitted fitted(const SampleSet& samples, const Json& recipe, const std::optional<Path>& folder = {}) {
  Fitted result{make_decoder(recipe), {}};
  FitContext context{.random = RandomStream(1, "fold"), .record = &result.record, .state_folder = folder};
  result.decoder->fit(samples, context);
  return result;
}
std::string bytes_of_state(const Fitted& one) { return safetensors_bytes(one.decoder->save()); }

}  // namespace

TEST_SUITE("networks") {
  TEST_CASE("rbtransformer: learns, tells its curve, records what SMOTE made") {
    const SampleSet training = easy_samples(180), other = easy_samples(60, 6);
    const Fitted one = fitted(training, tiny(30));
    const Prediction prediction = one.decoder->predict(other);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < other.label.size(); ++i) right += prediction.label[i] == other.label[i] ? 1 : 0;
    CHECK(right >= 45);
    REQUIRE(one.record.curve.size() == 30);
    CHECK(one.record.curve.front().at("learning_rate").number() == 1e-3);
    CHECK(one.record.curve.back().at("loss").number() < one.record.curve.front().at("loss").number());
    CHECK(one.record.made_parents.size() == 60);
    for (const auto& parents : one.record.made_parents) CHECK((parents[0] % 3 == 0 && parents[1] % 3 == 0));
  }

  TEST_CASE("rbtransformer: saved and restored, the same predictions; one by one as all together") {
    const SampleSet samples = easy_samples(90);
    const Fitted one = fitted(samples, tiny(3));
    const auto again = make_decoder(tiny(3));
    CHECK(error_of([&] { static_cast<void>(again->predict(samples)); }).kind() == ErrorKind::usage);
    again->restore(parse_safetensors(bytes_of(bytes_of_state(one)), "state"));
    const Prediction all = one.decoder->predict(samples), restored = again->predict(samples);
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      CHECK(all.probability(i, 1) == restored.probability(i, 1));
      CHECK(all.probability(i, 0) + all.probability(i, 1) == doctest::Approx(1).epsilon(1e-12));
      const std::vector<std::int64_t> only{i};
      CHECK(again->predict(samples.selected(only)).probability(0, 1) == all.probability(i, 1));
    }
    SampleSet swapped = samples;
    std::swap(swapped.channels[0], swapped.channels[1]);
    CHECK(error_of([&] { static_cast<void>(again->predict(swapped)); }).kind() == ErrorKind::usage);
    Safetensors broken = again->save();
    broken.tensors.erase("classification_head.mlp.3.bias");
    const Error error = error_of([&] { make_decoder(tiny(3))->restore(broken); });
    CHECK(std::string(error.what()).find("classification_head.mlp.3.bias") != std::string::npos);
  }

  TEST_CASE("rbtransformer: folds trained side by side give the bytes of one alone") {
    const SampleSet samples = easy_samples(100);
    const std::string alone = bytes_of_state(fitted(samples, tiny(4)));
    std::vector<std::string> together(3);
    {
      std::vector<std::jthread> threads;
      for (auto& bytes : together) threads.emplace_back([&] { bytes = bytes_of_state(fitted(samples, tiny(4))); });
    }
    for (const auto& bytes : together) CHECK(bytes == alone);
    Json other = tiny(4);
    other["dropout"] = 0.0;
    CHECK(bytes_of_state(fitted(samples, other)) != alone);
  }

  TEST_CASE("R32 rbtransformer: stopped by the user and gone on, the same bytes") {
    const SampleSet samples = easy_samples(100);
    const Path folder = scratch("rbtransformer-stop");
    const std::string whole = bytes_of_state(fitted(samples, tiny(6)));
    set_interrupted(true);
    {
      const HeldInterrupts held;  // what comes before the training is not stopped
      CHECK(error_of([&] { fitted(samples, tiny(6), folder); }).kind() == ErrorKind::interrupted);
    }
    set_interrupted(false);
    CHECK(std::filesystem::exists(folder / "training.safetensors"));
    const Fitted gone_on = fitted(samples, tiny(6), folder);
    CHECK(bytes_of_state(gone_on) == whole);
    // What another training left behind is not taken up.
    CHECK(bytes_of_state(fitted(samples, tiny(5), folder)) == bytes_of_state(fitted(samples, tiny(5))));
  }

  TEST_CASE("rbtransformer: attention is a share of what is looked at; pooled features of every sample") {
    const SampleSet samples = easy_samples(90);
    const Fitted one = fitted(samples, tiny(20));
    const auto told = one.decoder->explain(samples);
    REQUIRE(told.size() == 3);
    CHECK(told[0].name == "attention");
    CHECK(told[0].values.shape() == std::vector<std::int64_t>{2, 2, 2, 5, 5});
    const auto values = told[0].values.values<double>();
    for (std::size_t row = 0; row < values.size() / 5; ++row) {
      double sum = 0;
      for (std::size_t j = 0; j < 5; ++j) sum += values[5 * row + j];
      CHECK(sum == doctest::Approx(1).epsilon(1e-5));
    }
    CHECK(told[1].name == "attention-difference");
    CHECK(told[2].name == "pooled-features");
    CHECK(told[2].values.shape() == std::vector<std::int64_t>{90, 8});
  }

  TEST_CASE("rbtransformer: ablations and presets fit; keys that contradict each other are refused by name") {
    const SampleSet samples = easy_samples(60);
    for (const char* const key : {"electrode_identity", "intercortical_attention"}) {
      Json recipe = tiny(2);
      recipe[key] = false;
      const auto state = fitted(samples, recipe).decoder->save();
      CHECK(state.tensors.contains("electrode_id_embedding.embedding") == (std::string(key) != "electrode_identity"));
    }
    Json loso = tiny(2);
    loso["preset"] = "rbtransformer-loso";
    CHECK_NOTHROW(fitted(samples, loso));
    const std::vector<std::pair<std::string, Json>> wrong{
        {"gamma", 2.0},           {"class_weights", "inverse-frequency"},
        {"schedule", "cosin"},    {"epochs", 0},
        {"dropout", 1.0},         {"heads", 0},
        {"label_smoothing", 1.0}, {"batch", 0},
        {"loss", "hinge"},        {"oversampling", "x"}};
    for (const auto& [key, value] : wrong) {
      Json recipe = tiny(2);
      recipe[key] = value;
      CHECK(std::string(error_of([&] { static_cast<void>(make_decoder(recipe)); }).what()).find(key) !=
            std::string::npos);
    }
  }
}
