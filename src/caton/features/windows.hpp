// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/feature.hpp"

#include <string>
#include <vector>

namespace caton {

/// "theta 4-8 Hz": the band's usual name (by its centre) and its edges.
[[nodiscard]] std::string band_name(double low_hz, double high_hz);

/// Gathers windows one by one into `FeatureWindows`.
class WindowCollector {
 public:
  WindowCollector(std::int64_t channels, std::int64_t features) : channels_(channels), features_(features) {}
  /// Values: channels x features; stored as float32.
  void add(std::int64_t trial, std::int64_t begin, std::int64_t length, View<const double, 2> values);
  /// A finding: this stretch is shorter than a window.
  void too_short(const TrialStretch& stretch, std::int64_t needed, double rate_hz);
  /// A finding: a window whose value is undefined was left out, and why.
  void undefined(std::int64_t trial, double begin_s, const std::string& why);
  [[nodiscard]] FeatureWindows result() &&;

 private:
  std::int64_t channels_, features_;
  FeatureWindows windows_;
  std::vector<float> values_;
};

}  // namespace caton
