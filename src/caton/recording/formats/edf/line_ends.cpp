// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/edf/line_ends.hpp"

#include "caton/base/error.hpp"
#include "caton/recording/formats/edf/header.hpp"

#include <string>

namespace caton {

std::int64_t undo_line_ends(const Path& damaged, const Path& repaired) {
  const MappedFile file(damaged);
  const std::string_view bytes = text_of(file.bytes());
  std::string result;
  result.reserve(bytes.size());
  std::int64_t undone = 0;
  std::size_t begin = 0;
  for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (at == 0 || bytes[at - 1] != '\r')
      throw input_error(damaged.string(),
                        "byte " + std::to_string(at) +
                            " is 0A without 0D before it, so its line ends "
                            "were not converted",
                        "leave the file as it is, or get the original");
    result += bytes.substr(begin, at - 1 - begin);
    begin = at;
    ++undone;
  }
  result += bytes.substr(begin);
  Findings findings;
  const edf::Header header = edf::read_header(bytes_of(result), damaged.string(), findings);
  if (header.records != header.declared_records || undone == 0)
    throw input_error(damaged.string(), "taking out 0D before each 0A does not give a sound file", "get the original");
  write_file(repaired, result);
  return undone;
}

}  // namespace caton
