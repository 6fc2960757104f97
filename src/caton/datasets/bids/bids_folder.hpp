// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/table.hpp"
#include "caton/recording/recording.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caton {

/// One `_eeg` recording of a BIDS folder with its sidecar tables.
struct BidsFile {
  std::string id;  ///< "sub-01_ses-01_task-rest"
  std::string subject, session, task;
  Path path;
  std::optional<Path> channels, electrodes;  ///< of the tables, where there are any
  std::optional<Table> events;
};

/// All recordings of a raw BIDS folder (not of its derivatives), sorted. Refuses links that lead outside (word
/// `outside`), more files than `limits::bids_files`, and a folder without any.
[[nodiscard]] std::vector<BidsFile> bids_files(const Path& root);

/// Opens a recording; channel types come from `_channels.tsv`, positions in metres from `_electrodes.tsv`.
[[nodiscard]] std::shared_ptr<const Recording> open_bids_recording(const BidsFile& file);

/// The smallest and largest value that a column of events can have, as `_events.json` says; nothing where it does not.
[[nodiscard]] std::optional<std::pair<double, double>> bids_range(const Path& root, const std::string& task,
                                                                  const std::string& column);

}  // namespace caton
