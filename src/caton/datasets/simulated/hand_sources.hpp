// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/datasets/simulated/motor_imagery.hpp"
#include "caton/datasets/simulated/source_model.hpp"

#include <string>
#include <vector>

/// The brain of somebody who imagines moving a hand.
namespace caton::simulated {

enum class Hand { none, left, right };

/// A rhythm; that of a hand area falls while the hand is imagined.
struct HandRhythm {
  std::string name, site;
  Hand hand = Hand::none;  ///< the hand this area moves: the one of the other side
  double low_hz = 0, high_hz = 0;
  bool around_own = false;  ///< edges are relative to the person's own rhythm
  double amplitude_v = 0;   ///< root mean square at the nearest electrode
  double fall = 0;          ///< of ln(amplitude) while the hand is imagined, at effect 1
};
[[nodiscard]] const std::vector<HandRhythm>& hand_rhythms();

/// The 22 electrodes of the hand areas and around.
[[nodiscard]] Head make_hand_head();

struct HandPerson : PlacedSources {
  std::vector<double> moment_am;  ///< of each source
  std::vector<double> log_gain;   ///< of each rhythm
  double strength = 1;            ///< of this person's fall
  double own_hz = 10;
  double blinks_per_minute = 15;
};
[[nodiscard]] HandPerson make_hand_person(const SimulatedMotorImagery& study, const Head& head, std::int64_t subject);
[[nodiscard]] BandEdges band_of(const HandRhythm& rhythm, const HandPerson& person);

/// Left and right in a random order, equally often (an odd number: one more of either).
[[nodiscard]] std::vector<Hand> make_cues(const SimulatedMotorImagery& study, std::int64_t subject,
                                          std::int64_t session);
/// Samples at which cues come, and of the whole session (a whole number of seconds).
[[nodiscard]] std::vector<std::int64_t> cue_samples(const SimulatedMotorImagery& study);
[[nodiscard]] std::int64_t hand_session_samples(const SimulatedMotorImagery& study);

/// Electrodes x samples [V] of the brain alone. With an effect of 0 nothing depends on `cues`.
[[nodiscard]] Matrix hand_brain(const SimulatedMotorImagery& study, const Head& head, const HandPerson& person,
                                const RandomStream& stream, const std::vector<Hand>& cues);

}  // namespace caton::simulated
