// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/zip/zip.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/source.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace caton {
namespace {

constexpr std::uint32_t local_mark = 0x04034b50, member_mark = 0x02014b50, end_mark = 0x06054b50;
constexpr std::uint32_t end64_mark = 0x06064b50, locator64_mark = 0x07064b50;
constexpr std::size_t end_bytes = 22, locator64_bytes = 20, comment_bytes = 65535;
constexpr std::uint32_t in_extra = 0xFFFFFFFF;
constexpr const char* damaged = "the archive is damaged; copy or export it again";

struct Directory {
  std::uint64_t entries = 0, bytes = 0, at = 0;
};

/// Where the record at the end of the archive begins.
std::optional<std::size_t> find_end(Bytes bytes) {
  if (bytes.size() < end_bytes) return std::nullopt;
  const std::size_t last = bytes.size() - end_bytes;
  const std::size_t first = last > comment_bytes ? last - comment_bytes : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    ByteReader reader(bytes.subspan(at), {});
    if (reader.take<std::uint32_t>("mark") != end_mark) continue;
    reader.seek(end_bytes - 2, "comment");
    if (reader.take<std::uint16_t>("comment") == last - at) return at;
  }
  return std::nullopt;
}

Directory directory64(Bytes bytes, std::size_t end, const std::string& where) {
  ByteReader reader(bytes, where);
  if (end < locator64_bytes) reader.refuse("the ZIP64 locator is missing", damaged);
  reader.seek(end - locator64_bytes, "ZIP64 locator");
  if (reader.take<std::uint32_t>("ZIP64 locator") != locator64_mark)
    reader.refuse("the ZIP64 locator is missing", damaged);
  reader.skip(4, "ZIP64 locator");
  reader.seek(reader.take<std::uint64_t>("ZIP64 end"), "ZIP64 end");
  if (reader.take<std::uint32_t>("ZIP64 end") != end64_mark) reader.refuse("the ZIP64 end record is missing", damaged);
  reader.skip(20, "ZIP64 end");
  Directory directory;
  reader.skip(8, "ZIP64 end");
  directory.entries = reader.take<std::uint64_t>("number of members");
  directory.bytes = reader.take<std::uint64_t>("size of the directory");
  directory.at = reader.take<std::uint64_t>("place of the directory");
  return directory;
}

Directory find_directory(Bytes bytes, const std::string& where) {
  const auto end = find_end(bytes);
  if (!end) throw input_error(where, "the file is truncated: the zip directory at its end is missing", damaged);
  ByteReader reader(bytes, where);
  reader.seek(*end + 10, "end of the directory");
  Directory directory;
  directory.entries = reader.take<std::uint16_t>("number of members");
  directory.bytes = reader.take<std::uint32_t>("size of the directory");
  directory.at = reader.take<std::uint32_t>("place of the directory");
  if (directory.entries == 0xFFFF || directory.bytes == in_extra || directory.at == in_extra) {
    return directory64(bytes, *end, where);
  }
  return directory;
}

bool leaves_folder(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string::npos ||
      name.find('\0') != std::string::npos || name.find(':') != std::string::npos) {
    return true;
  }
  const auto parts = split(name, '/');
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

/// Sizes and place beyond 32 bits stand in the extra field, in this order.
void take_extra(ByteReader extra, ZipMember& member) {
  while (extra.remaining() >= 4) {
    const auto id = extra.take<std::uint16_t>("extra field");
    ByteReader field = extra.sub(extra.take<std::uint16_t>("extra field"), "extra field");
    if (id != 1) continue;
    for (std::int64_t* const value : {&member.bytes, &member.compressed_bytes, &member.header_at}) {
      if (*value == in_extra) *value = static_cast<std::int64_t>(field.take<std::uint64_t>("ZIP64 size"));
    }
  }
}

}  // namespace

