// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// Writes a zip archive (APPNOTE 6.3.3), members stored or deflated, whole or not at all. The same members give the
/// same bytes: every date is 1980-01-01.
class ZipWriter {
 public:
  explicit ZipWriter(const Path& path) : file_(path), where_(path.string()) {}
  /// Adds a member. Refuses (kind `usage`) names that occurred already (word `duplicate`), archives beyond 4 GiB or
  /// 65535 members (`large`).
  void add(const std::string& name, std::string_view bytes, bool deflate = true);
  /// Writes the directory; the archive appears under its name.
  void commit();

 private:
  struct Member {
    std::string name;
    std::uint32_t crc = 0, stored = 0, bytes = 0, at = 0;
    bool deflated = false;
  };
  [[nodiscard]] static std::string fields_of(const Member& member);
  void write(std::string_view bytes);

  FileWriter file_;
  std::string where_;
  std::uint64_t written_ = 0;
  std::vector<Member> members_;
};

}  // namespace caton
