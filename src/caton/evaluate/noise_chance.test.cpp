// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Noise in, chance out: every decoder and every step of the registry, under an honest plan.
#include "decoder_examples.hpp"
#include "golden_test.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/evaluate/permuted_labels.hpp"
#include "caton/measure/chance.hpp"
#include "caton/measure/plan.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>

using namespace caton;

namespace {

constexpr std::uint64_t seeds = 5;
constexpr std::int64_t people = 4, trials = 16;

/// White noise of `people` x `trials` trials in which nothing follows the label; half of each person's trials are of
/// either class, in a random order.
SampleSet noise(SampleForm form, std::uint64_t seed, double rate_hz = 250) {
  RandomStream random(seed, "noise in");
  SampleSet set;
  set.classes = {"a", "b"};
  set.channels = {"C3", "Cz", "C4"};
  set.rate_hz = rate_hz;
  set.origins.study.id("s");
  const std::int64_t length = form == SampleForm::any ? 2 : 160;
  std::vector<float> values;
  for (std::int64_t p = 0; p < people; ++p) {
    std::vector<std::int64_t> label;
    for (std::int64_t t = 0; t < trials; ++t) label.push_back(t % 2);
    for (std::size_t i = label.size(); i > 1; --i) std::swap(label[i - 1], label[random.below(i)]);
    for (std::int64_t t = 0; t < trials; ++t) {
      Origins& origins = set.origins;
      const std::string name = std::to_string(p);
      origins.study.index.push_back(0);
      origins.subject.index.push_back(origins.subject.id("p" + name));
      origins.session.index.push_back(origins.session.id(t < trials / 2 ? "1" : "2"));
      origins.recording.index.push_back(origins.recording.id("r" + name));
      origins.trial.index.push_back(origins.trial.id(name + "/" + std::to_string(t)));
      origins.begin.push_back(t * length);
      origins.end.push_back((t + 1) * length);
      origins.parents.push_back({-1, -1});
      origins.id.push_back(p * trials + t);
      set.label.push_back(label[static_cast<std::size_t>(t)]);
      for (std::int64_t i = 0; i < 3 * length; ++i) values.push_back(static_cast<float>(random.normal()));
    }
  }
  set.blocks.emplace(form == SampleForm::any ? "features" : "epochs", Tensor({set.size(), 3, length}, values));
  if (form != SampleForm::matrices) return set;
  const auto step = make_transform("covariance");
  FitContext context{.random = RandomStream(seed, "noise matrices")};
  step->fit(set, context);
  return step->apply(set);
}

struct NoiseCase {
  std::string name;
  Json pipeline;
  SampleForm takes = SampleForm::any;
  double rate_hz = 250;

