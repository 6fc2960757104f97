// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/explain/occlusion.hpp"
#include "caton/explain/projection.hpp"
#include "caton/explain/scalp.hpp"
#include "caton/explain/tables.hpp"
#include "caton/explain/truth.hpp"

#include "caton/base/text.hpp"

#include "golden_test.hpp"

#include <cmath>
#include <numbers>

namespace caton {
namespace {

using testing::error_of;

bool names(const Error& error, const char* word) { return std::string(error.what()).find(word) != std::string::npos; }

/// Electrodes on a sphere of 9 cm whose centre lies 4 cm above the origin.
std::vector<std::array<double, 3>> cap(int count) {
  std::vector<std::array<double, 3>> positions;
  for (int i = 0; i < count; ++i) {
    const double angle = (5 + 95.0 * i / count) * std::numbers::pi / 180, turn = 2.399963 * i;
    positions.push_back({0.09 * std::sin(angle) * std::cos(turn), 0.09 * std::sin(angle) * std::sin(turn),
                         0.04 + 0.09 * std::cos(angle)});
  }
  return positions;
}

/// Says class 1 with probability 1 / (1 + exp(-value of one place)).
class OnePlace final : public Decoder {
 public:
  explicit OnePlace(std::size_t place) : place_(place) {}
  void fit(const SampleSet&, FitContext&) override {}
  [[nodiscard]] Prediction predict(const SampleSet& samples) const override {
    const auto values = samples.blocks.begin()->second.doubles();
    const std::size_t size = values.size() / static_cast<std::size_t>(samples.size());
    Prediction prediction{.probability = Array<double, 2>({samples.size(), 2}), .label = {}};
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      const double p = 1 / (1 + std::exp(-values[static_cast<std::size_t>(i) * size + place_]));
      prediction.probability(i, 0) = 1 - p;
      prediction.probability(i, 1) = p;
      prediction.label.push_back(p > 0.5 ? 1 : 0);
    }
    return prediction;
  }
  [[nodiscard]] Safetensors save() const override { return {}; }
  void restore(const Safetensors&) override {}

