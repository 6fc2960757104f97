// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/baseline.hpp"
#include "caton/signal/detrend.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace caton {

/// Samples begin … end - 1, counted as the events are.
struct SampleSpan {
  std::int64_t begin = 0, end = 0;
};

/// How epochs are cut around events and which are left out.
struct Epoching {
  double rate_hz = 0;
  double start_s = 0, stop_s = 0;         ///< both belong to the epoch
  std::optional<TimeSpan> baseline = {};  ///< its mean is taken away, channel by channel
  std::optional<double> reject_v = {};    ///< peak to peak above it in any channel: left out
  std::optional<double> flat_v = {};      ///< peak to peak below it in any channel: left out
  std::optional<Trend> detrend = {};
  std::int64_t first_sample = 0;       ///< the number of the signal's first sample
  std::vector<SampleSpan> spans = {};  ///< marked bad: an epoch that touches one is left out
};

/// Why an event has no epoch; looked at in this order.
enum class EpochFate : std::int64_t { kept = 0, outside = 1, bad_span = 2, reject = 3, flat = 4 };

struct Epochs {
  Array<double, 3> epochs;         ///< kept x channels x samples
  std::vector<std::int64_t> kept;  ///< indices of events
  std::vector<EpochFate> fate;     ///< of each event
  std::vector<double> times_s;     ///< of the samples of an epoch
};

/// `mne.Epochs` of EEG channels: samples round(start_s rate) to round(stop_s rate) around each event (a sample number),
/// trend removed, then baseline, then both thresholds. Refuses the same event twice (word `duplicate`), a stop before
/// the start (`window`), baselines that reach outside (`baseline`), epochs longer than the signal (`short`).
[[nodiscard]] Epochs epoch(Signal x, std::span<const std::int64_t> events, const Epoching& options);

}  // namespace caton
