// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/checks.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton {

enum class EntropyBase { e, two };
enum class EntropyMethod {
  bandpass,  ///< Butterworth, zero phase over the whole stretch; variance of each window
  stft,      ///< power of the windowed spectrum, low <= f < high
  none       ///< variance of the signal as it is: one "band"
};

/// EEG bands from delta to gamma: 1-4, 4-8, 8-14, 14-31, 31-50 Hz.
[[nodiscard]] std::vector<Band> eeg_bands();

/// Gaussian differential entropy 0.5 ln(2 pi e v) of windows. A gain g adds ln g: the unit of the signal matters
/// (volts to microvolts: + 13.8155).
struct DifferentialEntropy {
  double rate_hz = 0;
  std::vector<Band> bands = eeg_bands();
  double length_s = 1, step_s = 1;
  EntropyMethod method = EntropyMethod::bandpass;
  int order = 4;
  EntropyBase base = EntropyBase::e;
};

struct EntropyWindows {
  Array<double, 3> de;              ///< channels x bands x windows
  std::vector<std::int64_t> begin;  ///< first sample of each window
};

/// Of all windows of a signal. Refuses signals shorter than a window or than the filter's padding (word `short`), bands
/// as `require_bands` (stft: `require_bin_bands`) and without a bin (`band`), channels without variance (`flat`).
[[nodiscard]] EntropyWindows differential_entropy(Signal x, const DifferentialEntropy& options);

/// Of windows of `length` samples that begin anywhere: the stretch is filtered once, forward and backward. Rate, bands,
/// method, order and base are those of the options. Channels x bands x windows.
[[nodiscard]] Array<double, 3> differential_entropy_at(Signal x, std::span<const std::int64_t> begins,
                                                       std::int64_t length, const DifferentialEntropy& options);

}  // namespace caton
