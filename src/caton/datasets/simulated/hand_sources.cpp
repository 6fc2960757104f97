// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/hand_sources.hpp"

#include "caton/datasets/simulated/noise.hpp"
#include "caton/datasets/simulated/placement.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton::simulated {
namespace {

constexpr double rest_s = 3, ramp_s = 0.4, delay_s = 0.3, return_s = 0.6;
constexpr double rhythm_depth = 0.80, site_jitter = 0.06, tilt = 0.15;
constexpr double background_v = 7e-6;
constexpr double person_gain_spread = 0.25, person_strength_spread = 0.45, trial_spread = 0.25;
constexpr double background_trial_spread = 0.15;
constexpr double same_side_share = 0.35;  ///< the other hand's area falls too, less
constexpr double wander_spread = 0.15, wander_memory_s = 6;

RandomStream hand_stream(const SimulatedMotorImagery& study, const char* purpose,
                         std::initializer_list<std::uint64_t> index) {
  return RandomStream(study.seed, std::string("simulate-motor-imagery/") + purpose, index);
}

double raised_cosine(double part) { return 0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(part, 0.0, 1.0)); }

/// 0 at rest, 1 while a hand is imagined, smooth between; `since_s` after the cue.
double imagery(double since_s, double seconds) {
  return raised_cosine((since_s - delay_s) / ramp_s) * (1 - raised_cosine((since_s - seconds) / return_s));
}

/// How much a rhythm falls for a cue: all of it for its own hand, a share for the other.
double share_of(const HandRhythm& rhythm, Hand cue) {
  if (rhythm.hand == Hand::none) return 0;
  return rhythm.hand == cue ? 1 : same_side_share;
}

/// The trial each sample belongs to: from the middle of the rest before its cue on.
std::int64_t trial_at(const std::vector<std::int64_t>& cues, std::int64_t sample) {
  const auto half_rest = static_cast<std::int64_t>(rest_s * rate_hz / 2);
  const auto next = std::upper_bound(cues.begin(), cues.end(), sample + half_rest);
  return std::max<std::int64_t>(0, next - cues.begin() - 1);
}

std::vector<double> trial_gains(RandomStream random, std::size_t trials, double spread) {
  std::vector<double> gains;
  for (std::size_t k = 0; k < trials; ++k) gains.push_back(spread * bounded(random));
  return gains;
}

struct Timeline {
  std::vector<std::int64_t> cue;
  std::int64_t samples = 0;
};

std::vector<double> rhythm_moment(const SimulatedMotorImagery& study, const HandPerson& person, std::size_t index,
                                  const RandomStream& stream, const std::vector<Hand>& cues, const Timeline& time) {
  const HandRhythm& rhythm = hand_rhythms()[index];
  const auto key = static_cast<std::uint64_t>(index);
  auto moment = band_noise(stream.derive("rhythm", {key}), band_of(rhythm, person), time.samples);
  const auto wander = slow_course(stream.derive("wander", {key}), wander_memory_s,
                                  static_cast<std::int64_t>(static_cast<double>(time.samples) / rate_hz));
  const auto gains = trial_gains(stream.derive("gain", {key}), cues.size(), trial_spread);
  const double fall = study.effect * rhythm.fall * person.strength;
  for (std::int64_t t = 0; t < time.samples; ++t) {
    const auto trial = static_cast<std::size_t>(trial_at(time.cue, t));
    const double time_s = static_cast<double>(t) / rate_hz;
    double log_gain = person.log_gain[index] + gains[trial] + wander_spread * course_at(wander, time_s);
    // Without effect the cues are not looked at.
    if (fall != 0) {
      const double since_s = static_cast<double>(t - time.cue[trial]) / rate_hz;
      log_gain -= fall * share_of(rhythm, cues[trial]) * imagery(since_s, study.seconds);
    }
    moment[static_cast<std::size_t>(t)] *= person.moment_am[index] * std::exp(log_gain);
  }
  return moment;
}

std::vector<double> background_moment(const HandPerson& person, std::int64_t number, const RandomStream& stream,
                                      const Timeline& time) {
  const auto key = static_cast<std::uint64_t>(number);
  const auto gains = trial_gains(stream.derive("background-gain", {key}), time.cue.size(), background_trial_spread);
  PinkNoise noise(stream.derive("background", {key}));
  std::vector<double> moment;
  const double scale = person.moment_am[hand_rhythms().size() + static_cast<std::size_t>(number)];
  for (std::int64_t t = 0; t < time.samples; ++t)
    moment.push_back(scale * std::exp(gains[static_cast<std::size_t>(trial_at(time.cue, t))]) * noise.next());
  return moment;
}

