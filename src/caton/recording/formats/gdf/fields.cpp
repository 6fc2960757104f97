// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/gdf/fields.hpp"

#include "caton/base/text.hpp"
#include "caton/recording/start_times.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace caton::gdf {
std::optional<StoredType> stored_type(std::uint32_t code) {
  static const std::map<std::uint32_t, StoredType> types{
      {0, StoredType::uint8},        {1, StoredType::int8},     {2, StoredType::uint8},
      {3, StoredType::int16},        {4, StoredType::uint16},   {5, StoredType::int32},
      {6, StoredType::uint32},       {7, StoredType::int64},    {8, StoredType::uint64},
      {16, StoredType::float32},     {17, StoredType::float64}, {255 + 24, StoredType::int24},
      {511 + 24, StoredType::uint24}};
  const auto found = types.find(code);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

std::string unit_of_code(std::uint16_t code) {
  static const std::map<int, std::string> bases{{544, "%"},  {1280, "m"},   {2176, "s"}, {2496, "Hz"},
                                                {4256, "V"}, {4288, "Ohm"}, {4384, "K"}, {6048, "degC"}};
  static const std::map<int, std::string> prefixes{{0, ""}, {3, "k"}, {18, "m"}, {19, "u"}, {20, "n"}};
  const auto base = bases.find(code & ~31);
  const auto prefix = prefixes.find(code & 31);
  return base == bases.end() || prefix == prefixes.end() ? std::string() : prefix->second + base->second;
}

double duration_of(std::uint64_t field) {
  const auto above = static_cast<std::uint32_t>(field), below = static_cast<std::uint32_t>(field >> 32);
  // A fraction's denominator is far below the upper half of any number of seconds above 1e-8.
  constexpr std::uint32_t smallest_number = 0x3E000000;
  if (below < smallest_number) return static_cast<double>(above) / static_cast<double>(below);
  return std::bit_cast<double>(field);
}

std::string start_of_digits(std::string_view digits) {
  if (digits.size() < 16 || digits.substr(0, 14).find_first_not_of("0123456789") != std::string_view::npos) return {};
  const auto part = [&](std::size_t at, std::size_t count) { return *parse_integer(digits.substr(at, count)); };
  const std::int64_t hundredths = std::max<std::int64_t>(0, parse_integer(digits.substr(14, 2)).value_or(0));
  return start_text({part(0, 4), part(4, 2), part(6, 2), part(8, 2), part(10, 2), part(12, 2), hundredths * 10000});
}

std::string start_of_days(std::uint64_t days) {
  constexpr double units_a_day = 4294967296.0;
  constexpr std::int64_t unix_day = 719529;  // 1970-01-01, counted from the year 0
  constexpr std::int64_t latest_day = 1 << 21;
  const auto whole = static_cast<std::int64_t>(days >> 32);
  if (whole == 0 || whole > latest_day) return {};
  const double seconds = static_cast<double>(days & 0xffffffff) / units_a_day * 86400;
  return start_text((whole - unix_day) * 86'400'000'000 + static_cast<std::int64_t>(std::llround(seconds * 1e6)));
}

}  // namespace caton::gdf
