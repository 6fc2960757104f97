// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What the place where we print can show.
namespace caton::cli {

struct Terminal {
  std::size_t width = 80;
  bool colours = false;
};

/// Standard output: its width ($COLUMNS where it is no terminal), and colours where it is one and neither $NO_COLOR nor
/// TERM=dumb says otherwise.
[[nodiscard]] Terminal terminal();

enum class Colour { plain, strong, faint, good, warn, stop };
[[nodiscard]] std::string coloured(const Terminal& terminal, Colour colour, const std::string& text);

/// Columns that UTF-8 text takes (wide letters count two).
[[nodiscard]] std::size_t text_width(std::string_view text);
/// Cut with "…" or filled with spaces to exactly `width` columns; `right` puts the spaces in front.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t width, bool right = false);
/// Broken at spaces to lines of at most `width` columns, all but the first indented.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace caton::cli
