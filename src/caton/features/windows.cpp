// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/windows.hpp"

#include "caton/base/text.hpp"

namespace caton {

std::string band_name(double low_hz, double high_hz) {
  const double centre = (low_hz + high_hz) / 2;
  const char* const name = centre < 4    ? "delta"
                           : centre < 8  ? "theta"
                           : centre < 13 ? "alpha"
                           : centre < 30 ? "beta"
                                         : "gamma";
  return std::string(name) + " " + number_text(low_hz) + "-" + number_text(high_hz) + " Hz";
}

void WindowCollector::add(std::int64_t trial, std::int64_t begin, std::int64_t length, View<const double, 2> values) {
  windows_.trial.push_back(trial);
  windows_.begin.push_back(begin);
  windows_.end.push_back(begin + length);
  for (std::int64_t c = 0; c < channels_; ++c) {
    for (std::int64_t f = 0; f < features_; ++f) values_.push_back(static_cast<float>(values(c, f)));
  }
}

void WindowCollector::too_short(const TrialStretch& stretch, std::int64_t needed, double rate_hz) {
  const auto seconds = [&](std::int64_t samples) {
    return fixed_text(static_cast<double>(samples) / rate_hz, 1) + " s";
  };
  windows_.findings.push_back({"features/too-short", Severity::note, "trial " + std::to_string(stretch.trial + 1),
                               "a stretch of " + seconds(stretch.end - stretch.begin) +
                                   " is too short for a window of " + seconds(needed) + " and was left out"});
}

void WindowCollector::undefined(std::int64_t trial, double begin_s, const std::string& why) {
  windows_.findings.push_back({"features/undefined", Severity::note, "trial " + std::to_string(trial + 1),
                               "the window at " + fixed_text(begin_s, 3) + " s was left out: " + why});
}

FeatureWindows WindowCollector::result() && {
  windows_.values =
      Array<float, 3>({static_cast<std::int64_t>(windows_.trial.size()), channels_, features_}, uninitialised);
  std::copy(values_.begin(), values_.end(), windows_.values.begin());
  return std::move(windows_);
}

}  // namespace caton
