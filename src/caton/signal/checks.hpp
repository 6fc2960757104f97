// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What the operations of this room ask of their arguments; the words of the messages are those of the table "Bad
/// input" in the documentation.
namespace caton {

/// A frequency band, both edges belonging to it.
struct Band {
  double low_hz = 0;
  double high_hz = 0;

  friend bool operator==(const Band&, const Band&) = default;
};

[[nodiscard]] std::vector<Band> bands_of(const std::vector<std::pair<double, double>>& pairs);

/// Refuses (word `positive`) what is not a finite number above 0.
void require_positive(const std::string& where, const char* what, double value);
/// Refuses (word `Nyquist`) a frequency that the rate cannot carry: half of it or more.
void require_below_nyquist(const std::string& where, const char* what, double hz, double rate_hz);
/// Refuses bands that are empty or not positive (word `band`) or reach Nyquist.
void require_bands(const std::string& where, std::span<const Band> bands, double rate_hz);
/// Refuses (word `empty`) a signal without channels or samples.
void require_signal(const std::string& where, Signal x);
/// Refuses (word `finite`) NaN and infinities, naming channel and sample.
void require_finite(const std::string& where, Signal x);
void require_finite(const std::string& where, FloatSignal x);
/// Refuses (word `max_iterations`) what is not 1 to a million.
void require_iterations(const std::string& where, std::int64_t max_iterations);

}  // namespace caton
