// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/start_times.hpp"

#include <chrono>

namespace caton {
namespace {

constexpr std::int64_t earliest_year = 1850, latest_year = 2999, microseconds_a_day = 86'400'000'000;

std::string padded(std::int64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

}  // namespace

std::string start_text(const StartTime& time) {
  if (time.year < earliest_year || time.year > latest_year || time.month < 1 || time.month > 12 || time.day < 1 ||
      time.day > 31)
    return {};
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(time.year)),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day))};
  const bool clock = time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60 && time.second >= 0 &&
                     time.second < 60 && time.microsecond >= 0 && time.microsecond < 1'000'000;
  if (!date.ok() || !clock) return {};
  const std::string text = padded(time.year, 4) + "-" + padded(time.month, 2) + "-" + padded(time.day, 2) + "T" +
                           padded(time.hour, 2) + ":" + padded(time.minute, 2) + ":" + padded(time.second, 2);
  return time.microsecond == 0 ? text : text + "." + padded(time.microsecond, 6);
}

std::string start_text(std::int64_t microseconds) {
  std::int64_t days = microseconds / microseconds_a_day, rest = microseconds % microseconds_a_day;
  if (rest < 0) {
    rest += microseconds_a_day;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return start_text({.year = int(date.year()),
                     .month = unsigned(date.month()),
                     .day = unsigned(date.day()),
                     .hour = rest / 3'600'000'000,
                     .minute = rest / 60'000'000 % 60,
                     .second = rest / 1'000'000 % 60,
                     .microsecond = rest % 1'000'000});
}

}  // namespace caton
