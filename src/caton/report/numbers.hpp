// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How numbers are written for a person: with unit, interval and sensible digits.
namespace caton::report {

/// A number that may be undefined.
using Maybe = std::optional<double>;

[[nodiscard]] std::string percent(double share);                               ///< 0.612 gives "61.2 %"
[[nodiscard]] std::string percent_range(const Maybe& low, const Maybe& high);  ///< "54.0–68.1 %", "" when unknown
[[nodiscard]] std::string points(double value);                                ///< "+39.7 points"
[[nodiscard]] std::string p_value(double p);                                   ///< "p = 0.012", "p < 0.001"
[[nodiscard]] std::string counted(std::int64_t n, std::string_view singular);  ///< "1 subject", "8 subjects"
[[nodiscard]] std::string decimal(double value, int digits);                   ///< with a real minus sign
/// "8 subjects" from 8 and "subject" or "subjects"; "units" when there is no name.
[[nodiscard]] std::string unit_count(std::int64_t n, std::string_view unit);
/// The words with a full stop at their end, if they lack one.
[[nodiscard]] std::string sentence(std::string words);
/// Three significant digits, without needless zeros: "0.123", "12.3", "1230".
[[nodiscard]] std::string three_digits(double value);
/// "7 min 12 s", "3.2 s", "2 h 5 min".
[[nodiscard]] std::string length_of_time(double seconds);

}  // namespace caton::report
