// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/error.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"

#include <algorithm>
#include <cmath>

using namespace caton;
using caton::testing::error_of;

namespace {

constexpr std::int64_t size = 3, people = 3, each = 20;

/// Covariances of people whose sensors mix differently: two classes differ in one variance, everyone's matrices are
/// turned and scaled by a mixing of their own.
SampleSet people_set(std::uint64_t seed) {
  RandomStream random(seed, "domains");
  SampleSet set;
  set.classes = {"a", "b"};
  set.channels = {"1", "2", "3"};
  set.features = set.channels;
  set.origins.study.id("s");
  std::vector<float> values;
  for (std::int64_t p = 0; p < people; ++p) {
    Matrix mixing({size, size}, 0.0);
    for (double& value : mixing) value = random.normal();
    for (std::int64_t i = 0; i < size; ++i) mixing(i, i) += 2 * static_cast<double>(p + 1);
    for (std::int64_t t = 0; t < each; ++t) {
      const std::int64_t label = t % 2;
      Matrix c({size, size}, 0.0);
      for (std::int64_t i = 0; i < size; ++i)
        c(i, i) = std::exp(0.2 * random.normal() + (i == 0 ? 1.5 * static_cast<double>(label) : 0.0));
      const Matrices mixed = congruence(mixing, as_set(c));
      for (std::int64_t i = 0; i < size; ++i)
        for (std::int64_t k = 0; k < size; ++k) values.push_back(static_cast<float>(mixed(0, i, k)));
      Origins& origins = set.origins;
      origins.study.index.push_back(0);
      origins.subject.index.push_back(origins.subject.id("p" + std::to_string(p)));
      origins.session.index.push_back(origins.session.id("1"));
      origins.recording.index.push_back(origins.recording.id("r" + std::to_string(p)));
      origins.trial.index.push_back(origins.trial.id(std::to_string(p * each + t)));
      origins.begin.push_back(t);
      origins.end.push_back(t + 1);
      origins.parents.push_back({-1, -1});
      origins.id.push_back(p * each + t);
      set.label.push_back(label);
    }
  }
  set.blocks.emplace("covariance", Tensor({set.size(), size, size}, values));
  return set;
}

SampleSet person(const SampleSet& set, std::int64_t which) {
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < each; ++i) places.push_back(which * each + i);
  return set.selected(places);
}

SampleSet fitted_and_applied(const char* step, const SampleSet& training, const SampleSet& samples) {
  const auto transform = make_transform(parse_json(step, "t"));
  FitRecord record;
  FitContext context{.random = RandomStream(1, "t"), .record = &record};
  transform->fit(training, context);
  CHECK_FALSE(record.statistics.empty());
  return transform->apply(samples);
}

Matrices matrices(const SampleSet& set) { return set.main_block().array<3>("covariance"); }

double accuracy(const char* pipeline, const SampleSet& training, const SampleSet& test) {
  const auto decoder = make_pipeline(parse_json(pipeline, "t"));
  FitRecord record;
  FitContext context{.random = RandomStream(1, "t"), .record = &record};
  decoder->fit(training, context);
  const auto answers = decoder->predict(test).label;
  double right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) right += answers[i] == test.label[i] ? 1 : 0;
  return right / static_cast<double>(answers.size());
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("recentre: every person's mean becomes the identity, a new person's too; declared transductive") {
    const SampleSet set = people_set(1);
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i < 2 * each; ++i) places.push_back(i);
    const SampleSet training = set.selected(places);
    const SampleSet moved = fitted_and_applied(R"("recentre")", training, set);
    for (std::int64_t p = 0; p < people; ++p) {
      const Matrix mean = spd_mean(matrices(person(moved, p)), Metric::riemann);
      for (std::int64_t i = 0; i < size; ++i)
        for (std::int64_t k = 0; k < size; ++k) CHECK(std::abs(mean(i, k) - (i == k ? 1 : 0)) < 1e-4);
    }
    CHECK(make_transform(parse_json(R"("recentre")", "t"))->transductive());
  }

  TEST_CASE("stretch: the mean squared distance to a person's mean becomes 1") {
    const SampleSet set = people_set(2);
    const SampleSet moved = fitted_and_applied(R"("stretch")", set, set);
    for (std::int64_t p = 0; p < people; ++p) {
      const Matrices c = matrices(person(moved, p));
      double sum = 0;
      for (const double d : spd_distance(c, as_set(spd_mean(c, Metric::riemann)), Metric::riemann)) sum += d * d;
      CHECK(sum / each == doctest::Approx(1).epsilon(1e-3));
    }
  }

  TEST_CASE("rotate: known people are turned, distances within a person stay, a new person stays as it is") {
    const SampleSet set = people_set(3);
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i < 2 * each; ++i) places.push_back(i);
    const SampleSet moved = fitted_and_applied(R"("rotate")", set.selected(places), set);
    const Matrices before = matrices(set), after = matrices(moved);
    double change = 0;
    for (std::int64_t i = 0; i < set.size(); ++i) {
      const double d = std::abs(before(i, 0, 1) - after(i, 0, 1));
      if (i >= 2 * each)
        CHECK(d == 0);
      else
        change += d;
    }
    CHECK(change > 0);
    for (std::int64_t p = 0; p < 2; ++p) {
      const auto first = [&](const Matrices& c) {
        return spd_distance(as_set(c[p * each]), as_set(c[p * each + 1]), Metric::riemann)[0];
      };
      CHECK(first(before) == doctest::Approx(first(after)).epsilon(1e-3));
    }
  }

  TEST_CASE("recentring carries a decoder to a new person whose sensors mix differently") {
    const SampleSet set = people_set(4);
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i < 2 * each; ++i) places.push_back(i);
    const SampleSet training = set.selected(places), test = person(set, 2);
    const double plain = accuracy(R"({"steps": ["tangent-space"], "decoder": "shrinkage-lda"})", training, test);
    const double carried =
        accuracy(R"({"steps": ["recentre", "tangent-space"], "decoder": "shrinkage-lda"})", training, test);
    CHECK(carried >= plain);
    CHECK(carried > 0.8);
  }

  TEST_CASE("potato: an artefact is left out of training, tested samples all stay") {
    SampleSet set = people_set(5);
    auto values = set.blocks.at("covariance").values<float>();
    for (std::int64_t i = 0; i < size * size; ++i) values[static_cast<std::size_t>(i)] *= 1e6F;
    const SampleSet one = person(set, 0);
    const auto step = make_transform(parse_json(R"({"potato": 2.5})", "t"));
    FitRecord record;
    FitContext context{.random = RandomStream(1, "t"), .record = &record};
    step->fit(one, context);
    const SampleSet kept = step->apply_to_training(one);
    CHECK(kept.size() < one.size());
    CHECK(std::find(kept.origins.id.begin(), kept.origins.id.end(), 0) == kept.origins.id.end());
    CHECK(step->apply(one).size() == one.size());
  }

  TEST_CASE("domain steps: bad keys are refused by their names") {
    const auto refused = [](const char* step, const char* word) {
      const Error error = error_of([&] { static_cast<void>(make_transform(parse_json(step, "t"))); });
      return std::string(error.what()).find(word) != std::string::npos;
    };
    CHECK(refused(R"({"recentre": "film"})", "film"));
    CHECK(refused(R"({"stretch": "film"})", "subject"));
    CHECK(refused(R"({"rotate": {"metric": "logdet"}})", "metric"));
    CHECK(refused(R"({"potato": 0})", "threshold"));
    CHECK(refused(R"({"augmented-covariance": "luck"})", "luck"));
  }
}
