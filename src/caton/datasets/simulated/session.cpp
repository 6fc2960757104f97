// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/session.hpp"

#include "caton/base/random.hpp"
#include "caton/datasets/simulated/noise.hpp"
#include "caton/datasets/simulated/placement.hpp"

#include <cmath>

namespace caton::simulated {
namespace {

constexpr std::int64_t rest_samples = 256;
constexpr double session_gain_spread = 0.15;
constexpr double electrode_gain_spread = 0.07;
constexpr double background_trial_spread = 0.20;
constexpr double wander_spread = 0.10, wander_memory_s = 8;

RandomStream session_stream(const SimulatedEmotion& study, std::string_view purpose, std::int64_t subject,
                            std::int64_t session) {
  return RandomStream(study.seed, "simulate-emotion/" + std::string(purpose),
                      {static_cast<std::uint64_t>(subject), static_cast<std::uint64_t>(session)});
}

double rating_on(double magnitude, bool high) {
  const double steps = std::round(10 * (high ? 3 + magnitude : 3 - magnitude));
  return steps / 10;
}

/// A value of each trial as a course over the session: constant within a trial, changing during the rest between.
class TrialCourse {
 public:
  TrialCourse(const std::vector<TrialTimes>& times, std::vector<double> values)
      : times_(times), values_(std::move(values)) {}

  [[nodiscard]] double at(std::int64_t sample) noexcept {
    while (next_ < times_.size() && sample >= times_[next_].begin) ++next_;
    if (next_ == 0) return values_.front();
    const std::int64_t end = times_[next_ - 1].end;
    if (sample < end || next_ == times_.size()) return values_[next_ - 1];
    const double part = static_cast<double>(sample - end) / static_cast<double>(times_[next_].begin - end);
    return (1 - part) * values_[next_ - 1] + part * values_[next_];
  }

