// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/emotion_null.hpp"

#include "caton/base/error.hpp"
#include "caton/base/random.hpp"
#include "caton/base/text.hpp"

#include <array>
#include <cmath>

namespace caton {
namespace {

constexpr std::int64_t electrodes = 14, bands = 4, alpha = 1;
constexpr std::int64_t window_samples = 512, stride_samples = 117, pause_samples = 1280;
using Token = std::array<std::array<double, bands>, electrodes>;

Token drawn(RandomStream random, double deviation) {
  Token token{};
  for (auto& electrode : token) {
    for (auto& value : electrode) value = deviation * random.normal();
  }
  return token;
}

/// What all windows of a trial have in common, and how it drifts.
struct TrialState {
  Token level{}, drift{};
};

TrialState trial_state(const RandomStream& random, std::uint64_t subject, std::uint64_t session, std::uint64_t trial) {
  constexpr std::array<double, bands> mean{1.8, 1.2, 0.9, 0.4};
  TrialState state{drawn(random.derive("subject", {subject}), 0.6),
                   drawn(random.derive("drift", {subject, trial}), 0.4)};
  const Token of_session = drawn(random.derive("session", {subject, session}), 0.3);
  const Token of_trial = drawn(random.derive("trial", {subject, trial}), 0.3);
  for (std::size_t c = 0; c < electrodes; ++c) {
    for (std::size_t b = 0; b < bands; ++b) state.level[c][b] += mean[b] + of_session[c][b] + of_trial[c][b];
  }
  return state;
}

/// How the effect is spread over electrodes (band alpha only).
double effect_pattern(std::size_t electrode, std::size_t band) {
  if (band != alpha) return 0;
  if (electrode <= 3) return 1;
  return electrode >= 10 ? -1 : 0;
}

/// Fills the windows of one trial: windows x electrodes x bands.
void fill_trial(const TrialState& state, const RandomStream& random, double effect, std::int64_t windows, float* to) {
  constexpr double wander_deviation = 0.15, noise_deviation = 0.35, memory = 0.95;
  const double fresh = std::sqrt(1 - memory * memory);
  for (std::size_t c = 0; c < electrodes; ++c) {
    for (std::size_t b = 0; b < bands; ++b) {
      RandomStream wander_draws = random.derive("wander", {c, b}), noise_draws = random.derive("noise", {c, b});
      std::vector<double> noise(static_cast<std::size_t>(windows + 3));
      for (auto& value : noise) value = noise_deviation * noise_draws.normal();
      double wander = wander_deviation * wander_draws.normal();
      for (std::int64_t w = 0; w < windows; ++w) {
        if (w > 0) wander = memory * wander + fresh * wander_deviation * wander_draws.normal();
        const auto at = static_cast<std::size_t>(w);
        // Four windows share each piece of noise, as overlapping windows of one signal do.
        const double shared = 0.5 * (noise[at] + noise[at + 1] + noise[at + 2] + noise[at + 3]);
        const double place = static_cast<double>(w) / static_cast<double>(windows - 1) - 0.5;
        const double value =
            state.level[c][b] + state.drift[c][b] * place + wander + shared + effect * effect_pattern(c, b);
        to[(w * electrodes + static_cast<std::int64_t>(c)) * bands + static_cast<std::int64_t>(b)] =
            static_cast<float>(value);
      }
    }
  }
}

void check(const EmotionNullOptions& options) {
  const auto refuse = [](const std::string& problem) { throw usage_error("emotion-null", problem); };
  if (options.subjects < 1 || options.subjects > 100'000) refuse("subjects must lie in 1 … 100000");
  if (options.sessions < 1 || options.sessions > 1000) refuse("sessions must lie in 1 … 1000");
  if (options.trials < 1 || options.trials > 10'000) refuse("trials must lie in 1 … 10000");
  if (options.windows < 2 || options.windows > 100'000) refuse("windows must lie in 2 … 100000");
  if (options.high_trials < 0 || options.high_trials > options.sessions * options.trials)
    refuse("high_trials must lie in 0 … the trials of a subject");
  if (!std::isfinite(options.effect)) refuse("effect = " + number_text(options.effect) + " is not finite");
  if (options.subjects * options.sessions * options.trials * options.windows > 50'000'000)
    refuse("that many windows would not fit into memory");
}

void name_window(SampleSet& samples, std::int64_t subject, std::int64_t session, std::int64_t trial,
                 std::int64_t begin) {
  Origins& origins = samples.origins;
  const std::string who = std::to_string(subject + 1), when = std::to_string(session + 1);
  origins.study.index.push_back(origins.study.id("emotion-null"));
  origins.subject.index.push_back(origins.subject.id(who));
  origins.session.index.push_back(origins.session.id(when));
  origins.recording.index.push_back(origins.recording.id("subject " + who + ", session " + when));
  origins.trial.index.push_back(origins.trial.id(std::to_string(trial + 1)));
  origins.begin.push_back(begin);
  origins.end.push_back(begin + window_samples);
  origins.parents.push_back({-1, -1});
  origins.id.push_back(origins.size());
}

}  // namespace

SampleSet emotion_null(const EmotionNullOptions& options) {
  check(options);
  const std::int64_t trials = options.sessions * options.trials;
  const std::int64_t count = options.subjects * trials * options.windows;
  SampleSet samples;
  samples.classes = {"low", "high"};
  samples.channels = {"AF3", "F7", "F3", "FC5", "T7", "P7", "O1", "O2", "P8", "T8", "FC6", "F4", "F8", "AF4"};
  samples.features = {"theta 4-8 Hz", "alpha 8-14 Hz", "beta 14-31 Hz", "gamma 31-49 Hz"};
  samples.rate_hz = 128;
  samples.blocks.emplace("tokens", Tensor(Dtype::f32, {count, electrodes, bands}));
  float* to = samples.blocks.at("tokens").values<float>().data();
  const RandomStream random(options.seed, "emotion-null");
  const std::int64_t trial_samples = (options.windows - 1) * stride_samples + window_samples + pause_samples;
  for (std::int64_t subject = 0; subject < options.subjects; ++subject) {
    const auto s = static_cast<std::uint64_t>(subject);
    std::vector<std::int64_t> label(static_cast<std::size_t>(trials), 0);
    std::fill_n(label.begin(), options.high_trials, 1);
    random.derive("labels", {s}).shuffle(label);
    for (std::int64_t trial = 0; trial < trials; ++trial) {
      const auto k = static_cast<std::uint64_t>(trial);
      const std::int64_t session = trial / options.trials, first = (trial % options.trials) * trial_samples;
      const auto y = label[static_cast<std::size_t>(trial)];
      const auto state = trial_state(random, s, static_cast<std::uint64_t>(session), k);
      fill_trial(state, random.derive("windows", {s, k}), options.effect * static_cast<double>(2 * y - 1),
                 options.windows, to);
      to += options.windows * electrodes * bands;
      for (std::int64_t w = 0; w < options.windows; ++w) {
        samples.label.push_back(y);
        name_window(samples, subject, session, trial, first + w * stride_samples);
      }
    }
  }
  return samples;
}

}  // namespace caton
