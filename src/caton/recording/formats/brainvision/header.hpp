// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/recording/recording.hpp"
#include "caton/recording/stored_numbers.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The header (.vhdr) and marker (.vmrk) files of BrainVision recordings.
namespace caton::brainvision {

struct HeaderChannel {
  std::string name, unit;  ///< unit as filed; none: microvolts
  double resolution = 1;
};

struct Header {
  std::string data_file, marker_file;  ///< marker_file: empty where none is named
  bool vectorised = false;
  StoredType type = StoredType::int16;
  ByteOrder order = ByteOrder::little;
  double rate_hz = 0;
  std::vector<HeaderChannel> channels;
};

/// `base`: the header's own name without ending, for which "$b" stands. Refuses what would give wrong samples.
[[nodiscard]] Header read_header(std::string_view text, const std::string& base, const std::string& where);

struct Markers {
  std::vector<Annotation> annotations;
  std::vector<std::int64_t> segment_begins;  ///< samples at which a new segment begins, in order
  std::string start;                         ///< of the first segment, empty where it does not say
};

/// Markers that lie outside the recording's samples, and lines that are none, are left out and told.
[[nodiscard]] Markers read_markers(std::string_view text, double rate_hz, std::int64_t samples,
                                   const std::string& where, Findings& findings);

}  // namespace caton::brainvision
