// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/decoder.hpp"
#include "golden_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace caton;
using namespace caton::testing;

namespace {

constexpr std::int64_t channels = 8, samples = 128;
constexpr double rate_hz = 128;

bool says(const Error& error, const std::string& word) {
  return std::string(error.what()).find(word) != std::string::npos;
}

/// Epochs of slow noise; in class 1 six channels carry 10 Hz, in class 0 two.
SampleSet epochs(std::int64_t count, double strength, const char* purpose) {
  RandomStream random(3, purpose);
  SampleSet set;
  std::vector<float> values;
  for (std::int64_t n = 0; n < count; ++n) {
    const std::int64_t y = n % 2;
    for (std::int64_t c = 0; c < channels; ++c) {
      const bool carries = c < (y == 1 ? 6 : 2);
      double slow = 0;
      const double phase = 2 * std::numbers::pi * random.uniform();
      for (std::int64_t t = 0; t < samples; ++t) {
        slow = 0.9 * slow + random.normal();
        values.push_back(static_cast<float>(
            slow +
            (carries ? strength : 0) * std::sin(2 * std::numbers::pi * 10 * static_cast<double>(t) / rate_hz + phase)));
      }
    }
    set.label.push_back(y);
    set.origins.study.index.push_back(set.origins.study.id("made"));
    set.origins.subject.index.push_back(set.origins.subject.id("a"));
    set.origins.session.index.push_back(set.origins.session.id("1"));
    set.origins.recording.index.push_back(set.origins.recording.id("r"));
    set.origins.trial.index.push_back(set.origins.trial.id(std::to_string(n)));
    set.origins.begin.push_back(n * samples);
    set.origins.end.push_back((n + 1) * samples);
    set.origins.parents.push_back({-1, -1});
    set.origins.id.push_back(n);
  }
  set.blocks.emplace("epochs", Tensor({count, channels, samples}, values));
  set.classes = {"few", "many"};
  for (std::int64_t c = 0; c < channels; ++c) set.channels.push_back("E" + std::to_string(c + 1));
  set.rate_hz = rate_hz;
  return set;
}

std::unique_ptr<Decoder> fitted(const std::string& pipeline, const SampleSet& training) {
  auto decoder = make_pipeline(parse_json(pipeline, "test"));
  FitRecord record;
  FitContext context{.random = RandomStream(5, "fit"), .record = &record};
  decoder->fit(training, context);
  CHECK_FALSE(record.statistics.empty());
  return decoder;
}

double accuracy(const Decoder& decoder, const SampleSet& test) {
  const auto label = decoder.predict(test).label;
  std::size_t right = 0;
  for (std::size_t i = 0; i < label.size(); ++i) right += label[i] == test.label[i] ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(label.size());
}

const char* const gcn =
    R"({"decoder":{"name":"ricci-gcn","epochs":120,"batch":20,"neighbours":3,"components":2,"hidden":8,"out":4}})";

/// A pipeline with one more option of its decoder.
std::string changed_options(std::string pipeline, const std::string& more) {
  return pipeline.insert(pipeline.rfind("}}"), "," + more);
}

double correlation(const SampleSet& a, const SampleSet& b) {
  const auto x = a.flat(), y = b.flat();
  double xy = 0, xx = 0, yy = 0;
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    for (std::int64_t i = 0; i < x.extent(1); ++i) {
      xy += static_cast<double>(x(n, i)) * static_cast<double>(y(n, i));
      xx += static_cast<double>(x(n, i)) * static_cast<double>(x(n, i));
      yy += static_cast<double>(y(n, i)) * static_cast<double>(y(n, i));
    }
  }
  return xy / std::sqrt(xx * yy);
}

const char* const small_filtration =
    R"({"name":"attention-filtration","segments":200,"epochs":6,"adversarial_weight":0})";

std::unique_ptr<Transform> learned(const SampleSet& training) {
  auto step = make_transform(parse_json(small_filtration, "test"));
  FitRecord record;
  FitContext context{.random = RandomStream(5, "fit"), .record = &record};
  step->fit(training, context);
  CHECK(record.statistics.size() == 1);
  return step;
}

}  // namespace

