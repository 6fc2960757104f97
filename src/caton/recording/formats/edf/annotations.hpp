// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/recording/formats/edf/header.hpp"
#include "caton/recording/recording.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The annotation channels of EDF+ and BDF+: time-stamped annotation lists (TAL), and what they say of record times.
namespace caton::edf {

/// Records that follow one another without a break.
struct Stretch {
  std::int64_t record = 0, records = 0;
  double onset_s = 0;    ///< of its first sample, relative to the first sample of the recording
  double padding_s = 0;  ///< at its end: written to fill the last record, not recorded
};

struct Timeline {
  std::vector<Annotation> annotations;  ///< onsets relative to the first sample, sorted
  std::vector<Stretch> stretches;
  double start_s = 0;  ///< of the first sample after the start time of the header
};

/// Text by which a writer says that the samples under it only fill a record.
inline constexpr std::string_view padding_text = "caton: padding, not recorded";

/// Walks all annotation channels. Problems of single annotations become one finding a kind, with counts. Refuses
/// record times that go backwards.
[[nodiscard]] Timeline read_timeline(const MappedFile& file, const Header& header, Findings& findings);

}  // namespace caton::edf
