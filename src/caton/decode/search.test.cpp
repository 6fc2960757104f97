// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/search.hpp"

#include "golden_test.hpp"

#include "caton/base/error.hpp"

#include "caton/base/threads.hpp"
#include "caton/decode/inner_folds.hpp"

#include <array>
#include <cmath>
#include <set>

using namespace caton;
using caton::testing::error_of;

namespace {

bool says(const Error& error, const char* word) { return std::string(error.what()).find(word) != std::string::npos; }

/// Epochs of white noise, `people` x 16 trials; with `effect` the power of the first channel follows the label.
SampleSet noise(std::uint64_t seed, std::int64_t people, double effect) {
  constexpr std::int64_t trials = 16, channels = 3, length = 48;
  RandomStream random(seed, "search test");
  SampleSet set;
  set.classes = {"a", "b"};
  set.channels = {"C3", "Cz", "C4"};
  set.rate_hz = 64;
  set.origins.study.id("s");
  std::vector<float> values;
  for (std::int64_t i = 0; i < people * trials; ++i) {
    const std::int64_t label = (i + i / 2) % 2;
    Origins& origins = set.origins;
    origins.study.index.push_back(0);
    origins.subject.index.push_back(origins.subject.id("p" + std::to_string(i / trials)));
    origins.session.index.push_back(origins.session.id("1"));
    origins.recording.index.push_back(origins.recording.id("r" + std::to_string(i / trials)));
    origins.trial.index.push_back(origins.trial.id("t" + std::to_string(i)));
    origins.begin.push_back(i % trials * length);
    origins.end.push_back((i % trials + 1) * length);
    origins.parents.push_back({-1, -1});
    origins.id.push_back(i);
    set.label.push_back(label);
    for (std::int64_t c = 0; c < channels; ++c) {
      const double gain = c == 0 ? 1 + effect * static_cast<double>(label) : 1;
      for (std::int64_t t = 0; t < length; ++t) values.push_back(static_cast<float>(gain * random.normal()));
    }
  }
  set.blocks.emplace("epochs", Tensor({set.size(), channels, length}, values));
  return set;
}

Json parsed(const char* text) { return parse_json(text, "test"); }

Json searched() {
  return parsed(R"({"steps": [{"name": "covariance", "estimator": ["oas", "lwf"], "order": [1, 2]}, "tangent-space"],
                    "decoder": {"name": "svc", "c": [0.1, 1], "kernel": ["linear", "rbf"]}})");
}

