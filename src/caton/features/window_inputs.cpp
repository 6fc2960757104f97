// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Inputs of a recipe that measure each window by itself: entropies, fractal dimensions, band power and the like.
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/aperiodic.hpp"
#include "caton/features/autoregression.hpp"
#include "caton/features/band_power.hpp"
#include "caton/features/entropies.hpp"
#include "caton/features/feature.hpp"
#include "caton/features/fractal.hpp"
#include "caton/features/hjorth.hpp"
#include "caton/features/lempel_ziv.hpp"
#include "caton/features/moments.hpp"
#include "caton/features/template_entropies.hpp"
#include "caton/features/window_stream.hpp"
#include "caton/features/windows.hpp"
#include "caton/signal/welch_row.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {
namespace {

using Names = std::vector<std::string>;
using Columns = std::vector<std::vector<double>>;  ///< features x channels

/// What one window gives, and what its features are called.
struct WindowKind {
  const char* name = nullptr;
  Names (*names)(const Json& options) = nullptr;
  Columns (*measure)(Signal window, double rate_hz, const Json& options) = nullptr;
  /// A form for streams that asks for no memory; nothing: `measure`.
  std::unique_ptr<WindowMeasure> (*lean)(std::int64_t length, double rate_hz, const Json& options) = nullptr;
};

double chosen(const Json& own, double recipe, double otherwise) {
  return !own.is_null() ? own.number() : recipe > 0 ? recipe : otherwise;
}

struct Grid {
  std::int64_t length = 0, step = 0;
};

template <class Request>
Grid grid_of(const WindowKind& kind, const Request& request, const Json& options) {
  const double length_s = chosen(options.at("length_s"), request.window_length_s, 2);
  const double step_s = chosen(options.at("step_s"), request.window_step_s, length_s);
  const auto samples = [&](double seconds) { return std::llround(std::min(seconds * request.rate_hz, 1e15)); };
  const Grid grid{samples(length_s), samples(step_s)};
  if (grid.length < 2 || grid.step < 1) {
    throw usage_error(std::string("input ") + kind.name, "length_s and step_s must be positive and hold samples");
  }
  return grid;
}

/// The windows of one stretch; one whose value is undefined is left out with a finding that says why.
void measure_stretch(const WindowKind& kind, const FeatureRequest& request, const Json& options,
                     const TrialStretch& stretch, const Grid& grid, WindowCollector& collector) {
  for (std::int64_t begin = stretch.begin; begin + grid.length <= stretch.end; begin += grid.step) {
    try {
      const auto columns = kind.measure(request.signal.slice(1, begin, grid.length), request.rate_hz, options);
      Matrix values({request.signal.extent(0), static_cast<std::int64_t>(columns.size())}, uninitialised);
      for (std::int64_t f = 0; f < values.extent(1); ++f) {
        for (std::int64_t c = 0; c < values.extent(0); ++c)
          values(c, f) = columns[static_cast<std::size_t>(f)][static_cast<std::size_t>(c)];
      }
      collector.add(stretch.trial, begin, grid.length, values);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      collector.undefined(stretch.trial, static_cast<double>(begin) / request.rate_hz, error.what());
    }
  }
}

template <const WindowKind& kind>
FeatureWindows measure(const FeatureRequest& request, const Json& options) {
  const Grid grid = grid_of(kind, request, options);
  WindowCollector collector(request.signal.extent(0), static_cast<std::int64_t>(kind.names(options).size()));
  for (const TrialStretch& stretch : request.trials) {
    if (stretch.end - stretch.begin < grid.length) collector.too_short(stretch, grid.length, request.rate_hz);
    measure_stretch(kind, request, options, stretch, grid, collector);
  }
  return std::move(collector).result();
}

/// `measure` of a kind, window by window.
class PlainMeasure final : public WindowMeasure {
 public:
  PlainMeasure(const WindowKind& kind, double rate_hz, const Json& options)
      : kind_(kind),
        rate_hz_(rate_hz),
        options_(options),
        features_(static_cast<std::int64_t>(kind.names(options).size())) {}

