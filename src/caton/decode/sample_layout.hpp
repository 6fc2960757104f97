// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/samples/sample_set.hpp"

#include <string>
#include <vector>

namespace caton {

/// What samples must be like to be decoded by something that was fitted: saved with it and compared at every use.
/// Nothing is padded, rescaled or reordered silently.
struct SampleLayout {
  std::vector<std::int64_t> shape;  ///< of the main block without the axis of samples
  std::vector<std::string> channels, features;
  double rate_hz = 0;

  /// Of a set; refuses (kind `input`, word `finite`) values that are not finite, naming sample and place.
  [[nodiscard]] static SampleLayout of(const SampleSet& samples);
  /// Refuses (kind `usage`, word `channels`, `features` or `shape`) samples that are unlike, and values not finite.
  void check(const SampleSet& samples, const std::string& who) const;

  [[nodiscard]] std::int64_t width() const noexcept;
  [[nodiscard]] Json json() const;
  [[nodiscard]] static SampleLayout from(const Json& json, const std::string& where);
};

/// Name of each flat feature: "AF3 alpha 8-14 Hz" as far as names are known, else its number.
[[nodiscard]] std::vector<std::string> flat_names(const SampleLayout& layout);
/// Names along an axis of `count` places: those given where they fit, else numbers.
[[nodiscard]] std::vector<std::string> axis_names(const std::vector<std::string>& names, std::int64_t count);

}  // namespace caton
