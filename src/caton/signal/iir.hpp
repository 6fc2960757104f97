// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace caton {

/// Second-order sections applied sample by sample to several channels, block by block: any division into blocks gives
/// the same bits. Direct form II transposed; delay 0 (the phase is not zero).
class IirFilter {
 public:
  /// Refuses sections that are not S x 6 (word `shape`), a0 = 0, and poles outside the unit circle (`unstable`).
  IirFilter(Signal sos, std::int64_t channels);

  /// Filters the next samples (channels x n) into `y` of the same shape; `y` may be `x` itself.
  void process(Signal x, View<double, 2> y);
  /// The state of a filter that has seen these values (one a channel) for ever.
  void settle(const std::vector<double>& first);
  void reset();
  [[nodiscard]] std::int64_t delay_samples() const noexcept { return 0; }
  /// S x channels x 2, as `scipy.signal.sosfilt` gives it.
  [[nodiscard]] Array<double, 3> state() const;

 private:
  std::int64_t channels_, sections_;
  std::vector<double> coefficients_;  ///< sections x 5: b0 b1 b2 a1 a2
  std::vector<double> state_;         ///< groups x sections x 2 x 8
};

/// The steady state of each section for a constant input of 1 (S x 2), as `scipy.signal.sosfilt_zi`.
[[nodiscard]] Matrix iir_steady_state(Signal sos);

enum class IirStart { zero, steady };
struct IirFiltered {
  Matrix y;
  Array<double, 3> state;  ///< S x C x 2
};
/// Causal filtering of a whole signal (`scipy.signal.sosfilt`).
[[nodiscard]] IirFiltered iir_filter(Signal x, Signal sos, IirStart start = IirStart::zero);

/// After how many samples the impulse response has fallen below 0.001 of its largest value for good
/// (`mne.filter.estimate_ringing_samples`, which looks no further than 100 000 samples).
[[nodiscard]] std::int64_t iir_ringing(Signal sos);

/// Padding of zero-phase filtering, in samples at each end.
enum class PadRule { ringing, scipy };
[[nodiscard]] std::int64_t iir_pad_samples(Signal sos, std::int64_t samples, PadRule rule);

/// Forward and backward, so that no phase is left (`scipy.signal.sosfiltfilt`, odd extension). Without `pad_samples`:
/// the ringing of the filter, at most samples - 1 (MNE). Refuses padding as long as the signal (word `short`).
[[nodiscard]] Matrix iir_filtfilt(Signal x, Signal sos, std::optional<std::int64_t> pad_samples = {});
/// Sections and the padding they are run with.
struct IirZeroPhase {
  Signal sos;
  std::int64_t pad_samples = 0;
};
/// The same with several filters, each of x itself, into `y` (filters x channels x samples).
void iir_filtfilt(Signal x, std::span<const IirZeroPhase> filters, View<double, 3> y);

}  // namespace caton
