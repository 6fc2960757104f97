// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/multitaper.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/dpss.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace caton {

namespace {

const std::string where = "multitaper";
constexpr int adaptive_rounds = 250;

Dpss tapers_of(std::int64_t samples, const Multitaper& options) {
  require_positive(where, "rate_hz", options.rate_hz);
  if (samples < 2) throw input_error(where, "the signal is too short: 1 sample has no spectrum");
  double half = 4;
  if (options.bandwidth_hz) {
    half = *options.bandwidth_hz * static_cast<double>(samples) / (2 * options.rate_hz);
    if (!(half >= 0.5)) {
      throw usage_error(
          where, "bandwidth_hz " + number_text(*options.bandwidth_hz) + " is too narrow",
          "give at least " + number_text(options.rate_hz / static_cast<double>(samples)) + " Hz or a longer signal");
    }
  }
  if (!(2 * half < static_cast<double>(samples))) {
    throw input_error(where,
                      "the signal is too short for this bandwidth: " + std::to_string(samples) + " samples, " +
                          number_text(std::floor(2 * half)) + " tapers",
                      "give a smaller bandwidth_hz");
  }
  return dpss(samples, half, static_cast<std::int64_t>(2 * half), options.low_bias, true, where);
}

/// |X_k|^2 of the tapered signal: tapers x bins, DC and an even signal's last bin halved. Two tapers ride in one
/// transform.
Matrix tapered_powers(View<const double, 1> x, const Dpss& dpss) {
  const std::int64_t samples = x.extent(0), bins = samples / 2 + 1, tapers = dpss.tapers.extent(0);
  double mean = 0;
  for (std::int64_t t = 0; t < samples; ++t) mean += x[t];
  mean /= static_cast<double>(samples);
  const auto plan = fft_plan(samples);
  std::vector<double> re(static_cast<std::size_t>(samples)), im(re.size());
  Matrix powers({tapers, bins}, uninitialised);
  for (std::int64_t k = 0; k < tapers; k += 2) {
    const bool pair = k + 1 < tapers;
    for (std::int64_t t = 0; t < samples; ++t) {
      const double value = x[t] - mean;
      re[static_cast<std::size_t>(t)] = value * dpss.tapers(k, t);
      im[static_cast<std::size_t>(t)] = pair ? value * dpss.tapers(k + 1, t) : 0;
    }
    plan->forward(re.data(), im.data());
    separate_powers(re, im, 1, powers[k].data(), pair ? powers[k + 1].data() : nullptr, 1,
                    {0, static_cast<std::size_t>(bins)});
  }
  return powers;
}

/// Thomson's iteration over all bins of the range at once, as the reference does: from the first two tapers until no
/// weight moves any more.
class AdaptiveWeights {
 public:
  AdaptiveWeights(const Matrix& powers, const std::vector<double>& ratios, const BinRange& range)
      : powers_(powers), ratios_(ratios), range_(range) {
    variance_ = whole_variance();
  }

  [[nodiscard]] std::vector<double> psd() const {
    const std::size_t tapers = ratios_.size(), bins = range_.end - range_.begin;
    std::vector<double> psd(bins), weights(tapers * bins), before(tapers * bins, 0.0);
    for (std::size_t k = 0; k < bins; ++k) psd[k] = combined(k, 2, [&](std::size_t i) { return ratios_[i]; });
    for (int round = 0; round < adaptive_rounds; ++round) {
      double largest = 0;
      for (std::size_t k = 0; k < bins; ++k) {
        double change = 0;
        for (std::size_t i = 0; i < tapers; ++i) {
          const double weight = weight_of(ratios_[i], psd[k]);
          change += (weight - before[k * tapers + i]) * (weight - before[k * tapers + i]);
          before[k * tapers + i] = weight;
        }
        largest = std::max(largest, change / static_cast<double>(tapers));
      }
      if (largest < 1e-10) break;
      for (std::size_t k = 0; k < bins; ++k) {
        psd[k] = combined(k, tapers, [&](std::size_t i) { return before[k * tapers + i] * before[k * tapers + i]; });
      }
    }
    return psd;
  }

 private:
  [[nodiscard]] double weight_of(double ratio, double psd) const {
    const double below = ratio * psd + (1 - ratio) * variance_;
    return below > 0 ? psd / below * std::sqrt(ratio) : std::sqrt(ratio);
  }