void scale_moments(HandPerson& person) {
  const auto count = static_cast<std::int64_t>(hand_rhythms().size());
  for (std::int64_t s = 0; s < count; ++s)
    person.moment_am.push_back(hand_rhythms()[static_cast<std::size_t>(s)].amplitude_v / largest_weight(person, s));
  double power = 0;
  const std::int64_t electrodes = person.leadfield.extent(0);
  for (std::int64_t e = 0; e < electrodes; ++e) {
    for (std::int64_t s = count; s < person.leadfield.extent(1); ++s)
      power += person.leadfield(e, s) * person.leadfield(e, s) / static_cast<double>(electrodes);
  }
  person.moment_am.resize(static_cast<std::size_t>(person.leadfield.extent(1)), background_v / std::sqrt(power));
}

}  // namespace

const std::vector<HandRhythm>& hand_rhythms() {
  static const std::vector<HandRhythm> all{{"mu-right-hand", "C3", Hand::right, -1.2, 1.2, true, 5.0e-6, 0.8},
                                           {"mu-left-hand", "C4", Hand::left, -1.2, 1.2, true, 5.0e-6, 0.8},
                                           {"beta-right-hand", "C3", Hand::right, 17, 25, false, 2.2e-6, 0.5},
                                           {"beta-left-hand", "C4", Hand::left, 17, 25, false, 2.2e-6, 0.5},
                                           {"alpha-back", "POz", Hand::none, -1.0, 1.0, true, 7.0e-6, 0},
                                           {"alpha-parietal", "Pz", Hand::none, -1.4, 1.4, true, 3.5e-6, 0},
                                           {"theta-front", "Fz", Hand::none, 4.5, 7.5, false, 4.0e-6, 0},
                                           {"beta-front", "FCz", Hand::none, 14, 22, false, 2.0e-6, 0}};
  return all;
}

Head make_hand_head() {
  Head head = make_head({"Fz", "FC3", "FC1", "FCz", "FC2", "FC4", "C5",  "C3", "C1", "Cz", "C2",
                         "C4", "C6",  "CP3", "CP1", "CPz", "CP2", "CP4", "P1", "Pz", "P2", "POz"});
  head.muscle_sites = {"C5", "C6", "FC3", "FC4"};
  head.blink_share = 0.25;
  return head;
}

HandPerson make_hand_person(const SimulatedMotorImagery& study, const Head& head, std::int64_t subject) {
  RandomStream random = hand_stream(study, "person", {static_cast<std::uint64_t>(subject)});
  const auto count = static_cast<std::int64_t>(hand_rhythms().size());
  HandPerson person{room_for(count + background_sources)};
  person.own_hz = 9.6 + 2.0 * random.uniform();
  person.blinks_per_minute = 8 + 10 * random.uniform();
  person.strength = std::exp(person_strength_spread * bounded(random));
  for (std::int64_t s = 0; s < count; ++s) {
    const HandRhythm& rhythm = hand_rhythms()[static_cast<std::size_t>(s)];
    const Point direction = turned(direction_of(head, rhythm.site), site_jitter, random);
    place(person, head, s, direction, rhythm_depth, turned(direction, tilt, random));
    person.log_gain.push_back(person_gain_spread * bounded(random));
  }
  place_background(person, head, study.seed, "simulate-motor-imagery/background-place", count);
  compute_leadfield(person, head);
  scale_moments(person);
  return person;
}

BandEdges band_of(const HandRhythm& rhythm, const HandPerson& person) {
  const double centre = rhythm.around_own ? person.own_hz : 0;
  return {centre + rhythm.low_hz, centre + rhythm.high_hz};
}

std::vector<Hand> make_cues(const SimulatedMotorImagery& study, std::int64_t subject, std::int64_t session) {
  RandomStream random =
      hand_stream(study, "cues", {static_cast<std::uint64_t>(subject), static_cast<std::uint64_t>(session)});
  std::vector<Hand> cues;
  for (const std::int64_t k : random.permutation(study.trials)) cues.push_back(k % 2 == 0 ? Hand::left : Hand::right);
  return cues;
}

std::vector<std::int64_t> cue_samples(const SimulatedMotorImagery& study) {
  std::vector<std::int64_t> samples;
  for (std::int64_t k = 0; k < study.trials; ++k)
    samples.push_back(std::llround((rest_s + static_cast<double>(k) * (study.seconds + rest_s)) * rate_hz));
  return samples;
}

std::int64_t hand_session_samples(const SimulatedMotorImagery& study) {
  const double seconds = rest_s + static_cast<double>(study.trials) * (study.seconds + rest_s);
  return static_cast<std::int64_t>(std::ceil(seconds) * rate_hz);
}

Matrix hand_brain(const SimulatedMotorImagery& study, const Head& head, const HandPerson& person,
                  const RandomStream& stream, const std::vector<Hand>& cues) {
  const Timeline time{cue_samples(study), hand_session_samples(study)};
  Matrix brain({head.positions.extent(0), time.samples});
  const auto count = static_cast<std::int64_t>(hand_rhythms().size());
  for (std::int64_t s = 0; s < count; ++s)
    add_source(person, s, rhythm_moment(study, person, static_cast<std::size_t>(s), stream, cues, time), brain);
  for (std::int64_t i = 0; i < background_sources; ++i)
    add_source(person, count + i, background_moment(person, i, stream, time), brain);
  return brain;
}

}  // namespace caton::simulated