 private:
  const std::vector<TrialTimes>& times_;
  std::vector<double> values_;
  std::size_t next_ = 0;  ///< samples are asked for in order
};

double rating_of(const Rhythm& rhythm, const Rating& rating) {
  return rhythm.role == "valence" ? rating.valence : rating.arousal;
}

Matrix rhythm_gains(const SimulatedEmotion& study, const Person& person, const RandomStream& stream,
                    const std::vector<Rating>& ratings) {
  RandomStream random = stream.derive("gains");
  const auto trials = static_cast<std::int64_t>(ratings.size());
  Matrix gain({static_cast<std::int64_t>(rhythms().size()), trials});
  for (std::int64_t s = 0; s < gain.extent(0); ++s) {
    const auto i = static_cast<std::size_t>(s);
    const Rhythm& rhythm = rhythms()[i];
    const double steady = person.log_gain[i] + session_gain_spread * bounded(random);
    const double strength = study.effect * rhythm.strength * rhythm.direction * person.effect_strength[i];
    for (std::int64_t k = 0; k < trials; ++k) {
      gain(s, k) = steady + rhythm.trial_spread * bounded(random);
      // Not even a product with 0 of the rating: without effect the ratings are not looked at.
      if (strength != 0) gain(s, k) += strength * (rating_of(rhythm, ratings[static_cast<std::size_t>(k)]) - 3) / 2;
    }
  }
  return gain;
}

std::vector<double> row(const Matrix& matrix, std::int64_t index) {
  const auto view = matrix[index];
  std::vector<double> values;
  for (std::int64_t k = 0; k < view.extent(0); ++k) values.push_back(view[k]);
  return values;
}

void add_rhythms(const std::vector<TrialTimes>& times, const Person& person, const RandomStream& stream,
                 Session& session) {
  const std::int64_t samples = session.brain.extent(1);
  for (std::int64_t s = 0; s < session.sources.extent(0); ++s) {
    const auto key = static_cast<std::uint64_t>(s);
    const Rhythm& rhythm = rhythms()[static_cast<std::size_t>(s)];
    auto moment = band_noise(stream.derive("rhythm", {key}), source_band(rhythm, person), samples);
    const auto wander = slow_course(stream.derive("wander", {key}), wander_memory_s,
                                    static_cast<std::int64_t>(static_cast<double>(samples) / rate_hz));
    TrialCourse gain(times, row(session.log_gain, s));
    const double scale = person.moment_am[static_cast<std::size_t>(s)];
    for (std::int64_t t = 0; t < samples; ++t) {
      const double log_gain = gain.at(t) + wander_spread * course_at(wander, static_cast<double>(t) / rate_hz);
      double& value = moment[static_cast<std::size_t>(t)];
      value *= scale * std::exp(log_gain);
      session.sources(s, t) = static_cast<float>(value);
    }
    add_source(person, s, moment, session.brain);
  }
}

void add_background(const std::vector<TrialTimes>& times, const Person& person, const RandomStream& stream,
                    Session& session) {
  const std::int64_t samples = session.brain.extent(1), first = session.sources.extent(0);
  for (std::int64_t i = 0; i < background_sources; ++i) {
    const auto key = static_cast<std::uint64_t>(i);
    RandomStream random = stream.derive("background-gain", {key});
    std::vector<double> gains;
    for (std::size_t k = 0; k < times.size(); ++k) gains.push_back(background_trial_spread * bounded(random));
    TrialCourse gain(times, gains);
    PinkNoise noise(stream.derive("background", {key}));
    std::vector<double> moment(static_cast<std::size_t>(samples));
    const double scale = person.moment_am[static_cast<std::size_t>(first + i)];
    for (std::int64_t t = 0; t < samples; ++t)
      moment[static_cast<std::size_t>(t)] = scale * std::exp(gain.at(t)) * noise.next();
    add_source(person, first + i, moment, session.brain);
  }
}

void add_noise(RandomStream random, View<double, 2> out) {
  for (std::int64_t e = 0; e < out.extent(0); ++e) {
    for (std::int64_t t = 0; t < out.extent(1); ++t) out(e, t) += noise_v * random.normal();
  }
}

void apply_electrode_gain(RandomStream random, Session& session) {
  for (std::int64_t e = 0; e < session.brain.extent(0); ++e) {
    const double gain = std::exp(electrode_gain_spread * bounded(random));
    session.electrode_gain.push_back(gain);
    for (Matrix* const part : {&session.brain, &session.artefacts}) {
      for (std::int64_t t = 0; t < part->extent(1); ++t) (*part)(e, t) *= gain;
    }
  }
}

}  // namespace

std::vector<Rating> make_ratings(const SimulatedEmotion& study, std::int64_t subject, std::int64_t session) {
  RandomStream random = session_stream(study, "ratings", subject, session);
  std::vector<Rating> ratings;
  for (const std::int64_t k : random.permutation(study.trials)) {
    // In blocks of four (low, low), (high, high), (low, high), (high, low).
    const bool valence_high = k % 4 == 1 || k % 4 == 3, arousal_high = k % 4 == 1 || k % 4 == 2;
    const double valence = 0.4 + 1.6 * random.uniform(), arousal = 0.4 + 1.6 * random.uniform();
    ratings.push_back({rating_on(valence, valence_high), rating_on(arousal, arousal_high)});
  }
  return ratings;
}

std::vector<TrialTimes> trial_times(const SimulatedEmotion& study) {
  const auto length = static_cast<std::int64_t>(std::llround(study.seconds * rate_hz));
  std::vector<TrialTimes> times;
  for (std::int64_t k = 0; k < study.trials; ++k) {
    const std::int64_t begin = rest_samples + k * (length + rest_samples);
    times.push_back({begin, begin + length});
  }
  return times;
}

std::int64_t session_samples(const SimulatedEmotion& study) {
  const std::int64_t end = trial_times(study).back().end + rest_samples;
  const auto second = static_cast<std::int64_t>(rate_hz);
  return (end + second - 1) / second * second;
}

Session make_session(const SimulatedEmotion& study, const Head& head, const Person& person, std::int64_t subject,
                     std::int64_t session_number, const std::vector<Rating>& ratings) {
  const RandomStream stream = session_stream(study, "session", subject, session_number);
  const auto electrodes = static_cast<std::int64_t>(head.electrodes.size());
  const std::int64_t samples = session_samples(study);
  const auto times = trial_times(study);
  Session session;
  session.brain = Matrix({electrodes, samples});
  session.artefacts = Matrix({electrodes, samples});
  session.noise = Matrix({electrodes, samples});
  session.sources = Array<float, 2>({static_cast<std::int64_t>(rhythms().size()), samples}, uninitialised);
  session.log_gain = rhythm_gains(study, person, stream, ratings);
  add_rhythms(times, person, stream, session);
  add_background(times, person, stream, session);
  session.spans = add_artefacts(stream.derive("artefacts"), head, person.blinks_per_minute, session.artefacts);
  add_noise(stream.derive("noise"), session.noise);
  apply_electrode_gain(stream.derive("electrode-gain"), session);
  return session;
}

}  // namespace caton::simulated
