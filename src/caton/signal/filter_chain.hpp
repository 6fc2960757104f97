// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/resample.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace caton {

/// Steps that most studies begin with, done channel by channel while the channel is in the cache: zero-phase FIR
/// filters one after the other, another rate, the average reference.
struct FilterChain {
  /// Taps of each filter, an odd and symmetric number of them; each continues the ends by `reflect_limited`.
  std::vector<std::vector<double>> filters = {};
  std::optional<FftResample> resample = {};
  bool average_reference = false;

  /// Another filter at the end; false, and nothing done, where something other than filters stands there already or the
  /// taps are not an odd number.
  bool add_filter(std::vector<double> h);
};

/// Equal to `fir_apply` (phase zero) of each filter, `resample_fft` and `average_reference` one after the other, up to
/// rounding. The filters are joined into one where the signal is longer than their joint reach: a signal mirrored
/// through its end values and filtered by symmetric taps is the filtered signal mirrored through its own end values, so
/// nothing happens at the ends between two filters. In float: within 1e-5 of a channel's largest value.
[[nodiscard]] Array<float, 2> filter_chain(FloatSignal x, const FilterChain& chain);
[[nodiscard]] Matrix filter_chain(Signal x, const FilterChain& chain);

/// Writes all samples of one channel; called once for each channel, by several threads at a time.
template <class T>
using ChannelSource = std::function<void(std::int64_t channel, std::span<T> samples)>;
/// The same of a signal (channels, samples) that is never in memory as a whole: each channel is fetched when its turn
/// comes, so that the result and a few channels are all the memory that is needed.
[[nodiscard]] Array<float, 2> filter_chain(const std::array<std::int64_t, 2>& extents,
                                           const ChannelSource<float>& source, const FilterChain& chain);
[[nodiscard]] Matrix filter_chain(const std::array<std::int64_t, 2>& extents, const ChannelSource<double>& source,
                                  const FilterChain& chain);

/// h1 * h2 * ...: the taps of filters applied one after the other.
[[nodiscard]] std::vector<double> joined_filters(const std::vector<std::vector<double>>& filters);

}  // namespace caton
