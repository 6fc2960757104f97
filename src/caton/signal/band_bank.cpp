// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/band_bank.hpp"

#include "caton/base/lanes.hpp"
#include "caton/signal/iir_design.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// `count` samples of eight lanes through `sections` resonators (1 - z^-2)/(1 + a1 z^-1 + a2 z^-2), in place;
/// the next sample lies `step` values further (8, or -8 for the way back). Coefficients and state: sections x 2 x 8.
/// State 1 and 2 are the negatives of direct form II transposed.
template <int sections>
struct Resonators {
  static inline __attribute__((always_inline)) void run(double* lanes, std::int64_t step, std::int64_t count,
                                                        const double* coefficients, double* state) {
    Lanes a1[sections], a2[sections], s1[sections], s2[sections];
    for (int s = 0; s < sections; ++s) {
      load_lanes(a1[s], coefficients + 16 * s);
      load_lanes(a2[s], coefficients + 16 * s + 8);
      load_lanes(s1[s], state + 16 * s);
      load_lanes(s2[s], state + 16 * s + 8);
    }
    for (std::int64_t t = 0; t < count; ++t) {
      Lanes in;
      load_lanes(in, lanes + step * t);
#pragma GCC unroll 8
      for (int s = 0; s < sections; ++s) {
        const Lanes out = in - s1[s];
        s1[s] = a1[s] * out + s2[s];
        s2[s] = a2[s] * out + in;
        in = out;
      }
      store_lanes(in, lanes + step * t);
    }
    for (int s = 0; s < sections; ++s) {
      store_lanes(s1[s], state + 16 * s);
      store_lanes(s2[s], state + 16 * s + 8);
    }
  }
};

/// Denominators of the sections: conjugate poles together, real poles in neighbouring pairs.
std::vector<double> denominators(const std::vector<Complex>& poles) {
  std::vector<double> result, real;
  for (const Complex p : poles) {
    if (std::abs(p.imag()) <= 1e-14 * std::abs(p)) {
      real.push_back(p.real());
    } else if (p.imag() > 0) {
      result.push_back(-2 * p.real());
      result.push_back(std::norm(p));
    }
  }
  std::sort(real.begin(), real.end());
  for (std::size_t i = 0; i + 1 < real.size(); i += 2) {
    result.push_back(-(real[i] + real[i + 1]));
    result.push_back(real[i] * real[i + 1]);
  }
  return result;
}

}  // namespace

BandBank::BandBank(const std::string& where, const std::vector<Band>& bands, int order, double rate_hz)
    : sections_(order) {
  require_bands(where, bands, rate_hz);
  for (const Band& band : bands) {
    const Zpk zpk = iir_zpk(
        {.rate_hz = rate_hz, .band = BandKind::bandpass, .order = order, .cut_hz = {band.low_hz, band.high_hz}});
    gain_.push_back(zpk.gain);
    denominator_.push_back(denominators(zpk.poles));
  }
}

std::int64_t BandBank::groups(std::int64_t channels) const noexcept {
  return (channels * bands() + lane_count - 1) / lane_count;
}

BandBank::Group::Group(const BandBank& bank, std::int64_t group, std::int64_t channels)
    : sections_(bank.sections()),
      coefficients_(static_cast<std::size_t>(16 * bank.sections()), 0.0),
      state_(static_cast<std::size_t>(16 * bank.sections()), 0.0) {
  for (std::int64_t lane = 0; lane < lane_count; ++lane) {
    const std::int64_t filter = group * lane_count + lane;
    const bool used = filter < channels * bank.bands();
    channels_.push_back(used ? filter / bank.bands() : -1);
    bands_.push_back(used ? filter % bank.bands() : -1);
    gains_.push_back(used ? bank.gain(bands_.back()) : 0);
    if (!used) continue;
    const auto& denominator = bank.denominator_[static_cast<std::size_t>(bands_.back())];
    for (std::size_t i = 0; i < denominator.size(); ++i)
      coefficients_[8 * i + static_cast<std::size_t>(lane)] = denominator[i];
  }
}

void BandBank::Group::run(double* lanes, std::int64_t count, std::int64_t step) noexcept {
  const FlushDenormals flush;
  std::int64_t s = 0;
  while (s < sections_) {
    const double* const coefficients = coefficients_.data() + 16 * s;
    double* const state = state_.data() + 16 * s;
    const std::int64_t now = std::min<std::int64_t>(sections_ - s, 5);
    switch (now) {
      case 1: run_on<Resonators<1>>(processor(), lanes, step, count, coefficients, state); break;
      case 2: run_on<Resonators<2>>(processor(), lanes, step, count, coefficients, state); break;
      case 3: run_on<Resonators<3>>(processor(), lanes, step, count, coefficients, state); break;
      case 4: run_on<Resonators<4>>(processor(), lanes, step, count, coefficients, state); break;
      default: run_on<Resonators<5>>(processor(), lanes, step, count, coefficients, state); break;
    }
    s += now;
  }
}

void BandBank::Group::settle(const double* first) noexcept {
  reset();
  for (std::size_t lane = 0; lane < 8; ++lane) state_[lane] = state_[8 + lane] = first[lane];
}

void BandBank::Group::reset() noexcept { std::fill(state_.begin(), state_.end(), 0.0); }

}  // namespace caton
