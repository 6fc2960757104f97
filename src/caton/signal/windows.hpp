// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// How a signal is cut into windows of equal length.
struct WindowPlan {
  double rate_hz = 0;
  double length_s = 0, step_s = 0;
  bool keep_tail = false;  ///< one more window that ends with the signal, where the last ends before it
};

struct Windows {
  std::vector<std::int64_t> begin;  ///< first sample of each
  std::int64_t length = 0;          ///< samples
};

/// length = round(length_s rate), step = round(step_s rate), begin = k step while it fits. Refuses signals shorter than
/// a window (word `short`), lengths and steps below one sample (`positive`).
[[nodiscard]] Windows window(std::int64_t samples, const WindowPlan& plan, const std::string& where = "window");

}  // namespace caton
