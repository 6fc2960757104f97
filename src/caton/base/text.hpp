// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// Shortest decimal text that reads back as the same double; "nan", "inf", "-inf" where it is none.
[[nodiscard]] std::string number_text(double value);
/// `value` with `digits` digits behind the point, locale "C", -0 as 0.
[[nodiscard]] std::string fixed_text(double value, int digits);

/// A decimal number that fills all of `text` (spaces around it allowed); nothing otherwise. No locale, no hexadecimal.
[[nodiscard]] std::optional<double> parse_number(std::string_view text) noexcept;
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;

[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
[[nodiscard]] std::string lower_case(std::string_view text);

/// `text` with control characters escaped (\x1b), so that it may reach a terminal (RELIABILITY R5).
[[nodiscard]] std::string printable(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
/// Latin-1 bytes as UTF-8.
[[nodiscard]] std::string utf8_from_latin1(std::string_view bytes);
/// UTF-8 with every broken byte replaced by U+FFFD.
[[nodiscard]] std::string utf8_repaired(std::string_view bytes);

/// The known names nearest to `name` by edit distance, nearest first; empty when none is near.
[[nodiscard]] std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& known);
/// "did you mean X?" or "known: A, B, C" for an error's remedy.
[[nodiscard]] std::string suggestion(std::string_view name, const std::vector<std::string>& known);

}  // namespace caton
