// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fir_design.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/gain_curve.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace caton {

namespace {

const std::string where = "fir_design";

/// Transition width times length, by window (Hamming 53 dB, Hann 44 dB, Blackman 74 dB of stop-band attenuation).
double length_factor(const std::string& window) {
  if (window == "hamming") return 3.3;
  if (window == "hann") return 3.1;
  if (window == "blackman") return 5.0;
  throw usage_error(where, "unknown window \"" + window + "\"", suggestion(window, {"hamming", "hann", "blackman"}));
}

std::int64_t odd(std::int64_t length) { return length + (length + 1) % 2; }

std::int64_t tap_count(const FirDesign& design, double narrowest_hz) {
  constexpr double most = 100e6;
  double samples = static_cast<double>(design.length.samples);
  if (design.length.kind == FirLength::Kind::automatic) {
    const double factor = length_factor(design.window) * (design.method == FirMethod::firwin2 ? 2 : 1);
    samples = std::max(std::ceil(factor / narrowest_hz * design.rate_hz), 1.0);
  } else if (design.length.kind == FirLength::Kind::duration) {
    samples = std::max(std::ceil(design.length.seconds * design.rate_hz), 1.0);
  }
  if (!(samples >= 1 && samples <= most)) {
    throw usage_error(where, "length of " + number_text(samples) + " samples is not usable: it must be positive");
  }
  auto length = static_cast<std::int64_t>(samples);
  const bool made_odd = design.method == FirMethod::firwin || design.phase == FirPhase::zero;
  if (made_odd) length = odd(length);
  if (design.length.kind == FirLength::Kind::duration && design.phase == FirPhase::zero_double) {
    std::int64_t power = 1;
    while (power < length) power *= 2;
    length = design.method == FirMethod::firwin ? odd(power) : power;
  }
  return length;
}

std::vector<double> lowpass(std::int64_t taps, double cut, const std::string& window) {
  auto h = window_function(window, taps, false, where);
  const double middle = 0.5 * static_cast<double>(taps - 1);
  double sum = 0;
  for (std::size_t i = 0; i < h.size(); ++i) {
    const double x = std::numbers::pi * cut * (static_cast<double>(i) - middle);
    h[i] *= cut * (x == 0 ? 1 : std::sin(x) / x);
    sum += h[i];
  }
  for (double& value : h) value /= sum;
  return h;
}

/// A sum of low-passes, one at each step of the gain, each as long as its own transition needs.
std::vector<double> windowed_sinc(std::int64_t taps, const GainCurve& curve, const std::string& window) {
  std::vector<double> h(static_cast<std::size_t>(taps), 0.0);
  if (curve.back().gain == 1) h[h.size() / 2] = 1;
  for (std::size_t i = curve.size() - 1; i > 0; --i) {
    const GainPoint &upper = curve[i], &lower = curve[i - 1];
    if (upper.gain == lower.gain) continue;
    const double transition = (upper.at - lower.at) / 2;
    const double wanted = std::nearbyint(length_factor(window) / transition);
    const auto own = wanted < 1e9 ? odd(static_cast<std::int64_t>(wanted)) : taps + 1;
    if (own > taps) {
      throw usage_error(where,
                        "length of " + std::to_string(taps) +
                            " samples is too short for the transition: " + number_text(wanted) + " are needed",
                        "give a longer filter or a wider transition");
    }
    const auto part = lowpass(own, (upper.at + lower.at) / 2, window);
    const std::size_t offset = (h.size() - part.size()) / 2;
    for (std::size_t k = 0; k < part.size(); ++k) h[offset + k] += lower.gain == 0 ? -part[k] : part[k];
  }
  return h;
}

/// Frequency sampling: SciPy's `firwin2`.
std::vector<double> frequency_sampled(std::int64_t taps, const GainCurve& curve, const std::string& window) {
  std::int64_t power = 1;
  while (power < taps) power *= 2;
  std::vector<Complex> response;
  for (std::int64_t i = 0; i <= power; ++i) {
    const double at = static_cast<double>(i) / static_cast<double>(power);
    const double angle = static_cast<double>(taps - 1) / 2 * std::numbers::pi * at;
    response.push_back(gain_at(curve, at) * Complex(std::cos(angle), -std::sin(angle)));
  }
  auto h = inverse_real_fft(response, 2 * power);
  h.resize(static_cast<std::size_t>(taps));
  const auto taper = window_function(window, taps, false, where);
  for (std::size_t i = 0; i < h.size(); ++i) h[i] *= taper[i];
  return h;
}

std::vector<double> from_curve(const FirDesign& design, const GainCurve& curve, double narrowest_hz) {
  static_cast<void>(length_factor(design.window));
  std::int64_t taps = tap_count(design, narrowest_hz);
  if (taps % 2 == 0 && design.phase == FirPhase::zero_double && curve.back().gain == 1) ++taps;
  const bool minimum = design.phase == FirPhase::minimum;
  const std::int64_t designed = minimum ? 2 * taps - 1 : taps;
  auto h = design.method == FirMethod::firwin2 ? frequency_sampled(designed, curve, design.window)
                                               : windowed_sinc(designed, curve, design.window);
  return minimum && taps > 1 ? minimum_phase(h) : h;
}

void check(const FirDesign& design) {
  require_positive(where, "rate_hz", design.rate_hz);
  for (const auto& [hz, name] : {std::pair{design.low_hz, "low_hz"}, std::pair{design.high_hz, "high_hz"}}) {
    if (!hz) continue;
    require_positive(where, name, *hz);
    require_below_nyquist(where, name, *hz, design.rate_hz);
  }
  if (design.low_transition_hz) require_positive(where, "low_transition_hz", *design.low_transition_hz);
  if (design.high_transition_hz) require_positive(where, "high_transition_hz", *design.high_transition_hz);
}

double automatic_below(double edge_hz) { return std::min(std::max(0.25 * edge_hz, 2.0), edge_hz); }
double automatic_above(double edge_hz, double rate_hz) {
  return std::min(std::max(0.25 * edge_hz, 2.0), rate_hz / 2 - edge_hz);
}

}  // namespace