  template <class Square>
  [[nodiscard]] double combined(std::size_t bin, std::size_t tapers, const Square& square) const {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < tapers; ++i) {
      sum += square(i) * powers_(static_cast<std::int64_t>(i), static_cast<std::int64_t>(range_.begin + bin));
      squares += square(i);
    }
    return squares > 0 ? sum / squares : 0;
  }

  /// The integral of the estimate with fixed weights over [0, pi), divided by 2 pi.
  [[nodiscard]] double whole_variance() const {
    const std::int64_t bins = powers_.extent(1);
    double sum = 0;
    for (std::int64_t k = 0; k < bins; ++k) {
      double psd = 0, squares = 0;
      for (std::size_t i = 0; i < ratios_.size(); ++i) {
        psd += ratios_[i] * powers_(static_cast<std::int64_t>(i), k);
        squares += ratios_[i];
      }
      sum += psd / squares * (k == 0 || k + 1 == bins ? 0.5 : 1);
    }
    return bins > 1 ? sum / static_cast<double>(bins) / 2 : 0;
  }

  const Matrix& powers_;
  const std::vector<double>& ratios_;
  BinRange range_;
  double variance_ = 0;
};

std::vector<double> fixed_weights(const Matrix& powers, const std::vector<double>& ratios, const BinRange& range) {
  std::vector<double> psd(range.end - range.begin, 0.0);
  double squares = 0;
  for (const double ratio : ratios) squares += ratio;
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const double* const row = powers[static_cast<std::int64_t>(i)].data() + range.begin;
    for (std::size_t k = 0; k < psd.size(); ++k) psd[k] += ratios[i] / squares * row[k];
  }
  return psd;
}

}  // namespace

Spectrum multitaper(Signal x, const Multitaper& options) {
  require_signal(where, x);
  require_finite(where, x);
  const std::int64_t samples = x.extent(1);
  const Dpss dpss = tapers_of(samples, options);
  const auto freqs = spectrum_freqs(options.rate_hz, samples);
  const BinRange range =
      bins_between(freqs, options.low_hz, options.high_hz.value_or(std::numeric_limits<double>::infinity()));
  if (range.begin == range.end) throw usage_error(where, "the band from low_hz to high_hz holds no bin");
  Spectrum result{Matrix({x.extent(0), static_cast<std::int64_t>(range.end - range.begin)}, uninitialised),
                  {freqs.begin() + static_cast<std::ptrdiff_t>(range.begin),
                   freqs.begin() + static_cast<std::ptrdiff_t>(range.end)}};
  const bool adaptive = options.adaptive && dpss.ratios.size() >= 3;
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    const Matrix powers = tapered_powers(x[c], dpss);
    const auto psd =
        adaptive ? AdaptiveWeights(powers, dpss.ratios, range).psd() : fixed_weights(powers, dpss.ratios, range);
    for (std::size_t k = 0; k < psd.size(); ++k)
      result.psd(c, static_cast<std::int64_t>(k)) = options.density ? psd[k] / options.rate_hz : psd[k];
  });
  return result;
}

namespace {

Tensors spectrum(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const Multitaper options{
      .rate_hz = args.number("rate_hz"),
      .low_hz = args.number("low_hz"),
      .high_hz = optional_number(args, "high_hz"),
      .bandwidth_hz = optional_number(args, "bandwidth_hz"),
      .adaptive = args.flag("adaptive"),
      .low_bias = args.flag("low_bias"),
      .density = choice_argument<bool>(args, "normalization", {{"length", false}, {"full", true}})};
  const auto result = multitaper(x, options);
  return {{"psd", Tensor::of(result.psd)}, {"freqs", Tensor::vector(result.freqs_hz)}};
}

const Operation multitaper_operation{
    .name = "multitaper",
    .room = "signal",
    .about = "Power spectral density from Slepian tapers (mne.time_frequency.psd_array_multitaper)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "low_hz", .type = "number", .standard = 0},
                  {.name = "high_hz", .type = "number", .standard = Json{}},
                  {.name = "bandwidth_hz", .type = "number", .standard = Json{}, .about = "null: 8 rate / samples"},
                  {.name = "adaptive", .type = "flag", .standard = false},
                  {.name = "low_bias", .type = "flag", .standard = true},
                  {.name = "normalization",
                   .type = "text",
                   .standard = "length",
                   .about = "\"full\" is a density, \"length\" that times the rate"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "psd", .shape = "C F", .unit = "V^2/Hz"}, {.name = "freqs", .shape = "F", .unit = "Hz"}},
    .call = spectrum,
};
CATON_REGISTER(Operation, multitaper_operation);

}  // namespace

}  // namespace caton
