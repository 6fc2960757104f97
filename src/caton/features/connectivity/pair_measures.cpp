// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/pair_measures.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/connectivity/association.hpp"
#include "caton/features/connectivity/envelope_correlation.hpp"
#include "caton/features/connectivity/granger.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/mvar_connectivity.hpp"
#include "caton/features/connectivity/spectral_connectivity.hpp"
#include "caton/features/connectivity/window_model.hpp"
#include "caton/signal/fir.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace caton {
namespace {

constexpr std::int64_t most_order = 12;

using Cube = Array<double, 3>;

Cube empty_cube(const PairOptions& options, std::int64_t channels) {
  return Cube({static_cast<std::int64_t>(options.bands.size()), channels, channels});
}

/// C x C x bands of X_i conj(X_j) as bands x to x from; where i leads j the value belongs to [to = j, from = i].
template <class Value>
void turn(Cube& cube, bool transposed, const Value& value) {
  for (std::int64_t b = 0; b < cube.extent(0); ++b) {
    for (std::int64_t to = 0; to < cube.extent(1); ++to) {
      for (std::int64_t from = 0; from < cube.extent(2); ++from) {
        if (to != from) cube(b, to, from) = transposed ? value(from, to, b) : value(to, from, b);
      }
    }
  }
}

SpectralConnectivity phase_options(const PairMeasure& self, const PairOptions& options) {
  return {.rate_hz = options.rate_hz, .measures = {phase_measure_named(self.name, self.name)}, .bands = options.bands};
}

void take_phases(const PairMeasure& self, const Array<Complex, 3>& values, Cube& cube) {
  // The imaginary part changes its sign with the order of a pair: its size is mutual.
  const bool size = self.kind == PairKind::mutual && self.low == 0;
  turn(cube, self.kind == PairKind::leading, [&](std::int64_t i, std::int64_t j, std::int64_t b) {
    const double value = values(i, j, b).real();
    return size ? std::abs(value) : value;
  });
}

Cube of_phases(const PairMeasure& self, Epochs x, const PairOptions& options) {
  Cube cube = empty_cube(options, x.extent(1));
  take_phases(self, spectral_connectivity(x, phase_options(self, options)).front(), cube);
  return cube;
}

class RepeatedPhases final : public RepeatedPairs {
 public:
  RepeatedPhases(const PairMeasure& self, const Epochs::Extents& extents, const PairOptions& options)
      : self_(self), connectivity_(extents, phase_options(self, options)), cube_(empty_cube(options, extents[1])) {}

  const Cube& run(Epochs x) override {
    take_phases(self_, connectivity_.run(x), cube_);
    return cube_;
  }

 private:
  const PairMeasure& self_;
  RepeatedConnectivity connectivity_;
  Cube cube_;
};

std::unique_ptr<RepeatedPairs> repeated_phases(const PairMeasure& self, const Epochs::Extents& extents,
                                               const PairOptions& options) {
  return std::make_unique<RepeatedPhases>(self, extents, options);
}

void take_slopes(const Array<double, 3>& values, Cube& cube) {
  turn(cube, true, [&](std::int64_t i, std::int64_t j, std::int64_t b) { return values(i, j, b); });
}

Cube of_slope(const PairMeasure& /*self*/, Epochs x, const PairOptions& options) {
  const auto values = phase_slope_index(x, options.rate_hz, options.bands);
  Cube cube = empty_cube(options, x.extent(1));
  take_slopes(values, cube);
  return cube;
}

class RepeatedSlopes final : public RepeatedPairs {
 public:
  RepeatedSlopes(const Epochs::Extents& extents, const PairOptions& options)
      : slope_(extents, options.rate_hz, options.bands), cube_(empty_cube(options, extents[1])) {}

  const Cube& run(Epochs x) override {
    take_slopes(slope_.run(x), cube_);
    return cube_;
  }

