// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/decision_tree.hpp"
#include "caton/decode/decoder.hpp"
#include "golden_test.hpp"

#include <array>
#include <cmath>
#include <numeric>

using namespace caton;
using namespace caton::testing;

namespace {

constexpr std::int64_t training = 18, all = 24;

/// The numbers that scikit-learn was given for the constants below.
SampleSet numbers() {
  SampleSet set;
  std::vector<float> values;
  for (std::int64_t i = 0; i < all; ++i) {
    for (int f = 0; f < 3; ++f)
      values.push_back(
          static_cast<float>(std::sin(0.7 * static_cast<double>(i * i) + f) + (i % 3 == 0 && f == 1 ? 0.8 : 0)));
    set.label.push_back(i % 3);
    set.origins.subject.index.push_back(set.origins.subject.id("a"));
    set.origins.trial.index.push_back(set.origins.trial.id(std::to_string(i)));
    set.origins.begin.push_back(i);
    set.origins.end.push_back(i + 1);
    set.origins.parents.push_back({-1, -1});
    set.origins.id.push_back(i);
  }
  set.blocks.emplace("features", Tensor({all, 3}, values));
  set.classes = {"a", "b", "c"};
  return set;
}

std::vector<std::int64_t> range(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> places(static_cast<std::size_t>(last - first));
  std::iota(places.begin(), places.end(), first);
  return places;
}

Prediction predicted(const Json& decoder) {
  const SampleSet set = numbers();
  const auto fitted = make_pipeline(Json::object({{"decoder", decoder}}));
  FitRecord record;
  FitContext context{.random = RandomStream(1, "fit"), .record = &record};
  fitted->fit(set.selected(range(0, training)), context);
  return fitted->predict(set.selected(range(training, all)));
}

TreeNodes tree(const SampleSet& set, const TreeOptions& options) {
  return grow_tree({set.flat(), set.label, 3}, range(0, training), options, RandomStream(2, "tree"));
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("naive Bayes: scikit-learn's probabilities") {
    const std::array<std::array<double, 3>, 3> wanted{{{6.85425281e-002, 5.98489097e-001, 3.32968375e-001},
                                                       {0, 4.24907315e-001, 5.75092685e-001},
                                                       {0, 5.34954583e-001, 4.65045417e-001}}};
    const Prediction prediction = predicted("naive-bayes");
    for (std::int64_t i = 0; i < 3; ++i) {
      for (std::int64_t c = 0; c < 3; ++c)
        CHECK(prediction.probability(i, c) ==
              doctest::Approx(wanted[static_cast<std::size_t>(i)][static_cast<std::size_t>(c)]).epsilon(1e-6));
    }
  }

  TEST_CASE("decision tree: with all features tried, scikit-learn's splits, sizes and answers") {
    const SampleSet set = numbers();
    const TreeNodes nodes = tree(set, {.features_per_split = 3});
    CHECK(nodes.size() == 21);
    CHECK(nodes.feature[0] == 1);
    CHECK(nodes.threshold[0] == doctest::Approx(1.31656793));
    const std::array<std::int64_t, 6> wanted{0, 2, 1, 0, 2, 2};
    for (std::int64_t i = training; i < all; ++i) {
      const std::int64_t leaf = leaf_of(nodes, 0, set.flat()[i]);
      CHECK(nodes.share[static_cast<std::size_t>(3 * leaf + wanted[static_cast<std::size_t>(i - training)])] == 1);
    }
  }

  TEST_CASE("decision tree: leaves are pure, or as large and as deep as asked") {
    const SampleSet set = numbers();
    const TreeNodes pure = tree(set, {});
    for (std::int64_t i = 0; i < training; ++i) {
      const std::int64_t leaf = leaf_of(pure, 0, set.flat()[i]);
      CHECK(pure.share[static_cast<std::size_t>(3 * leaf + set.label[static_cast<std::size_t>(i)])] == 1);
    }
    CHECK(tree(set, {.most_depth = 1}).size() == 3);
    CHECK(tree(set, {.least_leaf = 10}).size() == 1);
    CHECK(tree(set, {.least_leaf = 9}).size() <= 3);
  }

  TEST_CASE("random forest: the same bits twice, learns its training set, refuses impossible sizes and damaged trees") {
    const Json forest = Json::object({{"name", "random-forest"}, {"trees", 40}});
    const Prediction one = predicted(forest), two = predicted(forest);
    CHECK(std::equal(one.probability.begin(), one.probability.end(), two.probability.begin()));
    const SampleSet set = numbers().selected(range(0, training));
    auto fitted = make_pipeline(Json::object({{"decoder", forest}}));
    FitRecord record;
    FitContext context{.random = RandomStream(1, "fit"), .record = &record};
    fitted->fit(set, context);
    const Prediction again = fitted->predict(set);
    std::int64_t right = 0;
    for (std::size_t i = 0; i < set.label.size(); ++i) right += again.label[i] == set.label[i] ? 1 : 0;
    CHECK(right >= training - 1);
    (void)error_of([] { (void)predicted(Json::object({{"name", "random-forest"}, {"trees", 0}})); });
    Safetensors state = fitted->save();
    for (auto& [name, tensor] : state.tensors) {
      if (name.find("left") == std::string::npos) continue;
      auto places = tensor.integers("left");
      for (auto& place : places) place = place < 0 ? place : 0;
      tensor = Tensor::vector(std::vector<std::int32_t>(places.begin(), places.end()));
    }
    const Error error = error_of([&] { make_pipeline(Json::object({{"decoder", forest}}))->restore(state); });
    CHECK(std::string(error.what()).find("damaged") != std::string::npos);
  }
}
