// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/prepare/cleaning/clean.hpp"
#include "caton/recording/recording.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton {

/// Where a recording stands in a study: from its BIDS path, or for any other file from its name.
struct DerivativePlace {
  Path study;        ///< the study's root; empty for a file outside a BIDS folder
  Path folder;       ///< "sub-01/ses-02/eeg"
  std::string stem;  ///< "sub-01_ses-02_task-emotion", what stands before "_eeg.edf"
};
[[nodiscard]] DerivativePlace derivative_place(const Path& recording);

/// The brain's own signal of a simulated recording, if its study holds it under derivatives/truth.
[[nodiscard]] std::optional<Path> true_brain_file(const DerivativePlace& place);

/// A cleaned recording and where its samples come from.
struct CleanedRecording {
  const Recording* recording = nullptr;
  std::vector<std::int64_t> channels;  ///< of the recording, in the order of the cleaned signal
  const CleanInput* input = nullptr;
  const CleanOptions* options = nullptr;
  const Cleaned* cleaned = nullptr;
};

/// Writes into `root` a BIDS derivative: `_desc-cleaned_eeg.edf` (cleaned channels, all others as they were,
/// annotations and gaps kept), `_eeg.json`, `_channels.tsv` with status and why, `_events.tsv` of what was taken away,
/// `_components.tsv`, and `dataset_description.json`.
void write_cleaned_folder(const Path& root, const DerivativePlace& place, const CleanedRecording& what);

}  // namespace caton
