// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/spectrum_fit.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/dpss.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

const std::string where = "notch";

/// Tapers of a window length, with what the fit needs of them.
struct Tapers {
  Matrix tapers;
  std::vector<double> sums;  ///< of the even-numbered tapers, 0 for the others
  double sum_squares = 0;
  double threshold = 0;  ///< of the F statistic
};

Tapers tapers_of(std::int64_t samples, const SpectrumFit& options) {
  double half = 4;
  if (options.bandwidth_hz) half = *options.bandwidth_hz * static_cast<double>(samples) / (2 * options.rate_hz);
  if (!(half >= 0.5)) {
    throw usage_error(where, "bandwidth_hz is too narrow for a window of " + std::to_string(samples) + " samples");
  }
  Tapers result{dpss(samples, half, static_cast<std::int64_t>(2 * half), false, true, where).tapers, {}, 0, 0};
  for (std::int64_t k = 0; k < result.tapers.extent(0); ++k) {
    double sum = 0;
    for (std::int64_t t = 0; t < samples; ++t) sum += result.tapers(k, t);
    result.sums.push_back(k % 2 == 0 ? sum : 0);
    result.sum_squares += result.sums.back() * result.sums.back();
  }
  const double freedom = 2 * static_cast<double>(result.tapers.extent(0)) - 2;
  const double q = options.p_value / static_cast<double>(samples);
  result.threshold = freedom > 0 ? freedom / 2 * (std::pow(q, -2 / freedom) - 1) : HUGE_VAL;
  return result;
}

/// Where lines are: the bins to remove, and the complex amplitude of every bin.
struct Lines {
  std::vector<std::size_t> bins;
  std::vector<Complex> amplitude;
};

Lines find_lines(const std::vector<double>& x, const Tapers& tapers, const SpectrumFit& options,
                 const std::vector<double>& widths) {
  double mean = 0;
  for (const double value : x) mean += value;
  mean /= static_cast<double>(x.size());
  std::vector<std::vector<Complex>> spectra;
  for (std::int64_t k = 0; k < tapers.tapers.extent(0); ++k) {
    std::vector<double> tapered(x.size());
    for (std::size_t t = 0; t < x.size(); ++t)
      tapered[t] = (x[t] - mean) * tapers.tapers(k, static_cast<std::int64_t>(t));
    spectra.push_back(real_fft(tapered));
    spectra.back().front() /= std::numbers::sqrt2;
    if (x.size() % 2 == 0) spectra.back().back() /= std::numbers::sqrt2;
  }
  Lines lines;
  const std::size_t bins = x.size() / 2 + 1;
  lines.amplitude.assign(bins, 0);
  for (std::size_t f = 0; f < bins; ++f) {
    for (std::size_t k = 0; k < spectra.size(); k += 2) lines.amplitude[f] += spectra[k][f] * tapers.sums[k];
    lines.amplitude[f] /= tapers.sum_squares;
  }
  const auto hz_of = [&](std::size_t f) {
    return static_cast<double>(f) * options.rate_hz / static_cast<double>(x.size());
  };
  std::vector<bool> removed(bins, false);
  for (std::size_t i = 0; i < options.freqs_hz.size(); ++i) {
    std::size_t nearest = 0;
    for (std::size_t f = 0; f < bins; ++f) {
      if (std::abs(hz_of(f) - options.freqs_hz[i]) < std::abs(hz_of(nearest) - options.freqs_hz[i])) nearest = f;
      if (hz_of(f) > options.freqs_hz[i] - widths[i] / 2 && hz_of(f) < options.freqs_hz[i] + widths[i] / 2)
        removed[f] = true;
    }
    removed[nearest] = true;
  }
  for (std::size_t f = 0; options.freqs_hz.empty() && f < bins; ++f) {
    double rest = 0;
    for (std::size_t k = 0; k < spectra.size(); ++k)
      rest += std::norm(spectra[k][f] - (k % 2 == 0 ? lines.amplitude[f] * tapers.sums[k] : Complex(0)));
    const double explained =
        static_cast<double>(spectra.size() - 1) * std::norm(lines.amplitude[f]) * tapers.sum_squares;
    removed[f] = rest > 0 && explained / rest > tapers.threshold;
  }
  for (std::size_t f = 0; f < bins; ++f) {
    if (removed[f]) lines.bins.push_back(f);
  }
  return lines;
}