 private:
  std::size_t place_;
};

/// 3 electrodes x 2 bands, `people` people with two windows each; the true class is known from C at beta alone.
SampleSet samples_of(int people) {
  SampleSet samples;
  samples.channels = {"A", "B", "C"};
  samples.features = {"alpha", "beta"};
  samples.classes = {"low", "high"};
  std::vector<float> values;
  for (int i = 0; i < 2 * people; ++i) {
    const float truth = i % 2 == 0 ? -2.0f : 2.0f;
    for (int k = 0; k < 6; ++k) values.push_back(k == 5 ? truth : static_cast<float>(k + i));
    samples.label.push_back(i % 2);
    samples.origins.id.push_back(i);
    for (NameColumn* const column : {&samples.origins.subject, &samples.origins.trial}) {
      const std::string name =
          column == &samples.origins.subject ? "s" + std::to_string(i / 2) : "t" + std::to_string(i);
      if (column->names.empty() || column->names.back() != name) column->names.push_back(name);
      column->index.push_back(static_cast<std::int32_t>(column->names.size()) - 1);
    }
    for (NameColumn* const column : {&samples.origins.study, &samples.origins.session, &samples.origins.recording})
      column->index.push_back(-1);
    samples.origins.begin.push_back(0);
    samples.origins.end.push_back(1);
  }
  samples.blocks.emplace("tokens", Tensor({2 * people, 3, 2}, values));
  return samples;
}

const OcclusionScore& score_of(const OcclusionSummary& summary, const OccludedPart& part) {
  for (const auto& score : summary.scores) {
    if (score.part == part) return score;
  }
  FAIL("no such part");
  return summary.scores.front();
}

TEST_SUITE("explain") {
  TEST_CASE("scalp: the top is the middle, the nose is up, ears are left and right, whatever the sphere's centre") {
    auto positions = cap(20);
    positions.push_back({0, 0, 0.13});
    positions.push_back({0, 0.09, 0.04});
    positions.push_back({0.09, 0, 0.04});
    const Scalp scalp(positions);
    CHECK(scalp.can_interpolate());
    CHECK(std::hypot(scalp.points()[20].x, scalp.points()[20].y) < 1e-6);
    CHECK(scalp.points()[21].x == doctest::Approx(0).epsilon(1e-6));
    CHECK(scalp.points()[21].y > 0.7);
    CHECK(scalp.points()[22].x == doctest::Approx(scalp.points()[21].y).epsilon(1e-6));
    for (const auto& point : scalp.points()) CHECK(std::hypot(point.x, point.y) <= 0.951);
  }

  TEST_CASE("scalp: the field goes through the values at the electrodes and stays within their range") {
    auto positions = cap(30);
    const Scalp scalp(positions);
    std::vector<double> values;
    for (const auto& point : scalp.points()) values.push_back(std::sin(3 * point.x) + point.y);
    constexpr std::int64_t size = 201;
    const auto field = scalp.field(values, size);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto column = static_cast<std::int64_t>(std::llround((scalp.points()[i].x + 1) / 2 * (size - 1)));
      const auto row = static_cast<std::int64_t>(std::llround((scalp.points()[i].y + 1) / 2 * (size - 1)));
      CHECK(std::fabs(field(row, column) - values[i]) < 0.04);  // the nearest of the grid's points
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    for (const double value : field) CHECK((value >= *low && value <= *high));
    const auto even = scalp.field(std::vector<double>(30, 2.5), 21);
    for (const double value : even) CHECK(value == doctest::Approx(2.5));
  }

  TEST_CASE("scalp: too few electrodes, wrong values and impossible positions are refused") {
    const Scalp few(cap(4));
    CHECK_FALSE(few.can_interpolate());
    CHECK(names(error_of([&] { static_cast<void>(few.field(std::vector<double>(4, 1.0), 11)); }), "electrodes"));
    const Scalp scalp(cap(12));
    CHECK(names(error_of([&] { static_cast<void>(scalp.field(std::vector<double>(3, 1.0), 11)); }), "values"));
    std::vector<double> broken(12, 1.0);
    broken[3] = std::nan("");
    CHECK(names(error_of([&] { static_cast<void>(scalp.field(broken, 11)); }), "values"));
    CHECK(names(error_of([&] { Scalp({{0, 0, 0}}); }), "positions"));
    CHECK(names(error_of([&] { Scalp({{0, std::nan(""), 1}}); }), "positions"));
  }

  TEST_CASE("spearman: as SciPy, ties included") {
    const std::vector<double> a{1, 2, 2, 4, 5, 3}, b{2, 1, 4, 4, 6, 5};
    CHECK(spearman(a, b) == doctest::Approx(0.7794117647058825).epsilon(1e-12));
    CHECK(spearman(a, a) == doctest::Approx(1));
    CHECK(std::isnan(spearman(a, std::vector<double>(6, 1.0))));
    CHECK(std::isnan(spearman(std::vector<double>{1, 2}, std::vector<double>{1, 2})));
    CHECK(names(error_of([&] { static_cast<void>(spearman(a, std::vector<double>{1})); }), "lengths"));
  }

  TEST_CASE("truth: a map that follows the sources finds them, a reversed or scrambled one does not") {
    std::vector<std::string> electrodes;
    std::vector<double> along, against;
    std::map<std::string, double> weights;
    for (int i = 0; i < 12; ++i) {
      electrodes.push_back("E" + std::to_string(i));
      weights[electrodes.back()] = i;
      along.push_back(0.1 * i * i);
      against.push_back(-i);
    }
    const TruthMatch match = match_truth("occlusion", electrodes, along, weights, 7);
    CHECK(match.rho == doctest::Approx(1));
    CHECK(match.p <= 0.001);
    CHECK(match.n == 12);
    CHECK(match.finds_sources());
    CHECK(match.strongest == 3);
    CHECK(match.shared == 3);
    CHECK(match.shared_p == doctest::Approx(1.0 / 220));  // 12 over 3
    const TruthMatch reversed = match_truth("attention", electrodes, against, weights, 7);
    CHECK(reversed.rho == doctest::Approx(-1));
    CHECK(reversed.shared == 0);
    CHECK(reversed.shared_p == doctest::Approx(1));
    CHECK_FALSE(reversed.finds_sources());
    weights.erase("E3");
    CHECK(match_truth("occlusion", electrodes, along, weights, 7).n == 11);
    CHECK(match_truth("x", electrodes, along, weights, 7).p == match_truth("x", electrodes, along, weights, 7).p);
    CHECK(names(error_of([&] {
                  static_cast<void>(match_truth("x", {"E1", "Q"}, std::vector<double>{1, 2}, weights, 1));
                }),
                "electrodes"));
  }

  TEST_CASE("principal plane: the strongest direction first, shares of variance, sign by the largest loading") {
    Array<float, 2> features({50, 3});
    for (std::int64_t i = 0; i < 50; ++i) {
      const auto t = static_cast<float>(i) - 24.5f;
      features(i, 0) = -2 * t + 100;
      features(i, 1) = (i % 2 == 0 ? 3.0f : -3.0f);
      features(i, 2) = 5;
    }
    const PrincipalPlane plane = principal_plane(features.view());
    CHECK(plane.share[0] + plane.share[1] == doctest::Approx(1).epsilon(1e-6));
    CHECK(plane.share[0] > 0.9);
    // Feature 0 has the largest loading, made positive: the component falls with i.
    CHECK(plane.points(0, 0) > plane.points(49, 0));
    double sum = 0;
    for (std::int64_t i = 0; i < 50; ++i) sum += plane.points(i, 0);
    CHECK(sum == doctest::Approx(0).epsilon(1e-9));
  }

  TEST_CASE("principal plane: more features than samples gives the same as the other way round") {
    Array<float, 2> wide({4, 6});
    for (std::int64_t i = 0; i < 4; ++i) {
      for (std::int64_t k = 0; k < 6; ++k) wide(i, k) = static_cast<float>(std::sin(1.0 + 2.3 * i + 0.7 * k * (i + 1)));
    }
    Array<float, 2> twice({8, 6});  // the same points twice: the same plane, through the other square matrix
    for (std::int64_t i = 0; i < 8; ++i) {
      for (std::int64_t k = 0; k < 6; ++k) twice(i, k) = wide(i % 4, k);
    }
    const PrincipalPlane a = principal_plane(wide.view()), b = principal_plane(twice.view());
    for (std::int64_t i = 0; i < 4; ++i) {
      for (std::int64_t k = 0; k < 2; ++k) CHECK(a.points(i, k) == doctest::Approx(b.points(i, k)).epsilon(1e-6));
    }
    CHECK(a.share[0] == doctest::Approx(b.share[0]).epsilon(1e-9));
  }

  TEST_CASE("principal plane: one sample and values that are not finite are refused") {
    Array<float, 2> one({1, 3});
    CHECK(names(error_of([&] { static_cast<void>(principal_plane(one.view())); }), "samples"));
    Array<float, 2> broken({3, 2});
    broken(1, 1) = std::nanf("");
    CHECK(names(error_of([&] { static_cast<void>(principal_plane(broken.view())); }), "finite"));
  }

  TEST_CASE("occlusion finds the one place that a decoder uses, and nothing elsewhere") {
    const SampleSet samples = samples_of(4);
    const auto mean = training_mean(samples);
    CHECK(mean[5] == doctest::Approx(0));
    CHECK(mean[0] == doctest::Approx(3.5));
    const OcclusionSummary summary = summarise(occlude(OnePlace(5), samples, mean), 1);
    CHECK(summary.scores.size() == 3 + 2 + 6);
    CHECK(summary.samples == 8);
    CHECK(summary.units == 4);
    CHECK(summary.unit == "subjects");
    const double sure = 1 / (1 + std::exp(-2.0));
    for (const OccludedPart& part : {OccludedPart{"C", ""}, OccludedPart{"", "beta"}, OccludedPart{"C", "beta"}}) {
      const OcclusionScore& score = score_of(summary, part);
      CHECK(score.drop_probability == doctest::Approx(sure - 0.5));
      CHECK(score.low == doctest::Approx(sure - 0.5));  // all units drop alike
      CHECK(score.high == doctest::Approx(sure - 0.5));
      CHECK(score.drop_accuracy == doctest::Approx(0.5));  // 0 is called low: the windows of "high" are lost
    }
    for (const OccludedPart& part : {OccludedPart{"A", ""}, OccludedPart{"", "alpha"}, OccludedPart{"C", "alpha"}})
      CHECK(score_of(summary, part).drop_probability == 0);
  }

  TEST_CASE("occlusion: folds are put together, one person is resampled by trial, fewer samples can be asked for") {
    const SampleSet samples = samples_of(1);
    const auto mean = training_mean(samples_of(4));
    Occlusion all;
    all.append(occlude(OnePlace(5), samples, mean, {.each_pair = false}));
    all.append(occlude(OnePlace(5), samples, mean, {.each_pair = false}));
    CHECK(all.parts.size() == 5);
    CHECK(all.drop_probability.extent(1) == 4);
    CHECK(summarise(all, 1).unit == "trials");
    CHECK(summarise(all, 1).units == 2);
    CHECK(names(error_of([&] { all.append(occlude(OnePlace(5), samples, mean)); }), "parts"));
    CHECK(occlude(OnePlace(5), samples_of(4), mean, {.each_pair = true, .most_samples = 3}).drop_accuracy.extent(1) ==
          3);
  }

  TEST_CASE("occlusion: flat features count as bands, or as electrodes where there is one for each") {
    SampleSet samples = samples_of(2);
    const Tensor flat = samples.blocks.at("tokens").reshaped({4, 6});
    samples.blocks.clear();
    samples.blocks.emplace("features", flat);
    const auto mean = training_mean(samples);
    const Occlusion by_feature = occlude(OnePlace(5), samples, mean);
    REQUIRE(by_feature.parts.size() == 6);
    CHECK(by_feature.parts[5] == OccludedPart{"", "feature 6"});
    samples.channels = {"a", "b", "c", "d", "e", "f"};
    const Occlusion by_electrode = occlude(OnePlace(5), samples, mean);
    REQUIRE(by_electrode.parts.size() == 6);
    CHECK(by_electrode.parts[5] == OccludedPart{"f", ""});
    CHECK(by_electrode.drop_probability(5, 0) > 0.3);
    CHECK(by_electrode.drop_probability(4, 0) == 0);
  }

  TEST_CASE("occlusion: missing labels, a wrong mean and no samples are refused") {
    SampleSet samples = samples_of(2);
    const auto mean = training_mean(samples);
    CHECK(names(error_of([&] { static_cast<void>(occlude(OnePlace(5), samples, {1.0})); }), "mean"));
    samples.label.clear();
    CHECK(names(error_of([&] { static_cast<void>(occlude(OnePlace(5), samples, mean)); }), "label"));
    CHECK(names(error_of([&] { static_cast<void>(occlude(OnePlace(5), SampleSet{}, mean)); }), "samples"));
  }

  TEST_CASE("attention table: means over heads, classes and further axes; received is the column mean") {
    const std::vector<std::string> electrodes{"A", "B"};
    // block x class x head x from x to; the value tells its own place
    std::vector<double> values;
    for (int i = 0; i < 32; ++i) values.push_back(i);
    const Explanation attention{.name = "attention",
                                .axes = {"block", "class", "head", "electrode", "electrode"},
                                .ticks = {{"1", "2"}, {"x", "y"}, {"1", "2"}, electrodes, electrodes},
                                .values = Tensor({2, 2, 2, 2, 2}, values)};
    const Table table = attention_table({.pipeline = "p", .plan = "q", .verdict = "clean"}, attention);
    CHECK(table.rows.size() == 4 * (1 + 2 + 2));
    const auto value = [&](const std::string& of_class, const std::string& head, const std::string& from,
                           const std::string& to) {
      for (const auto& row : table.rows) {
        if (row[2] == of_class && row[3] == head && row[4] == from && row[5] == to) return *parse_number(row[6]);
      }
      return std::nan("");
    };
    CHECK(value("", "", "A", "A") == doctest::Approx(14));   // mean of 0, 4, 8 … 28
    CHECK(value("y", "", "A", "B") == doctest::Approx(19));  // (9 + 13 + 25 + 29) / 4
    CHECK(value("", "2", "B", "A") == doctest::Approx(18));  // (6 + 14 + 22 + 30) / 4
    const ElectrodeMap received = attention_received(table);
    CHECK(received.electrodes == electrodes);
    CHECK(received.values[1] == doctest::Approx(16));  // (15 + 17) / 2
    CHECK(names(
        error_of([&] {
          static_cast<void>(attention_table(
              {}, {.name = "x", .axes = {"band"}, .ticks = {{"a"}}, .values = Tensor({1}, std::vector<double>{1})}));
        }),
        "axes"));
  }

  TEST_CASE("other tables: one row a number, the verdict beside it, undefined cells empty") {
    const ExplainedResult result{.pipeline = "p", .plan = "as-published", .verdict = "leaks"};
    const Table weights = explanation_table(result, {.name = "weights",
                                                     .axes = {"electrode", "electrode"},
                                                     .ticks = {{"A", "B"}, {"A"}},
                                                     .values = Tensor({2, 1}, std::vector<double>{1.5, std::nan("")}),
                                                     .unit = "bit"});
    CHECK(weights.header == std::vector<std::string>{"plan", "verdict", "electrode", "electrode_2", "value", "unit"});
    CHECK(weights.rows[0] == std::vector<std::string>{"as-published", "leaks", "A", "A", "1.5", "bit"});
    CHECK(weights.rows[1][4].empty());
    const Table curve = curve_table(
        result, {{Json::object({{"epoch", 1}, {"loss", 0.5}})}, {Json::object({{"epoch", 1}, {"accuracy", 0.75}})}});
    CHECK(curve.header == std::vector<std::string>{"verdict", "fold", "epoch", "loss", "accuracy"});
    CHECK(curve.rows[1] == std::vector<std::string>{"leaks", "1", "1", "", "0.75"});
    const Table plane =
        features_table(result, "0", "input features", {.points = Array<double, 2>({4, 2})}, samples_of(2));
    CHECK(plane.rows.size() == 4);
    CHECK(plane.rows[3][plane.column("class", "")] == "high");
    CHECK(plane.rows[3][plane.column("subject", "")] == "s1");
  }
}

}  // namespace
}  // namespace caton
