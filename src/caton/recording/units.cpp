// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/units.hpp"

#include "caton/base/text.hpp"

#include <array>

namespace caton {
namespace {

struct Spelling {
  std::string_view text;  ///< exact, as prefixes differ by case only (mV, MV)
  std::string_view name;
  double si_factor;
  bool voltage;
};

constexpr std::array spellings{
    Spelling{"V", "V", 1, true},
    Spelling{"v", "V", 1, true},
    Spelling{"mV", "mV", 1e-3, true},
    Spelling{"mv", "mV", 1e-3, true},
    Spelling{"uV", "uV", 1e-6, true},
    Spelling{"uv", "uV", 1e-6, true},
    Spelling{"UV", "uV", 1e-6, true},
    Spelling{"\xC2\xB5V", "uV", 1e-6, true},
    Spelling{"\xC2\xB5v", "uV", 1e-6, true},
    Spelling{"\xCE\xBCV", "uV", 1e-6, true},
    Spelling{"nV", "nV", 1e-9, true},
    Spelling{"nv", "nV", 1e-9, true},
    Spelling{"A", "A", 1, false},
    Spelling{"mA", "mA", 1e-3, false},
    Spelling{"uA", "uA", 1e-6, false},
    Spelling{"nA", "nA", 1e-9, false},
    Spelling{"T", "T", 1, false},
    Spelling{"pT", "pT", 1e-12, false},
    Spelling{"fT", "fT", 1e-15, false},
    Spelling{"T/m", "T/m", 1, false},
    Spelling{"S", "S", 1, false},
    Spelling{"mS", "mS", 1e-3, false},
    Spelling{"uS", "uS", 1e-6, false},
    Spelling{"\xC2\xB5S", "uS", 1e-6, false},
    Spelling{"\xCE\xBCS", "uS", 1e-6, false},
    Spelling{"Ohm", "Ohm", 1, false},
    Spelling{"ohm", "Ohm", 1, false},
    Spelling{"kOhm", "kOhm", 1e3, false},
    Spelling{"Hz", "Hz", 1, false},
    Spelling{"s", "s", 1, false},
    Spelling{"ms", "ms", 1e-3, false},
    Spelling{"m", "m", 1, false},
    Spelling{"mm", "mm", 1e-3, false},
    Spelling{"m/s^2", "m/s^2", 1, false},
    Spelling{"g", "g", 1, false},
    Spelling{"degC", "degC", 1, false},
    Spelling{"\xC2\xB0"
             "C",
             "degC", 1, false},
    Spelling{"oC", "degC", 1, false},
    Spelling{"C", "degC", 1, false},
    Spelling{"DegC", "degC", 1, false},
    Spelling{"K", "K", 1, false},
    Spelling{"degF", "degF", 1, false},
    Spelling{"deg", "deg", 1, false},
    Spelling{"rad", "rad", 1, false},
    Spelling{"rad/s", "rad/s", 1, false},
    Spelling{"deg/s", "deg/s", 1, false},
    Spelling{"%", "%", 1, false},
    Spelling{"bpm", "bpm", 1, false},
    Spelling{"BPM", "bpm", 1, false},
    Spelling{"mmHg", "mmHg", 1, false},
    Spelling{"cmH2O", "cmH2O", 1, false},
    Spelling{"Pa", "Pa", 1, false},
    Spelling{"kPa", "kPa", 1e3, false},
    Spelling{"Boolean", "Boolean", 1, false},
    Spelling{"boolean", "Boolean", 1, false},
    Spelling{"Bool", "Boolean", 1, false},
};

/// Words, told without regard to case.
constexpr std::array words{
    Spelling{"volt", "V", 1, true},
    Spelling{"volts", "V", 1, true},
    Spelling{"millivolt", "mV", 1e-3, true},
    Spelling{"millivolts", "mV", 1e-3, true},
    Spelling{"microvolt", "uV", 1e-6, true},
    Spelling{"microvolts", "uV", 1e-6, true},
    Spelling{"microv", "uV", 1e-6, true},
    Spelling{"muv", "uV", 1e-6, true},
    Spelling{"nanovolt", "nV", 1e-9, true},
    Spelling{"nanovolts", "nV", 1e-9, true},
    Spelling{"percent", "%", 1, false},
    Spelling{"celsius", "degC", 1, false},
    Spelling{"seconds", "s", 1, false},
    Spelling{"milliseconds", "ms", 1e-3, false},
    Spelling{"microsiemens", "uS", 1e-6, false},
};

Unit made(const Spelling& spelling) { return {std::string(spelling.name), spelling.si_factor, spelling.voltage}; }

/// "Fp1 (uV)" with its opening and closing signs.
bool take_bracketed(std::string& label, char open, char close, Unit& unit) {
  if (label.empty() || label.back() != close) return false;
  const auto at = label.rfind(open);
  if (at == std::string::npos || at == 0) return false;
  const Unit found = unit_of(std::string_view(label).substr(at + 1, label.size() - at - 2));
  if (found.name == "unknown") return false;
  unit = found;
  label = std::string(trim(std::string_view(label).substr(0, at)));
  return true;
}

}  // namespace

Unit unit_of(std::string_view text) {
  const std::string_view trimmed = trim(text);
  for (const Spelling& spelling : spellings)
    if (spelling.text == trimmed) return made(spelling);
  const std::string lower = lower_case(trimmed);
  for (const Spelling& word : words)
    if (word.text == lower) return made(word);
  return {};
}

Unit split_unit(std::string& label) {
  Unit unit;
  if (take_bracketed(label, '(', ')', unit) || take_bracketed(label, '[', ']', unit)) return unit;
  const auto at = label.rfind('_');
  if (at == std::string::npos || at == 0) return unit;
  const Unit found = unit_of(std::string_view(label).substr(at + 1));
  if (!found.voltage || label.size() - at < 3) return unit;
  label.resize(at);
  return found;
}

}  // namespace caton
