// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/spectral_connectivity.hpp"
#include "caton/signal/hilbert.hpp"

namespace caton {

std::vector<Matrix> phase_connectivity(Signal x, std::span<const PhaseMeasure> measures, std::int64_t trim) {
  const std::string where = "phase_connectivity";
  if (measures.empty()) throw usage_error(where, "measures is empty: none is asked for");
  for (const PhaseMeasure measure : measures) {
    if (is_coherence(measure))
      throw usage_error(where, "coherence is unknown here: over time only measures of phase are defined");
  }
  require_signal(where, x);
  if (trim < 0) throw usage_error(where, "trim must not be negative, got " + std::to_string(trim));
  if (trim >= (x.extent(1) + 1) / 2) {
    throw input_error(where, "the signal is too short: " + std::to_string(x.extent(1)) + " samples, a trim of " +
                                 std::to_string(trim) + " at both ends leaves none");
  }
  require_variation(where, one_epoch(x));
  const auto analytic = analytic_signal(x, {}, where);
  const std::int64_t samples = x.extent(1) - 2 * trim;
  require_repetitions(where, measures, samples);
  TaperedSpectra spectra(1, samples, 1, x.extent(0));
  for (std::int64_t t = 0; t < samples; ++t) {
    for (std::int64_t c = 0; c < x.extent(0); ++c) {
      spectra.re(0, t, c) = analytic(c, trim + t).real();
      spectra.im(0, t, c) = analytic(c, trim + t).imag();
    }
  }
  std::vector<Matrix> result;
  for (const PhaseMeasure measure : measures) {
    MeasuredBins bins = measure_bins(spectra, measure);
    mirror(measure, bins);
    result.emplace_back(bins.values.view()[0]);
  }
  return result;
}

}  // namespace caton
