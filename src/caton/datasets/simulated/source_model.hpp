// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/datasets/simulated/emotion.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// Where the simulated sources lie, how strong they are, and how they reach the electrodes.
namespace caton::simulated {

constexpr double rate_hz = 128;
constexpr double noise_v = 0.7e-6;  ///< of each electrode, root mean square
constexpr std::int64_t background_sources = 48;

/// A source with a rhythm of one band. The power of a source with a role follows a rating.
struct Rhythm {
  std::string site;         ///< the electrode above it
  std::string band;         ///< theta, alpha, beta, gamma
  std::string role;         ///< "valence", "arousal"; "rhythm": follows nothing
  double direction = 0;     ///< +1: more power with a higher rating, -1: less
  double strength = 0;      ///< change of ln(amplitude) from a rating of 3 to 5, at effect 1
  double amplitude_v = 0;   ///< root mean square at the nearest electrode
  double trial_spread = 0;  ///< standard deviation of ln(amplitude) over trials: the fingerprint

  [[nodiscard]] std::string name() const { return role + "-" + site + "-" + band; }
};
[[nodiscard]] const std::vector<Rhythm>& rhythms();

/// The 14 electrodes of DREAMER's headset, in its order, and a head around them.
struct Head {
  std::vector<std::string> electrodes;
  Matrix positions;  ///< electrodes x 3 [m], frame of standard_1005
  std::array<double, 3> center_m{};
  double radius_m = 0;
  /// Electrodes over muscles.
  std::vector<std::string> muscle_sites{"T7", "T8", "F7", "F8", "FC5", "FC6"};
  double blink_share = 1;  ///< of a blink that reaches the nearest electrode
};
[[nodiscard]] Head make_head();
/// The same head under other electrodes.
[[nodiscard]] Head make_head(const std::vector<std::string>& electrodes);

/// Sources in a head, and how each reaches the electrodes.
struct PlacedSources {
  Matrix positions;     ///< sources x 3 [m]
  Matrix orientations;  ///< sources x 3, unit vectors
  Matrix leadfield;     ///< electrodes x sources [V/(A m)]
};

/// One simulated person. Sources: the rhythms, then the background.
struct Person : PlacedSources {
  std::vector<double> moment_am;        ///< root mean square dipole moment of each source, before gains
  std::vector<double> effect_strength;  ///< of each rhythm: how much this person's power follows the rating
  std::vector<double> log_gain;         ///< of each rhythm
  double alpha_hz = 10;
  double blinks_per_minute = 15;
};
[[nodiscard]] Person make_person(const SimulatedEmotion& study, const Head& head, std::int64_t subject);

struct BandEdges {
  double low_hz = 0, high_hz = 0;
};
/// Where a source's power lies; alpha rhythms sit around the person's own frequency.
[[nodiscard]] BandEdges source_band(const Rhythm& rhythm, const Person& person);

/// In which bands weights are told: theta 4-8, alpha 8-13, beta 13-30, gamma 30-45 Hz.
[[nodiscard]] const std::vector<std::pair<std::string, BandEdges>>& weight_bands();

/// For each electrode and band the expected change of power [dB] from the lowest rating to the highest of `target`
/// ("valence", "arousal"), mean over persons: electrodes x bands.
[[nodiscard]] Matrix electrode_weights(const SimulatedEmotion& study, const Head& head,
                                       const std::vector<Person>& persons, const std::string& target);

}  // namespace caton::simulated
