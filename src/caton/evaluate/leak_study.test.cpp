// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/datasets/simulated/emotion_null.hpp"
#include "caton/decode/classical/small_network_decoder.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/decode/protocol_accuracy.hpp"
#include "caton/decode/transforms/select_by_f.hpp"
#include "caton/samples/neighbours.hpp"
#include "caton/samples/oversampling.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

/// The figures of RBTransformer's specification ("The leak") on simulated tokens: what each leak is worth on data that
/// hold nothing. Long versions are named [nightly] and run when $CATON_NIGHTLY is set.
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

/// Accuracy of each fold, %.
std::vector<double> accuracies(const SampleSet& samples, const std::vector<ProtocolFold>& folds, const Json& pipeline) {
  std::vector<double> result;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const auto decoder = make_pipeline(pipeline);
    FitContext context = context_of(k);
    decoder->fit(samples.selected(folds[k].train), context);
    const SampleSet test = samples.selected(folds[k].test);
    result.push_back(share_right(decoder->predict(test), test));
  }
  return result;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Json pipeline(const std::string& text) { return parse_json(text, "test"); }

Json nearest() { return pipeline(R"({"steps":["smote"],"decoder":"nearest-neighbours"})"); }
Json logistic() { return pipeline(R"({"steps":["smote","standardise"],"decoder":"logistic-regression"})"); }
Json network() { return pipeline(R"({"decoder":"small-network"})"); }

/// Mean of a measure over simulated data sets.
template <class Measure>
double over_sets(std::uint64_t sets, double effect, Measure&& measure) {
  std::vector<double> values;
  for (std::uint64_t seed = 1; seed <= sets; ++seed)
    values.push_back(measure(emotion_null({.effect = effect, .seed = seed})));
  return mean(values);
}

double under(std::uint64_t sets, double effect, const std::string& protocol, const Json& chosen) {
  return over_sets(sets, effect,
                   [&](const SampleSet& set) { return mean(accuracies(set, folds_of(set, protocol), chosen)); });
}

bool nightly() {
  const char* const wanted = std::getenv("CATON_NIGHTLY");
  return wanted != nullptr && std::string(wanted) == "1";
}

bool within(double value, double low, double high) { return value >= low && value <= high; }

/// Trial-wise folds with one network that is never renewed.
std::vector<double> carried_over(const SampleSet& set, std::vector<std::int64_t>* ancestry = nullptr) {
  const auto decoder = make_small_network({.warm_start = true});
  const auto folds = folds_of(set, "trial");
  std::vector<double> result;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    FitRecord record;
    FitContext context = context_of(k, &record);
    decoder->fit(set.selected(folds[k].train), context);
    const SampleSet test = set.selected(folds[k].test);
    result.push_back(share_right(decoder->predict(test), test));
    CHECK(record.ancestry_known == (k == 0 ? "fresh" : "known"));
    if (ancestry != nullptr) *ancestry = record.ancestry;
  }
  return result;
}

/// Eight features chosen where `all` says: on all samples, or inside the training of each fold.
double with_chosen_features(const SampleSet& set, bool all) {
  if (all) {
    const auto chosen = best_features(anova_f(set.flat(), set.label), 8);
    return mean(accuracies(with_features(set, chosen), folds_of(set, "trial"), logistic()));
  }
  return mean(accuracies(set, folds_of(set, "trial"),
                         pipeline(R"({"steps":["smote",{"select-by-f":8},"standardise"],"decoder":"logistic"})")));
}

/// Random subsets of eight features: the best by test accuracy, and their mean.
std::pair<double, double> best_of_twelve(const SampleSet& set) {
  std::vector<double> score;
  for (std::uint64_t candidate = 0; candidate < 12; ++candidate) {
    auto order = RandomStream(5, "candidates", {candidate}).permutation(56);
    order.resize(8);
    std::sort(order.begin(), order.end());
    score.push_back(mean(accuracies(with_features(set, order), folds_of(set, "trial"), nearest())));
  }
  return {*std::max_element(score.begin(), score.end()), mean(score)};
}

/// Folds by trial after oversampling of everything; made samples are dealt out at random.
double oversampled_first(const SampleSet& set) {
  const SampleSet more = with_made(set, smote(as_double(set.flat()), set.label));
  auto folds = folds_of(set, "trial");
  RandomStream random(3, "dealt");
  for (std::int64_t i = set.size(); i < more.size(); ++i) {
    const auto own = random.below(folds.size());
    for (std::size_t k = 0; k < folds.size(); ++k) (k == own ? folds[k].test : folds[k].train).push_back(i);
  }
  return mean(accuracies(more, folds, pipeline(R"({"decoder":"nearest-neighbours"})")));
}

