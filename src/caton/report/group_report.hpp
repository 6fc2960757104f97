// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/group_folder.hpp"

#include <string>

namespace caton {

/// The report of a group study: one HTML page with inline figures, nothing loaded from elsewhere; what may be said and
/// what not comes first. The same folder gives the same bytes.
[[nodiscard]] std::string group_report_html(const GroupFolder& run);

}  // namespace caton
