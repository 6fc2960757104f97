// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/channel_names.hpp"

#include "caton/base/text.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace caton {
namespace {

bool begins(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Rows of the 10-5 system from front to back, in their usual case.
constexpr std::array rows{"Nz",  "Fp",  "AFp", "AF", "AFF", "F",   "FFT", "FFC", "FT", "FC",  "FTT", "FCC", "T", "C",
                          "TTP", "CCP", "TP",  "CP", "TPP", "CPP", "P",   "PPO", "PO", "POO", "O",   "OI",  "I", "N"};

/// "fcz", "FC5h", "AF10" split into its row and the place in it; an empty row when it is no electrode.
std::pair<std::string, std::string> electrode_parts(std::string_view name) {
  std::string lower = lower_case(name);
  std::string half;
  if (lower.size() > 2 && lower.back() == 'h') {
    half = "h";
    lower.pop_back();
  }
  std::size_t letters = 0;
  while (letters < lower.size() && is_letter(lower[letters])) ++letters;
  std::string row = lower.substr(0, letters), place = lower.substr(letters);
  if (place.empty() && letters > 1 && row.back() == 'z') {
    row.pop_back();
    place = "z";
  }
  const bool number =
      !place.empty() && place.size() <= 2 && place.front() != '0' && std::all_of(place.begin(), place.end(), is_digit);
  if (place != "z" && !number) return {};
  if ((row == "a" || row == "m") && (place == "1" || place == "2")) return {row == "a" ? "A" : "M", place};
  for (const char* const known : rows)
    if (lower_case(known) == row) return {known, place + half};
  return {};
}

std::string_view without_kind(std::string_view label) {
  const std::string lower = lower_case(label);
  for (const std::string_view kind : {"eeg ", "eeg-", "eeg_", "seeg ", "ecog ", "poly "})
    if (begins(lower, kind)) return trim(label.substr(kind.size()));
  return label;
}

std::string_view without_reference(std::string_view label) {
  const auto dash = label.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return label;
  const std::string reference = lower_case(trim(label.substr(dash + 1)));
  for (const std::string_view known : {"ref", "le",  "re",   "lm",    "rm",   "a1",    "a2",   "m1", "m2", "ar",
                                       "av",  "avg", "a1a2", "a1+a2", "m1m2", "m1+m2", "mean", "g2", "0",  "1"})
    if (reference == known) return trim(label.substr(0, dash));
  return label;
}

bool holds_word(const std::string& lower, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      const bool starts = at == 0 || !is_letter(lower[at - 1]);
      const auto end = at + word.size();
      if (starts && (end == lower.size() || !is_letter(lower[end]))) return true;
    }
  }
  return false;
}

}  // namespace

std::string normal_channel_name(std::string_view label) {
  std::string_view name = trim(label);
  while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.remove_suffix(1);
  name = without_reference(without_kind(name));
  const auto [row, place] = electrode_parts(name);
  return row.empty() ? std::string(name) : row + place;
}

bool is_electrode_name(std::string_view normal_name) { return !electrode_parts(normal_name).first.empty(); }

std::string channel_type(std::string_view label, std::string_view unit) {
  const std::string lower = lower_case(label);
  const bool voltage = unit_of(unit).voltage;
  if (holds_word(lower,
                 {"status", "stim", "trigger", "trig", "marker", "markers", "event", "events", "sti", "stimulus"}))
    return "stim";
  if (unit == "Boolean") return "stim";
  if (holds_word(lower, {"eog", "veog", "heog", "eogl", "eogr", "eogv", "eogh", "loc", "roc"})) return "eog";
  if (holds_word(lower, {"ecg", "ekg"})) return "ecg";
  if (holds_word(lower, {"emg", "chin"})) return "emg";
  if (holds_word(lower, {"resp", "respiration", "thorax", "thor", "abdomen", "airflow", "flow", "snore"}))
    return "resp";
  if (unit == "degC" || unit == "degF" || unit == "K" || holds_word(lower, {"temp", "temperature"}))
    return "temperature";
  if (holds_word(lower, {"gsr", "eda", "scr"}) || unit == "uS" || unit == "S") return "eda";
  if (is_electrode_name(normal_channel_name(label)) || begins(lower, "eeg")) return "eeg";
  if (holds_word(lower, {"aux", "acc", "accel", "gyro", "battery", "counter", "spo", "pleth", "ppg"})) return "misc";
  return voltage ? "eeg" : "misc";
}

}  // namespace caton
