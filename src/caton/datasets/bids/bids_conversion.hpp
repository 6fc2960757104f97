// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/recording/recording.hpp"

#include <string>
#include <vector>

namespace caton {

/// "sub-01_ses-02_task-rest" → its parts. Refuses (kind `usage`) a name without sub- and task-, and other entities.
[[nodiscard]] BidsName parse_bids_name(const std::string& text);

struct BidsConversion {
  BidsName name;
  std::vector<std::int64_t> channels = {};  ///< empty: all
  double power_line_hz = 0;                 ///< 0: not known
  bool force = false;                       ///< overwrite a recording of this name
};

/// Adds a recording to a BIDS folder, which is made where it is missing: samples as BrainVision (of different rates as
/// EDF+), `_eeg.json`, `_channels.tsv`, `_events.tsv` with the annotations as trial_type, `_electrodes.tsv` where
/// positions are known, and the person in `participants.tsv`. Refuses to overwrite unless asked. Returns the samples'
/// file.
Path add_to_bids(const Path& root, const Recording& recording, const BidsConversion& conversion);

}  // namespace caton
