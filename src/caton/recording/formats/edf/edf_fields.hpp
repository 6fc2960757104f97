// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The fixed-width texts of which EDF headers and annotation lists are made.
namespace caton::edf {

/// `text` cut or filled with spaces to `width` characters.
[[nodiscard]] std::string field(std::string_view text, std::size_t width);
/// Printable ASCII: other characters become '?', micro becomes 'u'.
[[nodiscard]] std::string ascii(std::string_view text);
/// A number in at most 8 characters, as near as these allow.
[[nodiscard]] std::string number_field(double value);
/// The nearest number that 8 characters express, not above (not below) `value`.
[[nodiscard]] double rounded_down(double value);
[[nodiscard]] double rounded_up(double value);

/// "+2.5\x15" "0.5\x14text\x14\0": one time-stamped annotation list; an empty text is a time-keeping one.
[[nodiscard]] std::string list_text(double onset_s, double duration_s, std::string_view text);

/// Start date and time fields (8 + 8 characters) of "2010-03-02T10:11:12"; 01.01.85 00.00.00 where it is empty.
[[nodiscard]] std::string start_fields(std::string_view start);
/// The part of a second behind "2010-03-02T10:11:12.375"; 0 where there is none.
[[nodiscard]] double start_fraction(std::string_view start);
/// "02-MAR-2010", or "X" where it is not known.
[[nodiscard]] std::string long_date(std::string_view start);

/// Little-endian 16-bit samples.
void append_samples(std::string& bytes, std::span<const std::int16_t> samples);

}  // namespace caton::edf
