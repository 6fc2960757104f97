// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The numbers between recording and figure, where the reference states them: step by step with the recipes' own steps.
#include "caton/base/limits.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/datasets/study.hpp"
#include "caton/decode/classical/spatial_filters.hpp"
#include "caton/decode/ssvep/cca.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/covariance_forms.hpp"
#include "caton/study/measured_study.hpp"
#include "caton/study/recipe.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>

using namespace caton;

namespace {

/// What results.json states of one task, and the samples that a recipe makes of its recordings.
struct Stated {
  Json values;
  SampleSet samples;
  Recipe recipe;
  Findings findings;
};

std::optional<Stated> stated(const std::string& key, const std::string& recipe_name, const std::string& task) {
  const auto results = caton::testing::reference("data/tasks/results.json");
  const auto folder = caton::testing::reference("data/tasks/" + task);
  if (!results || !folder) return std::nullopt;
  Stated one;
  one.values = parse_json(read_text_file(*results, limits::json_bytes), "results.json").at("values").at(key);
  one.recipe = read_recipe(caton::testing::source_dir() / "recipes" / "reference" / (recipe_name + ".toml"));
  const auto* const layout = Registry<DatasetEntry>::instance().find(one.recipe.dataset);
  REQUIRE(layout != nullptr);
  const Study study = layout->open(*folder, one.recipe.dataset_options);
  MeasureRequest request{.channels = one.recipe.channels.empty() ? study.channels : one.recipe.channels};
  request.inputs = {feature_choice(one.recipe.pipelines.front().input)};
  request.copies = CopyRule::keep;
  Progress progress(default_display(true));
  MeasuredStudy measured = measure_study(study, request, progress);
  one.samples = std::move(measured.samples.front());
  one.findings = measured.findings;
  return one;
}

void check_near(const std::vector<double>& ours, const std::vector<double>& theirs, double tolerance = 1e-4) {
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i)
    CHECK_MESSAGE(std::abs(ours[i] - theirs[i]) <= tolerance * std::max(1.0, std::abs(theirs[i])),
                  i << ": " << ours[i] << " against " << theirs[i]);
}

SampleSet stepped(const Json& step, const SampleSet& samples, Safetensors* state = nullptr) {
  const auto transform = make_transform(step);
  FitContext context{.random = RandomStream(1, "reference values")};
  transform->fit(samples, context);
  if (state != nullptr) *state = transform->save();
  return transform->apply(samples);
}

std::vector<double> first_row(const SampleSet& samples, std::int64_t count) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(static_cast<double>(samples.flat()(0, i)));
  return values;
}

/// Samples of all recordings but one.
SampleSet without(const SampleSet& samples, const std::string& recording) {
  std::vector<std::int64_t> kept;
  for (std::int64_t i = 0; i < samples.size(); ++i)
    if (samples.origins.recording.at(i) != recording) kept.push_back(i);
  return samples.selected(kept);
}

std::int64_t row_of(const SampleSet& samples, const std::string& channel) {
  const auto found = std::find(samples.channels.begin(), samples.channels.end(), channel);
  REQUIRE(found != samples.channels.end());
  return found - samples.channels.begin();
}

