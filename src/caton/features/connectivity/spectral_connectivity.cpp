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
#include "caton/signal/fft.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

struct Tapers {
  Matrix windows;               ///< tapers x samples
  std::vector<double> weights;  ///< of their powers
};

Tapers tapers_for(const std::string& where, std::int64_t samples, const SpectralConnectivity& options) {
  if (options.mode == SpectralMode::fourier) {
    const auto hann = window_function("hann", samples, false, where);
    Tapers one{Matrix({1, samples}), {1}};
    std::copy(hann.begin(), hann.end(), one.windows.begin());
    return one;
  }
  if (options.bandwidth_hz) require_positive(where, "bandwidth_hz", *options.bandwidth_hz);
  const double half_bandwidth =
      options.bandwidth_hz ? *options.bandwidth_hz * static_cast<double>(samples) / (2 * options.rate_hz) : 4;
  if (half_bandwidth < 0.5 || 2 * half_bandwidth >= static_cast<double>(samples)) {
    throw usage_error(where, "bandwidth_hz gives no taper for " + std::to_string(samples) +
                                 " samples: half the bandwidth in bins must be at least 0.5 and below half of them");
  }
  auto dpss_tapers = dpss(samples, half_bandwidth, static_cast<std::int64_t>(2 * half_bandwidth), true, true, where);
  return {std::move(dpss_tapers.tapers), std::move(dpss_tapers.ratios)};
}

std::vector<double> bin_frequencies(std::int64_t samples, double rate_hz) {
  std::vector<double> freqs;
  for (std::int64_t k = 0; k <= samples / 2; ++k)
    freqs.push_back(static_cast<double>(k) * rate_hz / static_cast<double>(samples));
  return freqs;
}

/// The tapered epochs' transforms: two channels ride in one, as its real and its imaginary part, and all pairs of
/// channels go side by side.
class PairedTransforms {
 public:
  PairedTransforms(Signal epoch, std::int64_t first, std::int64_t last)
      : channels_(epoch.extent(0)),
        pairs_((channels_ + 1) / 2),
        samples_(epoch.extent(1)),
        first_(first),
        last_(last),
        plan_(fft_plan(samples_)),
        values_({4, samples_ * pairs_}, uninitialised),
        centred_({samples_, 2 * pairs_}, 0.0) {
    for (std::int64_t c = 0; c < channels_; ++c) {
      double mean = 0;
      for (std::int64_t t = 0; t < samples_; ++t) mean += epoch(c, t);
      mean /= static_cast<double>(samples_);
      for (std::int64_t t = 0; t < samples_; ++t) centred_(t, c / 2 + (c % 2) * pairs_) = epoch(c, t) - mean;
    }
  }

  /// Writes the bins first … last - 1 into row `row` of each.
  void put(View<const double, 1> taper, std::int64_t row, std::vector<BinSpectra>& bins) {
    double* const re = values_[0].data();
    double* const im = values_[1].data();
    for (std::int64_t t = 0; t < samples_; ++t) {
      const double weight = taper[t];
      const double* const from = &centred_(t, 0);
      for (std::int64_t s = 0; s < pairs_; ++s) {
        re[t * pairs_ + s] = from[s] * weight;
        im[t * pairs_ + s] = from[pairs_ + s] * weight;
      }
    }
    const auto z = plan_->run({re, im}, {values_[2].data(), values_[3].data()}, pairs_);
    for (std::int64_t k = first_; k < last_; ++k) {
      BinSpectra& bin = bins[static_cast<std::size_t>(k - first_)];
      untangle(z, k, &bin.re(row, 0), &bin.im(row, 0));
    }
  }

 private:
  /// Z = A + iB of two real signals: A_k = (Z_k + Z*_-k) / 2, B_k = (Z_k - Z*_-k) / 2i.
  void untangle(const Split<double>& z, std::int64_t k, double* re, double* im) const {
    const std::int64_t at = k * pairs_, mirrored = (samples_ - k) % samples_ * pairs_;
    for (std::int64_t s = 0; s < pairs_; ++s) {
      const double real = z.re[at + s], imaginary = z.im[at + s];
      const double other_real = z.re[mirrored + s], other_imaginary = z.im[mirrored + s];
      re[2 * s] = (real + other_real) / 2;
      im[2 * s] = (imaginary - other_imaginary) / 2;
      if (2 * s + 1 == channels_) break;
      re[2 * s + 1] = (imaginary + other_imaginary) / 2;
      im[2 * s + 1] = (other_real - real) / 2;
    }
  }

  std::int64_t channels_, pairs_, samples_, first_, last_;
  std::shared_ptr<const Fft> plan_;
  Matrix values_;   ///< real and imaginary parts, and as much to work in
  Matrix centred_;  ///< samples x (first of each pair, then second)
};

