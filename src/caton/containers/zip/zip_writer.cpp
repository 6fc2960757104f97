// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/zip/zip_writer.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace caton {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t most_members = 65535;

void put(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

/// zlib asks for writable bytes without ever writing to them.
std::vector<Bytef> as_zlib(std::string_view bytes) { return {bytes.begin(), bytes.end()}; }

/// The bytes as a raw deflate stream.
std::string deflated(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw machine_error("zip", "no memory to compress with");
  auto input = as_zlib(bytes);
  std::string out;
  std::array<Bytef, 65536> buffer{};
  std::size_t taken = 0;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (stream.avail_in == 0 && taken < input.size()) {
      stream.next_in = input.data() + taken;
      stream.avail_in = static_cast<uInt>(std::min<std::size_t>(input.size() - taken, 1U << 30U));
      taken += stream.avail_in;
    }
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<uInt>(buffer.size());
    state = ::deflate(&stream, taken == input.size() ? Z_FINISH : Z_NO_FLUSH);
    out.append(buffer.begin(), buffer.end() - stream.avail_out);
  }
  deflateEnd(&stream);
  return out;
}

std::uint32_t checksum(std::string_view bytes) {
  const auto input = as_zlib(bytes);
  uLong crc = crc32_z(0, Z_NULL, 0);
  crc = crc32_z(crc, input.data(), input.size());
  return static_cast<std::uint32_t>(crc);
}

constexpr std::uint16_t first_of_january_1980 = (1U << 5U) | 1U;
constexpr std::uint16_t utf8_names = 0x0800;

}  // namespace

std::string ZipWriter::fields_of(const Member& member) {
  std::string fields;
  put(fields, 20, 2);
  put(fields, utf8_names, 2);
  put(fields, member.deflated ? 8 : 0, 2);
  put(fields, 0, 2);
  put(fields, first_of_january_1980, 2);
  put(fields, member.crc, 4);
  put(fields, member.stored, 4);
  put(fields, member.bytes, 4);
  put(fields, member.name.size(), 2);
  put(fields, 0, 2);
  return fields;
}

void ZipWriter::write(std::string_view bytes) {
  file_.write(bytes);
  written_ += bytes.size();
}

void ZipWriter::add(const std::string& name, std::string_view bytes, bool deflate) {
  if (std::any_of(members_.begin(), members_.end(), [&](const Member& other) { return other.name == name; }))
    throw usage_error(where_, "duplicate member \"" + printable(name) + "\"");
  const std::string packed = deflate && bytes.size() < largest ? deflated(bytes) : std::string();
  const bool smaller = !packed.empty() && packed.size() < bytes.size();
  const std::string_view stored = smaller ? std::string_view(packed) : bytes;
  if (bytes.size() >= largest || written_ + stored.size() + name.size() + 1024 >= largest || name.size() > 65535 ||
      members_.size() == most_members) {
    throw usage_error(where_, "is too large for a zip archive of 4 GiB", "write .safetensors instead");
  }
  Member member{name,
                checksum(bytes),
                static_cast<std::uint32_t>(stored.size()),
                static_cast<std::uint32_t>(bytes.size()),
                static_cast<std::uint32_t>(written_),
                smaller};
  std::string head;
  put(head, 0x04034b50, 4);
  write(head + fields_of(member) + name);
  write(stored);
  members_.push_back(std::move(member));
}

void ZipWriter::commit() {
  const std::uint64_t begin = written_;
  for (const Member& member : members_) {
    std::string entry;
    put(entry, 0x02014b50, 4);
    put(entry, 20, 2);
    entry += fields_of(member);
    entry.append(2 + 2 + 2 + 4, '\0');
    put(entry, member.at, 4);
    write(entry + member.name);
  }
  std::string end;
  put(end, 0x06054b50, 4);
  put(end, 0, 4);
  put(end, members_.size(), 2);
  put(end, members_.size(), 2);
  put(end, written_ - begin, 4);
  put(end, begin, 4);
  put(end, 0, 2);
  write(end);
  file_.commit();
}

}  // namespace caton
