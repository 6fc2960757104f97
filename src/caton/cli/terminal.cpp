// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/cli/terminal.hpp"

#include "caton/base/text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace caton::cli {
namespace {

constexpr std::size_t narrowest = 40, widest = 120;

/// Length in bytes and width in columns of the letter that begins at `at`.
struct Letter {
  std::size_t bytes = 1, columns = 1;
};

Letter letter_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::size_t bytes = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  const bool wide = bytes == 3 && byte >= 0xE3 && byte <= 0xED;
  return {std::min(bytes, text.size() - at), wide || bytes == 4 ? 2U : 1U};
}

}  // namespace

Terminal terminal() {
  Terminal found;
  winsize size{};
  if (isatty(STDOUT_FILENO) != 0) {
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) found.width = size.ws_col;
    const char* const kind = std::getenv("TERM");
    const char* const refused = std::getenv("NO_COLOR");
    found.colours = (refused == nullptr || *refused == '\0') && kind != nullptr && std::string_view(kind) != "dumb";
  } else if (const char* const columns = std::getenv("COLUMNS")) {
    found.width = static_cast<std::size_t>(std::max<std::int64_t>(0, parse_integer(columns).value_or(80)));
  }
  found.width = std::clamp(found.width, narrowest, widest);
  return found;
}

std::string coloured(const Terminal& terminal, Colour colour, const std::string& text) {
  if (!terminal.colours || colour == Colour::plain) return text;
  const char* const code = colour == Colour::strong  ? "1"
                           : colour == Colour::faint ? "2"
                           : colour == Colour::good  ? "32"
                           : colour == Colour::warn  ? "33"
                                                     : "31";
  return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Letter letter = letter_at(text, at);
    width += letter.columns;
    at += letter.bytes;
  }
  return width;
}

std::string fitted(std::string_view text, std::size_t width, bool right) {
  const std::size_t whole = text_width(text);
  if (whole <= width) {
    const std::string blanks(width - whole, ' ');
    return right ? blanks + std::string(text) : std::string(text) + blanks;
  }
  std::string cut;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Letter letter = letter_at(text, at);
    if (used + letter.columns + 1 > width) break;
    cut += text.substr(at, letter.bytes);
    used += letter.columns;
    at += letter.bytes;
  }
  return cut + "\xE2\x80\xA6" + std::string(width - used - 1, ' ');
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string lines, line;
  for (const std::string& word : split(text, ' ')) {
    if (!line.empty() && text_width(line) + 1 + text_width(word) + (lines.empty() ? 0 : indent) > width) {
      lines += (lines.empty() ? "" : std::string(indent, ' ')) + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return lines + (lines.empty() ? "" : std::string(indent, ' ')) + line;
}

}  // namespace caton::cli
