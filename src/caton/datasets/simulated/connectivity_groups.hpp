// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/progress.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// Groups of people whose signals come from autoregressive models with known directed links: README.md has the
/// formulas.
namespace caton {

struct SimulatedGroups {
  std::int64_t groups = 3;
  std::int64_t subjects = 18;  ///< in each group
  std::int64_t sessions = 2;
  std::int64_t channels = 8;
  double seconds = 30;  ///< of one recording, at 100 Hz
  double step = 0.12;   ///< how much weaker the planted links are in each further group; 0: no group differs
  std::uint64_t seed = 1;

  friend bool operator==(const SimulatedGroups&, const SimulatedGroups&) = default;
};

inline constexpr double simulated_groups_rate_hz = 100;

/// A link that the groups differ in: from one channel to another.
struct PlantedLink {
  std::int64_t from = 0, to = 0;
};
[[nodiscard]] std::vector<PlantedLink> planted_links();

/// Refuses (kind `usage`, naming the option) what cannot be simulated.
void require_possible(const SimulatedGroups& study);
/// `{groups, subjects, sessions, channels, seconds, step, simulation_seed}`: also the keys of the recipe. Null or
/// missing members keep their default.
[[nodiscard]] Json to_json(const SimulatedGroups& study);
[[nodiscard]] SimulatedGroups simulated_groups_of(const Json& options);

[[nodiscard]] std::vector<std::string> channel_names(const SimulatedGroups& study);
/// "01", "02" … over all groups; and the group of a subject: "A", "B" …
[[nodiscard]] std::string subject_name(std::int64_t subject);
[[nodiscard]] std::string group_name(std::int64_t group);

/// Lag, to, from of one person's model: the study's own plus the person's deviation plus the planted links.
[[nodiscard]] Array<double, 3> person_model(const SimulatedGroups& study, std::int64_t subject);
/// One recording in volts, channels x samples.
[[nodiscard]] Matrix simulated_recording(const SimulatedGroups& study, std::int64_t subject, std::int64_t session);
/// `{links: [{from, to, coefficient: [of each group]}], note}`.
[[nodiscard]] Json groups_truth(const SimulatedGroups& study);

/// Writes the study as BIDS with EDF, groups in `participants.tsv`, and what is true of it in
/// `derivatives/truth/links.json`; the folder appears whole or not at all. Returns `folder`.
Path simulate_connectivity_groups(const SimulatedGroups& study, const Path& folder, Progress* progress = nullptr);

}  // namespace caton
