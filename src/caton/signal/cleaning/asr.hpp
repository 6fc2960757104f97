// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <vector>

/// Artifact subspace reconstruction (Mullen et al. 2015), as asrpy: calibrated on clean samples, it finds directions
/// whose power in half a second is far above what the calibration knew, and rebuilds them from the others.
namespace caton {

/// The filter of order 8 that lets the method listen to what artefacts are made of: below 3 Hz and above 40 Hz more,
/// 3 to 16 Hz less (`asrpy.asr_utils.yulewalk(8, …)`). Refuses rates of 32 Hz and less (word `Nyquist`).
[[nodiscard]] TransferFunction asr_filter_design(double rate_hz);

struct AsrCalibration {
  Matrix mixing;           ///< C x C: square root of the clean covariance [µV]
  Matrix threshold;        ///< C x C: principal axes as rows, times the largest RMS that is still clean [µV]
  Findings findings = {};  ///< "asr/short-calibration" below 30 s
};
struct AsrCalibrate {
  double rate_hz = 0;
  double cutoff = 20;        ///< standard deviations of clean windows above their mean
  std::int64_t block = 100;  ///< samples a covariance is taken over
  double window_s = 0.5;
  double overlap = 0.66;
  double max_dropout = 0.1;  ///< share of windows that may be too quiet
  double min_clean = 0.25;   ///< share of windows that must be clean
};
/// Learns what clean data look like. The values are taken in the unit they have: the stop of the geometric median is
/// absolute, so the method presumes microvolts. Refuses less than 5 s or too few windows (word `short`), constant
/// channels (`flat`).
[[nodiscard]] AsrCalibration asr_calibrate(Signal x, const AsrCalibrate& options);

struct AsrProcess {
  double rate_hz = 0;
  double window_s = 0.5;
  double lookahead_s = 0.25;
  std::int64_t step = 32;        ///< samples between two looks at the covariance
  double max_dimensions = 0.66;  ///< share of directions that may be rebuilt
  /// Parts worked on one after another; the end of each, up to two steps, is left as it is (the reference's way: 3).
  /// 0: one part whose end is looked at too.
  std::int64_t splits = 3;
};
/// The signal with artefact directions rebuilt; same unit as the calibration. Refuses matrices of another size (word
/// `shape`), signals shorter than a window (`short`).
[[nodiscard]] Matrix asr_process(Signal x, Signal mixing, Signal threshold, const AsrProcess& options);

/// The clean part of many RMS values: mean and deviation of the generalised normal distribution that fits the bulk of
/// them best (`asrpy.asr_utils.fit_eeg_distribution`).
struct RmsFit {
  double mean = 0;
  double deviation = 0;
};
[[nodiscard]] RmsFit fit_rms(std::vector<double> rms, double min_clean, double max_dropout);

/// x with P(a, x) = p, the inverse of the regularised lower incomplete gamma function; a > 0, 0 <= p < 1.
[[nodiscard]] double inverse_incomplete_gamma(double a, double p);

}  // namespace caton
