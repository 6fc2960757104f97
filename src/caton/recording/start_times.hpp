// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <string>

namespace caton {

/// When a recording began, as the clock on the wall said.
struct StartTime {
  std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, microsecond = 0;
};

/// "2020-03-02T10:11:12.375000" (without the fraction where it is 0); empty where there is no such date or time.
[[nodiscard]] std::string start_text(const StartTime& time);
/// The same of microseconds since 1970.
[[nodiscard]] std::string start_text(std::int64_t microseconds_since_1970);

}  // namespace caton
