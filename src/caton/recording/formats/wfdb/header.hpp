// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The header files (.hea) of WFDB records (PhysioNet, WFDB Applications Guide, header(5)).
namespace caton::wfdb {

struct Signal {
  std::string file, name, unit;
  int format = 16;
  std::int64_t samples_per_frame = 1;
  std::int64_t skew = 0;    ///< frames by which its samples are stored later
  std::int64_t offset = 0;  ///< bytes before the first sample
  double gain = 200, baseline = 0;
  std::int64_t initial = 0;
};

struct Header {
  double frame_rate_hz = 250;
  std::int64_t frames = 0;  ///< 0: not said
  std::string start;
  std::vector<Signal> signals;
};

/// Refuses what would give wrong samples, and records of several segments (word `segment`).
[[nodiscard]] Header read_header(std::string_view text, const std::string& where);

}  // namespace caton::wfdb
