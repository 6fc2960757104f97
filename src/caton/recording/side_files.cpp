// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/side_files.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>

namespace caton {

Path beside(const Path& path, std::string_view name, const std::string& where) {
  return safe_join(path.has_parent_path() ? path.parent_path() : Path("."), name, where);
}

Path with_ending(const Path& path, const char* ending) {
  Path other = path;
  return other.replace_extension(ending);
}

bool is_file(const Path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

std::shared_ptr<const MappedFile> map_named(const Path& file, const std::string& where, const std::string& what) {
  if (!is_file(file))
    throw input_error(where, "its " + what + " \"" + printable(file.filename().string()) + "\" is missing",
                      "copy it into the same folder under this name");
  return std::make_shared<const MappedFile>(file);
}

bool has_ending(const Path& path, std::initializer_list<std::string_view> endings) {
  const std::string ending = lower_case(path.extension().string());
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

bool begins_with(Bytes head, std::string_view start) { return text_of(head).substr(0, start.size()) == start; }

std::string utf8_text(std::string_view text) { return is_utf8(text) ? std::string(text) : utf8_from_latin1(text); }

}  // namespace caton