  bool measure(Signal window, View<float, 2> values) override {
    const auto columns = kind_.measure(window, rate_hz_, options_);
    for (std::int64_t f = 0; f < features_; ++f) {
      for (std::int64_t c = 0; c < window.extent(0); ++c)
        values(c, f) = static_cast<float>(columns[static_cast<std::size_t>(f)][static_cast<std::size_t>(c)]);
    }
    return true;
  }
  [[nodiscard]] std::int64_t features() const override { return features_; }
  [[nodiscard]] bool allocates() const override { return true; }

 private:
  const WindowKind& kind_;
  double rate_hz_;
  Json options_;
  std::int64_t features_;
};

template <const WindowKind& kind>
std::unique_ptr<FeatureStream> stream(const FeatureStreamRequest& request, const Json& options) {
  const Grid grid = grid_of(kind, request, options);
  auto measure = kind.lean != nullptr ? kind.lean(grid.length, request.rate_hz, options)
                                      : std::make_unique<PlainMeasure>(kind, request.rate_hz, options);
  return window_stream({.channels = request.channels, .length = grid.length, .step = grid.step}, std::move(measure));
}

/// Channel by channel: `row(samples, scratch, values)` gives the features of one channel, or false.
template <class Row>
class RowMeasure final : public WindowMeasure {
 public:
  RowMeasure(std::int64_t features, std::int64_t scratch, Row row)
      : row_(std::move(row)),
        scratch_(static_cast<std::size_t>(scratch)),
        values_(static_cast<std::size_t>(features)) {}

  bool measure(Signal window, View<float, 2> values) override {
    for (std::int64_t c = 0; c < window.extent(0); ++c) {
      const std::span<const double> samples(&window(c, 0), static_cast<std::size_t>(window.extent(1)));
      if (!std::all_of(samples.begin(), samples.end(), [](double value) { return std::isfinite(value); })) return false;
      if (!row_(samples, std::span<double>(scratch_), std::span<double>(values_))) return false;
      for (std::size_t f = 0; f < values_.size(); ++f) {
        if (std::isnan(values_[f])) return false;
        values(c, static_cast<std::int64_t>(f)) = static_cast<float>(values_[f]);
      }
    }
    return true;
  }
  [[nodiscard]] std::int64_t features() const override { return static_cast<std::int64_t>(values_.size()); }