TEST_SUITE("networks") {
  TEST_CASE("ricci-gcn: learns how many electrodes talk alike, and nothing where there is nothing") {
    const SampleSet training = epochs(60, 4, "training"), test = epochs(40, 4, "test");
    CHECK(accuracy(*fitted(gcn, training), test) >= 0.9);
    const double chance = accuracy(*fitted(gcn, epochs(60, 0, "training")), epochs(60, 0, "test"));
    CHECK(chance > 0.25);
    CHECK(chance < 0.75);
  }

  TEST_CASE("ricci-gcn: the same bits twice, alone, and restored; graphs that cannot be are refused") {
    const SampleSet training = epochs(20, 4, "training"), test = epochs(6, 4, "test");
    const auto decoder = fitted(gcn, training);
    const Prediction all = decoder->predict(test);
    const Safetensors state = decoder->save();
    CHECK(safetensors_bytes(fitted(gcn, training)->save()) == safetensors_bytes(state));
    const auto again = make_pipeline(parse_json(gcn, "test"));
    again->restore(state);
    const Prediction restored = again->predict(test);
    CHECK(std::equal(all.probability.begin(), all.probability.end(), restored.probability.begin()));
    for (std::int64_t n = 0; n < test.size(); ++n) {
      const auto alone = decoder->predict(test.selected(std::vector<std::int64_t>{n}));
      CHECK(alone.probability(0, 1) == all.probability(n, 1));
    }
    CHECK(says(error_of([&] { (void)fitted(R"({"decoder":{"name":"ricci-gcn","neighbours":8}})", training); }),
               "neighbours"));
    CHECK(says(error_of([&] { (void)fitted(R"({"decoder":{"name":"ricci-gcn","epochs":0}})", training); }), "epochs"));
  }

  TEST_CASE("ricci-gcn: the number of passes is chosen on trials left out of training, recorded, or all are made") {
    const SampleSet training = epochs(40, 4, "training");
    const auto selections = [&](const std::string& more) {
      auto decoder = make_pipeline(parse_json(changed_options(gcn, more), "test"));
      FitRecord record;
      FitContext context{.random = RandomStream(5, "fit"), .record = &record};
      decoder->fit(training, context);
      return std::pair(record.selections, record.curve.size());
    };
    const auto [chosen, passes] = selections("\"validation_folds\":4");
    REQUIRE(chosen.size() == 1);
    CHECK(chosen[0].chosen == std::to_string(passes));
    CHECK(passes <= 120);
    CHECK(chosen[0].scored_on.size() == 40);
    const auto [none, all] = selections("\"validation_folds\":0");
    CHECK(none.empty());
    CHECK(all == 120);
    CHECK(says(error_of([&] { (void)fitted(gcn, epochs(3, 4, "training")); }), "validation_folds"));
    CHECK(says(error_of([&] { (void)fitted(changed_options(gcn, "\"validation_folds\":1"), training); }), "0 or 2"));
  }

  TEST_CASE("attention-filtration: takes muscle out of epochs it has not seen, the same bytes twice and restored") {
    const SampleSet training = epochs(40, 2, "training"), test = epochs(10, 2, "test");
    const auto step = learned(training);
    const auto noisy = make_transform(parse_json(R"({"name":"muscle-noise","snr_db":-4})", "test"));
    FitContext context{.random = RandomStream(5, "fit")};
    noisy->fit(training, context);
    CHECK(noisy->apply_to_training(training).digest() == training.digest());
    const SampleSet spoiled = noisy->apply(test);
    CHECK(correlation(step->apply(spoiled), test) > correlation(spoiled, test) + 0.1);
    const Safetensors state = step->save();
    CHECK(safetensors_bytes(learned(training)->save()) == safetensors_bytes(state));
    const auto again = make_transform(parse_json(small_filtration, "test"));
    again->restore(state);
    CHECK(again->apply(spoiled).digest() == step->apply(spoiled).digest());
  }

  TEST_CASE("attention-filtration: impossible options are refused by name") {
    const auto refused = [](const std::string& options, const std::string& word) {
      CHECK(says(error_of([&] {
                   const auto step =
                       make_transform(parse_json("{\"name\":\"attention-filtration\"," + options + "}", "test"));
                   FitContext context{.random = RandomStream(5, "fit")};
                   step->fit(epochs(4, 1, "training"), context);
                 }),
                 word));
    };
    refused("\"segments\":0", "segments");
    refused("\"patch\":24", "patch");
    refused("\"low_db\":3", "low_db");
    refused("\"learning_rate\":0", "learning_rate");
  }
}
