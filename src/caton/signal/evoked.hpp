// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/baseline.hpp"

#include <cstdint>
#include <vector>

namespace caton {

struct Evoked {
  Matrix mean;  ///< channels x samples
  Matrix sem;   ///< standard error: sample deviation (ddof 1) / sqrt(epochs)
};

/// The average of epochs (epochs x channels x samples). Refuses no epochs (word `empty`) and a single one (`epochs`),
/// which has no standard error.
[[nodiscard]] Evoked evoked(View<const double, 3> epochs);

enum class PeakSign { negative, positive, absolute };

struct PeakSearch {
  double rate_hz = 0;
  double start_s = 0;  ///< time of the first sample
  TimeSpan window;     ///< both ends belong to it
  PeakSign sign = PeakSign::negative;
};

struct Peak {
  std::int64_t channel = 0;
  double latency_s = 0;
  double amplitude = 0;  ///< with its sign
};

/// The lowest, the highest or the largest value of all channels in a window of time (`mne.Evoked.get_peak`): the first
/// channel and sample that has it. Refuses windows outside of the data or without a sample (word `window`).
[[nodiscard]] Peak peak(Signal x, const PeakSearch& search);

/// The standard deviation over channels (ddof 0) of each sample.
[[nodiscard]] std::vector<double> global_field_power(Signal x);

}  // namespace caton