std::vector<double> fir_design(const FirDesign& design) {
  check(design);
  const double nyquist = design.rate_hz / 2;
  if (design.low_hz && design.high_hz && *design.low_hz >= *design.high_hz) {
    return fir_bandstop(design, {{*design.high_hz},
                                 {*design.low_hz},
                                 {design.high_transition_hz.value_or(automatic_below(*design.high_hz))},
                                 {design.low_transition_hz.value_or(automatic_above(*design.low_hz, design.rate_hz))}});
  }
  double narrowest = std::numeric_limits<double>::infinity();
  GainCurve curve;
  if (design.low_hz) {
    const double width = design.low_transition_hz.value_or(automatic_below(*design.low_hz));
    const double stop = *design.low_hz - width;
    if (stop < 0) {
      throw usage_error(
          where, "low_transition_hz " + number_text(width) + " is wider than low_hz " + number_text(*design.low_hz));
    }
    narrowest = width;
    curve.push_back({stop, 0});
    curve.push_back({*design.low_hz, 1});
  }
  if (design.high_hz) {
    const double width = design.high_transition_hz.value_or(automatic_above(*design.high_hz, design.rate_hz));
    const double stop = *design.high_hz + width;
    if (stop > nyquist) {
      throw usage_error(where, "high_hz with high_transition_hz reaches " + number_text(stop) +
                                   " Hz, beyond the Nyquist frequency " + number_text(nyquist) + " Hz");
    }
    narrowest = std::min(narrowest, width);
    curve.push_back({*design.high_hz, 1});
    curve.push_back({stop, 0});
  }
  return from_curve(design, completed(std::move(curve), nyquist), narrowest);
}

std::vector<double> fir_bandstop(const FirDesign& design, const StopBands& stops) {
  check(design);
  const double nyquist = design.rate_hz / 2;
  double narrowest = std::numeric_limits<double>::infinity();
  GainCurve curve;
  for (std::size_t i = 0; i < stops.below_hz.size(); ++i) {
    const double below = stops.below_hz[i], above = stops.above_hz[i];
    require_positive(where, "the lower edge of a stop band", below);
    require_below_nyquist(where, "the upper edge of a stop band", above, design.rate_hz);
    require_positive(where, "a transition of a stop band", stops.below_transition_hz[i]);
    require_positive(where, "a transition of a stop band", stops.above_transition_hz[i]);
    narrowest = std::min({narrowest, stops.below_transition_hz[i], stops.above_transition_hz[i]});
    curve.push_back({below, 1});
    curve.push_back({below + stops.below_transition_hz[i], 0});
    curve.push_back({above - stops.above_transition_hz[i], 0});
    curve.push_back({above, 1});
  }
  std::stable_sort(curve.begin(), curve.end(), [](const GainPoint& a, const GainPoint& b) { return a.at < b.at; });
  if (!curve.empty() && curve.front().at > 0) curve.insert(curve.begin(), {0, 1});
  if (!curve.empty() && curve.back().at < nyquist) curve.push_back({nyquist, 1});
  curve = completed(std::move(curve), nyquist);
  for (std::size_t i = 2; i < curve.size(); ++i) {
    if (std::abs(curve[i].gain - 2 * curve[i - 1].gain + curve[i - 2].gain) <= 1) continue;
    throw usage_error(where, "the edges of the stop band are not separated: its transitions cross",
                      "give narrower transitions (low_transition_hz, high_transition_hz)");
  }
  return from_curve(design, curve, narrowest);
}

std::vector<double> minimum_phase(const std::vector<double>& h) {
  if (h.size() < 3) throw usage_error("minimum_phase", "the filter is too short: it needs 3 taps");
  const double wanted = 2 * static_cast<double>(h.size() - 1) / 0.01;
  const auto length = static_cast<std::size_t>(std::exp2(std::ceil(std::log2(wanted))));
  const Fft plan(static_cast<std::int64_t>(length));
  std::vector<double> re(h), im(length, 0);
  re.resize(length, 0);
  plan.forward(re.data(), im.data());
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < length; ++k) {
    re[k] = std::hypot(re[k], im[k]);
    if (re[k] > 0) smallest = std::min(smallest, re[k]);
  }
  for (double& value : re) value = 0.5 * std::log(value + 1e-7 * smallest);
  std::fill(im.begin(), im.end(), 0.0);
  plan.inverse(re.data(), im.data());
  const std::size_t stop = (h.size() + 1) / 2;
  for (std::size_t k = 1; k < length; ++k) re[k] *= k < stop ? 2 : (k == stop && h.size() % 2 == 1 ? 1 : 0);
  std::fill(im.begin(), im.end(), 0.0);
  plan.forward(re.data(), im.data());
  for (std::size_t k = 0; k < length; ++k) {
    const Complex value = std::exp(Complex(re[k], im[k]));
    re[k] = value.real();
    im[k] = value.imag();
  }
  plan.inverse(re.data(), im.data());
  re.resize(h.size() / 2 + h.size() % 2);
  return re;
}

Findings fir_findings(std::int64_t taps, std::int64_t samples) {
  if (taps <= samples) return {};
  return {{"fir/longer-than-signal", Severity::warn, "",
           "the filter has " + std::to_string(taps) + " taps, the signal " + std::to_string(samples) +
               " samples: its ends say little"}};
}

}  // namespace caton
