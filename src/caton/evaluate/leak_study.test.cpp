// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/datasets/simulated/emotion_null.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/decode/protocol_accuracy.hpp"
#include "caton/decode/transforms/select_by_f.hpp"
#include "caton/samples/oversampling.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>

using namespace caton;

namespace {

std::vector<std::int64_t> numbers(const NameColumn& column) { return {column.index.begin(), column.index.end()}; }

std::vector<ProtocolFold> folds_of(const SampleSet& samples, const std::string& protocol) {
  return protocol_folds(numbers(samples.origins.subject), numbers(samples.origins.trial), {.protocol = protocol});
}

double share_right(const Prediction& prediction, const SampleSet& test) {
  double right = 0;
  for (std::size_t i = 0; i < test.label.size(); ++i) right += prediction.label[i] == test.label[i] ? 1 : 0;
  return 100 * right / static_cast<double>(test.label.size());
}

FitContext context_of(std::size_t fold, FitRecord* record = nullptr) {
  return {.random = RandomStream(7, "leak study", {fold}), .record = record};
}

/// Mean accuracy over folds, %.
double accuracy(const SampleSet& samples, const std::vector<ProtocolFold>& folds, const Json& pipeline) {
  double sum = 0;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const auto decoder = make_pipeline(pipeline);
    FitContext context = context_of(k);
    decoder->fit(samples.selected(folds[k].train), context);
    const SampleSet test = samples.selected(folds[k].test);
    sum += share_right(decoder->predict(test), test);
  }
  return sum / static_cast<double>(folds.size());
}

Json pipeline(const std::string& text) { return parse_json(text, "test"); }

const Json nearest = pipeline(R"({"steps":["smote"],"decoder":"nearest-neighbours"})");
const Json logistic = pipeline(R"({"steps":["smote","standardise"],"decoder":"logistic-regression"})");
const Json network = pipeline(R"({"decoder":"small-network"})");

/// Mean over simulated data sets.
template <class Measure>
double mean_over(std::uint64_t sets, double effect, Measure&& measure) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= sets; ++seed) sum += measure(emotion_null({.effect = effect, .seed = seed}));
  return sum / static_cast<double>(sets);
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("probe") {
    const auto t = [] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    };
    for (double effect : {0.0})
      for (const char* protocol : {"published"})
        for (auto [name, p] : {std::pair{"lr", &logistic}}) {
          for (int s = 1; s <= 5; ++s) {
            auto a = t();
            const auto set = emotion_null({.effect = effect, .seed = std::uint64_t(s)});
            auto b = t();
            const double acc = accuracy(set, folds_of(set, protocol), *p);
            std::printf("%g %s %s %d: %.1f  (sim %.3f s, %.3f s)\n", effect, protocol, name, s, acc, b - a, t() - b);
            std::fflush(stdout);
          }
        }
  }
}