 private:
  RepeatedSlope slope_;
  Cube cube_;
};

std::unique_ptr<RepeatedPairs> repeated_slopes(const PairMeasure& /*self*/, const Epochs::Extents& extents,
                                               const PairOptions& options) {
  return std::make_unique<RepeatedSlopes>(extents, options);
}

FirDesign band_design(const PairOptions& options, std::size_t band) {
  return {.rate_hz = options.rate_hz, .low_hz = options.bands[band].low_hz, .high_hz = options.bands[band].high_hz};
}

/// Adds what one epoch says of a band to the mean over epochs.
void add_epoch(Signal values, std::int64_t epochs, std::size_t band, Cube& cube) {
  for (std::int64_t i = 0; i < values.extent(0); ++i) {
    for (std::int64_t j = 0; j < values.extent(1); ++j) {
      if (i != j) cube(static_cast<std::int64_t>(band), i, j) += values(i, j) / static_cast<double>(epochs);
    }
  }
}

/// Mean over epochs of a matrix that `one` makes of the epochs' band-passed signals.
template <class One>
Cube of_bands(Epochs x, const PairOptions& options, const One& one) {
  Cube cube = empty_cube(options, x.extent(1));
  for (std::size_t b = 0; b < options.bands.size(); ++b) {
    for (std::int64_t e = 0; e < x.extent(0); ++e)
      add_epoch(one(fir_filter(x[e], band_design(options, b))), x.extent(0), b, cube);
  }
  return cube;
}

/// The same by the forms of filter and measure for windows again and again: `One` has `run`.
template <class One>
class RepeatedBands final : public RepeatedPairs {
 public:
  RepeatedBands(const Epochs::Extents& extents, const PairOptions& options, One one)
      : one_(std::move(one)), cube_(empty_cube(options, extents[1])) {
    for (std::size_t b = 0; b < options.bands.size(); ++b)
      filters_.emplace_back(band_design(options, b), extents[1], extents[2]);
  }

  const Cube& run(Epochs x) override {
    cube_.fill(0);
    for (std::size_t b = 0; b < filters_.size(); ++b) {
      for (std::int64_t e = 0; e < x.extent(0); ++e) add_epoch(one_.run(filters_[b].run(x[e])), x.extent(0), b, cube_);
    }
    return cube_;
  }

