// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/stored_numbers.hpp"

#include "caton/base/error.hpp"

#include <array>
#include <bit>
#include <limits>

namespace caton {
namespace {

struct About {
  int width;
  bool whole, has_sign;
};

constexpr std::array<About, 12> abouts{{{1, true, true},
                                        {1, true, false},
                                        {2, true, true},
                                        {2, true, false},
                                        {3, true, true},
                                        {3, true, false},
                                        {4, true, true},
                                        {4, true, false},
                                        {8, true, true},
                                        {8, true, false},
                                        {4, false, true},
                                        {8, false, true}}};

constexpr const About& about(StoredType type) { return abouts[static_cast<std::size_t>(type)]; }

template <int width>
std::uint64_t bits_at(const std::byte* from, bool big) {
  std::uint64_t bits = 0;
  for (int i = 0; i < width; ++i) {
    const int place = big ? width - 1 - i : i;
    bits |= std::to_integer<std::uint64_t>(from[i]) << (8 * place);
  }
  return bits;
}

template <StoredType type>
double number_of(std::uint64_t bits) {
  constexpr int spare = 64 - 8 * about(type).width;
  if constexpr (type == StoredType::float32) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  if constexpr (type == StoredType::float64) return std::bit_cast<double>(bits);
  if constexpr (about(type).has_sign)
    return static_cast<double>(static_cast<std::int64_t>(bits << spare) >> spare);
  else
    return static_cast<double>(bits);
}

template <StoredType type>
void decode(const std::byte* from, std::int64_t stride, bool big, const Gain& gain, std::span<double> to) {
  for (double& value : to) {
    value = number_of<type>(bits_at<about(type).width>(from, big)) * gain.gain + gain.offset;
    from += stride;
  }
}

}  // namespace

int stored_width(StoredType type) noexcept { return about(type).width; }
bool is_whole(StoredType type) noexcept { return about(type).whole; }

double smallest_stored(StoredType type) noexcept {
  if (!is_whole(type)) return std::numeric_limits<double>::lowest();
  return about(type).has_sign ? -static_cast<double>(std::uint64_t{1} << (8 * stored_width(type) - 1)) : 0.0;
}

double largest_stored(StoredType type) noexcept {
  if (!is_whole(type)) return std::numeric_limits<double>::max();
  const int bits = 8 * stored_width(type) - (about(type).has_sign ? 1 : 0);
  return bits == 64 ? static_cast<double>(std::numeric_limits<std::uint64_t>::max())
                    : static_cast<double>((std::uint64_t{1} << bits) - 1);
}

void decode_stored(Bytes bytes, const StoredPlaces& places, const Gain& gain, std::span<double> to) {
  if (to.empty()) return;
  const int width = stored_width(places.type);
  const std::int64_t steps =
      checked_product(static_cast<std::int64_t>(to.size()) - 1, places.stride, "samples", "their place");
  const std::int64_t end =
      checked_sum(checked_sum(places.first, steps, "samples", "their place"), width, "samples", "their place");
  if (places.first < 0 || end > static_cast<std::int64_t>(bytes.size()))
    throw input_error("samples", "the file is truncated: bytes up to " + std::to_string(end) + " are needed, " +
                                     std::to_string(bytes.size()) + " are there");
  const std::byte* const from = bytes.data() + places.first;
  const bool big = places.order == ByteOrder::big;
  switch (places.type) {
    case StoredType::int8: return decode<StoredType::int8>(from, places.stride, big, gain, to);
    case StoredType::uint8: return decode<StoredType::uint8>(from, places.stride, big, gain, to);
    case StoredType::int16: return decode<StoredType::int16>(from, places.stride, big, gain, to);
    case StoredType::uint16: return decode<StoredType::uint16>(from, places.stride, big, gain, to);
    case StoredType::int24: return decode<StoredType::int24>(from, places.stride, big, gain, to);
    case StoredType::uint24: return decode<StoredType::uint24>(from, places.stride, big, gain, to);
    case StoredType::int32: return decode<StoredType::int32>(from, places.stride, big, gain, to);
    case StoredType::uint32: return decode<StoredType::uint32>(from, places.stride, big, gain, to);
    case StoredType::int64: return decode<StoredType::int64>(from, places.stride, big, gain, to);
    case StoredType::uint64: return decode<StoredType::uint64>(from, places.stride, big, gain, to);
    case StoredType::float32: return decode<StoredType::float32>(from, places.stride, big, gain, to);
    case StoredType::float64: return decode<StoredType::float64>(from, places.stride, big, gain, to);
  }
}

}  // namespace caton
