// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/wavelet_set.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/complex_port.hpp"
#include "caton/signal/dpss.hpp"

#include <cmath>
#include <numbers>

namespace caton {

namespace {

constexpr double pi = std::numbers::pi;
constexpr double longest_wavelet = 1e7;

double cycles_of(const WaveletPlan& plan, std::size_t f) { return plan.cycles[plan.cycles.size() == 1 ? 0 : f]; }

void require_plan(const std::string& where, const WaveletPlan& plan) {
  require_positive(where, "rate_hz", plan.rate_hz);
  if (plan.freqs_hz.empty()) throw usage_error(where, "freqs_hz is empty: no frequency is given");
  for (const double hz : plan.freqs_hz) {
    require_positive(where, "a frequency of freqs_hz", hz);
    require_below_nyquist(where, "a frequency of freqs_hz,", hz, plan.rate_hz);
  }
  if (plan.cycles.size() != 1 && plan.cycles.size() != plan.freqs_hz.size()) {
    throw usage_error(where, "shape: " + std::to_string(plan.cycles.size()) + " cycles for " +
                                 std::to_string(plan.freqs_hz.size()) + " frequencies");
  }
  for (const double cycles : plan.cycles) require_positive(where, "cycles", cycles);
}

/// The number of multiples of 1/rate, from 0 on, below `seconds`.
std::int64_t steps_below(const std::string& where, double seconds, double rate_hz) {
  const double steps = std::ceil(seconds / (1 / rate_hz));
  if (!(steps <= longest_wavelet)) {
    throw usage_error(where, "cycles: a wavelet of " + number_text(steps) + " samples is too long, at most " +
                                 number_text(longest_wavelet) + " are possible");
  }
  return static_cast<std::int64_t>(steps);
}

void scale_to_norm(const std::string& where, std::vector<Complex>& wavelet) {
  double squares = 0;
  for (const Complex& value : wavelet) squares += std::norm(value);
  if (!(squares > 0)) throw usage_error(where, "cycles: so few leave nothing of the wavelet at this rate");
  const double scale = 1 / (std::sqrt(0.5) * std::sqrt(squares));
  for (Complex& value : wavelet) value *= scale;
}

std::vector<Complex> morlet(const std::string& where, const WaveletPlan& plan, std::size_t f) {
  const double hz = plan.freqs_hz[f], sigma_s = plan.sigma_s.value_or(cycles_of(plan, f) / (2 * pi * hz));
  const std::int64_t side = steps_below(where, 5 * sigma_s, plan.rate_hz);
  const double offset = plan.zero_mean ? std::exp(-2 * (pi * hz * sigma_s) * (pi * hz * sigma_s)) : 0;
  std::vector<Complex> wavelet;
  for (std::int64_t i = 1 - side; i < side; ++i) {
    const double t = static_cast<double>(i) * (1 / plan.rate_hz), angle = 2 * pi * hz * t;
    const double gaussian = std::exp(-t * t / (2 * sigma_s * sigma_s));
    wavelet.emplace_back((std::cos(angle) - offset) * gaussian, std::sin(angle) * gaussian);
  }
  scale_to_norm(where, wavelet);
  return wavelet;
}

std::vector<Complex> tapered_sine(const std::string& where, const WaveletPlan& plan, std::size_t f, double window_s,
                                  View<const double, 1> taper) {
  std::vector<Complex> wavelet;
  Complex sum = 0;
  for (std::int64_t i = 0; i < taper.extent(0); ++i) {
    const double angle = 2 * pi * plan.freqs_hz[f] * (static_cast<double>(i) * (1 / plan.rate_hz) - window_s / 2);
    wavelet.emplace_back(std::cos(angle) * taper[i], std::sin(angle) * taper[i]);
    sum += wavelet.back();
  }
  const Complex mean = sum / static_cast<double>(wavelet.size());
  for (Complex& value : wavelet) value -= plan.zero_mean ? mean : 0;
  scale_to_norm(where, wavelet);
  return wavelet;
}

}  // namespace

WaveletSet morlet_wavelets(const WaveletPlan& plan, const std::string& where) {
  require_plan(where, plan);
  if (plan.sigma_s) require_positive(where, "sigma_s", *plan.sigma_s);
  WaveletSet set{.freqs = static_cast<std::int64_t>(plan.freqs_hz.size())};
  for (std::size_t f = 0; f < plan.freqs_hz.size(); ++f) set.wavelets.push_back(morlet(where, plan, f));
  return set;
}

WaveletSet taper_wavelets(const WaveletPlan& plan, const std::string& where) {
  require_plan(where, plan);
  if (!(plan.time_bandwidth >= 2 && plan.time_bandwidth < 1000)) {
    throw usage_error(where,
                      "time_bandwidth must be at least 2 and below 1000, got " + number_text(plan.time_bandwidth));
  }
  WaveletSet set{.tapers = static_cast<std::int64_t>(std::floor(plan.time_bandwidth - 1)),
                 .freqs = static_cast<std::int64_t>(plan.freqs_hz.size())};
  set.wavelets.resize(static_cast<std::size_t>(set.tapers * set.freqs));
  for (std::size_t f = 0; f < plan.freqs_hz.size(); ++f) {
    const double window_s = cycles_of(plan, f) / plan.freqs_hz[f];
    const Dpss windows = dpss(steps_below(where, window_s, plan.rate_hz), plan.time_bandwidth / 2, set.tapers, false,
                              true, where + ": cycles too few for time_bandwidth");
    for (std::int64_t k = 0; k < set.tapers; ++k) {
      set.wavelets[static_cast<std::size_t>(k * set.freqs) + f] =
          tapered_sine(where, plan, f, window_s, windows.tapers.view()[k]);
    }
  }
  return set;
}

WaveletPlan wavelet_plan(const Arguments& args) {
  const bool one = args.value("cycles").is_number();
  return {.rate_hz = args.number("rate_hz"),
          .freqs_hz = args.numbers("freqs_hz"),
          .cycles = one ? std::vector<double>{args.number("cycles")} : args.numbers("cycles"),
          .zero_mean = args.flag("zero_mean")};
}

namespace {

Tensors morlet_call(const Arguments& args, const Tensors&) {
  WaveletPlan plan = wavelet_plan(args);
  plan.sigma_s = optional_number(args, "sigma_s");
  const auto set = morlet_wavelets(plan);
  Tensors out;
  for (std::size_t f = 0; f < set.wavelets.size(); ++f) {
    const auto& wavelet = set.wavelets[f];
    const View<const Complex, 1> values(wavelet.data(), {static_cast<std::int64_t>(wavelet.size())});
    out.emplace("w" + std::to_string(f), complex_tensor<1>(values));
  }
  return out;
}

const Operation morlet_operation{
    .name = "morlet",
    .room = "signal",
    .about = "Morlet's complex wavelets (mne.time_frequency.morlet)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "freqs_hz", .type = "numbers"},
                  {.name = "cycles", .type = "any", .about = "one number, or one for each frequency"},
                  {.name = "sigma_s",
                   .type = "number",
                   .standard = Json{},
                   .about = "standard deviation of the Gaussian; null: cycles / (2 pi f)"},
                  {.name = "zero_mean", .type = "flag", .standard = true}},
    .outputs = {{.name = "w0 ... w{F-1}", .shape = "N_f 2"}},
    .call = morlet_call,
};
CATON_REGISTER(Operation, morlet_operation);

}  // namespace

}  // namespace caton
