// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/decoder.hpp"
#include "golden_test.hpp"

using namespace caton;
using caton::testing::error_of;

namespace {

/// Samples of two features whose mean is `value`.
SampleSet values_with(const std::vector<double>& values, const std::vector<std::int64_t>& labels) {
  SampleSet set;
  std::vector<float> rows;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (const double side : {-0.25, 0.25}) rows.push_back(static_cast<float>(values[i] + side));
    for (NameColumn* const column :
         {&set.origins.study, &set.origins.subject, &set.origins.session, &set.origins.recording, &set.origins.trial})
      column->index.push_back(column->id("1"));
    set.origins.begin.push_back(static_cast<std::int64_t>(i));
    set.origins.end.push_back(static_cast<std::int64_t>(i) + 1);
    set.origins.parents.push_back({-1, -1});
    set.origins.id.push_back(static_cast<std::int64_t>(i));
  }
  set.label = labels;
  set.classes = {"open", "closed"};
  set.channels = {"O1", "O2"};
  set.features = {"ratio"};
  set.blocks.emplace("features", Tensor({static_cast<std::int64_t>(values.size()), 2, 1}, rows));
  return set;
}

std::unique_ptr<Decoder> fitted(const Json& decoder, const SampleSet& training) {
  auto made = make_decoder(decoder);
  FitContext context{.random = RandomStream(1, "threshold")};
  made->fit(training, context);
  return made;
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("threshold: the middle between the medians of the classes, not moved by a wild value") {
    const auto training = values_with({1, 2, 3, 5, 6, 700}, {0, 0, 0, 1, 1, 1});
    const auto test = values_with({-9, 3.99, 4.01, 50}, {0, 0, 1, 1});
    const auto prediction = fitted("threshold", training)->predict(test);
    CHECK(prediction.label == test.label);
    for (std::int64_t i = 0; i + 1 < 4; ++i) CHECK(prediction.probability(i, 1) < prediction.probability(i + 1, 1));
    // Turned round, the lower side is the second class.
    const auto turned = fitted("threshold", values_with({5, 6, 7, 1, 2, 3}, {0, 0, 0, 1, 1, 1}));
    CHECK(turned->predict(test).label == std::vector<std::int64_t>{1, 1, 0, 0});
  }

  TEST_CASE("threshold: classes with the same median are told apart by nothing") {
    const auto prediction =
        fitted("threshold", values_with({1, 1, 1, 1}, {0, 0, 1, 1}))->predict(values_with({0, 5}, {0, 1}));
    CHECK(prediction.probability(1, 0) == 0.5);
  }

  TEST_CASE("fixed threshold: as given, whatever training says; probabilities rise with the value") {
    const auto training = values_with({1, 2, 3, 4}, {0, 0, 1, 1});
    const Json at = Json::object({{"name", "fixed-threshold"}, {"at", 10.0}, {"above", "open"}});
    const auto prediction = fitted(at, training)->predict(values_with({9, 10.5, 12}, {1, 0, 0}));
    CHECK(prediction.label == std::vector<std::int64_t>{1, 0, 0});
    CHECK(prediction.probability(1, 0) < prediction.probability(2, 0));
    const Json nobody = Json::object({{"name", "fixed-threshold"}, {"above", "shut"}});
    CHECK(std::string(error_of([&] { (void)fitted(nobody, training); }).what()).find("shut") != std::string::npos);
  }
}
