// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/cross_spectrum.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

const std::string where = "cross_spectrum";

/// What follows from the options for signals of a length.
struct Plan {
  std::int64_t windows = 0, step = 0;
  std::vector<double> taper;
  std::vector<std::size_t> bins;
  std::vector<double> frequency_hz, factor;
};

std::vector<double> hann(std::int64_t samples) {
  std::vector<double> taper;
  for (std::int64_t k = 0; k < samples; ++k) {
    const double phase = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(samples - 1);
    taper.push_back(0.5 - 0.5 * std::cos(phase));
  }
  return taper;
}

void choose_bins(const CrossSpectrumOptions& options, Plan& plan) {
  const double rate = options.rate_hz.value_or(1);
  if (!(rate > 0) || !std::isfinite(rate)) throw usage_error(where, "rate_hz must be positive");
  if (!options.rate_hz && (options.low_hz || options.high_hz))
    throw usage_error(where, "a band needs the rate_hz of the signal");
  const double low = options.low_hz.value_or(0), high = options.high_hz.value_or(rate / 2);
  if (!(high > low)) throw usage_error(where, "the band is empty: high_hz must be above low_hz");
  if (2 * high > rate) throw usage_error(where, "high_hz lies above the Nyquist frequency");
  for (std::int64_t k = 0; k <= options.window / 2; ++k) {
    const double hz = static_cast<double>(k) * (rate / static_cast<double>(options.window));
    if (hz < low || hz > high) continue;
    plan.bins.push_back(static_cast<std::size_t>(k));
    plan.frequency_hz.push_back(hz);
  }
  if (plan.bins.empty()) throw usage_error(where, "the band holds no frequency of this window");
  const bool even = options.window % 2 == 0;
  for (std::size_t k = 0; k < plan.bins.size(); ++k) {
    const bool first = options.corrected_one_sided ? plan.bins[k] == 0 : k == 0;
    const bool last = options.corrected_one_sided ? static_cast<std::int64_t>(2 * plan.bins[k]) == options.window
                                                  : k + 1 == plan.bins.size();
    plan.factor.push_back(first || (even && last) ? 1 : 2);
  }
}

Plan plan_of(const CrossSpectrumOptions& options, std::int64_t samples) {
  Plan plan;
  if (options.window < 2) throw usage_error(where, "a window needs at least 2 samples");
  if (!(options.overlap > 0 && options.overlap < 1)) throw usage_error(where, "overlap must be in (0, 1)");
  if (options.window > samples) {
    throw usage_error(where, "the window of " + std::to_string(options.window) +
                                 " samples is longer than the signal (" + std::to_string(samples) + " samples)");
  }
  plan.step = static_cast<std::int64_t>((1 - options.overlap) * static_cast<double>(options.window));
  if (plan.step < 1) throw usage_error(where, "overlap leaves no step between windows");
  plan.windows = (samples - options.window) / plan.step + 1;
  plan.taper = hann(options.window);
  choose_bins(options, plan);
  return plan;
}

/// Chosen bins of a channel's windows: windows x bins.
Array<Complex, 2> transforms(const View<const double, 1>& x, const Plan& plan) {
  Array<Complex, 2> result({plan.windows, static_cast<std::int64_t>(plan.bins.size())}, uninitialised);
  std::vector<double> piece(plan.taper.size());
  for (std::int64_t w = 0; w < plan.windows; ++w) {
    for (std::size_t t = 0; t < piece.size(); ++t)
      piece[t] = x[w * plan.step + static_cast<std::int64_t>(t)] * plan.taper[t];
    const auto all = real_fft(piece);
    for (std::size_t k = 0; k < plan.bins.size(); ++k) result(w, k) = all[plan.bins[k]];
  }
  return result;
}

void fill_trial(View<const double, 2> x, const Plan& plan, const View<Complex, 3>& s) {
  double energy = 0;
  for (const double value : plan.taper) energy += value * value;
  if (!(energy > 0)) throw usage_error(where, "a window of 2 samples has no weight");
  std::vector<Array<Complex, 2>> parts;
  for (std::int64_t c = 0; c < x.extent(0); ++c) parts.push_back(transforms(x[c], plan));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = i; j < parts.size(); ++j) {
      for (std::size_t k = 0; k < plan.bins.size(); ++k) {
        double re = 0, im = 0;
        for (std::int64_t w = 0; w < plan.windows; ++w) {
          const Complex a = parts[i](w, k), b = parts[j](w, k);
          re += a.real() * b.real() + a.imag() * b.imag();
          im += a.real() * b.imag() - a.imag() * b.real();
        }
        const double scale = plan.factor[k] / (static_cast<double>(plan.windows) * energy);
        s(i, j, k) = {re * scale, im * scale};
        s(j, i, k) = {re * scale, -im * scale};
      }
    }
  }
}

double coherence(CoherenceKind kind, Complex cross, double power) {
  const double re = cross.real() * cross.real(), im = cross.imag() * cross.imag();
  switch (kind) {
    case CoherenceKind::instantaneous: return re / power;
    case CoherenceKind::imaginary: return im / power;
    // Channels that are the same signal but for scale leave nothing lagged: 0, not 0 / 0.
    case CoherenceKind::lagged: return power - re <= 1e-14 * power ? 0 : im / (power - re);
    default: return (re + im) / power;
  }
}

}  // namespace

