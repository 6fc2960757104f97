// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/progress.hpp"

#include <cstdint>

/// People who imagine moving the left or the right hand, computed: the rhythms over the opposite hand area fall.
namespace caton {

struct SimulatedMotorImagery {
  std::int64_t subjects = 8;
  std::int64_t sessions = 2;
  std::int64_t trials = 40;  ///< in one session, half of them each hand
  double seconds = 4;        ///< of imagery after each cue
  double effect = 1;         ///< 0: the signals do not depend on the hand at all
  std::uint64_t seed = 1;
};

/// Refuses (kind `usage`, naming the option) what cannot be simulated.
void require_possible(const SimulatedMotorImagery& study);
[[nodiscard]] Json to_json(const SimulatedMotorImagery& study);

/// Writes the study as BIDS with EDF (22 electrodes around the hand areas, 128 Hz, `trial_type` left_hand or
/// right_hand), and under `derivatives/truth` the clean brain signal, the sources and how much each person's rhythms
/// fall. The folder appears whole or not at all and is refused when it exists. Equal options give equal bytes, on any
/// number of threads.
Path simulate_motor_imagery(const SimulatedMotorImagery& study, const Path& folder, Progress* progress = nullptr);

}  // namespace caton
