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
#include <functional>
#include <utility>

namespace caton {

namespace {

constexpr const char *connectivity_name = "spectral_connectivity", *slope_name = "phase_slope_index";

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

/// Where the bands lie among the bins first … last - 1, and the windows.
struct BandPlan {
  std::vector<BinSpan> bands;
  std::int64_t first = 0, last = 0;
  Matrix tapers;
};

BandPlan band_plan(const std::string& where, const Epochs::Extents& extents, const SpectralConnectivity& options) {
  if (std::count(extents.begin(), extents.end(), 0) > 0) throw input_error(where, "the epochs are empty");
  require_positive(where, "rate_hz", options.rate_hz);
  require_bin_bands(where, options.bands, options.rate_hz);
  if (extents[2] < 2) throw input_error(where, "epochs of 1 sample are too short for a spectrum");
  BandPlan plan{.bands = band_bins(where, bin_frequencies(extents[2], options.rate_hz), options.bands)};
  plan.first = plan.bands[0].begin;
  for (const BinSpan& band : plan.bands) {
    plan.first = std::min(plan.first, band.begin);
    plan.last = std::max(plan.last, band.end);
  }
  for (BinSpan& band : plan.bands) band = {band.begin - plan.first, band.end - plan.first};
  plan.tapers = tapers_for(where, extents[2], options);
  return plan;
}

/// The spectra at the bins of all bands, and where the bands lie among them.
struct BandSpectra {
  std::vector<BinSpan> bands;
  TaperedSpectra spectra;
};

BandSpectra spectra_of(const std::string& where, Epochs epochs, const SpectralConnectivity& options) {
  BandPlan plan = band_plan(where, epochs.extents(), options);
  require_variation(where, epochs);
  return {std::move(plan.bands), tapered_spectra(epochs, plan.tapers, plan.first, plan.last)};
}

/// C x C x bands, and the sums over the bins of each band.
struct BandMeans {
  BandMeans(std::int64_t channels, std::int64_t bands)
      : means({channels, channels, bands}, uninitialised), sums({bands, channels * channels}, uninitialised) {}

  Array<Complex, 3> means;
  Matrix sums;
};

/// Adds up the bins of a band pair by pair, in order.
void band_sum(const Array<double, 3>& values, const BinSpan& band, std::span<double> sum) {
  std::fill(sum.begin(), sum.end(), 0.0);
  for (std::int64_t bin = band.begin; bin < band.end; ++bin) {
    const double* const from = values.data() + bin * static_cast<std::int64_t>(sum.size());
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += from[k];
  }
}

void take_band_means(const MeasuredBins& measured, const std::vector<BinSpan>& bands, BandMeans& out) {
  const auto count = static_cast<std::int64_t>(bands.size());
  const auto one = [&](std::int64_t b) {
    const BinSpan& band = bands[static_cast<std::size_t>(b)];
    const auto bins = static_cast<double>(band.end - band.begin);
    const std::span<double> sum(out.sums[b].data(), static_cast<std::size_t>(out.sums.extent(1)));
    band_sum(measured.values, band, sum);
    for (std::size_t k = 0; k < sum.size(); ++k)
      out.means.data()[static_cast<std::int64_t>(k) * count + b] = sum[k] / bins;
    if (measured.imaginary.empty()) return;
    band_sum(measured.imaginary, band, sum);
    for (std::size_t k = 0; k < sum.size(); ++k)
      out.means.data()[static_cast<std::int64_t>(k) * count + b].imag(sum[k] / bins);
  };
  thread_pool().parallel_for(count, std::cref(one));
}

Array<Complex, 3> band_means(const MeasuredBins& measured, const std::vector<BinSpan>& bands) {
  BandMeans result(measured.values.extent(1), static_cast<std::int64_t>(bands.size()));
  take_band_means(measured, bands, result);
  return std::move(result.means);
}

void require_measures(const std::string& where, std::span<const PhaseMeasure> measures) {
  if (measures.empty()) throw usage_error(where, "measures is empty: none is asked for");
}

}  // namespace

std::vector<Array<Complex, 3>> spectral_connectivity(Epochs epochs, const SpectralConnectivity& options) {
  require_measures(connectivity_name, options.measures);
  require_repetitions(connectivity_name, options.measures, epochs.extent(0));
  const auto [bands, spectra] = spectra_of(connectivity_name, epochs, options);
  std::vector<Array<Complex, 3>> result;
  for (const PhaseMeasure measure : options.measures)
    result.push_back(band_means(measure_bins(spectra, measure), bands));
  return result;
}

namespace {

/// A measure's bins of one set of epochs after the other, in memory that is used again.
class RepeatedBins {
 public:
  RepeatedBins(const char* where, const Epochs::Extents& extents, BandPlan plan, PhaseMeasure measure)
      : where_(where),
        measure_(measure),
        bands_(std::move(plan.bands)),
        spectra_(extents, std::move(plan.tapers), plan.first, plan.last) {}

