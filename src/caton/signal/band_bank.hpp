// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/checks.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// Butterworth band-passes of several bands applied to many channels at once: eight filters run side by side (lane =
/// one channel in one band). A Butterworth band-pass of order n has its zeros at +1 and -1, n each, so every section is
/// (1 - z^-2)/(1 + a1 z^-1 + a2 z^-2): two multiplications a sample, and the gain is one factor.
class BandBank {
 public:
  /// Refuses bands as `require_bands`, and an order outside 1 to 100.
  BandBank(const std::string& where, const std::vector<Band>& bands, int order, double rate_hz);

  [[nodiscard]] std::int64_t bands() const noexcept { return static_cast<std::int64_t>(gain_.size()); }
  [[nodiscard]] std::int64_t sections() const noexcept { return sections_; }
  [[nodiscard]] double gain(std::int64_t band) const { return gain_[static_cast<std::size_t>(band)]; }
  /// Groups of eight lanes needed for so many channels; lane = channel * bands + band.
  [[nodiscard]] std::int64_t groups(std::int64_t channels) const noexcept;

  /// One group of eight filters at work, its state included.
  class Group {
   public:
    Group(const BandBank& bank, std::int64_t group, std::int64_t channels);
    /// Filters `count` samples of eight lanes in place (count x 8), without the gain; the state goes on. With `step` -8
    /// backward from the sample that `lanes` points at.
    void run(double* lanes, std::int64_t count, std::int64_t step = 8) noexcept;
    /// The state of a filter that has seen `first` (eight values) for ever: the start of zero-phase filtering.
    void settle(const double* first) noexcept;
    void reset() noexcept;
    [[nodiscard]] double gain(std::int64_t lane) const { return gains_[static_cast<std::size_t>(lane)]; }
    /// The channel of a lane, or -1 where the lane stands idle.
    [[nodiscard]] std::int64_t channel(std::int64_t lane) const { return channels_[static_cast<std::size_t>(lane)]; }
    [[nodiscard]] std::int64_t band(std::int64_t lane) const { return bands_[static_cast<std::size_t>(lane)]; }

   private:
    std::int64_t sections_;
    std::vector<double> coefficients_, state_, gains_;
    std::vector<std::int64_t> channels_, bands_;
  };

 private:
  std::int64_t sections_ = 0;
  std::vector<double> gain_;                      ///< by band
  std::vector<std::vector<double>> denominator_;  ///< by band: a1, a2 of each section
};

}  // namespace caton
