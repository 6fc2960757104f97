// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/run_folder.hpp"

#include <string>

namespace caton {

/// The report of a run: one HTML page with inline figures, nothing loaded from elsewhere, the audit in plain words
/// first. The same folder gives the same bytes. Refused (kind `input`) naming file and key where the folder is damaged.
[[nodiscard]] std::string report_html(const RunFolder& run);

/// The sentence that every report, `--version` and the README carry.
[[nodiscard]] const char* not_a_medical_device() noexcept;

}  // namespace caton
