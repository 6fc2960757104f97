// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// One member of a zip archive as its directory tells.
struct ZipMember {
  std::string name;
  bool deflated = false;
  std::uint32_t crc = 0;
  std::int64_t compressed_bytes = 0;
  std::int64_t bytes = 0;
  std::int64_t header_at = 0;
};

/// The directory of a zip archive (APPNOTE 6.3.3 with ZIP64), stored and deflated members. Refuses encrypted members,
/// names that occur twice (word `duplicate`) or leave the folder (word `name`), members that overlap, and expansion
/// beyond the limits (word `ratio`).
class ZipArchive {
 public:
  /// `bytes` must outlive the archive.
  ZipArchive(Bytes bytes, std::string where);
  [[nodiscard]] const std::vector<ZipMember>& members() const noexcept { return members_; }
  /// The member's bytes; `storage` holds them when they had to be expanded. Refuses a wrong checksum (word `CRC`).
  [[nodiscard]] Bytes read(const ZipMember& member, std::vector<std::byte>& storage) const;
  /// The first bytes of a member, without checking the whole.
  [[nodiscard]] std::vector<std::byte> read_first(const ZipMember& member, std::int64_t count) const;

 private:
  [[nodiscard]] Bytes stored_bytes(const ZipMember& member) const;
  [[nodiscard]] ZipMember take_member(ByteReader& reader) const;
  void check_members() const;

  Bytes bytes_;
  std::string where_;
  std::vector<ZipMember> members_;
};

}  // namespace caton
