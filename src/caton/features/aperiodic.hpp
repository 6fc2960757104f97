// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/features/channelwise.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/welch.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caton {

enum class AperiodicMethod { ols, robust };

struct AperiodicFit {
  std::vector<double> offset, exponent, r_squared;  ///< one a channel
};

/// log10 P = offset - exponent log10 f over the bins of `range`, by least squares. `robust` fits once more through the
/// points on which no peak stands: residuals below 0 set to 0, those up to their 2.5th percentile kept (specparam's
/// first fit). Refuses fewer than 3 bins or an empty range (word `band`), densities or frequencies that have no
/// logarithm
/// (`positive`), other shapes (`shape`), a density without any slope or spread (`flat`).
[[nodiscard]] AperiodicFit aperiodic_fit(Signal psd, const std::vector<double>& freqs_hz, const Band& range,
                                         AperiodicMethod method = AperiodicMethod::robust);

/// The fit to one density after the other over the same frequencies, with memory of its own: none is asked for after
/// the beginning.
class AperiodicRow {
 public:
  /// Refuses bands and frequencies as `aperiodic_fit`.
  AperiodicRow(const std::vector<double>& freqs_hz, const Band& range,
               AperiodicMethod method = AperiodicMethod::robust);
  /// False where a value has no logarithm or the density no slope or spread.
  [[nodiscard]] bool run(std::span<const double> psd);
  [[nodiscard]] const BinRange& bins() const noexcept { return bins_; }
  [[nodiscard]] double offset() const noexcept { return offset_; }
  [[nodiscard]] double exponent() const noexcept { return exponent_; }
  [[nodiscard]] double r_squared() const noexcept { return r_squared_; }

 private:
  [[nodiscard]] Line fit_without_peaks();

  BinRange bins_;
  AperiodicMethod method_;
  std::vector<double> log_f_, log_p_, above_, sorted_, kept_f_, kept_p_;
  double offset_ = 0, exponent_ = 0, r_squared_ = 0;
};

/// The bins of a band; refuses empty bands and those of fewer than 3 bins (word `band`), frequencies that do not rise.
[[nodiscard]] BinRange band_bins(const std::string& where, const std::vector<double>& freqs_hz, const Band& range);
/// sum f P / sum P over some bins; nothing where a value there has no logarithm.
[[nodiscard]] std::optional<double> centre_of_gravity(std::span<const double> psd, std::span<const double> freqs_hz,
                                                      const BinRange& bins);

struct AlphaPeakOptions {
  Band range = {7, 13};
  int smooth_bins = 0;            ///< width of a centred moving mean, made odd, shrinking at the ends; 0: none
  bool remove_aperiodic = false;  ///< divide by the robust 1/f fit over all frequencies above 0 first
};

struct AlphaPeak {
  std::vector<double> peak_hz;     ///< NaN where the range holds no strict local maximum
  std::vector<double> gravity_hz;  ///< sum f P / sum P over the range
  std::vector<double> prominence;  ///< log10 P at the peak's bin minus log10 of the mean of the range's two edge bins
};

/// The largest strict local maximum of each channel's density in `range`, refined by a parabola through three log10
/// values. Refuses as `aperiodic_fit` does.
[[nodiscard]] AlphaPeak peak_alpha(Signal psd, const std::vector<double>& freqs_hz,
                                   const AlphaPeakOptions& options = {});

}  // namespace caton
