// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/gdf/fields.hpp"

#include "caton/base/text.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <map>

namespace caton::gdf {
namespace {

/// Numbers of two digits with a zero in front.
std::string two(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string date_text(int year, unsigned month, unsigned day) {
  std::string years = std::to_string(year);
  while (years.size() < 4) years.insert(0, "0");
  return years + "-" + two(month) + "-" + two(day);
}

}  // namespace

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
  if (digits.substr(0, 14).find_first_not_of("0123456789") != std::string_view::npos) return {};
  const auto part = [&](std::size_t at, std::size_t count) { return *parse_integer(digits.substr(at, count)); };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(part(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(6, 2)))};
  if (!date.ok() || part(0, 4) < 1900 || part(8, 2) > 23 || part(10, 2) > 59 || part(12, 2) > 59) return {};
  const std::string start = date_text(int(date.year()), unsigned(date.month()), unsigned(date.day())) + "T" +
                            two(part(8, 2)) + ":" + two(part(10, 2)) + ":" + two(part(12, 2));
  const auto hundredths = parse_integer(digits.substr(14));
  return hundredths && *hundredths > 0 ? start + "." + two(*hundredths) : start;
}

std::string start_of_days(std::uint64_t days) {
  if (days == 0) return {};
  constexpr double units_a_day = 4294967296.0;
  constexpr std::int64_t unix_day = 719529;  // of 1970-01-01, counted from the year 0
  const auto whole = static_cast<std::int64_t>(days >> 32) - unix_day;
  const double seconds = static_cast<double>(days & 0xffffffff) / units_a_day * 86400;
  const auto microseconds = static_cast<std::int64_t>(std::llround(seconds * 1e6));
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(whole + microseconds / 86400000000))};
  if (!date.ok() || int(date.year()) < 1900 || int(date.year()) > 2999) return {};
  const std::int64_t second = microseconds / 1000000 % 86400, fraction = microseconds % 1000000;
  const std::string start = date_text(int(date.year()), unsigned(date.month()), unsigned(date.day())) + "T" +
                            two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60);
  return fraction == 0 ? start : start + fixed_text(static_cast<double>(fraction) * 1e-6, 6).substr(1);
}

}  // namespace caton::gdf
