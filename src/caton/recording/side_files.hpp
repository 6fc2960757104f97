// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/file.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

/// Recordings of several files: what a header names beside itself, and nothing outside its folder.
namespace caton {

/// The file of this name in the folder of `path`; refused when it would lie elsewhere. `where` says who names it.
[[nodiscard]] Path beside(const Path& path, std::string_view name, const std::string& where);
/// The same file name with another ending.
[[nodiscard]] Path with_ending(const Path& path, const char* ending);
[[nodiscard]] bool is_file(const Path& path);
/// Maps a file that another one names; a missing one is refused naming both.
[[nodiscard]] std::shared_ptr<const MappedFile> map_named(const Path& file, const std::string& where,
                                                          const std::string& what);

[[nodiscard]] bool has_ending(const Path& path, std::initializer_list<std::string_view> endings);
[[nodiscard]] bool begins_with(Bytes head, std::string_view start);

/// UTF-8 as it is, anything else taken for Latin-1.
[[nodiscard]] std::string utf8_text(std::string_view text);

/// Calls `line(number, text)` for every line, from 1, without its end (LF or CR LF); a byte order mark is left out.
template <class Line>
void each_line(std::string_view text, Line&& line) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::int64_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view content = text.substr(at, end - at);
    if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
    line(++number, content);
    at = end + 1;
  }
}

}  // namespace caton
