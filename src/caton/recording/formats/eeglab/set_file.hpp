// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"
#include "caton/recording/recording.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// What a .set file says: EEGLAB's structure `EEG`, or (since 2021) its fields as variables.
namespace caton::eeglab {

struct SetFile {
  std::vector<Channel> channels;  ///< without their number of samples
  double rate_hz = 0, first_s = 0;
  std::int64_t points = 0, trials = 1;
  std::vector<Annotation> events;
  std::vector<std::int64_t> boundaries;         ///< samples before which something was cut out
  std::string data_file;                        ///< empty: the samples are in the .set file
  std::function<Array<double, 2>()> load = {};  ///< channels x samples in microvolts, where they are in the file
};

/// Reads texts and small arrays only. Refuses what would give wrong samples; `pnts` that disagrees with the data is
/// told.
[[nodiscard]] SetFile read_set(std::shared_ptr<const Container> container, const Path& path, const OpenOptions& options,
                               Findings& findings);

}  // namespace caton::eeglab
