// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/numbers.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr const char* dash = "\xE2\x80\x93";   // en dash
constexpr const char* minus = "\xE2\x88\x92";  // minus sign
constexpr const char* gap = "\xC2\xA0";        // no-break space

std::string with_minus(std::string text) {
  if (!text.empty() && text.front() == '-') text.replace(0, 1, minus);
  return text;
}

}  // namespace

std::string percent(double share) { return with_minus(fixed_text(100 * share, 1)) + gap + "%"; }

std::string percent_range(const Maybe& low, const Maybe& high) {
  if (!low || !high) return {};
  const std::string between = *low < 0 ? " to " : dash;
  return with_minus(fixed_text(100 * *low, 1)) + between + with_minus(fixed_text(100 * *high, 1)) + gap + "%";
}

std::string points(double value) { return (value >= 0 ? "+" : "") + with_minus(fixed_text(value, 1)) + gap + "points"; }

std::string p_value(double p) {
  if (p < 0.001) return std::string("p") + gap + "<" + gap + "0.001";
  return std::string("p") + gap + "=" + gap + fixed_text(p, p < 0.1 ? 3 : 2);
}

std::string counted(std::int64_t n, std::string_view singular) {
  const bool special = singular.size() > 1 && singular.substr(singular.size() - 2) == "ss";
  return std::to_string(n) + gap + std::string(singular) + (n == 1 ? "" : special ? "es" : "s");
}

std::string decimal(double value, int digits) { return with_minus(fixed_text(value, digits)); }

std::string unit_count(std::int64_t n, std::string_view unit) {
  if (unit.empty()) unit = "unit";
  if (unit.size() > 1 && unit.back() == 's' && unit[unit.size() - 2] != 's') unit.remove_suffix(1);
  return counted(n, unit);
}

std::string sentence(std::string words) {
  if (words.empty()) return words;
  if (words.front() >= 'a' && words.front() <= 'z') words.front() = static_cast<char>(words.front() - 'a' + 'A');
  if (std::string_view(".!?").find(words.back()) == std::string_view::npos) words += '.';
  return words;
}

std::string three_digits(double value) {
  if (!std::isfinite(value)) return number_text(value);
  if (value == 0) return "0";
  const int before = static_cast<int>(std::floor(std::log10(std::fabs(value)))) + 1;
  std::string text = fixed_text(value, std::clamp(3 - before, 0, 6));
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return with_minus(text);
}

std::string length_of_time(double seconds) {
  if (seconds < 60) return fixed_text(seconds, 1) + gap + "s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return std::to_string(whole / 60) + gap + "min " + std::to_string(whole % 60) + gap + "s";
  return std::to_string(whole / 3600) + gap + "h " + std::to_string(whole % 3600 / 60) + gap + "min";
}

}  // namespace caton::report