/// The window without its lines.
std::vector<double> without_lines(std::vector<double> x, const Tapers& tapers, const SpectrumFit& options,
                                  const std::vector<double>& widths) {
  const Lines lines = find_lines(x, tapers, options, widths);
  std::vector<double> fit(x.size(), 0.0);
  for (const std::size_t f : lines.bins) {
    const Complex c = 2.0 * lines.amplitude[f];
    const double hz = static_cast<double>(f) * options.rate_hz / static_cast<double>(x.size());
    const double size = std::abs(c), phase = std::arg(c);
    for (std::size_t t = 0; t < x.size(); ++t) {
      const double angle = hz * (2 * std::numbers::pi * (static_cast<double>(t) / options.rate_hz)) + phase;
      fit[t] += size * std::cos(angle);
    }
  }
  for (std::size_t t = 0; t < x.size(); ++t) x[t] -= fit[t];
  return x;
}

/// Overlapping windows whose tapers add up to one.
struct OverlapPlan {
  std::int64_t length = 0, step = 0, count = 0;
  std::vector<double> taper;
};

OverlapPlan overlap_plan(std::int64_t samples, const SpectrumFit& options) {
  OverlapPlan plan;
  double wanted = 10 * options.rate_hz;
  if (options.length.kind == FirLength::Kind::duration) wanted = options.length.seconds * options.rate_hz;
  if (options.length.kind == FirLength::Kind::samples) wanted = static_cast<double>(options.length.samples);
  plan.length = static_cast<std::int64_t>(std::min(std::max(std::ceil(wanted), 1.0), static_cast<double>(samples)));
  plan.step = plan.length - (plan.length + 1) / 2;
  if (plan.step < 1) throw input_error(where, "the signal is too short: a window needs at least 2 samples");
  plan.count = (samples - plan.length) / plan.step + 1;
  plan.taper = window_function("hann", plan.length, plan.length % 2 == 0, where);
  std::vector<double> sums(static_cast<std::size_t>(plan.step), 0.0);
  for (std::size_t t = 0; t < plan.taper.size(); ++t) sums[t % sums.size()] += plan.taper[t];
  std::sort(sums.begin(), sums.end());
  const std::size_t half = sums.size() / 2;
  const double constant = sums.size() % 2 == 1 ? sums[half] : (sums[half - 1] + sums[half]) / 2;
  for (double& value : plan.taper) value /= constant;
  return plan;
}

/// The taper of window `i`: filled up at both ends of the signal, so that all tapers together are one everywhere.
std::vector<double> taper_of(const OverlapPlan& plan, std::int64_t i, std::int64_t length) {
  auto taper = plan.taper;
  taper.resize(static_cast<std::size_t>(length), 0.0);
  if (i == plan.count - 1) {
    for (std::int64_t offset = plan.step; offset < length; offset += plan.step) {
      for (std::int64_t t = 0; t < std::min(length - offset, plan.length); ++t)
        taper[static_cast<std::size_t>(offset + t)] += plan.taper[static_cast<std::size_t>(t)];
    }
  }
  for (std::int64_t offset = plan.length - plan.step; i == 0 && offset > 0; offset -= plan.step) {
    for (std::int64_t t = 0; t < offset; ++t)
      taper[static_cast<std::size_t>(t)] += plan.taper[static_cast<std::size_t>(plan.length - offset + t)];
  }
  return taper;
}

}  // namespace

Matrix spectrum_fit_notch(Signal x, const SpectrumFit& options) {
  require_signal(where, x);
  require_finite(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  if (!(options.p_value > 0 && options.p_value < 1))
    throw usage_error(where, "p_value must lie between 0 and 1, got " + number_text(options.p_value));
  const auto widths = notch_widths(options.freqs_hz, options.widths_hz);
  for (const double hz : options.freqs_hz) {
    require_positive(where, "freqs_hz", hz);
    require_below_nyquist(where, "freqs_hz", hz, options.rate_hz);
  }
  const std::int64_t samples = x.extent(1);
  const OverlapPlan plan = overlap_plan(samples, options);
  const std::int64_t last_begin = (plan.count - 1) * plan.step, last_length = samples - last_begin;
  const Tapers tapers = tapers_of(plan.length, options);
  const Tapers last_tapers = last_length == plan.length ? tapers : tapers_of(last_length, options);
  Matrix y(x.extents());
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    for (std::int64_t i = 0; i < plan.count; ++i) {
      const std::int64_t begin = i * plan.step, length = i == plan.count - 1 ? last_length : plan.length;
      std::vector<double> part(static_cast<std::size_t>(length));
      for (std::int64_t t = 0; t < length; ++t) part[static_cast<std::size_t>(t)] = x(c, begin + t);
      part = without_lines(std::move(part), i == plan.count - 1 ? last_tapers : tapers, options, widths);
      const auto taper = taper_of(plan, i, length);
      for (std::int64_t t = 0; t < length; ++t)
        y(c, begin + t) += part[static_cast<std::size_t>(t)] * taper[static_cast<std::size_t>(t)];
    }
  });
  return y;
}

}  // namespace caton
