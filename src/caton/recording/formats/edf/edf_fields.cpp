// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/edf/edf_fields.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <array>
#include <cmath>

namespace caton::edf {
namespace {

constexpr std::size_t number_width = 8;

/// `value` with as many decimals as fit; `away` moves the last digit by that many units.
std::string decimal_text(double value, double away) {
  for (int digits = 7; digits >= 0; --digits) {
    const double unit = std::pow(10.0, digits);
    const double moved = away == 0 ? value : (away < 0 ? std::floor(value * unit) : std::ceil(value * unit)) / unit;
    std::string text = fixed_text(moved, digits);
    if (text.find('.') != std::string::npos) {
      while (text.back() == '0') text.pop_back();
      if (text.back() == '.') text.pop_back();
    }
    if (text.size() <= number_width) return text;
  }
  return {};
}

/// Very large and very small numbers need an exponent: "1.2e-12".
std::string exponent_text(double value, double away) {
  const int exponent = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  const double scale = std::pow(10.0, exponent);
  for (int digits = 4; digits >= 0; --digits) {
    const double unit = std::pow(10.0, digits);
    const double mantissa = value / scale * unit;
    const double moved = (away == 0  ? std::round(mantissa)
                          : away < 0 ? std::floor(mantissa)
                                     : std::ceil(mantissa)) /
                         unit;
    const std::string text = fixed_text(moved, digits) + "E" + std::to_string(exponent);
    if (text.size() <= number_width) return text;
  }
  throw input_error("EDF", "the value " + number_text(value) + " does not fit into 8 characters");
}

std::string rounded_text(double value, double away) {
  if (value == 0) return "0";
  const std::string plain = number_text(value);
  if (plain.size() <= number_width) return plain;
  const std::string decimal = std::fabs(value) >= 0.01 ? decimal_text(value, away) : std::string();
  return decimal.empty() ? exponent_text(value, away) : decimal;
}

constexpr std::array months{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

bool is_start(std::string_view start) {
  return start.size() >= 19 && start[4] == '-' && start[7] == '-' && start[10] == 'T' && start[13] == ':' &&
         parse_integer(start.substr(0, 4)) && parse_integer(start.substr(5, 2)).value_or(0) >= 1 &&
         parse_integer(start.substr(5, 2)).value_or(0) <= 12;
}

std::string seconds_text(double seconds) {
  std::string text = fixed_text(seconds, 6);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::string field(std::string_view text, std::size_t width) {
  std::string filled(text.substr(0, width));
  filled.resize(width, ' ');
  return filled;
}

std::string ascii(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f) {
      plain += text[i];
    } else if ((byte & 0xC0) != 0x80) {
      const std::string_view two = text.substr(i, 2);
      plain += two == "\xC2\xB5" || two == "\xCE\xBC" ? 'u' : '?';
    }
  }
  return plain;
}

std::string number_field(double value) { return rounded_text(value, 0); }
double rounded_down(double value) { return *parse_number(rounded_text(value, -1)); }
double rounded_up(double value) { return *parse_number(rounded_text(value, 1)); }

std::string list_text(double onset_s, double duration_s, std::string_view text) {
  std::string list = (onset_s < 0 ? "" : "+") + seconds_text(onset_s);
  if (duration_s > 0) list += '\x15' + seconds_text(duration_s);
  list += '\x14';
  for (const char c : text) list += c == '\x14' || c == '\x15' || c == '\0' ? ' ' : c;
  list += '\x14';
  list += '\0';
  return list;
}

std::string start_fields(std::string_view start) {
  if (!is_start(start)) return "01.01.8500.00.00";
  const std::string text(start);
  return text.substr(8, 2) + "." + text.substr(5, 2) + "." + text.substr(2, 2) + text.substr(11, 2) + "." +
         text.substr(14, 2) + "." + text.substr(17, 2);
}

double start_fraction(std::string_view start) {
  if (!is_start(start) || start.size() < 21 || start[19] != '.') return 0;
  return parse_number("0" + std::string(start.substr(19))).value_or(0);
}

std::string long_date(std::string_view start) {
  if (!is_start(start)) return "X";
  const auto month = static_cast<std::size_t>(*parse_integer(start.substr(5, 2)) - 1);
  return std::string(start.substr(8, 2)) + "-" + months[month] + "-" + std::string(start.substr(0, 4));
}

void append_samples(std::string& bytes, std::span<const std::int16_t> samples) {
  const std::size_t begin = bytes.size();
  bytes.resize(begin + 2 * samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto bits = static_cast<std::uint16_t>(samples[i]);
    bytes[begin + 2 * i] = static_cast<char>(bits & 0xff);
    bytes[begin + 2 * i + 1] = static_cast<char>(bits >> 8);
  }
}

}  // namespace caton::edf
