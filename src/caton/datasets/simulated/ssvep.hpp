// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/random.hpp"

#include <cstdint>
#include <vector>

/// People who spell by looking at flickering targets, computed: the back of the head repeats the flicker.
namespace caton {

struct SimulatedSsvep {
  std::int64_t subjects = 8;
  std::int64_t blocks = 6;    ///< each person looks at every target once a block
  std::int64_t targets = 12;  ///< 8 Hz and up, phases 0, 0.5, 1 and 1.5 pi in turn
  double seconds = 2;         ///< of flicker after each cue
  double effect = 1;          ///< 0: the signals do not depend on the target at all
  std::uint64_t seed = 1;
};

/// Refuses (kind `usage`, naming the option) what cannot be simulated.
void require_possible(const SimulatedSsvep& study);
[[nodiscard]] Json to_json(const SimulatedSsvep& study);

/// Steps of 0.5 Hz from 8 Hz on for up to 16 targets, else of 0.2 Hz.
[[nodiscard]] double target_hz(const SimulatedSsvep& study, std::int64_t target);
/// In units of pi.
[[nodiscard]] double target_phase_pi(std::int64_t target);

namespace simulated {

inline constexpr double flicker_rate_hz = 256;
/// Electrodes x samples [V] of one block, in which the targets come in this order. With an effect of 0 nothing depends
/// on `order`.
[[nodiscard]] Matrix flicker_block(const SimulatedSsvep& study, std::int64_t subject, std::int64_t block,
                                   const std::vector<std::int64_t>& order);
/// Every target once, in an order of the block's own.
[[nodiscard]] std::vector<std::int64_t> target_order(const SimulatedSsvep& study, std::int64_t subject,
                                                     std::int64_t block);
/// The sample at which the flicker number `place` of a block begins.
[[nodiscard]] std::int64_t flicker_begin(const SimulatedSsvep& study, std::int64_t place);

}  // namespace simulated

/// Writes the study as BIDS with EDF (9 electrodes over the visual cortex, 256 Hz): each block is a session, an event's
/// `trial_type` is the frequency looked at ("8.5 Hz"). Under `derivatives/truth` stand the targets with their phases
/// and each person's response. The folder appears whole or not at all and is refused when it exists. Equal options give
/// equal bytes, on any number of threads.
Path simulate_ssvep(const SimulatedSsvep& study, const Path& folder, Progress* progress = nullptr);

}  // namespace caton
