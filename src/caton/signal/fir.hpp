// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fir_design.hpp"
#include "caton/signal/pad.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace caton {

/// The signal filtered by an FIR filter: ends continued by `pad`, convolved, the delay of zero-phase filters removed,
/// cut
/// (`mne.filter._overlap_add_filter`). `zero_double` applies the filter forward and backward. Refuses an even number of
/// taps for phase zero (word `odd`), an empty filter (`empty`).
[[nodiscard]] Matrix fir_apply(Signal x, const std::vector<double>& h, FirPhase phase = FirPhase::zero,
                               Pad pad = Pad::reflect_limited);
/// The same in float throughout: within 1e-5 of a channel's largest value.
[[nodiscard]] Array<float, 2> fir_apply(FloatSignal x, const std::vector<double>& h, FirPhase phase = FirPhase::zero,
                                        Pad pad = Pad::reflect_limited);

/// Designs and applies (`mne.filter.filter_data(method="fir")`). Refuses as `fir_design`, and values that are not
/// finite.
[[nodiscard]] Matrix fir_filter(Signal x, const FirDesign& design, Pad pad = Pad::reflect_limited);

/// `fir_filter` of one window after the other, all of one shape: its bits, and no memory after the beginning.
class RepeatedFir {
 public:
  /// Refuses as `fir_filter`.
  RepeatedFir(const FirDesign& design, std::int64_t channels, std::int64_t samples);
  ~RepeatedFir();
  RepeatedFir(RepeatedFir&& other) noexcept;
  /// Valid until the next call.
  [[nodiscard]] const Matrix& run(Signal x);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// An FIR filter applied to several channels block by block, from rest: any division into blocks gives the same bits.
/// Blocks of up to 256 samples need no memory beyond what the filter has.
class FirStream {
 public:
  FirStream(std::vector<double> h, std::int64_t channels);

  /// Filters the next samples (channels x n) into `y` of the same shape.
  void process(Signal x, View<double, 2> y);
  void reset();
  /// How late the output is for symmetric taps.
  [[nodiscard]] std::int64_t delay_samples() const noexcept { return (static_cast<std::int64_t>(h_.size()) - 1) / 2; }

 private:
  void run_group(std::int64_t group, std::int64_t end, Signal x, View<double, 2> y);

  std::vector<double> h_;
  std::int64_t channels_, room_, end_ = 0;
  Vector lines_;  ///< groups of eight channels x samples x 8: the last inputs, up to `end_`
};

}  // namespace caton
