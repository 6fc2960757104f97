// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <vector>

namespace caton {

/// How much a finding matters: `note` is worth knowing, `warn` limits what may be concluded,
/// `stop` means that the figure must not be used as it stands.
enum class Severity { note, warn, stop };

/// What was odd but usable. Travels with the data to the report; never only a log line.
struct Finding {
  std::string code;  ///< stable, countable: "edf/records-missing", "leak/window-overlap"
  Severity severity = Severity::note;
  std::string where;  ///< file, channel, sample, fold
  std::string what;   ///< one sentence for a person, with numbers and units

  friend bool operator==(const Finding&, const Finding&) = default;
};

using Findings = std::vector<Finding>;

/// "note", "warn" or "stop".
[[nodiscard]] const char* severity_name(Severity severity) noexcept;

}  // namespace caton