FitContext context_of(FitRecord* record) { return {.random = RandomStream(7, "search"), .record = record}; }

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("search: shared prefixes give the bits of every combination fitted alone, for any number of threads") {
    const SampleSet set = noise(1, 3, 0.5);
    FitRecord record;
    const FitContext context = context_of(&record);
    const SearchResult shared = search_candidates(searched(), set, context, true);
    const SearchResult alone = search_candidates(searched(), set, context, false);
    REQUIRE(shared.tried.size() == 16);
    REQUIRE(alone.tried.size() == 16);
    for (std::size_t i = 0; i < shared.tried.size(); ++i) {
      CHECK(shared.tried[i].score == alone.tried[i].score);
      CHECK(shared.tried[i].pipeline == alone.tried[i].pipeline);
    }
    CHECK(shared.chosen == alone.chosen);
    // Steps first, keys in the entry's order, the last varying fastest.
    CHECK(shared.tried[0].values == "estimator oas, order 1, kernel linear, c 0.1");
    CHECK(shared.tried[1].values == "estimator oas, order 1, kernel linear, c 1");
    CHECK(shared.tried[4].values == "estimator oas, order 2, kernel linear, c 0.1");
    std::array<SearchResult, 2> narrow;  // inside a worker: one thread
    thread_pool().parallel_for(2, [&](std::int64_t i) {
      narrow[static_cast<std::size_t>(i)] = search_candidates(searched(), set, context, true);
    });
    for (std::size_t i = 0; i < shared.tried.size(); ++i) CHECK(shared.tried[i].score == narrow[1].tried[i].score);
  }

  TEST_CASE("search: the best is chosen, refitted on the whole training set, recorded, saved and restored") {
    const SampleSet set = noise(2, 3, 1.5);
    const auto pipeline = make_pipeline(searched());
    FitRecord record;
    FitContext context = context_of(&record);
    pipeline->fit(set, context);
    REQUIRE(record.selections.size() == 1);
    CHECK(record.selections[0].scored_on == set.origins.id);
    CHECK(record.selections[0].score.value() > 0.9);
    CHECK(record.selections[0].what.find("16 combinations") != std::string::npos);
    const SearchResult found = search_candidates(searched(), set, context_of(&record));
    CHECK(record.selections[0].chosen == found.tried[found.chosen].values);
    const auto alone = make_pipeline(found.tried[found.chosen].pipeline);
    FitContext again = context_of(&record);
    alone->fit(set, again);
    const Prediction ours = pipeline->predict(set), theirs = alone->predict(set);
    CHECK(std::equal(ours.probability.begin(), ours.probability.end(), theirs.probability.begin()));
    const auto restored = make_pipeline(searched());
    restored->restore(pipeline->save());
    const Prediction back = restored->predict(set);
    CHECK(std::equal(ours.probability.begin(), ours.probability.end(), back.probability.begin()));
  }

  TEST_CASE("search: what the plan holds out stays together inside") {
    const SampleSet set = noise(3, 4, 0);
    for (const char* const held_out : {"subject", "trial"}) {
      const InnerFolds inner = inner_folds(set, held_out, 3, RandomStream(1, "inner"));
      CHECK(inner.kept_together == held_out);
      for (const Fold& fold : inner.folds) {
        std::set<std::string> train, test;
        const bool people = std::string(held_out) == "subject";
        const NameColumn& column = people ? set.origins.subject : set.origins.trial;
        for (const auto i : fold.train) train.insert(column.at(i));
        for (const auto i : fold.test) CHECK(train.count(column.at(i)) == 0);
      }
    }
    const InnerFolds one = inner_folds(noise(3, 1, 0), "subject", 3, RandomStream(1, "inner"));
    CHECK(one.kept_together == "trial");
  }

  TEST_CASE("search on noise stays at chance on what was held out") {
    double right = 0, all = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const SampleSet set = noise(10 + seed, 6, 0);
      std::vector<std::int64_t> train, test;
      for (std::int64_t i = 0; i < set.size(); ++i) (i < set.size() / 2 ? train : test).push_back(i);
      const auto pipeline = make_pipeline(searched());
      FitRecord record;
      FitContext context = context_of(&record);
      context.held_out = "subject";
      pipeline->fit(set.selected(train), context);
      const SampleSet held = set.selected(test);
      const Prediction answers = pipeline->predict(held);
      for (std::size_t i = 0; i < held.label.size(); ++i) right += answers.label[i] == held.label[i] ? 1 : 0;
      all += static_cast<double>(held.size());
    }
    CHECK(std::abs(right / all - 0.5) < 3.29 * 0.5 / std::sqrt(all));
  }

  TEST_CASE("search: bad candidates are refused by their names") {
    const auto refused = [](const char* text) {
      return error_of([&] { static_cast<void>(make_pipeline(parsed(text))); });
    };
    CHECK(says(refused(R"({"decoder": {"name": "svc", "c": []}})"), "empty"));
    CHECK(says(refused(R"({"decoder": {"name": "svc", "c": [1, "two"]}})"), "svc: c"));
    CHECK(says(refused(R"({"decoder": {"name": "svc", "c": [1, 2]}, "search": {"folds": 1}})"), "folds"));
    CHECK(says(refused(R"({"decoder": {"name": "svc", "c": [1, 2]}, "search": {"score": "luck"}})"), "luck"));
    const SampleSet few = noise(1, 1, 0).selected(std::vector<std::int64_t>{0, 1});
    const auto pipeline = make_pipeline(searched());
    FitRecord record;
    FitContext context = context_of(&record);
    CHECK(says(error_of([&] { pipeline->fit(few, context); }), "folds"));
  }
}