/// The spectra of all epochs at the bins first … last - 1, one entry a bin.
std::vector<BinSpectra> spectra_of(Epochs epochs, const Tapers& tapers, std::int64_t first, std::int64_t last) {
  const std::int64_t count = tapers.windows.extent(0);
  std::vector<BinSpectra> result(static_cast<std::size_t>(last - first),
                                 BinSpectra(epochs.extent(0), count, epochs.extent(1)));
  for (BinSpectra& bin : result) bin.weights = tapers.weights;
  thread_pool().parallel_for(epochs.extent(0), [&](std::int64_t e) {
    PairedTransforms transforms(epochs[e], first, last);
    for (std::int64_t k = 0; k < count; ++k) transforms.put(tapers.windows.view()[k], e * count + k, result);
  });
  return result;
}

/// What all bins of the bands come to, with the first bin.
struct BandSums {
  std::vector<BinSpan> bands;
  std::int64_t first = 0;
  std::vector<CrossSums> bins;

  [[nodiscard]] const CrossSums& at(std::int64_t bin) const { return bins[static_cast<std::size_t>(bin - first)]; }
};

BandSums sums_of(const std::string& where, Epochs epochs, const SpectralConnectivity& options) {
  if (epochs.empty()) throw input_error(where, "the epochs are empty");
  require_positive(where, "rate_hz", options.rate_hz);
  require_bin_bands(where, options.bands, options.rate_hz);
  if (epochs.extent(2) < 2) throw input_error(where, "epochs of 1 sample are too short for a spectrum");
  require_variation(where, epochs);
  BandSums result{band_bins(where, bin_frequencies(epochs.extent(2), options.rate_hz), options.bands), 0, {}};
  result.first = result.bands[0].begin;
  std::int64_t last = 0;
  for (const BinSpan& band : result.bands) {
    result.first = std::min(result.first, band.begin);
    last = std::max(last, band.end);
  }
  const auto spectra = spectra_of(epochs, tapers_for(where, epochs.extent(2), options), result.first, last);
  const bool units = needs_units(options.measures);
  result.bins.assign(spectra.size(), CrossSums(0));
  thread_pool().parallel_for(static_cast<std::int64_t>(spectra.size()), [&](std::int64_t bin) {
    result.bins[static_cast<std::size_t>(bin)] = cross_sums(spectra[static_cast<std::size_t>(bin)], units);
  });
  return result;
}

void require_measures(const std::string& where, std::span<const PhaseMeasure> measures) {
  if (measures.empty()) throw usage_error(where, "measures is empty: none is asked for");
}

}  // namespace

std::vector<Array<Complex, 3>> spectral_connectivity(Epochs epochs, const SpectralConnectivity& options) {
  const std::string where = "spectral_connectivity";
  require_measures(where, options.measures);
  require_repetitions(where, options.measures, epochs.extent(0));
  const BandSums sums = sums_of(where, epochs, options);
  const std::int64_t channels = epochs.extent(1), bands = static_cast<std::int64_t>(sums.bands.size());
  std::vector<Array<Complex, 3>> result;
  for (const PhaseMeasure measure : options.measures) {
    Array<Complex, 3> values({channels, channels, bands});
    for (std::int64_t b = 0; b < bands; ++b) {
      const BinSpan& band = sums.bands[static_cast<std::size_t>(b)];
      for (std::int64_t bin = band.begin; bin < band.end; ++bin) {
        const auto one = evaluate_measure(sums.at(bin), measure);
        for (std::int64_t i = 0; i < channels; ++i) {
          for (std::int64_t j = 0; j < channels; ++j) values(i, j, b) += one(i, j);
        }
      }
      for (std::int64_t i = 0; i < channels; ++i) {
        for (std::int64_t j = 0; j < channels; ++j) values(i, j, b) /= static_cast<double>(band.end - band.begin);
      }
    }
    result.push_back(std::move(values));
  }
  return result;
}

Array<double, 3> phase_slope_index(Epochs epochs, double rate_hz, std::span<const Band> bands) {
  const std::string where = "phase_slope_index";
  const BandSums sums = sums_of(where, epochs, {.rate_hz = rate_hz, .bands = {bands.begin(), bands.end()}});
  const std::int64_t channels = epochs.extent(1);
  Array<double, 3> psi({channels, channels, static_cast<std::int64_t>(bands.size())});
  for (std::size_t b = 0; b < bands.size(); ++b) {
    const BinSpan& band = sums.bands[b];
    if (band.end - band.begin < 2) throw usage_error(where, "a slope needs two bins in a band: it has 1");
    auto here = evaluate_measure(sums.at(band.begin), PhaseMeasure::coherency);
    for (std::int64_t bin = band.begin + 1; bin < band.end; ++bin) {
      auto next = evaluate_measure(sums.at(bin), PhaseMeasure::coherency);
      for (std::int64_t i = 0; i < channels; ++i) {
        for (std::int64_t j = 0; j < channels; ++j)
          psi(i, j, static_cast<std::int64_t>(b)) += (std::conj(here(i, j)) * next(i, j)).imag();
      }
      here = std::move(next);
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
