// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/source_model.hpp"

#include "caton/base/random.hpp"
#include "caton/datasets/simulated/noise.hpp"
#include "caton/datasets/simulated/placement.hpp"
#include "caton/sensors/montage.hpp"
#include "caton/sensors/sphere.hpp"

#include <algorithm>
#include <cmath>

namespace caton::simulated {
namespace {

constexpr double rhythm_depth = 0.80;  // of the head's radius: a gyral crown
constexpr double background_v = 9e-6;  // root mean square over the scalp
constexpr double site_jitter = 0.08;   // between persons, as a share of the radius
constexpr double tilt = 0.15;          // of a source against the radius
constexpr double person_gain_spread = 0.18;
constexpr double person_effect_spread = 0.20;

struct BandModel {
  std::string name;
  BandEdges edges;
  double amplitude_v;
};
const std::vector<BandModel>& band_models() {
  static const std::vector<BandModel> models{{"theta", {4.5, 7.5}, 5.5e-6},
                                             {"alpha", {-1.2, 1.2}, 6.5e-6},  // around the person's own frequency
                                             {"beta", {16, 28}, 3.5e-6},
                                             {"gamma", {33, 46}, 2.1e-6}};
  return models;
}
const BandModel& band_model(const std::string& band) {
  return *std::find_if(band_models().begin(), band_models().end(),
                       [&](const auto& model) { return model.name == band; });
}

void add(std::vector<Rhythm>& all, const std::vector<std::string>& sites, const std::string& band) {
  for (const auto& site : sites) all.push_back({site, band, "rhythm", 0, 0, band_model(band).amplitude_v, 0.70});
}
void add(std::vector<Rhythm>& all, const std::string& role, const std::string& site, const std::string& band,
         double direction, double strength) {
  all.push_back({site, band, role, direction, strength, band_model(band).amplitude_v, 0.20});
}

std::vector<Rhythm> make_rhythms() {
  std::vector<Rhythm> all;
  add(all, "valence", "F3", "alpha", -1, 0.70);
  add(all, "valence", "F4", "alpha", +1, 0.70);
  add(all, "valence", "T7", "gamma", +1, 0.55);
  add(all, "valence", "T8", "gamma", +1, 0.55);
  add(all, "arousal", "P7", "beta", +1, 0.65);
  add(all, "arousal", "P8", "beta", +1, 0.65);
  add(all, "arousal", "O1", "alpha", -1, 0.75);
  add(all, "arousal", "O2", "alpha", -1, 0.75);
  add(all, {"AF3", "F4", "T7", "P8", "FC5", "O1", "T8", "F7"}, "theta");
  add(all, {"T7", "T8", "P7", "P8"}, "alpha");
  add(all, {"F7", "F8", "FC5", "FC6", "AF3", "O2"}, "beta");
  add(all, {"F7", "AF4", "P7", "O1", "P8", "FC6"}, "gamma");
  return all;
}

void scale_moments(Person& person, std::int64_t electrodes) {
  const auto count = static_cast<std::int64_t>(rhythms().size());
  for (std::int64_t s = 0; s < count; ++s) {
    person.moment_am.push_back(rhythms()[static_cast<std::size_t>(s)].amplitude_v / largest_weight(person, s));
  }
  double power = 0;
  for (std::int64_t e = 0; e < electrodes; ++e) {
    for (std::int64_t s = count; s < count + background_sources; ++s)
      power += person.leadfield(e, s) * person.leadfield(e, s) / static_cast<double>(electrodes);
  }
  person.moment_am.resize(static_cast<std::size_t>(count + background_sources), background_v / std::sqrt(power));
}

/// Share of a source's power that lies in a band, taken as flat between the source's edges.
double overlap(BandEdges source, BandEdges band) {
  const double common = std::min(source.high_hz, band.high_hz) - std::max(source.low_hz, band.low_hz);
  return std::max(0.0, common) / (source.high_hz - source.low_hz);
}

struct BandPower {
  double low = 0, high = 0;  ///< at the lowest and the highest rating
};
BandPower expected_power(const SimulatedEmotion& study, const Person& person, std::int64_t electrode, BandEdges band,
                         const std::string& target) {
  const auto count = static_cast<std::int64_t>(rhythms().size());
  double steady = noise_v * noise_v * (band.high_hz - band.low_hz) / (rate_hz / 2);
  for (std::int64_t s = count; s < person.leadfield.extent(1); ++s)
    steady += std::pow(person.leadfield(electrode, s) * person.moment_am[static_cast<std::size_t>(s)], 2) *
              PinkNoise::share(band);
  BandPower power{steady, steady};
  for (std::int64_t s = 0; s < count; ++s) {
    const auto i = static_cast<std::size_t>(s);
    const Rhythm& rhythm = rhythms()[i];
    const double base =
        std::pow(person.leadfield(electrode, s) * person.moment_am[i] * std::exp(person.log_gain[i]), 2) *
        overlap(source_band(rhythm, person), band);
    const double change =
        rhythm.role == target ? study.effect * rhythm.strength * rhythm.direction * person.effect_strength[i] : 0;
    power.low += base * std::exp(-2 * change);
    power.high += base * std::exp(2 * change);
  }
  return power;
}

}  // namespace

const std::vector<Rhythm>& rhythms() {
  static const std::vector<Rhythm> all = make_rhythms();
  return all;
}

Head make_head() {
  return make_head({"AF3", "F7", "F3", "FC5", "T7", "P7", "O1", "O2", "P8", "T8", "FC6", "F4", "F8", "AF4"});
}

Head make_head(const std::vector<std::string>& electrodes) {
  Head head;
  head.electrodes = electrodes;
  head.positions = montage_positions(head.electrodes).positions;
  const std::vector<std::string> whole_scalp{"Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "T7", "C3", "Cz",
                                             "C4",  "T8",  "P7", "P3", "Pz", "P4", "P8", "O1", "O2"};
  const Sphere sphere = fit_sphere(montage_positions(whole_scalp).positions);
  head.center_m = sphere.center_m;
  head.radius_m = sphere.radius_m;
  return head;
}

Person make_person(const SimulatedEmotion& study, const Head& head, std::int64_t subject) {
  RandomStream random(study.seed, "simulate-emotion/person", {static_cast<std::uint64_t>(subject)});
  const auto count = static_cast<std::int64_t>(rhythms().size());
  Person person{room_for(count + background_sources)};
  person.alpha_hz = 9.4 + 1.8 * random.uniform();
  person.blinks_per_minute = 10 + 10 * random.uniform();
  for (std::int64_t s = 0; s < count; ++s) {
    const Rhythm& rhythm = rhythms()[static_cast<std::size_t>(s)];
    const Point direction = turned(direction_of(head, rhythm.site), site_jitter, random);
    place(person, head, s, direction, rhythm_depth, turned(direction, tilt, random));
    person.effect_strength.push_back(std::exp(person_effect_spread * bounded(random)));
    person.log_gain.push_back(person_gain_spread * bounded(random));
  }
  place_background(person, head, study.seed, "simulate-emotion/background-place", count);
  compute_leadfield(person, head);
  scale_moments(person, head.positions.extent(0));
  return person;
}

BandEdges source_band(const Rhythm& rhythm, const Person& person) {
  const BandEdges edges = band_model(rhythm.band).edges;
  if (edges.low_hz > 0) return edges;
  return {person.alpha_hz + edges.low_hz, person.alpha_hz + edges.high_hz};
}

const std::vector<std::pair<std::string, BandEdges>>& weight_bands() {
  static const std::vector<std::pair<std::string, BandEdges>> bands{
      {"theta", {4, 8}}, {"alpha", {8, 13}}, {"beta", {13, 30}}, {"gamma", {30, 45}}};
  return bands;
}

Matrix electrode_weights(const SimulatedEmotion& study, const Head& head, const std::vector<Person>& persons,
                         const std::string& target) {
  const auto bands = static_cast<std::int64_t>(weight_bands().size());
  Matrix weights({head.positions.extent(0), bands});
  for (std::int64_t e = 0; e < weights.extent(0); ++e) {
    for (std::int64_t b = 0; b < bands; ++b) {
      for (const Person& person : persons) {
        const BandPower power =
            expected_power(study, person, e, weight_bands()[static_cast<std::size_t>(b)].second, target);
        weights(e, b) += 10 * std::log10(power.high / power.low) / static_cast<double>(persons.size());
      }
    }
  }
  return weights;
}

}  // namespace caton::simulated
