// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/checks.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/text.hpp"

#include <cmath>

namespace caton {

std::vector<Band> bands_of(const std::vector<std::pair<double, double>>& pairs) {
  std::vector<Band> bands;
  for (const auto& [low_hz, high_hz] : pairs) bands.push_back({low_hz, high_hz});
  return bands;
}

void require_positive(const std::string& where, const char* what, double value) {
  if (value > 0 && std::isfinite(value)) return;
  throw usage_error(where, std::string(what) + " must be positive, got " + number_text(value));
}

void require_below_nyquist(const std::string& where, const char* what, double hz, double rate_hz) {
  if (hz < rate_hz / 2) return;
  throw usage_error(where,
                    std::string(what) + " " + number_text(hz) + " Hz is not below the Nyquist frequency " +
                        number_text(rate_hz / 2) + " Hz",
                    "choose a lower frequency or record faster");
}

void require_bands(const std::string& where, std::span<const Band> bands, double rate_hz) {
  require_positive(where, "rate_hz", rate_hz);
  if (bands.empty()) throw usage_error(where, "bands_hz is empty: no band is given");
  for (const Band& band : bands) {
    const std::string text = number_text(band.low_hz) + " to " + number_text(band.high_hz) + " Hz";
    if (!(band.low_hz > 0)) throw usage_error(where, "the band " + text + " must begin above 0 Hz (positive)");
    if (!(band.low_hz < band.high_hz)) throw usage_error(where, "the band " + text + " is empty");
    require_below_nyquist(where, "the upper edge", band.high_hz, rate_hz);
  }
}

void require_signal(const std::string& where, Signal x) {
  if (x.extent(0) > 0 && x.extent(1) > 0) return;
  throw usage_error(where, "the signal is empty: " + std::to_string(x.extent(0)) + " channels, " +
                               std::to_string(x.extent(1)) + " samples");
}

namespace {

/// Whether the sum of all values times 0 is 0: eight sums side by side.
template <class T>
struct FiniteProbe {
  static inline __attribute__((always_inline)) void run(const T* x, std::int64_t count, bool* finite) {
    T probe[16] = {};
    std::int64_t t = 0;
    for (; t + 16 <= count; t += 16) {
#pragma GCC unroll 16
      for (int i = 0; i < 16; ++i) probe[i] += x[t + i] * T{0};
    }
    T sum = 0;
    for (; t < count; ++t) sum += x[t] * T{0};
    for (const T value : probe) sum += value;
    *finite = sum == T{0};
  }
};

template <class T>
void require_finite_values(const std::string& where, View<const T, 2> x) {
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    if (x.stride(1) == 1) {
      bool finite = false;
      run_on<FiniteProbe<T>>(processor(), x[c].data(), x.extent(1), &finite);
      if (finite) continue;
    }
    std::int64_t t = 0;
    while (t < x.extent(1) && std::isfinite(x(c, t))) ++t;
    if (t == x.extent(1)) continue;
    throw input_error(where,
                      "the signal is not finite at channel " + std::to_string(c) + ", sample " + std::to_string(t),
                      "mark or fill what was not measured first");
  }
}

}  // namespace

void require_finite(const std::string& where, Signal x) { require_finite_values(where, x); }
void require_finite(const std::string& where, FloatSignal x) { require_finite_values(where, x); }

void require_iterations(const std::string& where, std::int64_t max_iterations) {
  if (max_iterations >= 1 && max_iterations <= 1000000) return;
  throw usage_error(where,
                    "max_iterations must be positive and at most 1000000, got " + std::to_string(max_iterations));
}

}  // namespace caton
