// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "decoder_examples.hpp"
#include "golden_test.hpp"

#include "caton/base/random.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/decoder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

using namespace caton;
using caton::testing::error_of;

namespace {

/// Two classes far apart (40 and 24 samples) but for one stray sample, two subjects with two sessions, tokens of 3
/// channels x 2 bands.
SampleSet contract_set() {
  RandomStream random(11, "contract set");
  SampleSet set;
  std::vector<float> values;
  for (std::int64_t i = 0; i < 64; ++i) {
    const std::int64_t y = i % 8 < 5 ? 0 : 1;
    set.label.push_back(y);
    for (int f = 0; f < 6; ++f)
      values.push_back(static_cast<float>(random.normal() * 0.5 + 3.0 * (i == 0 ? 1 : y) * (f % 2)));
    set.origins.subject.index.push_back(set.origins.subject.id(i < 32 ? "ann" : "ben"));
    set.origins.session.index.push_back(set.origins.session.id(i % 32 < 16 ? "1" : "2"));
    set.origins.recording.index.push_back(set.origins.recording.id(std::to_string(i / 16)));
    set.origins.trial.index.push_back(set.origins.trial.id(std::to_string(i / 4)));
    set.origins.begin.push_back(100 * (i % 16));
    set.origins.end.push_back(100 * (i % 16) + 100);
    set.origins.parents.push_back({-1, -1});
    set.origins.id.push_back(500 + i);
  }
  set.blocks.emplace("tokens", Tensor({64, 3, 2}, values));
  set.classes = {"low", "high"};
  set.channels = {"AF3", "Cz", "AF4"};
  set.features = {"theta", "alpha"};
  set.rate_hz = 128;
  return set;
}

std::vector<std::int64_t> every(std::int64_t count, std::int64_t step, std::int64_t first) {
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = first; i < count; i += step) chosen.push_back(i);
  return chosen;
}

/// The same origins and labels with epochs of 3 channels x 128 samples: class 0 repeats 9 Hz strongest in the first
/// channel, class 1 repeats 14 Hz strongest in the last.
SampleSet epoch_set() {
  SampleSet set = contract_set();
  RandomStream random(12, "contract epochs");
  std::vector<float> values;
  for (const auto y : set.label) {
    for (int c = 0; c < 3; ++c) {
      const double strength = y == 0 ? 3 - c : 1 + c;
      for (int t = 0; t < 128; ++t)
        values.push_back(static_cast<float>(strength * std::sin(6.283185307 * (y == 0 ? 9 : 14) * t / 250.0) +
                                            0.5 * random.normal()));
    }
  }
  set.blocks = {{"epochs", Tensor({64, 3, 128}, values)}};
  set.features.clear();
  set.rate_hz = 250;
  return set;
}

SampleSet matrix_set() {
  SampleSet set = epoch_set();
  const auto step = make_transform("covariance");
  FitContext context{.random = RandomStream(1, "contract matrices")};
  step->fit(set, context);
  return step->apply(set);
}

/// A pipeline with samples that it can learn from.
struct ContractCase {
  Json pipeline;
  SampleForm takes = SampleForm::any;
  bool learns = true;
  double rate_hz = 250;  ///< of the epochs

  [[nodiscard]] SampleSet set() const {
    if (takes == SampleForm::epochs) {
      SampleSet epochs = epoch_set();
      epochs.rate_hz = rate_hz;
      return epochs;
    }
    return takes == SampleForm::matrices ? matrix_set() : contract_set();
  }
};

/// All decoders that need no networks, and a pipeline of every step with a decoder behind.
std::vector<ContractCase> all_cases() {
  std::vector<ContractCase> cases;
  for (const auto* const entry : Registry<DecoderEntry>::instance().entries()) {
    if (entry->needs_networks) continue;
    cases.push_back({Json::object({{"decoder", testing::example_decoder(*entry)}}), entry->takes, entry->learns});
  }
  for (const auto* const entry : Registry<TransformEntry>::instance().entries()) {
    if (entry->make == nullptr) continue;  // it needs networks
    Json steps = Json::list();
    steps.push(testing::example_step(*entry));
    cases.push_back({.pipeline = Json::object({{"steps", steps}, {"decoder", "logistic-regression"}}),
                     .takes = entry->takes,
                     .rate_hz = testing::example_rate_hz(*entry)});
  }
  return cases;
}

FitContext fresh_context(FitRecord* record = nullptr) {
  return {.random = RandomStream(3, "contract"), .record = record};
}

