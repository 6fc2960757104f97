// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/study/group_load.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace caton {

/// How the channels of one recording depend on each other.
struct ChannelDependence {
  std::string id;           ///< of the recording
  std::string reference;    ///< "as recorded", "average"
  bool cleaned = false;     ///< by the step `clean`, which takes components away
  Matrix correlation = {};  ///< over its usable windows
};
[[nodiscard]] ChannelDependence channel_dependence(const std::string& id, const LoadedRecording& loaded,
                                                   const GroupAnalysis& options);

/// Dimensions of some of the channels: eigenvalues of their correlations above 1e-10 of the largest.
[[nodiscard]] std::int64_t channel_rank(Signal correlation, const std::vector<std::size_t>& channels);

/// The channels to keep, so that every recording has full rank with them: as long as one has not, the channel that the
/// others explain best in the recordings without full rank (highest variance inflation) is left out everywhere, for
/// only equal channel sets can be compared. Refuses (word `rank`) what the rule does not let go, and when fewer than
/// two channels would be left.
[[nodiscard]] std::vector<std::size_t> independent_channels(const std::vector<ChannelDependence>& recordings,
                                                            const RankRule& rule);

}  // namespace caton