  const MeasuredBins& run(Epochs epochs) {
    require_variation(where_, epochs);
    const TaperedSpectra& spectra = spectra_.run(epochs);
    if (bins_.values.empty())
      bins_ = measure_bins(spectra, measure_);
    else
      measure_bins(spectra, measure_, bins_);
    return bins_;
  }
  [[nodiscard]] const std::vector<BinSpan>& bands() const { return bands_; }

 private:
  std::string where_;
  PhaseMeasure measure_;
  std::vector<BinSpan> bands_;
  RepeatedSpectra spectra_;
  MeasuredBins bins_;
};

}  // namespace

struct RepeatedConnectivity::State {
  State(const Epochs::Extents& extents, const SpectralConnectivity& options)
      : bins(connectivity_name, extents, band_plan(connectivity_name, extents, options), options.measures.front()),
        means(extents[1], static_cast<std::int64_t>(options.bands.size())) {}

  RepeatedBins bins;
  BandMeans means;
};

RepeatedConnectivity::RepeatedConnectivity(const Epochs::Extents& extents, const SpectralConnectivity& options) {
  require_measures(connectivity_name, options.measures);
  require_repetitions(connectivity_name, options.measures, extents[0]);
  state_ = std::make_unique<State>(extents, options);
}
RepeatedConnectivity::~RepeatedConnectivity() = default;

const Array<Complex, 3>& RepeatedConnectivity::run(Epochs epochs) {
  take_band_means(state_->bins.run(epochs), state_->bins.bands(), state_->means);
  return state_->means.means;
}

namespace {

void require_slopes(const std::vector<BinSpan>& spans) {
  for (const BinSpan& band : spans) {
    if (band.end - band.begin < 2) throw usage_error(slope_name, "a slope needs two bins in a band: it has 1");
  }
}

void take_slopes(const MeasuredBins& coherency, const std::vector<BinSpan>& spans, Array<double, 3>& psi) {
  psi.fill(0);
  for (std::size_t b = 0; b < spans.size(); ++b) {
    for (std::int64_t bin = spans[b].begin; bin + 1 < spans[b].end; ++bin) {
      for (std::int64_t i = 0; i < psi.extent(0); ++i) {
        for (std::int64_t j = 0; j < psi.extent(1); ++j) {
          psi(i, j, static_cast<std::int64_t>(b)) += coherency.values(bin, i, j) * coherency.imaginary(bin + 1, i, j) -
                                                     coherency.imaginary(bin, i, j) * coherency.values(bin + 1, i, j);
        }
      }
    }
  }
}

SpectralConnectivity slope_options(double rate_hz, std::span<const Band> bands) {
  return {.rate_hz = rate_hz, .bands = {bands.begin(), bands.end()}};
}

Array<double, 3> no_slopes(std::int64_t channels, std::size_t bands) {
  return Array<double, 3>({channels, channels, static_cast<std::int64_t>(bands)});
}

}  // namespace

struct RepeatedSlope::State {
  RepeatedBins bins;
  Array<double, 3> psi;
};

RepeatedSlope::RepeatedSlope(const Epochs::Extents& extents, double rate_hz, std::span<const Band> bands)
    : state_(new State{
          {slope_name, extents, band_plan(slope_name, extents, slope_options(rate_hz, bands)), PhaseMeasure::coherency},
          no_slopes(extents[1], bands.size())}) {
  require_slopes(state_->bins.bands());
}
RepeatedSlope::~RepeatedSlope() = default;

const Array<double, 3>& RepeatedSlope::run(Epochs epochs) {
  take_slopes(state_->bins.run(epochs), state_->bins.bands(), state_->psi);
  return state_->psi;
}

Array<double, 3> phase_slope_index(Epochs epochs, double rate_hz, std::span<const Band> bands) {
  const auto [spans, spectra] = spectra_of(slope_name, epochs, slope_options(rate_hz, bands));
  require_slopes(spans);
  Array<double, 3> psi = no_slopes(epochs.extent(1), bands.size());
  take_slopes(measure_bins(spectra, PhaseMeasure::coherency), spans, psi);
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