std::unique_ptr<Decoder> fitted(const Json& pipeline, const SampleSet& training, FitRecord* record = nullptr) {
  auto decoder = make_pipeline(pipeline);
  FitContext context = fresh_context(record);
  decoder->fit(training, context);
  return decoder;
}

bool same(const Prediction& a, const Prediction& b) {
  return a.label == b.label && a.probability.extents() == b.probability.extents() &&
         std::equal(a.probability.begin(), a.probability.end(), b.probability.begin());
}

std::string refusal(const Json& pipeline, const SampleSet& training, const SampleSet& test) {
  return error_of([&] { static_cast<void>(fitted(pipeline, training)->predict(test)); }).what();
}

bool says(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("contract: the registry holds the decoders and steps that recipes name") {
    for (const char* const name : {"shrinkage-lda", "logistic-regression", "nearest-neighbours", "small-network",
                                   "majority", "session-identity", "time-only"}) {
      CHECK(Registry<DecoderEntry>::instance().find(name) != nullptr);
    }
    for (const char* const name : {"standardise", "standardise-per-subject", "smote", "adasyn", "select-by-f"})
      CHECK(Registry<TransformEntry>::instance().find(name) != nullptr);
  }

  TEST_CASE("contract: probabilities sum to one, the label is the largest, far classes are told apart") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set();
      CAPTURE(pipeline.dump());
      const auto prediction = fitted(pipeline, set)->predict(set);
      REQUIRE(prediction.probability.extents() == std::array<std::int64_t, 2>{64, 2});
      int right = 0;
      for (std::int64_t i = 0; i < 64; ++i) {
        const double low = prediction.probability(i, 0), high = prediction.probability(i, 1);
        CHECK(std::abs(low + high - 1) < 1e-12);
        const auto label = prediction.label[static_cast<std::size_t>(i)];
        CHECK(label == (high > low ? 1 : 0));
        right += label == set.label[static_cast<std::size_t>(i)] ? 1 : 0;
      }
      const Json& decoder = pipeline.at("decoder");
      const std::string name = decoder.is_text() ? decoder.text() : decoder.at("name").text();
      CHECK(right >= (name == "majority" || name == "session-identity" ? 40 : 62));
    }
  }

  TEST_CASE("contract: fitting twice gives the same bits, a second fit forgets the first") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set(), other = set.selected(every(64, 2, 0));
      CAPTURE(pipeline.dump());
      const std::string once = safetensors_bytes(fitted(pipeline, set)->save());
      const auto decoder = fitted(pipeline, other);
      FitContext context = fresh_context();
      decoder->fit(set, context);
      CHECK(safetensors_bytes(decoder->save()) == once);
    }
  }

  TEST_CASE("contract: a batch is predicted as its samples one by one; nothing given is written to") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set(), training = set.selected(every(64, 2, 0)),
                      test = set.selected(every(64, 2, 1));
      const std::string before = training.digest() + test.digest();
      CAPTURE(pipeline.dump());
      const auto decoder = fitted(pipeline, training);
      const auto together = decoder->predict(test);
      for (std::int64_t i = 0; i < test.size(); ++i) {
        const auto alone = decoder->predict(test.selected(std::vector<std::int64_t>{i}));
        CHECK(alone.probability(0, 0) == together.probability(i, 0));
        CHECK(alone.probability(0, 1) == together.probability(i, 1));
      }
      CHECK(training.digest() + test.digest() == before);
    }
  }

  TEST_CASE("contract: the same bits inside a worker (one thread) and over all threads") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set();
      CAPTURE(pipeline.dump());
      const auto wide = fitted(pipeline, set)->predict(set);
      std::array<Prediction, 3> narrow;
      thread_pool().parallel_for(
          3, [&](std::int64_t i) { narrow[static_cast<std::size_t>(i)] = fitted(pipeline, set)->predict(set); });
      for (const auto& prediction : narrow) CHECK(same(prediction, wide));
    }
  }

  TEST_CASE("contract: saved and restored gives the same bits") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set();
      CAPTURE(pipeline.dump());
      const auto decoder = fitted(pipeline, set);
      const std::string bytes = safetensors_bytes(decoder->save());
      const auto again = make_pipeline(pipeline);
      again->restore(parse_safetensors(bytes_of(bytes), "state"));
      CHECK(same(again->predict(set), decoder->predict(set)));
      CHECK(safetensors_bytes(again->save()) == bytes);
    }
  }

  TEST_CASE("contract: a damaged or foreign state is refused") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set();
      CAPTURE(pipeline.dump());
      const Safetensors good = fitted(pipeline, set)->save();
      for (const auto& [key, value] : good.metadata) {
        Safetensors damaged = good;
        damaged.metadata.erase(key);
        CHECK(error_of([&] { make_pipeline(pipeline)->restore(damaged); }).kind() == ErrorKind::input);
      }
      for (const auto& [key, value] : good.tensors) {
        Safetensors damaged = good;
        damaged.tensors.at(key) = Tensor(value.dtype(), {1, 1, 1, 1});
        if (value.size() == 1) continue;
        const auto decoder = make_pipeline(pipeline);
        try {
          decoder->restore(damaged);
          static_cast<void>(decoder->predict(set));
        } catch (const Error& error) {
          CHECK(error.exit_code() >= 2);
        }
      }
    }
  }

  TEST_CASE("contract: labels exchanged gives predictions exchanged") {
    for (const auto& contract : all_cases()) {
      if (!contract.learns) continue;
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set();
      SampleSet exchanged = set;
      for (auto& label : exchanged.label) label = 1 - label;
      CAPTURE(pipeline.dump());
      const auto straight = fitted(pipeline, set)->predict(set), crossed = fitted(pipeline, exchanged)->predict(set);
      int unlike = 0;
      for (std::size_t i = 0; i < 64; ++i) unlike += straight.label[i] == 1 - crossed.label[i] ? 0 : 1;
      CHECK(unlike == 0);
    }
  }

  TEST_CASE("contract: a class without training samples gets probability zero") {
    for (const auto& contract : all_cases()) {
      if (!contract.learns) continue;
      const auto& pipeline = contract.pipeline;
      SampleSet set = contract.set();
      set.classes = {"low", "never", "high"};
      for (auto& label : set.label) label *= 2;
      CAPTURE(pipeline.dump());
      const auto prediction = fitted(pipeline, set)->predict(set);
      REQUIRE(prediction.probability.extent(1) == 3);
      for (std::int64_t i = 0; i < 64; ++i) CHECK(prediction.probability(i, 1) == 0);
    }
  }

  TEST_CASE("contract: what cannot be decoded is refused by its word") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set();
      SampleSet with_nan = set, one_class = set, renamed = set, narrower = set, faster = set, unlabelled = set;
      Tensor& block = narrower.blocks.begin()->second;
      with_nan.blocks.begin()->second.values<float>()[7] = std::numeric_limits<float>::quiet_NaN();
      std::fill(one_class.label.begin(), one_class.label.end(), 1);
      std::swap(renamed.channels[0], renamed.channels[1]);
      block = contract.takes == SampleForm::matrices ? Tensor(Dtype::f32, {64, 2, 2})
                                                     : Tensor(Dtype::f32, {64, 3, block.extent(2) / 2});
      faster.rate_hz *= 2;
      unlabelled.label.clear();
      CAPTURE(pipeline.dump());
      CHECK(says(refusal(pipeline, with_nan, set), "finite"));
      CHECK(says(refusal(pipeline, set, with_nan), "finite"));
      CHECK(says(refusal(pipeline, one_class, set), "class"));
      CHECK(says(refusal(pipeline, set.selected(std::vector<std::int64_t>{3}), set), "class"));
      CHECK(says(refusal(pipeline, set.selected({}), set), "empty"));
      CHECK_FALSE(refusal(pipeline, unlabelled, set).empty());
      CHECK(says(refusal(pipeline, set, renamed), "channels"));
      CHECK(says(refusal(pipeline, set, narrower), "shape"));
      CHECK(says(refusal(pipeline, set, faster), "rate"));
      CHECK(error_of([&] { static_cast<void>(make_pipeline(pipeline)->predict(set)); }).kind() == ErrorKind::usage);
    }
  }

  TEST_CASE("contract: every fitted statistic is recorded with the samples it saw") {
    for (const auto& contract : all_cases()) {
      const auto& pipeline = contract.pipeline;
      const SampleSet set = contract.set(), training = set.selected(every(64, 2, 0));
      CAPTURE(pipeline.dump());
      FitRecord record;
      static_cast<void>(fitted(pipeline, training, &record));
      for (const auto& statistic : record.statistics) {
        for (const auto id : statistic.fitted_on) {
          const auto& ids = training.origins.id;
          CHECK((id < -1 || std::find(ids.begin(), ids.end(), id) != ids.end()));
        }
      }
      const Json* const steps = pipeline.find("steps");
      CHECK(record.statistics.size() >= (steps != nullptr ? 2U : 0U));
      CHECK(record.ancestry_known == "fresh");
    }
    const SampleSet training = contract_set().selected(every(64, 2, 0));
    FitRecord record;
    static_cast<void>(fitted(parse_json(R"({"steps":["smote"],"decoder":"majority"})", "test"), training, &record));
    CHECK(record.made_parents.size() ==
          static_cast<std::size_t>(training.class_counts()[0] - training.class_counts()[1]));
  }

  TEST_CASE("pipelines: forms of a step, unknown names and keys") {
    const auto complete = [](const std::string& step) { return complete_transform(parse_json(step, "t")).dump(); };
    CHECK(complete(R"("select-by-f")") == R"({"name":"select-by-f","count":8})");
    CHECK(complete(R"({"select-by-f":3})") == R"({"name":"select-by-f","count":3})");
    CHECK(complete(R"({"select-by-f":{"count":3}})") == R"({"name":"select-by-f","count":3})");
    CHECK(complete(R"({"name":"select-by-f","count":3})") == R"({"name":"select-by-f","count":3})");
    CHECK(complete_decoder("lda").at("name").text() == "shrinkage-lda");
    CHECK(says(error_of([] { static_cast<void>(make_decoder("shrinkage-ldb")); }).remedy(), "shrinkage-lda"));
    CHECK(says(error_of([] { static_cast<void>(make_transform("standardize")); }).remedy(), "standardise"));
    CHECK(says(
        error_of([] { static_cast<void>(make_decoder(parse_json(R"({"name":"1nn","neighbors":2})", "t"))); }).remedy(),
        "neighbours"));
    CHECK(error_of([] { static_cast<void>(make_pipeline(Json::object())); }).kind() == ErrorKind::usage);
    CHECK(says(error_of([] {
                 static_cast<void>(make_decoder(parse_json(R"({"name":"small-network","epochs":0})", "t")));
               }).what(),
               "epochs"));
  }

  TEST_CASE("pipelines: unlike names of keys give unlike numbers") {
    const SampleSet set = contract_set();
    const auto bytes = [&](const std::string& decoder) {
      return safetensors_bytes(fitted(Json::object({{"decoder", parse_json(decoder, "t")}}), set)->save());
    };
    const std::string network = bytes(R"("small-network")");
    for (const char* const key :
         {R"("hidden":8)", R"("epochs":3)", R"("batch":16)", R"("learning_rate":0.01)", R"("standardise":false)"}) {
      CAPTURE(key);
      CHECK(bytes(R"({"name":"small-network",)" + std::string(key) + "}") != network);
    }
    CHECK(bytes(R"({"name":"lda","shrinkage":0.3})") != bytes(R"("lda")"));
    CHECK(bytes(R"({"name":"lda","solver":"svd"})") != bytes(R"("lda")"));
    CHECK(bytes(R"({"name":"logistic","c":0.1})") != bytes(R"("logistic")"));
    CHECK(bytes(R"({"name":"logistic","penalty":"elasticnet"})") != bytes(R"("logistic")"));
  }

  TEST_CASE("explanations: weights and patterns over electrodes and bands find the band that differs") {
    const SampleSet set = contract_set();
    for (const char* const name : {"shrinkage-lda", "logistic-regression"}) {
      const auto explanations = fitted(Json::object({{"decoder", name}}), set)->explain(set);
      REQUIRE(explanations.size() == 2);
      for (const auto& explanation : explanations) {
        CHECK(explanation.axes == std::vector<std::string>{"electrode", "feature"});
        CHECK(explanation.ticks[0] == set.channels);
        CHECK(explanation.ticks[1] == set.features);
        const auto values = explanation.values.view<double, 2>();
        for (std::int64_t channel = 0; channel < 3; ++channel)
          CHECK(std::abs(values(channel, 1)) > std::abs(values(channel, 0)));
      }
    }
  }

  TEST_CASE("standardise per subject: declared transductive, and a subject's own offset is gone") {
    SampleSet set = contract_set();
    const auto values = set.blocks.at("tokens").values<float>();
    for (std::size_t i = values.size() / 2; i < values.size(); ++i) values[i] += 50;  // ben's amplifier
    const Json pipeline = parse_json(R"({"steps":["standardise-per-subject"],"decoder":"lda"})", "t");
    const SampleSet ann = set.selected(every(32, 1, 0)), ben = set.selected(every(64, 1, 32));
    FitRecord record;
    const auto decoder = fitted(pipeline, ann, &record);
    CHECK(decoder->transductive());
    CHECK(says(record.statistics.at(0).name, "transductive"));
    CHECK(decoder->predict(ben).label == ben.label);
    CHECK_FALSE(fitted(Json::object({{"decoder", "lda"}}), ann)->transductive());
  }
}