CrossSpectrum cross_spectrum(View<const double, 3> x, const CrossSpectrumOptions& options) {
  if (x.empty()) throw usage_error(where, "the signals are empty");
  const Plan plan = plan_of(options, x.extent(2));
  CrossSpectrum result{
      {{x.extent(0), x.extent(1), x.extent(1), static_cast<std::int64_t>(plan.bins.size())}, uninitialised},
      plan.frequency_hz};
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t n) { fill_trial(x[n], plan, result.s[n]); });
  return result;
}

Array<double, 4> coherence_welch(View<const double, 3> x, const CrossSpectrumOptions& options, CoherenceKind kind) {
  const CrossSpectrum spectrum = cross_spectrum(x, options);
  const auto& s = spectrum.s;
  const double nyquist = options.rate_hz.value_or(1) / 2;
  Array<double, 4> result(s.extents());
  for (std::int64_t n = 0; n < s.extent(0); ++n) {
    for (std::int64_t k = 0; k < s.extent(3); ++k) {
      const double hz = spectrum.frequency_hz[static_cast<std::size_t>(k)];
      for (std::int64_t i = 0; i < s.extent(1); ++i) {
        if (!(s(n, i, i, k).real() > 0)) {
          throw input_error("coherence_welch", "channel " + std::to_string(i) + " of trial " + std::to_string(n) +
                                                   " is flat: no power in bin " + std::to_string(k));
        }
        for (std::int64_t j = 0; j < s.extent(1) && (kind != CoherenceKind::lagged || (hz > 0 && hz < nyquist)); ++j)
          result(n, i, j, k) = coherence(kind, s(n, i, j, k), s(n, i, i, k).real() * s(n, j, j, k).real());
      }
    }
  }
  return result;
}

namespace {

CrossSpectrumOptions options_of(const Arguments& args) {
  CrossSpectrumOptions options{.window = args.integer("window"),
                               .overlap = args.number("overlap"),
                               .rate_hz = optional_number(args, "rate_hz"),
                               .low_hz = optional_number(args, "low_hz"),
                               .high_hz = optional_number(args, "high_hz")};
  options.corrected_one_sided =
      choice_argument<bool>(args, "one_sided", {{"as-published", false}, {"corrected", true}});
  return options;
}

Tensors call(const Arguments& args, const Tensors& in) {
  const CrossSpectrum spectrum = cross_spectrum(epochs_port(args, in, "x"), options_of(args));
  const auto& e = spectrum.s.extents();
  Array<double, 5> parts({e[0], e[1], e[2], e[3], 2}, uninitialised);
  for (std::int64_t k = 0; k < spectrum.s.size(); ++k) {
    parts.data()[2 * k] = spectrum.s.data()[k].real();
    parts.data()[2 * k + 1] = spectrum.s.data()[k].imag();
  }
  return {{"s", Tensor::of(parts)}, {"f", Tensor::vector(spectrum.frequency_hz)}};
}

Tensors call_coherence(const Arguments& args, const Tensors& in) {
  const auto kind = choice_argument<CoherenceKind>(args, "kind",
                                                   {{"ordinary", CoherenceKind::ordinary},
                                                    {"instantaneous", CoherenceKind::instantaneous},
                                                    {"imaginary", CoherenceKind::imaginary},
                                                    {"lagged", CoherenceKind::lagged}});
  return {{"c", Tensor::of(coherence_welch(epochs_port(args, in, "x"), options_of(args), kind))}};
}

std::vector<Argument> arguments() {
  return {{"window", "integer", Json(128), "samples"},
          {"overlap", "number", Json(0.75), "share of a window"},
          {"rate_hz", "number", Json{}, "null: frequencies in cycles a sample"},
          {"low_hz", "number", Json{}, "lower edge of the band, included"},
          {"high_hz", "number", Json{}, "upper edge of the band, included"},
          {"one_sided", "text", Json("as-published"),
           "as-published doubles by the place in the band, corrected by the frequency"}};
}

std::vector<Argument> coherence_arguments() {
  auto all = arguments();
  all.push_back({"kind", "text", Json("ordinary"), "ordinary, instantaneous, imaginary or lagged"});
  return all;
}

const Operation operation{.name = "cross_spectrum",
                          .room = "features",
                          .about =
                              "cross-spectra of all pairs of channels over Hann windows, conj(X_i) X_j (pyRiemann "
                              "cross_spectrum)",
                          .arguments = arguments(),
                          .inputs = {{"x", "N C T", "uV"}},
                          .outputs = {{"s", "N C C F complex", "uV^2"}, {"f", "F", "Hz"}},
                          .call = call};
const Operation coherence_operation{.name = "coherence_welch",
                                    .room = "features",
                                    .about = "squared coherence of all pairs of channels (pyRiemann coherence)",
                                    .arguments = coherence_arguments(),
                                    .inputs = {{"x", "N C T", "uV"}},
                                    .outputs = {{"c", "N C C F"}},
                                    .call = call_coherence};
CATON_REGISTER(Operation, operation);
CATON_REGISTER(Operation, coherence_operation);

}  // namespace

}  // namespace caton
