// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/operation.hpp"
#include "caton/features/connectivity/mvar.hpp"
#include "caton/signal/checks.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

class ModelDdtf;

/// Direct directed transfer function of windows: dDTF = |partial coherence| x full-frequency DTF (SCoT), mean over the
/// bins of each band.
struct DdtfWindows {
  double rate_hz = 0;
  std::int64_t order = 6;
  double window_s = 16, step_s = 8;
  std::vector<Band> bands = {{1, 4}, {4, 8}, {8, 12}, {12, 20}, {20, 30}};
  std::int64_t bins = 128;  ///< grid k rate / (2 bins - 1); the normalisation runs over all of it
  bool standardize = true;  ///< each window: mean taken away, divided by the deviation (ddof 0)
  double ridge = 0;         ///< white noise of this power added to each channel of the models
};

struct WindowedDdtf {
  Array<double, 4> ddtf;             ///< windows x bands x to x from
  std::vector<std::int64_t> begin;   ///< first sample of each window
  std::vector<double> radius;        ///< of each window's model; stable below 1
  std::vector<std::uint8_t> stable;  ///< 1: the window counts in the mean
  Array<double, 3> mean;             ///< bands x to x from, over stable windows
};

/// One model a window, by least squares. Refuses windows that do not fit or cannot carry the order (word `short`),
/// bands without a bin (`band`), flat channels (`flat`), dependent ones (`rank`), and when no window is stable
/// (`unstable`).
[[nodiscard]] WindowedDdtf ddtf_windows(Signal x, const DdtfWindows& options);
/// The same at windows of `length` samples that begin anywhere. Without `radii` only whether they are below 1 is found
/// out, which costs much less.
[[nodiscard]] WindowedDdtf ddtf_at(Signal x, std::span<const std::int64_t> begin, std::int64_t length,
                                   const DdtfWindows& options, bool radii = true);
/// The mean over stable windows alone, for surrogates: whether a model is stable is mostly decided without its radius.
[[nodiscard]] Array<double, 3> mean_ddtf(Signal x, std::span<const std::int64_t> begin, std::int64_t length,
                                         const DdtfWindows& options);
/// The same in memory that was used before.
[[nodiscard]] Array<double, 3> mean_ddtf(Signal x, std::span<const std::int64_t> begin, std::int64_t length,
                                         const DdtfWindows& options, ModelDdtf& direct);

/// The arguments under which operations take the options, and the options out of them.
[[nodiscard]] std::vector<Argument> ddtf_arguments();
[[nodiscard]] DdtfWindows ddtf_options(const Arguments& args);

}  // namespace caton
