// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/spectral_connectivity.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/measure_tensor.hpp"
#include "caton/features/connectivity/mvar_connectivity.hpp"
#include "caton/signal/bin_bands.hpp"
#include "caton/signal/dpss.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// Windows, one a row, each scaled by the root of the weight of its power.
Matrix tapers_for(const std::string& where, std::int64_t samples, const SpectralConnectivity& options) {
  if (options.mode == SpectralMode::fourier) {
    const auto hann = window_function("hann", samples, false, where);
    Matrix one({1, samples}, uninitialised);
    std::copy(hann.begin(), hann.end(), one.begin());
    return one;
  }
  if (options.bandwidth_hz) require_positive(where, "bandwidth_hz", *options.bandwidth_hz);
  const double half_bandwidth =
      options.bandwidth_hz ? *options.bandwidth_hz * static_cast<double>(samples) / (2 * options.rate_hz) : 4;
  if (half_bandwidth < 0.5 || 2 * half_bandwidth >= static_cast<double>(samples)) {
    throw usage_error(where, "bandwidth_hz gives no taper for " + std::to_string(samples) +
                                 " samples: half the bandwidth in bins must be at least 0.5 and below half of them");
  }
  auto result = dpss(samples, half_bandwidth, static_cast<std::int64_t>(2 * half_bandwidth), true, true, where);
  for (std::int64_t k = 0; k < result.tapers.extent(0); ++k) {
    const double scale = std::sqrt(result.ratios[static_cast<std::size_t>(k)]);
    for (std::int64_t t = 0; t < samples; ++t) result.tapers(k, t) *= scale;
  }
  return std::move(result.tapers);
}

std::vector<double> bin_frequencies(std::int64_t samples, double rate_hz) {
  std::vector<double> freqs;
  for (std::int64_t k = 0; k <= samples / 2; ++k)
    freqs.push_back(static_cast<double>(k) * rate_hz / static_cast<double>(samples));
  return freqs;
}

/// The spectra at the bins of all bands, and where the bands lie among them.
struct BandSpectra {
  std::vector<BinSpan> bands;
  TaperedSpectra spectra;
};

BandSpectra spectra_of(const std::string& where, Epochs epochs, const SpectralConnectivity& options) {
  if (epochs.empty()) throw input_error(where, "the epochs are empty");
  require_positive(where, "rate_hz", options.rate_hz);
  require_bin_bands(where, options.bands, options.rate_hz);
  if (epochs.extent(2) < 2) throw input_error(where, "epochs of 1 sample are too short for a spectrum");
  require_variation(where, epochs);
  auto bands = band_bins(where, bin_frequencies(epochs.extent(2), options.rate_hz), options.bands);
  std::int64_t first = bands[0].begin, last = 0;
  for (const BinSpan& band : bands) {
    first = std::min(first, band.begin);
    last = std::max(last, band.end);
  }
  for (BinSpan& band : bands) band = {band.begin - first, band.end - first};
  return {std::move(bands), tapered_spectra(epochs, tapers_for(where, epochs.extent(2), options), first, last)};
}

/// The mean over the bins of a band, pair by pair, in order; above the diagonal.
Matrix band_mean(const Array<double, 3>& values, const BinSpan& band) {
  const std::int64_t channels = values.extent(1);
  Matrix mean({channels, channels});
  for (std::int64_t bin = band.begin; bin < band.end; ++bin) {
    for (std::int64_t i = 0; i < channels; ++i) {
      const double* const from = &values(bin, i, 0);
      double* const to = &mean(i, 0);
      for (std::int64_t j = i + 1; j < channels; ++j) to[j] += from[j];
    }
  }
  for (double& value : mean) value /= static_cast<double>(band.end - band.begin);
  return mean;
}

/// C x C x bands.
Array<Complex, 3> band_means(PhaseMeasure measure, const MeasuredBins& measured, const std::vector<BinSpan>& bands) {
  const std::int64_t channels = measured.values.extent(1), count = static_cast<std::int64_t>(bands.size());
  Array<Complex, 3> means({channels, channels, count});
  thread_pool().parallel_for(count, [&](std::int64_t b) {
    const BinSpan& band = bands[static_cast<std::size_t>(b)];
    const Matrix real = band_mean(measured.values, band);
    const Matrix imaginary = measured.imaginary.empty() ? Matrix() : band_mean(measured.imaginary, band);
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t j = i + 1; j < channels; ++j) {
        const double turned = imaginary.empty() ? 0 : imaginary(i, j);
        means(i, j, b) = {real(i, j), turned};
        means(j, i, b) = {mirrored(measure, real(i, j)), imaginary.empty() ? 0 : -turned};
      }
    }
  });
  return means;
}

void require_measures(const std::string& where, std::span<const PhaseMeasure> measures) {
  if (measures.empty()) throw usage_error(where, "measures is empty: none is asked for");
}

}  // namespace

std::vector<Array<Complex, 3>> spectral_connectivity(Epochs epochs, const SpectralConnectivity& options) {
  const std::string where = "spectral_connectivity";
  require_measures(where, options.measures);
  require_repetitions(where, options.measures, epochs.extent(0));
  const auto [bands, spectra] = spectra_of(where, epochs, options);
  std::vector<Array<Complex, 3>> result;
  for (const PhaseMeasure measure : options.measures)
    result.push_back(band_means(measure, measure_bins(spectra, measure), bands));
  return result;
}