 private:
  Row row_;
  std::vector<double> scratch_, values_;
};

template <class Row>
std::unique_ptr<WindowMeasure> by_row(std::int64_t features, std::int64_t scratch, Row row) {
  return std::make_unique<RowMeasure<Row>>(features, scratch, std::move(row));
}

std::vector<RecipeKey> keys_with(std::vector<RecipeKey> own) {
  std::vector<RecipeKey> keys{
      {"length_s", "number", Json{}, "of a window; else the recipe's [prepare] window, else 2 s"},
      {"step_s", "number", Json{}, "from one window to the next; else the recipe's, else the length"}};
  keys.insert(keys.end(), own.begin(), own.end());
  return keys;
}

Json standard_bands() {
  return Json::list_of(std::vector<Json>{Json(Json::List{1, 4}), Json(Json::List{4, 8}), Json(Json::List{8, 13}),
                                         Json(Json::List{13, 30}), Json(Json::List{30, 45})});
}

std::vector<Band> bands_in(const Json& options) {
  std::vector<Band> bands;
  for (const auto& band : options.at("bands_hz").items("bands_hz")) {
    const auto edges = band.numbers("bands_hz");
    if (edges.size() != 2) throw usage_error("bands_hz", "a band has two edges, found " + band.dump());
    bands.push_back({edges[0], edges[1]});
  }
  return bands;
}

int whole(const Json& options, const char* key) {
  return static_cast<int>(std::clamp<std::int64_t>(options.at(key).integer(key), -1, 1 << 30));
}

Names one_name(const char* name) { return {name}; }

Welch welch_of(std::int64_t length, double rate_hz) {
  const auto segment = std::min<std::int64_t>(length, std::max<std::int64_t>(2, std::llround(2 * rate_hz)));
  return {.rate_hz = rate_hz, .fft_samples = segment, .overlap_samples = segment / 2, .window = "hann"};
}

Spectrum spectrum_of(Signal window, double rate_hz) { return welch(window, welch_of(window.extent(1), rate_hz)); }

/// Power or share of power in bands, as `band_power_kind` gives it.
std::unique_ptr<WindowMeasure> lean_band_power(std::int64_t length, double rate_hz, const Json& options) {
  const auto bands = bands_in(options);
  require_bands("band-power", bands, rate_hz);
  const auto density = std::make_shared<WelchRow>(length, welch_of(length, rate_hz));
  const auto count = static_cast<std::int64_t>(bands.size()),
             bins = static_cast<std::int64_t>(density->freqs_hz().size());
  const bool relative = options.at("relative").flag("relative");
  return by_row(count, bins + count,
                [density, integrals = BandIntegrals(density->freqs_hz(), {.bands = bands}), relative, bins, length](
                    std::span<const double> x, std::span<double> scratch, std::span<double> values) {
                  const auto psd = scratch.first(static_cast<std::size_t>(bins)),
                             other = scratch.subspan(static_cast<std::size_t>(bins));
                  density->run({x.data(), {length}}, psd);
                  return relative ? integrals.run(psd, other, values) : integrals.run(psd, values, other);
                });
}

const WindowKind band_power_kind{"band-power",
                                 [](const Json& options) {
                                   Names names;
                                   for (const Band& band : bands_in(options))
                                     names.push_back(band_name(band.low_hz, band.high_hz));
                                   return names;
                                 },
                                 [](Signal window, double rate_hz, const Json& options) {
                                   const auto bands = bands_in(options);
                                   require_bands("band-power", bands, rate_hz);
                                   const Spectrum spectrum = spectrum_of(window, rate_hz);
                                   const auto powers = band_power(spectrum.psd, spectrum.freqs_hz, {.bands = bands});
                                   const Matrix& chosen =
                                       options.at("relative").flag("relative") ? powers.relative : powers.power;
                                   Columns columns(bands.size());
                                   for (std::size_t b = 0; b < bands.size(); ++b)
                                     for (std::int64_t c = 0; c < chosen.extent(0); ++c)
                                       columns[b].push_back(chosen(c, static_cast<std::int64_t>(b)));
                                   return columns;
                                 },
                                 lean_band_power};
const FeatureEntry band_power_input{
    .name = "band-power",
    .aliases = {"band_power"},
    .about = "power of each channel in bands (Welch, Hann windows of 2 s), V^2 or its share of all",
    .block = "features",
    .keys = keys_with({{"bands_hz", "list", standard_bands(), "[low, high] of each band"},
                       {"relative", "flag", false, "share of the power of all frequencies"}}),
    .names = band_power_kind.names,
    .measure = measure<band_power_kind>,
    .stream = stream<band_power_kind>};
CATON_REGISTER(FeatureEntry, band_power_input);

Band one_band(const Json& options, const char* key) {
  const auto edges = options.at(key).numbers(key);
  if (edges.size() != 2) throw usage_error(key, "is [low, high]");
  return {edges[0], edges[1]};
}

std::int64_t segment_samples(const Json& options, double rate_hz, std::int64_t window) {
  const double seconds = options.at("segment_s").number("segment_s");
  if (!(seconds > 0 && seconds < 1e6)) throw usage_error("segment_s", "must be above 0 s");
  return std::min<std::int64_t>(window, std::max<std::int64_t>(2, std::llround(seconds * rate_hz)));
}

const WindowKind band_ratio_kind{
    "band-ratio",
    [](const Json& options) {
      const Band band = one_band(options, "band_hz"), of = one_band(options, "of_hz");
      return Names{band_name(band.low_hz, band.high_hz) + " of " + number_text(of.low_hz) + "-" +
                   number_text(of.high_hz) + " Hz"};
    },
    [](Signal window, double rate_hz, const Json& options) {
      const Band band = one_band(options, "band_hz"), of = one_band(options, "of_hz");
      require_bands("band-ratio", std::array{band, of}, rate_hz);
      const auto segment = segment_samples(options, rate_hz, window.extent(1));
      const Spectrum spectrum =
          welch(window, {.rate_hz = rate_hz, .fft_samples = segment, .overlap_samples = segment / 2, .window = "hann"});
      const auto powers = band_power(spectrum.psd, spectrum.freqs_hz, {.bands = {band, of}, .integral = Integral::sum});
      Columns columns(1);
      for (std::int64_t c = 0; c < window.extent(0); ++c) {
        if (!(powers.power(c, 1) > 0)) throw input_error("band-ratio", "a channel has no power in of_hz (flat)");
        columns[0].push_back(powers.power(c, 0) / powers.power(c, 1));
      }
      return columns;
    },
    [](std::int64_t length, double rate_hz, const Json& options) {
      const Band band = one_band(options, "band_hz"), of = one_band(options, "of_hz");
      require_bands("band-ratio", std::array{band, of}, rate_hz);
      const auto segment = segment_samples(options, rate_hz, length);
      const auto density = std::make_shared<WelchRow>(
          length, Welch{.rate_hz = rate_hz, .fft_samples = segment, .overlap_samples = segment / 2, .window = "hann"});
      const std::size_t bins = density->freqs_hz().size();
      const BandIntegrals integrals(density->freqs_hz(), {.bands = {band, of}, .integral = Integral::sum});
      return by_row(1, static_cast<std::int64_t>(bins) + 4,
                    [density, integrals, bins, length](std::span<const double> x, std::span<double> scratch,
                                                       std::span<double> values) {
                      const auto psd = scratch.first(bins), power = scratch.subspan(bins, 2);
                      density->run({x.data(), {length}}, psd);
                      if (!integrals.run(psd, power, scratch.subspan(bins + 2, 2)) || !(power[1] > 0)) return false;
                      values[0] = power[0] / power[1];
                      return true;
                    });
    }};
const FeatureEntry band_ratio_input{
    .name = "band-ratio",
    .aliases = {"band_ratio"},
    .about = "power of a band as a share of that of a wider one, sums of Welch's bins, edges included",
    .block = "features",
    .keys = keys_with({{"band_hz", "list", Json(Json::List{8, 13}), "[low, high] of the band"},
                       {"of_hz", "list", Json(Json::List{2, 40}), "[low, high] of what it is a share of"},
                       {"segment_s", "number", 1.0, "of Welch's segments (Hann, half overlap)"}}),
    .names = band_ratio_kind.names,
    .measure = measure<band_ratio_kind>,
    .stream = stream<band_ratio_kind>};
CATON_REGISTER(FeatureEntry, band_ratio_input);

const WindowKind hjorth_kind{"hjorth",
                             [](const Json&) {
                               return Names{"activity", "mobility", "complexity"};
                             },
                             [](Signal window, double, const Json&) {
                               const Hjorth h = hjorth(window);
                               return Columns{h.activity, h.mobility, h.complexity};
                             },
                             [](std::int64_t length, double, const Json&) {
                               return by_row(3, 3 * length, [](auto x, auto scratch, auto values) {
                                 const HjorthRow row = hjorth_row(x, scratch);
                                 values[0] = row.activity;
                                 values[1] = row.mobility;
                                 values[2] = row.complexity;
                                 return std::isfinite(row.complexity);
                               });
                             }};
const FeatureEntry hjorth_input{.name = "hjorth",
                                .about = "Hjorth's activity [V^2], mobility and complexity",
                                .block = "features",
                                .keys = keys_with({}),
                                .names = hjorth_kind.names,
                                .measure = measure<hjorth_kind>,
                                .stream = stream<hjorth_kind>};
CATON_REGISTER(FeatureEntry, hjorth_input);

const WindowKind moments_kind{"moments",
                              [](const Json&) {
                                return Names{"mean",           "std",    "skewness", "kurtosis", "rms", "peak to peak",
                                             "zero crossings", "median", "mad"};
                              },
                              [](Signal window, double, const Json&) {
                                const Moments m = moments(window);
                                return Columns{m.mean,
                                               m.std,
                                               m.skewness,
                                               m.kurtosis,
                                               m.rms,
                                               m.peak_to_peak,
                                               {m.zero_crossings.begin(), m.zero_crossings.end()},
                                               m.median,
                                               m.mad};
                              },
                              [](std::int64_t length, double, const Json&) {
                                return by_row(9, length, [](auto x, auto scratch, auto values) {
                                  MomentsRow row;
                                  if (!moments_row(x, scratch, row)) return false;
                                  const std::array<double, 9> all{row.mean,
                                                                  row.std,
                                                                  row.skewness,
                                                                  row.kurtosis,
                                                                  row.rms,
                                                                  row.peak_to_peak,
                                                                  static_cast<double>(row.zero_crossings),
                                                                  row.median,
                                                                  row.mad};
                                  std::copy(all.begin(), all.end(), values.begin());
                                  return true;
                                });
                              }};
const FeatureEntry moments_input{.name = "moments",
                                 .about = "mean, spread, skewness, kurtosis, rms, range, zero crossings, median, mad",
                                 .block = "features",
                                 .keys = keys_with({}),
                                 .names = moments_kind.names,
                                 .measure = measure<moments_kind>,
                                 .stream = stream<moments_kind>};
CATON_REGISTER(FeatureEntry, moments_input);

const WindowKind entropies_kind{
    "entropies",
    [](const Json&) {
      return Names{"permutation entropy", "spectral entropy", "svd entropy", "sample entropy", "Lempel-Ziv complexity"};
    },
    [](Signal window, double rate_hz, const Json& options) {
      const Embedding embedding{.order = whole(options, "order"), .delay = whole(options, "delay"), .normalize = true};
      return Columns{permutation_entropy(window, embedding),
                     spectral_entropy(window, {.rate_hz = rate_hz, .normalize = true}), svd_entropy(window, embedding),
                     sample_entropy(window), lempel_ziv(window)};
    },
    [](std::int64_t length, double rate_hz, const Json& options) {
      const Embedding embedding{.order = whole(options, "order"), .delay = whole(options, "delay"), .normalize = true};
      return by_row(5, 0,
                    [permutation = PermutationEntropyRow(length, embedding),
                     spectral = SpectralEntropyRow(length, {.rate_hz = rate_hz, .normalize = true}),
                     singular = SvdEntropyRow(length, embedding), sample = SampleEntropyRow(length, {}),
                     complexity = LempelZivRow(length)](auto x, auto, auto values) mutable {
                      values[0] = permutation.run(x);
                      values[1] = spectral.run(x);
                      values[2] = singular.run(x);
                      values[3] = sample.run(x);
                      values[4] = complexity.run(x);
                      return true;
                    });
    }};
const FeatureEntry entropies_input{
    .name = "entropies",
    .about = "permutation, spectral, svd (0 to 1) and sample entropy [nat], Lempel-Ziv complexity",
    .block = "features",
    .keys = keys_with(
        {{"order", "integer", 3, "values in an embedded vector"}, {"delay", "integer", 1, "samples between them"}}),
    .names = entropies_kind.names,
    .measure = measure<entropies_kind>,
    .stream = stream<entropies_kind>};
CATON_REGISTER(FeatureEntry, entropies_input);

const WindowKind fractal_kind{"fractal",
                              [](const Json&) {
                                return Names{"Higuchi", "Katz", "Petrosian", "DFA exponent"};
                              },
                              [](Signal window, double, const Json& options) {
                                return Columns{higuchi(window, whole(options, "kmax")), katz(window), petrosian(window),
                                               detrended_fluctuation(window)};
                              },
                              [](std::int64_t length, double, const Json& options) {
                                const int kmax = whole(options, "kmax");
                                require_higuchi(length, kmax);
                                return by_row(
                                    4, std::max<std::int64_t>(length, 2 * std::int64_t{kmax}),
                                    [kmax, dfa = FluctuationRow(length)](auto x, auto scratch, auto values) mutable {
                                      values[0] = higuchi_row(x, kmax, scratch);
                                      values[1] = katz_row(x, scratch);
                                      values[2] = petrosian_row(x, scratch);
                                      values[3] = dfa.run(x);
                                      return true;
                                    });
                              }};
const FeatureEntry fractal_input{.name = "fractal",
                                 .about = "fractal dimensions (Higuchi, Katz, Petrosian) and the exponent of DFA",
                                 .block = "features",
                                 .keys = keys_with({{"kmax", "integer", 10, "largest step of Higuchi's curve"}}),
                                 .names = fractal_kind.names,
                                 .measure = measure<fractal_kind>,
                                 .stream = stream<fractal_kind>};
CATON_REGISTER(FeatureEntry, fractal_input);

const WindowKind line_length_kind{"line-length", [](const Json&) { return one_name("line length"); },
                                  [](Signal window, double, const Json&) { return Columns{line_length(window)}; },
                                  [](std::int64_t length, double, const Json&) {
                                    return by_row(1, length, [](auto x, auto scratch, auto values) {
                                      values[0] = line_length_row(x, scratch);
                                      return true;
                                    });
                                  }};
const FeatureEntry line_length_input{.name = "line-length",
                                     .aliases = {"line_length"},
                                     .about = "sum of absolute steps from sample to sample [V]",
                                     .block = "features",
                                     .keys = keys_with({}),
                                     .names = line_length_kind.names,
                                     .measure = measure<line_length_kind>,
                                     .stream = stream<line_length_kind>};
CATON_REGISTER(FeatureEntry, line_length_input);

const WindowKind aperiodic_kind{
    "aperiodic",
    [](const Json&) {
      return Names{"offset", "exponent", "alpha gravity"};
    },
    [](Signal window, double rate_hz, const Json& options) {
      const Band range = one_band(options, "range_hz");
      const Spectrum spectrum = spectrum_of(window, rate_hz);
      const auto fit = aperiodic_fit(spectrum.psd, spectrum.freqs_hz, range);
      return Columns{fit.offset, fit.exponent, peak_alpha(spectrum.psd, spectrum.freqs_hz).gravity_hz};
    },
    [](std::int64_t length, double rate_hz, const Json& options) {
      const Band range = one_band(options, "range_hz");
      const auto density = std::make_shared<WelchRow>(length, welch_of(length, rate_hz));
      const BinRange alpha = band_bins("peak_alpha", density->freqs_hz(), AlphaPeakOptions{}.range);
      return by_row(3, static_cast<std::int64_t>(density->freqs_hz().size()),
                    [density, alpha, row = AperiodicRow(density->freqs_hz(), range), length](
                        std::span<const double> x, std::span<double> psd, std::span<double> values) mutable {
                      density->run({x.data(), {length}}, psd);
                      const auto gravity = centre_of_gravity(psd, density->freqs_hz(), alpha);
                      if (!gravity || !row.run(psd)) return false;
                      values[0] = row.offset();
                      values[1] = row.exponent();
                      values[2] = *gravity;
                      return true;
                    });
    }};
const FeatureEntry aperiodic_input{
    .name = "aperiodic",
    .about = "offset and exponent of the 1/f part, and the centre of gravity of alpha [Hz]",
    .block = "features",
    .keys = keys_with({{"range_hz", "list", Json(Json::List{2, 40}), "[low, high] of the fit"}}),
    .names = aperiodic_kind.names,
    .measure = measure<aperiodic_kind>,
    .stream = stream<aperiodic_kind>};
CATON_REGISTER(FeatureEntry, aperiodic_input);

int ar_order(const Json& options) {
  const int order = whole(options, "order");
  if (order < 1 || order > 512) throw usage_error("order", "must be from 1 to 512");
  return order;
}

const WindowKind ar_kind{"autoregression",
                         [](const Json& options) {
                           Names names;
                           for (int k = 1, order = ar_order(options); k <= order; ++k)
                             names.push_back("a" + std::to_string(k));
                           return names;
                         },
                         [](Signal window, double, const Json& options) {
                           const auto model = ar_burg(window, whole(options, "order"));
                           Columns columns(static_cast<std::size_t>(model.coefficients.extent(1)));
                           for (std::int64_t c = 0; c < window.extent(0); ++c) {
                             for (std::size_t k = 0; k < columns.size(); ++k)
                               columns[k].push_back(model.coefficients(c, static_cast<std::int64_t>(k)));
                           }
                           return columns;
                         },
                         [](std::int64_t length, double, const Json& options) {
                           const int order = ar_order(options);
                           return by_row(order, 0, [row = BurgRow(length, order)](auto x, auto, auto values) mutable {
                             if (!row.run(x)) return false;
                             const auto& a = row.model().coefficients;
                             std::copy(a.begin(), a.end(), values.begin());
                             return true;
                           });
                         }};
const FeatureEntry ar_input{.name = "autoregression",
                            .aliases = {"ar_burg", "ar-burg"},
                            .about = "coefficients of Burg's autoregressive model",
                            .block = "features",
                            .keys = keys_with({{"order", "integer", 6, "of the model"}}),
                            .names = ar_kind.names,
                            .measure = measure<ar_kind>,
                            .stream = stream<ar_kind>};
CATON_REGISTER(FeatureEntry, ar_input);

}  // namespace
}  // namespace caton
