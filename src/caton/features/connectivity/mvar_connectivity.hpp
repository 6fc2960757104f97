// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// What a model says about who drives whom, at each frequency (SCoT's names in lower case).
enum class ModelMeasure {
  dtf,                ///< directed transfer function
  ffdtf,              ///< full-frequency DTF
  ddtf,               ///< direct DTF: |partial coherence| times ffDTF
  gdtf,               ///< DTF weighted by noise variances
  pdc,                ///< partial directed coherence
  ffpdc,              ///< full-frequency PDC
  gpdc,               ///< generalised PDC
  pdcf,               ///< PDC factor
  coherence,          ///< complex
  partial_coherence,  ///< complex
  spectrum            ///< cross-spectral density, complex
};
/// Refuses other names (word `unknown`) with near ones.
[[nodiscard]] ModelMeasure model_measure_named(std::string_view name);
[[nodiscard]] bool is_complex(ModelMeasure measure) noexcept;

/// Measures of a model on the grid m rate / (2 bins - 1), m < bins: C x C x bins each, [to, from], in the order asked
/// for; directed measures as reals in the real part. Refuses fewer than 1 bin (word `bins`), models without a transfer
/// function (`unstable`) and noise that is not positive definite (`rank`).
[[nodiscard]] std::vector<Array<Complex, 3>> mvar_connectivity(Coefficients a, Signal noise,
                                                               std::span<const ModelMeasure> measures,
                                                               std::int64_t bins = 512);

/// Mean over the bins low <= f <= high of each pair: C x C x bands. Refuses bands without a bin (word `band`).
[[nodiscard]] Array<double, 3> band_average(View<const double, 3> m, const std::vector<double>& freqs_hz,
                                            std::span<const Band> bands);

/// Bins of each band; refuses bands without one, and none at all (word `band`).
struct BinSpan {
  std::int64_t begin = 0, end = 0;
};
[[nodiscard]] std::vector<BinSpan> band_bins(const std::string& where, const std::vector<double>& freqs_hz,
                                             std::span<const Band> bands);
/// Refuses (word `bins`) counts below 1 or beyond what memory should hold.
void require_bins(const std::string& where, std::int64_t bins);

}  // namespace caton