Array<double, 3> phase_slope_index(Epochs epochs, double rate_hz, std::span<const Band> bands) {
  const std::string where = "phase_slope_index";
  const auto [spans, spectra] = spectra_of(where, epochs, {.rate_hz = rate_hz, .bands = {bands.begin(), bands.end()}});
  MeasuredBins coherency = measure_bins(spectra, PhaseMeasure::coherency);
  mirror(PhaseMeasure::coherency, coherency);
  const std::int64_t channels = epochs.extent(1);
  Array<double, 3> psi({channels, channels, static_cast<std::int64_t>(bands.size())});
  for (std::size_t b = 0; b < bands.size(); ++b) {
    const BinSpan& band = spans[b];
    if (band.end - band.begin < 2) throw usage_error(where, "a slope needs two bins in a band: it has 1");
    for (std::int64_t bin = band.begin; bin + 1 < band.end; ++bin) {
      for (std::int64_t i = 0; i < channels; ++i) {
        for (std::int64_t j = 0; j < channels; ++j) {
          psi(i, j, static_cast<std::int64_t>(b)) += coherency.values(bin, i, j) * coherency.imaginary(bin + 1, i, j) -
                                                     coherency.imaginary(bin, i, j) * coherency.values(bin + 1, i, j);
        }
      }
    }
  }
  return psi;
}

namespace {

std::vector<PhaseMeasure> measures_of(const Arguments& args) {
  std::vector<PhaseMeasure> measures;
  for (const auto& name : args.value("measures").texts(args.operation() + ": measures"))
    measures.push_back(phase_measure_named(args.operation(), name));
  return measures;
}

Tensors over_epochs(const Arguments& args, const Tensors& in) {
  const auto epochs = cube_port(args, in, "epochs");
  const SpectralConnectivity options{
      .rate_hz = args.number("rate_hz"),
      .measures = measures_of(args),
      .bands = bands_of(pairs_argument(args, "bands_hz")),
      .mode = choice_argument<SpectralMode>(
          args, "mode", {{"fourier", SpectralMode::fourier}, {"multitaper", SpectralMode::multitaper}}),
      .bandwidth_hz = optional_number(args, "bandwidth_hz")};
  const auto values = spectral_connectivity(epochs.view(), options);
  const auto names = args.value("measures").texts();
  Tensors out;
  for (std::size_t m = 0; m < names.size(); ++m)
    out[names[m]] = measure_tensor(values[m], options.measures[m] == PhaseMeasure::coherency);
  return out;
}

const Operation spectral_operation{
    .name = "spectral_connectivity",
    .room = "features/connectivity",
    .about = "Coherence and phase measures over epochs, mean over bands (mne_connectivity)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "measures", .type = "list", .about = phase_measure_names()},
                  {.name = "bands_hz", .type = "list"},
                  {.name = "mode", .type = "text", .standard = "fourier", .about = "fourier, multitaper"},
                  {.name = "bandwidth_hz", .type = "number", .standard = Json{}}},
    .inputs = {{.name = "epochs", .shape = "E C T", .unit = "V"}},
    .outputs = {{.name = "<measure>", .shape = "C C B"}},
    .streaming_form = "sums over epochs as they come",
    .call = over_epochs};
CATON_REGISTER(Operation, spectral_operation);

Tensors slope(const Arguments& args, const Tensors& in) {
  const auto epochs = cube_port(args, in, "epochs");
  return {{"psi", Tensor::of(phase_slope_index(epochs.view(), args.number("rate_hz"),
                                               bands_of(pairs_argument(args, "bands_hz"))))}};
}

const Operation slope_operation{
    .name = "phase_slope_index",
    .room = "features/connectivity",
    .about = "Slope of the phase over frequency: above 0 where i leads j (Nolte 2008)",
    .arguments = {{.name = "rate_hz", .type = "number"}, {.name = "bands_hz", .type = "list"}},
    .inputs = {{.name = "epochs", .shape = "E C T", .unit = "V"}},
    .outputs = {{.name = "psi", .shape = "C C B"}},
    .call = slope};
CATON_REGISTER(Operation, slope_operation);

Tensors over_time(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto values = phase_connectivity(x, measures_of(args), args.integer("trim"));
  const auto names = args.value("measures").texts();
  Tensors out;
  for (std::size_t m = 0; m < names.size(); ++m) out[names[m]] = Tensor::of(values[m]);
  return out;
}

const Operation phase_operation{
    .name = "phase_connectivity",
    .room = "features/connectivity",
    .about = "Phase measures over the samples of a band-passed signal",
    .arguments = {{.name = "measures",
                   .type = "list",
                   .about = "plv, corrected_imaginary_plv, ppc, pli, directed_pli, wpli, wpli_squared_debiased"},
                  {.name = "trim", .type = "integer", .standard = 0, .about = "samples dropped at both ends"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "<measure>", .shape = "C C"}},
    .call = over_time};
CATON_REGISTER(Operation, phase_operation);

}  // namespace

}  // namespace caton
