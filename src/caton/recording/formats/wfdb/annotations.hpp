// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <string>
#include <vector>

namespace caton::wfdb {

/// Annotations in MIT format (annot(5)): the symbol of each, with its note behind it. Definitions of symbols and of the
/// time resolution at the begin of a file are used and left out. What is cut off is told.
[[nodiscard]] std::vector<Annotation> read_annotations(Bytes file, double rate_hz, const std::string& where,
                                                       Findings& findings);

}  // namespace caton::wfdb