/// Subject 1 present again under another name, with a little noise: accuracy when that copy is held out.
double with_twin(const SampleSet& set) {
  std::vector<std::int64_t> first;
  for (std::int64_t i = 0; i < set.size(); ++i) {
    if (set.origins.subject.at(i) == "1") first.push_back(i);
  }
  SampleSet twin = set.selected(first);
  RandomStream random(9, "twin");
  for (auto& value : twin.blocks.at("tokens").values<float>()) value += static_cast<float>(0.02 * random.normal());
  twin.origins.subject.names.at(static_cast<std::size_t>(twin.origins.subject.index.at(0))) = "another";
  for (auto& id : twin.origins.id) id += set.size();
  SampleSet all = set;
  all.append(twin);
  return accuracies(all, folds_of(all, "subject"), nearest()).back();
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("emotion-null: size, origins and balance are those of the specification") {
    const SampleSet set = emotion_null({.seed = 4});
    CHECK(set.block("tokens").shape() == Tensor::Shape{3840, 14, 4});
    CHECK(set.class_counts() == std::vector<std::int64_t>{8 * 7 * 40, 8 * 5 * 40});
    CHECK(set.origins.subject.names.size() == 8);
    CHECK(set.origins.recording.names.size() == 16);
    CHECK(set.origins.trial.names.size() == 12);
    // Direct neighbours share 395 of 512 samples; trials of a recording share none.
    CHECK(set.origins.end[0] - set.origins.begin[1] == 395);
    CHECK(set.origins.begin[40] > set.origins.end[39]);
    CHECK(set.origins.session.at(6 * 40 - 1) == "1");
    CHECK(set.origins.session.at(6 * 40) == "2");
    CHECK(emotion_null({.seed = 4}).digest() == set.digest());
    CHECK(emotion_null({.seed = 5}).digest() != set.digest());
    CHECK(caton::testing::error_of([] { static_cast<void>(emotion_null({.windows = 1})); }).problem().find("windows") !=
          std::string::npos);
  }

  TEST_CASE("emotion-null: the effect moves alpha at eight electrodes by 2δ between classes and nothing else") {
    const SampleSet none = emotion_null({.seed = 2}), some = emotion_null({.effect = 0.25, .seed = 2});
    for (const std::int64_t i : {0, 500, 3839}) {
      const double sign = some.label[static_cast<std::size_t>(i)] == 1 ? 1 : -1;
      for (std::int64_t c = 0; c < 14; ++c) {
        for (std::int64_t b = 0; b < 4; ++b) {
          const double pattern = b != 1 ? 0 : c <= 3 ? 1 : c >= 10 ? -1 : 0;
          const double moved = some.flat()(i, c * 4 + b) - none.flat()(i, c * 4 + b);
          CHECK(std::abs(moved - sign * 0.25 * pattern) < 1e-5);
        }
      }
    }
  }

  TEST_CASE("leak: published folds recognise recordings where the labels hold nothing; whole trials do not") {
    CHECK(under(1, 0, "published", nearest()) >= 99.5);
    CHECK(under(1, 0, "published", network()) >= 98);
    CHECK(within(under(2, 0, "trial", nearest()), 40, 60));
    CHECK(within(under(2, 0, "subject", nearest()), 40, 60));
    CHECK(under(1, 0.25, "trial", logistic()) > under(1, 0, "trial", logistic()) + 20);
  }

  TEST_CASE("leak: weights carried from fold to fold, with their ancestry") {
    const SampleSet set = emotion_null({.seed = 1});
    std::vector<std::int64_t> ancestry;
    CHECK(mean(carried_over(set, &ancestry)) >= 80);
    const auto last = folds_of(set, "trial").back().test;
    for (const auto i : last)
      CHECK(std::binary_search(ancestry.begin(), ancestry.end(), set.origins.id[static_cast<std::size_t>(i)]));
  }

  TEST_CASE("leak: a subject present twice is recognised") { CHECK(with_twin(emotion_null({.seed = 1})) >= 99.5); }

  TEST_CASE("leak: features chosen on all data and the best of twelve look better than they are") {
    const SampleSet set = emotion_null({.seed = 1});
    CHECK(with_chosen_features(set, true) > with_chosen_features(set, false) + 3);
    const auto [best, typical] = best_of_twelve(set);
    CHECK(best > typical + 1.5);
  }

  TEST_CASE("leak: oversampling before the split puts relatives on both sides") {
    CHECK(oversampled_first(emotion_null({.seed = 1})) > 60);
  }

  TEST_CASE("leak [nightly]: the acceptance figures over five data sets" * doctest::skip(!nightly())) {
    for (const double effect : {0.0, 0.25}) CHECK(under(5, effect, "published", nearest()) >= 99.5);
    CHECK(under(5, 0, "published", network()) >= 98);
    for (const char* const protocol : {"trial", "subject"}) {
      CHECK(within(under(5, 0, protocol, nearest()), 45, 55));
      CHECK(within(under(5, 0, protocol, logistic()), 42, 58));
    }
    CHECK(within(under(5, 0.25, "trial", logistic()), 77.6, 89.6));
    CHECK(within(under(5, 0.25, "subject", logistic()), 65.4, 81.4));
    CHECK(over_sets(5, 0, [](const SampleSet& set) { return mean(carried_over(set)); }) >= 80);
  }

  TEST_CASE("leak [nightly]: single leaks over five data sets, near the figures of the specification" *
            doctest::skip(!nightly())) {
    CHECK(within(over_sets(5, 0, oversampled_first), 69, 77));
    CHECK(within(over_sets(5, 0, [](const SampleSet& set) { return with_chosen_features(set, true); }), 53, 66));
    CHECK(within(over_sets(5, 0, [](const SampleSet& set) { return with_chosen_features(set, false); }), 40, 54));
    // The specification gains 4.6 points by choosing the best of twelve.
    const double gained = over_sets(5, 0, [](const SampleSet& set) {
      const auto [best, typical] = best_of_twelve(set);
      return best - typical;
    });
    CHECK(within(gained, 2.5, 7));
    CHECK(over_sets(5, 0, with_twin) >= 99.5);
    // Windows without overlap: every fifth kept.
    const auto apart = [](const Json& chosen) {
      return over_sets(5, 0, [&](const SampleSet& set) {
        std::vector<std::int64_t> kept;
        for (std::int64_t i = 0; i < set.size(); i += 5) kept.push_back(i);
        const SampleSet few = set.selected(kept);
        return mean(accuracies(few, folds_of(few, "published"), chosen));
      });
    };
    CHECK(apart(nearest()) >= 98);
    CHECK(within(apart(logistic()), 60, 73));
  }
}
