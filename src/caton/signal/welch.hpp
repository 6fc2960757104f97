// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/detrend.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caton {

enum class Average { mean, median, none };

/// Power spectral density from overlapping windowed segments.
struct Welch {
  double rate_hz = 0;
  double low_hz = 0;
  std::optional<double> high_hz = {};
  std::int64_t fft_samples = 256;
  std::optional<std::int64_t> segment_samples = {};  ///< nothing: fft_samples
  std::int64_t overlap_samples = 0;
  std::string window = "hamming";
  Average average = Average::mean;
  std::optional<Trend> detrend = Trend::constant;  ///< taken from each segment; nothing: segments stay as they are
};

struct Spectrum {
  Matrix psd;  ///< channels x frequencies, V^2/Hz, one-sided
  std::vector<double> freqs_hz;
};

/// The densities of all segments: channels x frequencies x segments.
struct SegmentSpectra {
  Array<double, 3> psd;
  std::vector<double> freqs_hz;
};

/// `mne.time_frequency.psd_array_welch`: mean removed from each segment, unless `detrend` says otherwise. Refuses
/// segments longer than the signal (word `short`), overlap not shorter than a segment (`overlap`), ranges without a bin
/// (`band`), unknown windows
/// (`unknown`).
[[nodiscard]] Spectrum welch(Signal x, const Welch& options);
[[nodiscard]] SegmentSpectra welch_segments(Signal x, const Welch& options);

/// Bins low <= f <= high with a slack of 1e-6 of a bin: first and one past the last of `freqs_hz`.
struct BinRange {
  std::size_t begin = 0, end = 0;
};
[[nodiscard]] BinRange bins_between(const std::vector<double>& freqs_hz, double low_hz, double high_hz);

/// Frequencies of the bins 0 … samples / 2 of a transform.
[[nodiscard]] std::vector<double> spectrum_freqs(double rate_hz, std::int64_t samples);

/// One-sided powers, times `scale`, of two real signals out of the one transform in which they were real and imaginary
/// part: the bins of `range`, `step` values apart; `second` may be null.
void separate_powers(const std::vector<double>& re, const std::vector<double>& im, double scale, double* first,
                     double* second, std::int64_t step, const BinRange& range);

}  // namespace caton