 private:
  One one_;
  std::vector<RepeatedFir> filters_;
  Cube cube_;
};

template <class One, class... Options>
std::unique_ptr<RepeatedPairs> repeated_bands(const Epochs::Extents& extents, const PairOptions& options,
                                              const Options&... of_one) {
  return std::make_unique<RepeatedBands<One>>(extents, options, One(extents[1], extents[2], of_one...));
}

Cube of_envelopes(const PairMeasure& /*self*/, Epochs x, const PairOptions& options) {
  return of_bands(x, options, [](const Matrix& passed) {
    const auto values = envelope_correlation(one_epoch(passed), {});
    return Matrix(values.view()[0]);
  });
}

std::unique_ptr<RepeatedPairs> repeated_envelopes(const PairMeasure& /*self*/, const Epochs::Extents& extents,
                                                  const PairOptions& options) {
  return repeated_bands<RepeatedEnvelopes>(extents, options, EnvelopeCorrelation{});
}

Cube of_correlation(const PairMeasure& /*self*/, Epochs x, const PairOptions& options) {
  return of_bands(x, options, [](const Matrix& passed) { return correlation(passed); });
}

std::unique_ptr<RepeatedPairs> repeated_correlation(const PairMeasure& /*self*/, const Epochs::Extents& extents,
                                                    const PairOptions& options) {
  return repeated_bands<RepeatedCorrelation>(extents, options);
}

Cube of_information(const PairMeasure& /*self*/, Epochs x, const PairOptions& options) {
  return of_bands(x, options, [](const Matrix& passed) { return mutual_information(passed, {}); });
}

std::unique_ptr<RepeatedPairs> repeated_information(const PairMeasure& /*self*/, const Epochs::Extents& extents,
                                                    const PairOptions& options) {
  return repeated_bands<RepeatedInformation>(extents, options, MutualInformation{}.bins);
}

std::int64_t order_of(Epochs x, const PairOptions& options) {
  if (options.order) return *options.order;
  const std::int64_t most = (x.extent(0) * x.extent(2) - 1) / (x.extent(1) + x.extent(0)) - 1;
  return mvar_order(x, std::clamp<std::int64_t>(most, 1, most_order)).best_bic;
}

/// The model of one epoch as it is.
WindowModel epoch_model(const PairMeasure& measure, Epochs x, std::int64_t epoch, std::int64_t order, double ridge) {
  require_samples(measure.name, x.slice(0, epoch, 1), order);
  return window_model(measure.name, TimeMajor(x[epoch]), {0, x.extent(2), order, false, ridge});
}

/// Mean over the epochs' models of what a model says in each band.
Cube of_models(const PairMeasure& self, Epochs x, const PairOptions& options) {
  const ModelMeasure measure = model_measure_named(self.name);
  const std::int64_t order = order_of(x, options);
  std::vector<double> freqs_hz;
  for (std::int64_t k = 0; k < options.bins; ++k)
    freqs_hz.push_back(static_cast<double>(k) * options.rate_hz / static_cast<double>(2 * options.bins - 1));
  Cube cube = empty_cube(options, x.extent(1));
  std::int64_t stable = 0;
  for (std::int64_t e = 0; e < x.extent(0); ++e) {
    const WindowModel window = epoch_model(self, x, e, order, options.ridge);
    if (!is_stable(window)) continue;
    ++stable;
    const auto values =
        mvar_connectivity(window.model.a, window.model.noise, std::vector{measure}, options.bins).front();
    Array<double, 3> sizes(values.extents(), uninitialised);
    for (std::int64_t i = 0; i < values.size(); ++i) sizes.data()[i] = std::abs(values.data()[i]);
    const auto mean = band_average(sizes, freqs_hz, options.bands);
    for (std::int64_t b = 0; b < cube.extent(0); ++b) {
      for (std::int64_t to = 0; to < x.extent(1); ++to) {
        for (std::int64_t from = 0; from < x.extent(1); ++from) {
          if (to != from) cube(b, to, from) += mean(to, from, b);
        }
      }
    }
  }
  if (stable == 0)
    throw input_error(self.name, "every model is unstable", "give longer windows, a lower order or fewer channels");
  for (double& value : cube) value /= static_cast<double>(stable);
  return cube;
}

Cube of_prediction(const PairMeasure& /*self*/, Epochs x, const PairOptions& options) {
  const Granger values = granger(x, order_of(x, options));
  Cube cube = empty_cube(options, x.extent(1));
  turn(cube, false, [&](std::int64_t to, std::int64_t from, std::int64_t) { return values.gc(to, from); });
  return cube;
}

PairMeasure phase(const char* name, const char* about) {
  return {
      .name = name, .about = about, .high = 1, .repetitions = true, .measure = of_phases, .repeated = repeated_phases};
}

PairMeasure model(const char* name, const char* about, std::optional<double> high) {
  return {.name = name, .about = about, .kind = PairKind::directed, .high = high, .model = true, .measure = of_models};
}

const std::vector<PairMeasure>& all_measures() {
  static const std::vector<PairMeasure> measures = [] {
    std::vector<PairMeasure> list{
        phase("coherence", "size of the coherency"),
        phase("imaginary_coherence", "size of the coherency's imaginary part: blind to what arrives at once"),
        phase("plv", "phase locking value"),
        phase("corrected_imaginary_plv", "phase locking value without what arrives at once"),
        phase("ppc", "pairwise phase consistency: phase locking without the bias of few epochs"),
        phase("pli", "phase lag index"),
        phase("pli_squared_unbiased", "square of the phase lag index without the bias of few epochs"),
        phase("wpli", "weighted phase lag index"),
        phase("wpli_squared_debiased", "square of the weighted phase lag index without the bias of few epochs"),
        phase("directed_pli", "directed phase lag index: above 0.5 where one leads the other"),
        {.name = "phase_slope_index",
         .about = "phase slope index: above 0 where one leads the other",
         .kind = PairKind::leading,
         .low = -INFINITY,
         .repetitions = true,
         .measure = of_slope,
         .repeated = repeated_slopes},
        {.name = "envelope_correlation",
         .about = "correlation of the envelopes, pairwise orthogonalised",
         .high = 1,
         .measure = of_envelopes,
         .repeated = repeated_envelopes},
        {.name = "correlation",
         .about = "correlation of the signals in a band",
         .low = -1,
         .high = 1,
         .measure = of_correlation,
         .repeated = repeated_correlation},
        {.name = "mutual_information",
         .about = "mutual information of the signals in a band",
         .unit = "nat",
         .measure = of_information,
         .repeated = repeated_information},
        model("dtf", "directed transfer function", 1),
        model("ffdtf", "full-frequency directed transfer function", std::nullopt),
        model("ddtf", "direct directed transfer function", std::nullopt),
        model("gdtf", "generalised directed transfer function", 1),
        model("pdc", "partial directed coherence", 1),
        model("ffpdc", "full-frequency partial directed coherence", std::nullopt),
        model("gpdc", "generalised partial directed coherence", 1),
        model("pdcf", "partial directed coherence factor", std::nullopt),
        model("partial_coherence", "coherence that no third channel explains", 1),
        {.name = "granger",
         .about = "Granger causality given all other channels, over all frequencies",
         .unit = "nat",
         .kind = PairKind::directed,
         .model = true,
         .banded = false,
         .measure = of_prediction},
    };
    for (PairMeasure& measure : list) {
      if (measure.name == "directed_pli") measure.kind = PairKind::leading;
      if (measure.name == "partial_coherence") measure.kind = PairKind::mutual;
      // Estimates without bias lie around 0 where there is nothing.
      if (measure.name == "ppc" || measure.name.find("squared") != std::string::npos) measure.low = -1;
    }
    return list;
  }();
  return measures;
}

/// Registers every measure of the list when the library loads.
struct Listed {
  Listed() {
    for (const PairMeasure& measure : all_measures()) Registry<PairMeasure>::instance().add(measure);
  }
};
const Listed listed;

}  // namespace

