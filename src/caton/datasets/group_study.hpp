// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"
#include "caton/recording/recording.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace caton {

/// A recording of a person who belongs to a group.
struct GroupRecording {
  std::string id, subject, session, group;
  std::function<std::shared_ptr<const Recording>()> open;
};

/// A study of groups: no labels of trials, but groups of people and their sessions.
struct GroupStudy {
  std::string name;
  std::vector<std::string> channels;       ///< in every recording
  std::vector<GroupRecording> recordings;  ///< sorted by subject, session, id
  Findings findings;
  Json truth;  ///< of a simulation: {links: [{from, to, coefficient}], differ, note}; null: not known
};

/// A BIDS folder whose `participants.tsv` has the column `group`; channels that are not in every recording fall away
/// and are told. Refuses (word `group`) a folder without that column and participants without a group, `channel` where
/// none is common.
[[nodiscard]] GroupStudy open_bids_groups(const Path& folder, const std::string& column = "group");
/// Groups computed as a recipe says (`SimulatedGroups`), in memory.
[[nodiscard]] GroupStudy open_simulated_groups(const Json& options);

}  // namespace caton