  [[nodiscard]] SampleSet samples(std::uint64_t seed) const { return noise(takes, seed, rate_hz); }
};

std::vector<NoiseCase> all_cases() {
  std::vector<NoiseCase> cases;
  for (const auto* const entry : Registry<DecoderEntry>::instance().entries()) {
    if (entry->needs_networks) continue;  // `network_cases`
    cases.push_back({entry->name, Json::object({{"decoder", testing::example_decoder(*entry)}}), entry->takes});
  }
  for (const auto* const entry : Registry<TransformEntry>::instance().entries()) {
    if (entry->make == nullptr) continue;  // it needs networks
    const Json steps(Json::List{testing::example_step(*entry)});
    cases.push_back({"step " + entry->name, Json::object({{"steps", steps}, {"decoder", "shrinkage-lda"}}),
                     entry->takes, testing::example_rate_hz(*entry)});
  }
  return cases;
}

/// Networks, small and for a few passes; what learns nothing in them would learn nothing in more.
std::vector<NoiseCase> network_cases() {
  std::vector<NoiseCase> cases;
  for (const auto* const entry : Registry<DecoderEntry>::instance().entries()) {
    if (!entry->needs_networks) continue;
    cases.push_back({entry->name, Json::object({{"decoder", testing::example_decoder(*entry)}}), entry->takes,
                     testing::example_network_rate_hz});
  }
  for (const auto* const entry : Registry<TransformEntry>::instance().entries()) {
    if (entry->make != nullptr) continue;
    const Json steps(Json::List{testing::example_step(*entry)});
    cases.push_back({"step " + entry->name, Json::object({{"steps", steps}, {"decoder", "shrinkage-lda"}}),
                     entry->takes, testing::example_network_rate_hz});
  }
  return cases;
}

std::vector<Fold> folds_of(const SampleSet& set) {
  return make_folds(columns_of(set.origins, set.label), {.name = "cross-subject"}, RandomStream(1, "noise folds"));
}

std::int64_t right_answers(const Json& pipeline, const SampleSet& set, std::uint64_t seed) {
  std::int64_t right = 0;
  for (const Fold& fold : folds_of(set)) {
    const auto decoder = make_pipeline(pipeline);
    FitRecord record;
    FitContext context{.random = RandomStream(seed, "noise fit"), .record = &record, .held_out = "subject"};
    decoder->fit(set.selected(fold.train), context);
    const SampleSet test = set.selected(fold.test);
    const auto answers = decoder->predict(test).label;
    for (std::size_t i = 0; i < answers.size(); ++i) right += answers[i] == test.label[i] ? 1 : 0;
  }
  return right;
}

/// Half the width of the 99.9 % interval of chance of `tested` answers, family-wise over `family` of them.
double reach(std::int64_t tested, std::size_t family) {
  const double z = normal_quantile(1 - 0.001 / 2 / static_cast<double>(family));
  return z * 0.5 / std::sqrt(static_cast<double>(tested)) + 0.5 / static_cast<double>(tested);
}

void check_chance(const std::vector<NoiseCase>& cases, std::uint64_t seeds_of_each) {
  for (const NoiseCase& one : cases) {
    CAPTURE(one.name);
    std::int64_t right = 0;
    for (std::uint64_t seed = 0; seed < seeds_of_each; ++seed)
      right += right_answers(one.pipeline, one.samples(seed), seed);
    const std::int64_t tested = people * trials * static_cast<std::int64_t>(seeds_of_each);
    const double share = static_cast<double>(right) / static_cast<double>(tested);
    CHECK(std::abs(share - 0.5) <= reach(tested, cases.size()));
  }
}

/// Whether libcaton_nn was built; without it there is no network to ask.
bool have_networks() {
  try {
    open_networks();
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("noise in, chance out: the mean over five seeds lies inside the interval of chance, for every decoder") {
    const auto cases = all_cases();
    REQUIRE(cases.size() > 20);
    check_chance(cases, seeds);
  }

  TEST_CASE("noise in, chance out: every network, small, on two seeds") {
    if (!have_networks()) {
      MESSAGE("built without networks: none is asked");
      return;
    }
    const auto cases = network_cases();
    REQUIRE(cases.size() >= 3);
    check_chance(cases, 2);
  }

  TEST_CASE("noise in, chance out [nightly]: every network on twenty seeds" *
            doctest::skip(std::getenv("CATON_NIGHTLY") == nullptr)) {
    if (have_networks()) check_chance(network_cases(), 20);
  }

  TEST_CASE(
      "noise in, chance out: fitted again on permuted labels every quick decoder reaches what it reached before") {
    const auto cases = all_cases();
    for (const NoiseCase& one : cases) {
      CAPTURE(one.name);
      const auto set = std::make_shared<const SampleSet>(one.samples(0));
      const PipelineSpec pipeline{one.name, set, one.pipeline};
      const auto folds = folds_of(*set);
      const auto permuted = accuracy_on_permuted_labels(
          {.pipeline = &pipeline, .plan = "cross-subject", .folds = &folds, .permutations = 5, .seed = 3});
      REQUIRE(permuted.size() == 5);
      const double mean = std::accumulate(permuted.begin(), permuted.end(), 0.0) / 5;
      CHECK(std::abs(mean - 0.5) <= reach(5 * people * trials, cases.size()));
      const double own = static_cast<double>(right_answers(one.pipeline, *set, 0)) / (people * trials);
      CHECK(std::abs(own - mean) <= 1.2 * reach(people * trials, cases.size()));
    }
  }

  TEST_CASE("noise in, chance out: the interval would notice a decoder that finds something") {
    // Nothing else than the label written into one feature, weakly: the same test must fail.
    SampleSet set = noise(SampleForm::any, 0);
    auto values = set.blocks.at("features").values<float>();
    for (std::int64_t i = 0; i < set.size(); ++i)
      values[static_cast<std::size_t>(6 * i)] += 1.5F * static_cast<float>(set.label[static_cast<std::size_t>(i)]);
    const double share =
        static_cast<double>(right_answers(parse_json(R"({"decoder": "shrinkage-lda"})", "t"), set, 0)) /
        (people * trials);
    CHECK(share > 0.65);
  }
}