const PairMeasure& pair_measure_named(const std::string& where, std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  if (const PairMeasure* const found = Registry<PairMeasure>::instance().find(text)) return *found;
  const auto known = Registry<PairMeasure>::instance().names();
  const std::string near = suggestion(text, known);
  throw usage_error(where, "unknown measure \"" + printable(std::string(name)) + "\"",
                    near.empty() ? "choose one of " + join(known, ", ") : near);
}

Array<double, 3> measure_pairs(const PairMeasure& measure, Epochs x, const PairOptions& options) {
  if (x.extent(1) < 2)
    throw input_error(measure.name, "a single channel has no partner: two channels are needed at least");
  if (options.bands.empty()) throw usage_error(measure.name, "no band is given");
  return measure.measure(measure, x, options);
}

bool pairs_stable(const PairMeasure& measure, Epochs x, const PairOptions& options) {
  if (!measure.model) return true;
  const std::int64_t order = order_of(x, options);
  for (std::int64_t e = 0; e < x.extent(0); ++e) {
    if (!is_stable(epoch_model(measure, x, e, order, options.ridge))) return false;
  }
  return true;
}

Array<double, 3> pair_epochs(const PairMeasure& measure, Signal x, std::int64_t length) {
  const std::int64_t count = length < 1 ? 0 : x.extent(1) / length;
  if (count < 1) {
    throw input_error(measure.name, "the signal is too short: " + std::to_string(x.extent(1)) +
                                        " samples, an epoch has " + std::to_string(length));
  }
  Array<double, 3> epochs({count, x.extent(0), length}, uninitialised);
  pair_epochs(measure, x, epochs);
  return epochs;
}

void pair_epochs(const PairMeasure& measure, Signal x, View<double, 3> epochs) {
  const std::int64_t count = epochs.extent(0), length = epochs.extent(2);
  for (std::int64_t e = 0; e < count; ++e) {
    for (std::int64_t c = 0; c < x.extent(0); ++c) {
      double mean = 0, square = 0;
      for (std::int64_t t = 0; t < length; ++t) mean += x(c, e * length + t) / static_cast<double>(length);
      for (std::int64_t t = 0; t < length; ++t) {
        const double away = x(c, e * length + t) - mean;
        epochs(e, c, t) = away;
        square += away * away / static_cast<double>(length);
      }
      if (!measure.model) continue;
      if (!(square > 0)) throw input_error(measure.name, "channel " + std::to_string(c) + " is flat in an epoch");
      for (std::int64_t t = 0; t < length; ++t) epochs(e, c, t) /= std::sqrt(square);
    }
  }
}

}  // namespace caton
