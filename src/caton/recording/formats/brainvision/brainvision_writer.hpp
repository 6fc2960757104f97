// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <vector>

namespace caton {

/// The two files that belong to a BrainVision header: the same name with .eeg and .vmrk.
[[nodiscard]] std::vector<Path> brainvision_side_files(const Path& header);

/// Writes a recording as BrainVision: header, markers, samples, the header last; a failure leaves none of them. Numbers
/// of 16-bit sources whose stored zero is zero are kept (INT_16), everything else becomes 32-bit floats in the
/// channel's unit (a relative error of 6e-8), volts as microvolts. An annotation "Type/Description" becomes that
/// marker, any other one a comment; the first marker of each segment is a "New Segment". Names of people are not
/// carried over. Refuses channels of different rates or lengths, and an ending that is not .vhdr.
void write_brainvision(const Path& header, const Recording& recording, std::vector<std::int64_t> channels = {});

}  // namespace caton
