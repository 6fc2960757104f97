// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/boosted_trees.hpp"
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

/// 66 samples of two features between which splits hardly ever tie, of three classes.
struct BoostingSet {
  Array<float, 2> rows{{66, 2}, uninitialised};
  std::vector<std::int64_t> y;

  BoostingSet() {
    for (std::int64_t i = 0; i < 66; ++i) {
      for (int f = 0; f < 2; ++f)
        rows(i, f) = static_cast<float>(std::sin(0.7 * static_cast<double>(i * i) + f) +
                                        static_cast<double>(i % 3) * 0.3 * (f - 1));
      y.push_back(i % 3);
    }
  }
  /// Of the first 60 samples.
  [[nodiscard]] BoostedTrees fitted(const BoostingOptions& options, std::int64_t classes = 3) const {
    std::vector<std::int64_t> label(y.begin(), y.begin() + 60);
    for (auto& value : label) value = std::min(value, classes - 1);
    return fit_boosted_trees({View<const float, 2>(rows.data(), {60, 2}), label, classes}, options);
  }
};

/// Softmax of the scores of samples 60 to 63.
void check_boosted(const BoostingOptions& options, const std::array<double, 12>& wanted) {
  const BoostingSet set;
  const BoostedTrees model = set.fitted(options);
  std::array<double, 3> score{};
  for (std::size_t i = 0; i < 4; ++i) {
    boosted_scores(model, set.rows[static_cast<std::int64_t>(60 + i)], score);
    const double sum = std::exp(score[0]) + std::exp(score[1]) + std::exp(score[2]);
    for (std::size_t c = 0; c < 3; ++c)
      CHECK(std::exp(score[c]) / sum == doctest::Approx(wanted[3 * i + c]).epsilon(1e-6));
  }
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

  // GradientBoostingClassifier(n_estimators, learning_rate, max_depth, min_samples_leaf).fit(X[:60], y[:60])
  // .predict_proba(X[60:64]), the same for every random_state.
  TEST_CASE("gradient boosting: scikit-learn's probabilities of three classes") {
    check_boosted({.rounds = 10, .most_depth = 1},
                  {0.3919899466, 0.3434381103, 0.2645719431, 0.2890772445, 0.3615175007, 0.3494052548, 0.3919899466,
                   0.3434381103, 0.2645719431, 0.6353566996, 0.2059709462, 0.1586723542});
    check_boosted({.rounds = 10, .most_depth = 2, .least_leaf = 4},
                  {0.4698902609, 0.3482965739, 0.1818131652, 0.3165959711, 0.2828255428, 0.4005784861, 0.4025589182,
                   0.3925351047, 0.2049059772, 0.6964160994, 0.1927194966, 0.110864404});
    check_boosted({.rounds = 10, .learning_rate = 0.3, .most_depth = 3, .least_leaf = 5},
                  {0.5975270042, 0.3166498347, 0.08582316103, 0.4666618138, 0.1345809733, 0.3987572128, 0.1904487546,
                   0.6072537635, 0.2022974819, 0.9169726402, 0.06393431594, 0.01909304382});
  }

  // numbers() with classes y > 0: GradientBoostingClassifier(n_estimators=10, max_depth=2, min_samples_leaf=3).
  TEST_CASE("gradient boosting: scikit-learn's probabilities of two classes, through a recipe") {
    SampleSet set = numbers();
    for (auto& label : set.label) label = std::min<std::int64_t>(label, 1);
    set.classes = {"a", "b"};
    const auto decoder = make_pipeline(
        parse_json(R"({"decoder":{"name":"gradient-boosting","rounds":10,"most-depth":2,"least-leaf":3}})", "test"));
    FitContext context{.random = RandomStream(1, "fit")};
    decoder->fit(set.selected(range(0, training)), context);
    const Prediction prediction = decoder->predict(set.selected(range(training, all)));
    const std::array<double, 4> wanted{0.2347147796, 0.8791043724, 0.8791043724, 0.2347147796};
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(prediction.probability(static_cast<std::int64_t>(i), 1) == doctest::Approx(wanted[i]).epsilon(1e-6));
  }

  TEST_CASE("gradient boosting: depth and leaves keep to their limits, constant rows give the classes' shares") {
    const BoostingSet set;
    const BoostedTrees shallow = set.fitted({.rounds = 1, .most_depth = 1});
    CHECK(shallow.trees.nodes.size() == 9);
    CHECK(set.fitted({.rounds = 2, .least_leaf = 31}).trees.nodes.size() == 6);
    CHECK(set.fitted({.rounds = 3}, 2).trees.roots.size() == 3);
    const Array<float, 2> flat({6, 2}, 1.0F);
    const std::vector<std::int64_t> y{0, 0, 1, 1, 1, 1};
    std::array<double, 1> score{};
    boosted_scores(fit_boosted_trees({flat, y, 2}, {}), flat[0], score);
    CHECK(score[0] == doctest::Approx(std::log(2.0)));
    for (const char* const wrong : {R"("rounds":0)", R"("learning_rate":0)", R"("most-depth":17)", R"("least-leaf":0)"})
      CHECK(error_of([&] {
              (void)make_pipeline(
                  parse_json(R"({"decoder":{"name":"gradient-boosting",)" + std::string(wrong) + "}}", "test"));
            }).kind() == ErrorKind::usage);
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
