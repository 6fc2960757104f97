// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/feature.hpp"

#include <memory>
#include <string>

namespace caton {

/// Measures one window at a time, with memory of its own: what a stream asks once a window is full.
class WindowMeasure {
 public:
  virtual ~WindowMeasure() = default;
  /// Features of a whole window (channels x samples, rows without gaps) into `values` (channels x features), with the
  /// bits that the recording-wide form gives. False, or refused as input, where the window has no value (a channel
  /// stands still).
  virtual bool measure(Signal window, View<float, 2> values) = 0;
  [[nodiscard]] virtual std::int64_t features() const = 0;
  /// Whether measuring asks for memory.
  [[nodiscard]] virtual bool allocates() const { return false; }
};

struct WindowStreamAbout {
  std::int64_t channels = 0, length = 0, step = 0;
  double scale = 1;             ///< of samples before they are kept
  std::string difference = {};  ///< from the form that training used
};

/// The causal form of a feature that looks at each window by itself: a ring of one window, measured when it is full. It
/// is not late. Refuses streams without a channel (word `empty`).
[[nodiscard]] std::unique_ptr<FeatureStream> window_stream(const WindowStreamAbout& about,
                                                           std::unique_ptr<WindowMeasure> measure);

}  // namespace caton