/// Share of power of the first class under each filter, ascending: the eigenvalues of (C1, C1 + C2).
std::vector<double> csp_eigenvalues(const SampleSet& training) {
  const auto x = cube_of(training, "test");
  const auto c = spd_normalize(covariances(x, {.estimator = Estimator::scm}), MatrixNorm::trace);
  const auto means = class_means(c, training.label, 2, Metric::euclid);
  const auto found = fit_csp(c, training.label, 2, {.filters = x.extent(1), .choice = CspChoice::ends});
  const auto power = [&](std::int64_t k, std::int64_t f) {
    double sum = 0;
    for (std::int64_t i = 0; i < x.extent(1); ++i)
      for (std::int64_t j = 0; j < x.extent(1); ++j) sum += found.filters(f, i) * means(k, i, j) * found.filters(f, j);
    return sum;
  };
  std::vector<double> shares;
  for (std::int64_t f = 0; f < found.filters.extent(0); ++f)
    shares.push_back(power(0, f) / (power(0, f) + power(1, f)));
  std::sort(shares.begin(), shares.end());
  return shares;
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("reference values: motor imagery from the filtered signal to the tangent space") {
    const auto one = stated("motor-imagery", "motor-imagery-fists", "motor-imagery-eegmmidb");
    if (!one) return;
    const SampleSet training = without(one->samples, "S001R04");
    const auto x = cube_of(training, "test");
    const std::int64_t c3 = row_of(training, "C3");
    std::vector<double> signal;
    for (const std::int64_t t : {0, 1, 100, 479}) signal.push_back(x(0, c3, t));
    check_near(signal, one->values.at("filtered_C3_first_epoch").numbers("filtered"));
    check_near(csp_eigenvalues(training), one->values.at("csp_eigenvalues").numbers("eigenvalues"));
    auto features = first_row(stepped(one->recipe.pipelines[0].steps.items()[0], training), 4);
    auto wanted = one->values.at("features_first_training_trial").numbers("features");
    std::sort(features.begin(), features.end());
    std::sort(wanted.begin(), wanted.end());
    check_near(features, wanted);
    const auto covariance = stepped(one->recipe.pipelines[1].steps.items()[0], training);
    check_near(first_row(covariance, 2), one->values.at("ledoit_wolf_cov_first").numbers("covariance"));
    Safetensors state;
    const auto tangent = stepped(one->recipe.pipelines[1].steps.items()[1], covariance, &state);
    const auto mean = state.at("reference", "test").array<2>("reference");
    check_near({mean(0, 0), mean(0, 1)}, one->values.at("riemann_mean").numbers("mean"));
    check_near(first_row(tangent, 4), one->values.at("tangent_first").numbers("tangent"));
  }

  TEST_CASE("reference values: alpha ratios and the threshold between their medians") {
    const auto one = stated("eyes", "eyes-eegmmidb", "eyes-eegmmidb");
    if (!one) return;
    std::vector<std::vector<double>> ratios(2);
    const auto rows = one->samples.flat();
    for (std::int64_t i = 0; i < one->samples.size(); ++i) {
      double sum = 0;
      for (std::int64_t c = 0; c < rows.extent(1); ++c) sum += static_cast<double>(rows(i, c));
      ratios[static_cast<std::size_t>(one->samples.label[static_cast<std::size_t>(i)])].push_back(
          sum / static_cast<double>(rows.extent(1)));
    }
    double middles = 0;  // of the first halves
    for (std::size_t k = 0; k < 2; ++k) {
      REQUIRE(ratios[k].size() == 30);
      const std::string name = k == 0 ? "open" : "closed";
      check_near({ratios[k].begin(), ratios[k].begin() + 5},
                 one->values.at("ratio_" + name + "_first5").numbers("ratios"), 1e-6);
      CHECK(median(ratios[k]) == doctest::Approx(one->values.at("median_" + name).number()).epsilon(1e-6));
      middles += median({ratios[k].begin(), ratios[k].begin() + 15}) / 2;
    }
    CHECK(middles == doctest::Approx(one->values.at("threshold").number()).epsilon(1e-6));
  }

  TEST_CASE("reference values: the samples of the eye-state recording that are left out") {
    const auto one = stated("eye-state", "eye-state-emotiv", "eye-state-emotiv");
    if (!one) return;
    CHECK(one->samples.size() == one->values.at("n").integer());
    const auto counts = one->samples.class_counts();
    CHECK(counts[0] == one->values.at("counts").at("1").integer());
    CHECK(counts[1] == one->values.at("counts").at("2").integer());
    std::vector<double> missing, wanted = one->values.at("removed_samples").numbers("removed");
    for (std::size_t i = 1; i < one->samples.origins.begin.size(); ++i)
      for (auto t = one->samples.origins.begin[i - 1] + 1; t < one->samples.origins.begin[i]; ++t)
        missing.push_back(static_cast<double>(t));
    check_near(missing, wanted, 0);
  }

  TEST_CASE("reference values: canonical correlations of the first flicker") {
    const auto one = stated("ssvep-exo", "ssvep-exo-cca", "ssvep-exo");
    if (!one) return;
    const std::int64_t first = 0;
    const SampleSet trial = one->samples.selected(std::span(&first, 1));
    CHECK(trial.origins.begin[0] == one->values.at("onset").integer() + 256);
    const Json& wanted = one->values.at("canonical_correlation");
    const auto scores =
        ssvep_cca(cube_of(trial, "test"),
                  {.frequency_hz = {13, 21, 17}, .rate_hz = 256, .harmonics = 2, .time = ReferenceTime::from_zero});
    check_near({scores.score(0, 0), scores.score(0, 1), scores.score(0, 2)},
               {wanted.at("13.0 Hz").number(), wanted.at("21.0 Hz").number(), wanted.at("17.0 Hz").number()}, 1e-6);
  }

  TEST_CASE("reference values: epochs that are kept, and the first means of an evoked potential") {
    for (const std::string task : {"p300-muse", "n170-muse"}) {
      const auto one = stated(task, task, task);
      if (!one) return;
      // One epoch of p300-muse more than is stated; the protocol written out with SciPy keeps it, too.
      CHECK(std::abs(one->samples.size() - one->values.at("kept").integer()) <= 1);
      CHECK(one->samples.class_counts()[1] == one->values.at("code2").integer());
      check_near(first_row(stepped(one->recipe.pipelines[0].steps.items()[0], one->samples), 5),
                 one->values.at("first_features").numbers("features"));
    }
  }

  TEST_CASE("reference values: differential entropy of the first window") {
    const auto one = stated("emotion-sim", "emotion-sim", "emotion-sim");
    if (!one) return;
    CHECK(one->samples.size() == one->values.at("windows").integer());
    const auto rows = one->samples.flat();
    const double volts = std::log(1e6);  // entropies of volts are smaller by the logarithm of the unit
    for (const std::string channel : {"AF3", "AF4"}) {
      std::vector<double> ours;
      for (std::int64_t b = 0; b < 5; ++b)
        ours.push_back(static_cast<double>(rows(0, row_of(one->samples, channel) * 5 + b)) + volts);
      check_near(ours, one->values.at("de_first_window").at(channel).numbers("entropies"), 1e-5);
    }
  }
}
