// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "signal_test.hpp"

#include "caton/base/operation.hpp"
#include "caton/base/random.hpp"
#include "caton/evaluate/audit/duplicate_signal.hpp"
#include "caton/evaluate/audit/intervals.hpp"
#include "caton/evaluate/audit/origin_rules.hpp"
#include "caton/evaluate/imported_split.hpp"
#include "caton/evaluate/metrics_block.hpp"

#include <algorithm>
#include <cmath>
#include <set>

using namespace caton;
using namespace caton::leak;

namespace {

using Ids = std::vector<std::int64_t>;

struct Columns4 {
  Ids recording, begin, end, side;
};

Columns4 random_windows(std::uint64_t seed) {
  RandomStream random(seed, "windows");
  Columns4 columns;
  for (int i = 0; i < 60; ++i) {
    columns.recording.push_back(static_cast<std::int64_t>(random.below(4)) - 1);
    columns.begin.push_back(static_cast<std::int64_t>(random.below(300)));
    columns.end.push_back(columns.begin.back() + static_cast<std::int64_t>(random.below(30)));
    columns.side.push_back(static_cast<std::int64_t>(random.below(3)) - 1);
  }
  return columns;
}

/// Noise windows, some of them copies: scaled, moved, shifted, noisy.
struct Signals {
  Array<float, 3> values;
  Ids side;
  [[nodiscard]] SignalWindows windows() const {
    const View<const float, 3> all = values.view();
    return {all.extent(0), all.extent(1), all.extent(2), [all](std::int64_t i) { return all[i]; }};
  }
};

Signals noise_windows(std::int64_t count, std::int64_t samples) {
  Signals signals{Array<float, 3>({count, 3, samples}), Ids(static_cast<std::size_t>(count))};
  RandomStream random(8, "signals");
  for (float& value : signals.values) value = static_cast<float>(random.normal());
  for (std::int64_t i = count / 2; i < count; ++i) signals.side[i] = test;
  return signals;
}

void copy_window(Signals& signals, std::int64_t from, std::int64_t to, std::int64_t lag, float gain, float spread) {
  RandomStream random(static_cast<std::uint64_t>(to), "copy");
  const auto samples = signals.values.extent(2);
  for (std::int64_t c = 0; c < signals.values.extent(1); ++c) {
    for (std::int64_t t = std::max<std::int64_t>(0, -lag); t < std::min(samples, samples - lag); ++t)
      signals.values(to, c, t) = gain * signals.values(from, c, t + lag) + static_cast<float>(c) +
                                 spread * static_cast<float>(random.normal());
  }
}

Answers made_answers() {
  Answers answers{.pipeline = "lda", .plan = "cross-subject", .classes = {"low", "high"}};
  RandomStream random(3, "answers");
  answers.probability = Array<double, 2>({4 * 6 * 5, 2});
  for (std::int64_t i = 0; i < 4 * 6 * 5; ++i) {
    const auto subject = i / 30, trial = i / 5 % 6, label = trial % 2;
    answers.fold.push_back(subject);
    answers.sample.push_back(i);
    answers.study.emplace_back("study");
    answers.subject.push_back("s" + std::to_string(subject));
    answers.session.emplace_back("1");
    answers.trial.push_back(std::to_string(trial));
    answers.label.push_back(label);
    const double p = std::clamp(0.5 + 0.15 * (label == 1 ? 1 : -1) + 0.2 * random.normal(), 0.01, 0.99);
    answers.probability(i, 0) = 1 - p;
    answers.probability(i, 1) = p;
    answers.predicted.push_back(p > 0.5);
  }
  return answers;
}

Table table(const std::string& text) { return parse_table(text, ',', "table.csv"); }

std::string refusal(const std::string& splits, const std::string& windows) {
  return testing::error_of([&] { (void)imported_split(table(splits), "splits.csv", table(windows), "windows.csv"); })
      .what();
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("audit operations: golden cases") {
    testing::replay_whole_case("evaluation/leak-audit");
    testing::replay_whole_case("rbtransformer/audit-splits");
  }

  TEST_CASE("audit_duplicate_signal: windows without a sample are refused") {
    const Tensors in{{"x", Tensor(Dtype::f64, {4, 2, 0})},
                     {"split", Tensor::vector(std::vector<std::int64_t>{0, 0, 1, 1})}};
    const Error error = testing::error_of([&] { (void)run_operation("audit_duplicate_signal", Json::object(), in); });
    CHECK(std::string(error.what()).find("empty") != std::string::npos);
  }

  TEST_CASE("audit_split: a row of no recording is a made one, with parents or without") {
    const auto column = [](std::vector<std::int64_t> values) { return Tensor::vector(values); };
    const auto counts = [&](std::int64_t recording) {
      return run_operation("audit_split", Json::object(),
                           {{"fold", column({0, 1, 1})},
                            {"recording", column({0, 0, recording})},
                            {"trial", column({0, 1, 0})},
                            {"subject", column({0, 1, 0})},
                            {"first", column({0, 50, 0})},
                            {"end", column({10, 60, 10})},
                            {"digest", column({1, 2, 1})},
                            {"parents", Tensor({3, 2}, std::vector<std::int64_t>(6, -1))}})
          .at("counts")
          .integers();
    };
    CHECK(counts(0) == std::vector<std::int64_t>{1, 1, 1, 1, 1, 0, 2, 1, 1, 1, 1, 0});
    CHECK(counts(-1) == std::vector<std::int64_t>{1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0});
  }

  TEST_CASE("overlaps: sweep and count agree with trying all pairs") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const auto columns = random_windows(seed);
      const Windows windows{columns.recording, columns.begin, columns.end};
      const auto margin = static_cast<std::int64_t>(seed % 3 * 5);
      std::set<std::pair<std::int64_t, std::int64_t>> swept, tried;
      std::set<std::int64_t> tested;
      std::int64_t largest = 0;
      Ids in_test;
      for_each_overlap(windows, columns.side, margin, [&](auto a, auto b, auto) { CHECK(swept.emplace(a, b).second); });
      for (std::int64_t a = 0; a < 60; ++a) {
        if (columns.side[a] == test) in_test.push_back(a);
        for (std::int64_t b = 0; b < 60; ++b) {
          if (columns.side[a] != training || columns.side[b] != test || columns.recording[a] < 0 ||
              columns.recording[a] != columns.recording[b] || columns.begin[a] == columns.end[a] ||
              columns.begin[b] == columns.end[b])
            continue;
          const auto shared = std::min(columns.end[a], columns.end[b]) - std::max(columns.begin[a], columns.begin[b]);
          if (shared + margin <= 0) continue;
          largest = tried.empty() ? shared : std::max(largest, shared);
          tried.emplace(a, b);
          tested.insert(b);
        }
      }
      CHECK(swept == tried);
      const auto count = count_overlaps(WindowOrder(windows), columns.side, in_test, margin);
      CHECK(count.pairs == static_cast<std::int64_t>(tried.size()));
      CHECK(count.test_windows == static_cast<std::int64_t>(tested.size()));
      if (!tried.empty()) CHECK(count.largest == largest);
    }
  }

  TEST_CASE("copies: found under gain, offset, noise and shift, and nothing else is") {
    auto signals = noise_windows(60, 200);
    copy_window(signals, 3, 40, 0, 2.5F, 0);
    copy_window(signals, 4, 41, 0, 1, 0.02F);
    copy_window(signals, 5, 42, 57, 0.5F, 0);
    copy_window(signals, 6, 43, -120, 1, 0);
    const auto pairs = duplicate_signal(signals.windows(), signals.side, {});
    REQUIRE(pairs.size() == 4);
    const Ids lags{0, 0, 57, -120};
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(pairs[i].training == static_cast<std::int64_t>(3 + i));
      CHECK(pairs[i].test == static_cast<std::int64_t>(40 + i));
      CHECK(pairs[i].lag == lags[i]);
      CHECK(pairs[i].correlation > 0.999);
    }
  }

  TEST_CASE("copies: flat windows are nobody's copy, reversed polarity is another signal") {
    auto signals = noise_windows(10, 100);
    for (const std::int64_t i : {1, 7}) {
      for (std::int64_t c = 0; c < 3; ++c) std::fill_n(&signals.values(i, c, 0), 100, 4.0F);
    }
    copy_window(signals, 2, 8, 0, -1, 0);
    CHECK(duplicate_signal(signals.windows(), signals.side, {}).empty());
    CHECK(testing::error_of([&] {
            (void)duplicate_signal(signals.windows(), signals.side, {.threshold = 2});
          }).kind() == ErrorKind::usage);
  }

  TEST_CASE("made samples: ancestors are followed through generations, circles are refused") {
    const std::vector<std::array<std::int64_t, 2>> parents{{-1, -1}, {0, 0}, {1, 1}, {2, 0}};
    CHECK(ancestors_of(parents)[3] == Ids{0, 1, 2});
    const auto across = resampling_across(parents, Ids{training, unused, unused, test});
    CHECK(across.child_ancestor.size() == 1);
    CHECK(across.synthetic_in_test == Ids{3});
    const std::vector<std::array<std::int64_t, 2>> circle{{1, -1}, {0, -1}};
    CHECK(testing::error_of([&] { (void)ancestors_of(circle); }).kind() == ErrorKind::input);
    const std::vector<std::array<std::int64_t, 2>> beyond{{5, -1}};
    CHECK(testing::error_of([&] { (void)resampling_across(beyond, Ids{0}); }).kind() == ErrorKind::input);
  }

  TEST_CASE("metrics block: the same after a round trip through predictions.csv in any order of rows") {
    const Answers answers = made_answers();
    const std::string block = metrics_block(answers).dump();
    Table rows = answers_table({answers});
    std::reverse(rows.rows.begin(), rows.rows.end());
    const auto back = answers_of(parse_table(table_text(rows), ',', "predictions.csv"), "predictions.csv");
    REQUIRE(back.size() == 1);
    CHECK(metrics_block(back.front()).dump() == block);
    const Json all = metrics_of_predictions(rows, "predictions.csv");
    CHECK(all.at("evaluations").items().front().dump() == block);
  }

  TEST_CASE("metrics block: units are people, within one person trials, never windows") {
    Answers answers = made_answers();
    Json block = metrics_block(answers);
    CHECK(block.at("unit").text() == "subject");
    CHECK(block.at("metrics").at("accuracy").at("n").integer() == 4);
    CHECK(block.at("few_units").flag());
    const Json& accuracy = block.at("metrics").at("accuracy");
    CHECK(accuracy.at("low").number() <= accuracy.at("value").number());
    CHECK(accuracy.at("high").number() >= accuracy.at("value").number());
    CHECK(block.at("chance").at("exchanged").text() == "trial");
    CHECK(block.at("chance").at("p").number() < 0.01);
    CHECK(block.at("chance").at("value").number() == doctest::Approx(0.5).epsilon(0.1));
    for (auto& subject : answers.subject) subject = "s";
    for (std::int64_t i = 0; i < answers.size(); ++i) answers.trial[i] = std::to_string(i / 5);
    block = metrics_block(answers);
    CHECK(block.at("unit").text() == "trial");
    CHECK(block.at("units").integer() == 24);
    for (auto& trial : answers.trial) trial.clear();
    block = metrics_block(answers);
    CHECK(block.at("unit").text() == "window");
    CHECK(block.at("metrics").at("accuracy").at("low").is_null());
  }

  TEST_CASE("metrics block: one class only is undefined, not zero") {
    Answers answers = made_answers();
    std::fill(answers.label.begin(), answers.label.end(), 1);
    const Json block = metrics_block(answers);
    CHECK(block.at("metrics").at("auroc").at("value").is_null());
    CHECK(!block.at("metrics").at("auroc").at("undefined").is_null());
    CHECK(block.at("chance").at("p").is_null());
  }

  TEST_CASE("imported splits: verdict as for the same split made here") {
    const std::string windows =
        "sample,subject,recording,trial,begin,end,label\n"
        "a,s1,r1,1,0,100,x\nb,s1,r1,1,50,150,x\nc,s1,r1,2,500,600,y\nd,s2,r2,1,0,100,x\n";
    const auto judged = [&](const std::string& splits, const std::string& claim) {
      const auto split = imported_split(table(splits), "splits.csv", table(windows), "windows.csv");
      return audit(split.origins, split.labels, split.folds, claim_named(claim), {}).verdict;
    };
    const std::string clean = "sample,fold,role\na,0,train\nb,0,train\nc,0,unused\nd,0,test\n";
    CHECK(judged(clean, "subject") == Verdict::clean);
    CHECK(judged("sample,fold,role\na,0,train\nb,0,test\n", "window") == Verdict::leaks);
    CHECK(judged("sample,fold,role\na,0,train\nc,0,test\n", "trial") == Verdict::clean);
    CHECK(judged("sample,fold,role\na,0,train\nc,0,test\n", "subject") == Verdict::leaks);
    CHECK(judged("sample,fold,role\na,0,train\nd,0,test\na,0,test\n", "window") == Verdict::leaks);
  }

  TEST_CASE("imported splits: what is wrong is named with its row") {
    const std::string windows = "sample,begin,end\n1,0,10\n2,10,20\n";
    CHECK(refusal("sample,fold,role\n1,0,train\n3,0,test\n", windows).find("\"3\"") != std::string::npos);
    CHECK(refusal("sample,fold,role\n1,0,train\n2,0,tset\n", windows).find("tset") != std::string::npos);
    CHECK(refusal("sample,fold,role\n1,0,train\n", windows).find("empty test") != std::string::npos);
    CHECK(refusal("sample,fold\n1,0\n", windows).find("role") != std::string::npos);
    const std::string good = "sample,fold,role\n1,0,train\n2,0,test\n";
    CHECK(refusal(good, "sample,begin,end\n1,0,10\n1,0,10\n").find("twice") != std::string::npos);
    CHECK(refusal(good, "sample,begin,end\n1,0,x\n2,0,10\n").find("row 1") != std::string::npos);
    CHECK(refusal(good, "sample,begin,end\n1,5,1\n2,0,10\n").find("range") != std::string::npos);
    CHECK(refusal(good, "sample,parent1\n1,9\n2,\n").find("parent") != std::string::npos);
  }
}
