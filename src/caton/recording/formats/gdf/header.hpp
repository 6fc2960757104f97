// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/finding.hpp"
#include "caton/recording/stored_numbers.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The header and the event table of GDF 1.x and 2.x files (A. Schloegl, arXiv cs/0608052; BioSig).
namespace caton::gdf {

struct Signal {
  std::string label, unit;
  double physical_min = 0, physical_max = 0, digital_min = 0, digital_max = 0;
  std::int64_t samples = 0;  ///< in one record
  std::int64_t offset = 0;   ///< of its first byte within a record
  StoredType type = StoredType::int16;
  std::optional<std::array<double, 3>> position_m = std::nullopt;
};

struct Header {
  double version = 0;
  std::string start;
  std::int64_t bytes = 0, records = 0, record_bytes = 0;
  double record_s = 0;
  std::vector<Signal> signals;
  std::map<int, std::string> event_names;  ///< of user-defined events, where the file tells them

  [[nodiscard]] bool second() const noexcept { return version >= 1.9; }
};

/// Reads and checks the header of a whole file; records that are promised but not there are told.
[[nodiscard]] Header read_header(Bytes file, const std::string& where, Findings& findings);

struct Event {
  double onset_s = 0, duration_s = 0;
  int type = 0;
  int channel = 0;  ///< 0: all
};

/// The event table behind the records; empty where there is none. `rate_hz`: where the table does not tell its own.
[[nodiscard]] std::vector<Event> read_events(Bytes file, const Header& header, double rate_hz, const std::string& where,
                                             Findings& findings);

}  // namespace caton::gdf
