// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/wfdb/packing.hpp"

#include <algorithm>
#include <array>

namespace caton::wfdb {
namespace {

constexpr std::array known{8, 16, 24, 32, 61, 80, 160, 212, 310, 311};

std::int64_t byte_at(Bytes bytes, std::int64_t place) {
  return std::to_integer<std::int64_t>(bytes[static_cast<std::size_t>(place)]);
}

std::int64_t little(Bytes bytes, std::int64_t place, int width) {
  std::int64_t value = 0;
  for (int i = 0; i < width; ++i) value |= byte_at(bytes, place + i) << (8 * i);
  return value;
}

/// Two's complement of so many bits.
std::int64_t with_sign(std::int64_t value, int bits) {
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  return ((value & (2 * half - 1)) ^ half) - half;
}

/// Two samples of 12 bits in three bytes.
std::int64_t at_212(Bytes bytes, std::int64_t index) {
  const std::int64_t place = index / 2 * 3, shared = byte_at(bytes, place + 1);
  if (index % 2 == 0) return with_sign(byte_at(bytes, place) | (shared & 0x0f) << 8, 12);
  return with_sign(byte_at(bytes, place + 2) | (shared & 0xf0) << 4, 12);
}

/// Three samples of 10 bits in two words of 16: one in the middle of each word, the third in their upper ends.
std::int64_t at_310(Bytes bytes, std::int64_t index) {
  const std::int64_t place = index / 3 * 4, which = index % 3;
  if (which < 2) return with_sign(little(bytes, place + 2 * which, 2) >> 1, 10);
  return with_sign((little(bytes, place, 2) >> 11 & 0x1f) | (little(bytes, place + 2, 2) >> 11 & 0x1f) << 5, 10);
}

/// Three samples of 10 bits one after another in four bytes.
std::int64_t at_311(Bytes bytes, std::int64_t index) {
  const std::int64_t place = index / 3 * 4, which = index % 3;
  return with_sign(little(bytes, place + which, 2) >> (2 * which), 10);
}

}  // namespace

bool is_known_format(int format) noexcept { return std::find(known.begin(), known.end(), format) != known.end(); }

std::int64_t packed_count(int format, std::int64_t bytes) noexcept {
  switch (format) {
    case 8:
    case 80: return bytes;
    case 24: return bytes / 3;
    case 32: return bytes / 4;
    case 212: return bytes / 3 * 2 + (bytes % 3 == 2 ? 1 : 0);
    case 310: return bytes / 4 * 3 + (bytes % 4 >= 2 ? 1 : 0);
    case 311: return bytes / 4 * 3 + (bytes % 4 >= 2 ? bytes % 4 - 1 : 0);
    default: return bytes / 2;
  }
}

std::int64_t packed_at(int format, Bytes bytes, std::int64_t index) {
  switch (format) {
    case 8: return with_sign(byte_at(bytes, index), 8);
    case 80: return byte_at(bytes, index) - 128;
    case 24: return with_sign(little(bytes, 3 * index, 3), 24);
    case 32: return with_sign(little(bytes, 4 * index, 4), 32);
    case 61: return with_sign(byte_at(bytes, 2 * index) << 8 | byte_at(bytes, 2 * index + 1), 16);
    case 160: return little(bytes, 2 * index, 2) - 32768;
    case 212: return at_212(bytes, index);
    case 310: return at_310(bytes, index);
    case 311: return at_311(bytes, index);
    default: return with_sign(little(bytes, 2 * index, 2), 16);
  }
}

int packed_bits(int format) noexcept {
  switch (format) {
    case 24: return 24;
    case 32: return 32;
    case 80: return 8;
    case 212: return 12;
    case 310:
    case 311: return 10;
    default: return 16;
  }
}

bool is_missing(int format, std::int64_t number) noexcept {
  return format != 8 && number == -(std::int64_t{1} << (packed_bits(format) - 1));
}

}  // namespace caton::wfdb
