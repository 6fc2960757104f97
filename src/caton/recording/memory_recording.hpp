// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <functional>
#include <memory>
#include <string>

namespace caton {

/// A recording whose samples are held in memory: text files, bare arrays, trials cut out of a container.
struct MemoryContent {
  std::string format;
  std::string variant = {};
  std::vector<Channel> channels;  ///< all of one rate; `samples` is set from the values
  Array<double, 2> values;        ///< channels x samples, in each channel's unit as filed
  /// Instead of `values`: gives them when they are first read; `samples` of the channels say how many there will be.
  std::function<Array<double, 2>()> load = {};
  std::vector<Annotation> annotations = {};
  std::vector<Segment> segments = {};  ///< empty: one without a gap
  Findings findings = {};
  std::string start = {};
};

/// Refuses channels that do not fit the values, and segments that do not tile the samples.
[[nodiscard]] std::unique_ptr<Recording> memory_recording(MemoryContent content);

}  // namespace caton
