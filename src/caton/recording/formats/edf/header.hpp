// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/finding.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The header of EDF, EDF+, BDF and BDF+ files (edfplus.info; BioSemi's 24-bit variant).
namespace caton::edf {

struct Signal {
  std::string label, unit;
  double physical_min = 0, physical_max = 0;
  std::int64_t digital_min = 0, digital_max = 0;
  std::int64_t samples = 0;  ///< in one record
  std::int64_t offset = 0;   ///< of its first byte within a record
  bool annotations = false;
};

struct Header {
  bool bdf = false;
  bool plus = false;           ///< EDF+ or BDF+
  bool discontinuous = false;  ///< EDF+D or BDF+D
  std::string start;           ///< "2010-03-02T10:11:12", empty where it is impossible
  std::int64_t bytes = 0;      ///< of the header: 256 * (signals + 1)
  std::int64_t declared_records = 0, records = 0, record_bytes = 0;
  double record_s = 0;
  std::vector<Signal> signals;

  [[nodiscard]] int width() const noexcept { return bdf ? 3 : 2; }
  [[nodiscard]] const char* prefix() const noexcept { return bdf ? "bdf" : "edf"; }
};

/// Reads and checks the header of a whole file. Odd but usable things become findings; what would give wrong samples
/// is refused, also a file whose line ends were converted. `where` is the file's name.
[[nodiscard]] Header read_header(Bytes file, const std::string& where, Findings& findings);

/// Whether the first bytes look like EDF or BDF, even with a wrong version field.
[[nodiscard]] bool looks_like_header(Bytes head);

}  // namespace caton::edf