ZipArchive::ZipArchive(Bytes bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {
  const Directory directory = find_directory(bytes, where_);
  if (directory.entries > static_cast<std::uint64_t>(limits::zip_entries)) {
    throw input_error(where_, std::to_string(directory.entries) + " members are above the limit of " +
                                  std::to_string(limits::zip_entries));
  }
  ByteReader reader(bytes, where_);
  reader.seek(directory.at, "zip directory");
  for (std::uint64_t i = 0; i < directory.entries; ++i) members_.push_back(take_member(reader));
  check_members();
}

ZipMember ZipArchive::take_member(ByteReader& reader) const {
  if (reader.take<std::uint32_t>("member of the directory") != member_mark)
    reader.refuse("the zip directory is damaged", damaged);
  ZipMember member;
  reader.skip(4, "versions");
  const auto flags = reader.take<std::uint16_t>("flags");
  const auto method = reader.take<std::uint16_t>("method");
  reader.skip(4, "time");
  member.crc = reader.take<std::uint32_t>("CRC");
  member.compressed_bytes = reader.take<std::uint32_t>("compressed size");
  member.bytes = reader.take<std::uint32_t>("size");
  const auto name_bytes = reader.take<std::uint16_t>("length of the name");
  const auto extra_bytes = reader.take<std::uint16_t>("length of the extra field");
  const auto note_bytes = reader.take<std::uint16_t>("length of the comment");
  reader.skip(8, "attributes");
  member.header_at = reader.take<std::uint32_t>("place of the member");
  member.name = utf8_repaired(reader.take_text(name_bytes, "name of a member"));
  take_extra(reader.sub(extra_bytes, "extra field"), member);
  reader.skip(note_bytes, "comment");
  const std::string where = where_ + ": member " + printable(member.name);
  if (leaves_folder(member.name)) throw input_error(where, "its name leaves the folder", "the file may be hostile");
  if ((flags & 1) != 0) throw input_error(where, "is encrypted", "save it without a password");
  if (method != 0 && method != 8)
    throw input_error(where, "is packed by method " + std::to_string(method), "read are stored and deflate");
  member.deflated = method == 8;
  const auto size = static_cast<std::int64_t>(bytes_.size());
  if (member.header_at < 0 || member.header_at > size || member.compressed_bytes < 0 ||
      member.compressed_bytes > size - member.header_at || member.bytes < 0 ||
      (!member.deflated && member.bytes != member.compressed_bytes)) {
    throw input_error(where, "the file is truncated or its directory wrong: the member's size does not fit", damaged);
  }
  if (member.deflated) check_expansion(member.compressed_bytes, member.bytes, where);
  return member;
}

void ZipArchive::check_members() const {
  std::vector<std::string> names;
  std::vector<std::pair<std::int64_t, std::int64_t>> spans;
  for (const auto& member : members_) {
    names.push_back(member.name);
    spans.emplace_back(member.header_at, member.header_at + member.compressed_bytes);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    throw input_error(where_, "has a duplicate member " + printable(*twice), "which one is meant cannot be known");
  }
  std::sort(spans.begin(), spans.end());
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].first < spans[i - 1].second) throw input_error(where_, "members of the archive overlap", damaged);
  }
}

Bytes ZipArchive::stored_bytes(const ZipMember& member) const {
  ByteReader reader(bytes_, where_ + ": member " + printable(member.name));
  reader.seek(static_cast<std::size_t>(member.header_at), "member");
  if (reader.take<std::uint32_t>("member") != local_mark) reader.refuse("the member's own header is missing", damaged);
  reader.skip(22, "member");
  const auto name_bytes = reader.take<std::uint16_t>("length of the name");
  const auto extra_bytes = reader.take<std::uint16_t>("length of the extra field");
  reader.skip(std::size_t{name_bytes} + extra_bytes, "name");
  return reader.take_bytes(static_cast<std::size_t>(member.compressed_bytes), "member");
}

Bytes ZipArchive::read(const ZipMember& member, std::vector<std::byte>& storage) const {
  const std::string where = where_ + ": member " + printable(member.name);
  Bytes result = stored_bytes(member);
  if (member.deflated) {
    storage = inflate_all(result, member.bytes, Compression::raw, where);
    result = storage;
  }
  uLong crc = crc32(0, nullptr, 0);
  constexpr std::size_t piece = std::numeric_limits<uInt>::max() / 2;
  for (std::size_t at = 0; at < result.size(); at += piece) {
    const Bytes part = result.subspan(at, std::min(piece, result.size() - at));
    crc = crc32(crc, static_cast<const Bytef*>(static_cast<const void*>(part.data())), static_cast<uInt>(part.size()));
  }
  if (crc != member.crc) throw input_error(where, "its checksum (CRC) is wrong", damaged);
  return result;
}

std::vector<std::byte> ZipArchive::read_first(const ZipMember& member, std::int64_t count) const {
  const Bytes stored = stored_bytes(member);
  count = std::min(count, member.bytes);
  if (member.deflated) return inflate_first(stored, count, Compression::raw, where_);
  const Bytes first = stored.first(static_cast<std::size_t>(count));
  return {first.begin(), first.end()};
}

}  // namespace caton
