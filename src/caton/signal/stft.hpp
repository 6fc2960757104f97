// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caton {

/// How a signal is cut into overlapping windowed segments.
struct ShortTime {
  double rate_hz = 0;
  std::string window = "hann";
  std::int64_t segment_samples = 256;
  std::optional<std::int64_t> overlap_samples = {};  ///< nothing: half a segment
  std::optional<std::int64_t> fft_samples = {};      ///< nothing: a segment; more: zeros follow
  bool boundary = true;                              ///< half a segment of zeros before and after
  bool pad = true;                                   ///< zeros behind, up to whole segments
};

struct ShortTimeSpectra {
  Array<Complex, 3> z;  ///< channels x frequencies x segments
  std::vector<double> freqs_hz;
  std::vector<double> times_s;  ///< of the middles of the segments
};

/// `scipy.signal.stft`, scaled so that a sine of amplitude 1 has magnitude 0.5. Refuses segments longer than the signal
/// (word `short`), overlap not shorter than a segment (`overlap`), `fft_samples` below a segment, unknown windows
/// (`unknown`).
[[nodiscard]] ShortTimeSpectra stft(Signal x, const ShortTime& options);

/// How spectra become a signal again.
struct InverseShortTime {
  std::string window = "hann";
  std::int64_t segment_samples = 256;
  std::optional<std::int64_t> overlap_samples = {};  ///< nothing: half a segment
  bool boundary = true;                              ///< half a segment is cut off at both ends
};

/// `scipy.signal.istft`: least-squares inverse of `stft`; samples without weight stay as they are (0 at the ends).
/// Refuses what `stft` refuses, and (word `shape`) spectra with fewer frequencies than a segment needs.
[[nodiscard]] Matrix istft(View<const Complex, 3> z, const InverseShortTime& options);

}  // namespace caton
