// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// One call of each operation of this room that works: where the bad-input matrix starts.
#include "operation_examples.hpp"
#include "signal_test.hpp"

namespace caton {

namespace {

using testing::OperationExample;

Tensor epochs(std::int64_t count, std::int64_t channels, std::int64_t samples) {
  return Tensor::of(testing::noise(count * channels, samples, 1, 21)).reshaped({count, channels, samples});
}

/// Two lags of three channels, the second driven by the first; stable.
Tensor coefficients(std::int64_t channels = 3) {
  Tensor a(Dtype::f64, {2, channels, channels});
  const auto values = a.values<double>();
  for (std::int64_t c = 0; c < channels; ++c) {
    values[static_cast<std::size_t>(c * channels + c)] = 0.5;
    values[static_cast<std::size_t>((channels + c) * channels + c)] = -0.3;
  }
  values[static_cast<std::size_t>(channels)] = 0.4;
  return a;
}

Tensor unit(std::int64_t size) {
  Tensor one(Dtype::f64, {size, size});
  for (std::int64_t i = 0; i < size; ++i) one.values<double>()[static_cast<std::size_t>(i * size + i)] = 1;
  return one;
}

Json words(const std::vector<std::string>& values) { return Json::list_of(values); }

Json bands() {
  return Json::list_of(
      std::vector<Json>{Json::list_of(std::vector<double>{4, 8}), Json::list_of(std::vector<double>{8, 13})});
}

Tensor signal() { return Tensor::of(testing::noise(3, 300, 1, 5)); }

Tensor phases() {
  Tensor turn(Dtype::f64, {3, 151});
  for (double& value : turn.values<double>()) value = 0.7;
  return turn;
}

const Json rate = 128;

const OperationExample spectral{"spectral_connectivity",
                                Json::object({{"rate_hz", rate},
                                              {"measures", words({"coherence", "coherency", "wpli_squared_debiased"})},
                                              {"bands_hz", bands()}}),
                                {{"epochs", epochs(4, 3, 128)}}};
CATON_REGISTER(testing::OperationExample, spectral);
const OperationExample slope{
    "phase_slope_index", Json::object({{"rate_hz", rate}, {"bands_hz", bands()}}), {{"epochs", epochs(4, 3, 128)}}};
CATON_REGISTER(testing::OperationExample, slope);
const OperationExample phase{
    "phase_connectivity", Json::object({{"measures", words({"plv", "wpli"})}, {"trim", 5}}), {{"x", signal()}}};
CATON_REGISTER(testing::OperationExample, phase);
const OperationExample envelope{"envelope_correlation", Json::object(), {{"epochs", epochs(2, 3, 100)}}};
CATON_REGISTER(testing::OperationExample, envelope);
const OperationExample orthogonal{"symmetric_orthogonalization", Json::object(), {{"x", signal()}}};
CATON_REGISTER(testing::OperationExample, orthogonal);
const OperationExample correlations{"correlation", Json::object(), {{"x", signal()}}};
CATON_REGISTER(testing::OperationExample, correlations);
const OperationExample information{"mutual_information", Json::object(), {{"x", signal()}}};
CATON_REGISTER(testing::OperationExample, information);
const OperationExample fit{"mvar_fit", Json::object({{"order", 2}}), {{"x", epochs(2, 3, 100)}}};
CATON_REGISTER(testing::OperationExample, fit);
const OperationExample order{"mvar_order", Json::object({{"max_order", 4}}), {{"x", epochs(2, 3, 100)}}};
CATON_REGISTER(testing::OperationExample, order);
const OperationExample stability{"mvar_stability", Json::object(), {{"a", coefficients()}}};
CATON_REGISTER(testing::OperationExample, stability);
const OperationExample whiteness{
    "mvar_whiteness", Json::object({{"order", 2}, {"lags", 6}}), {{"residuals", epochs(2, 3, 100)}}};
CATON_REGISTER(testing::OperationExample, whiteness);
const OperationExample simulate{
    "mvar_simulate", Json::object({{"discard", 10}}), {{"a", coefficients()}, {"innovations", signal()}}};
CATON_REGISTER(testing::OperationExample, simulate);
const OperationExample model{
    "mvar_connectivity",
    Json::object({{"bins", 12}, {"rate_hz", rate}, {"measures", words({"ddtf", "gpdc", "pdcf", "partial_coherence"})}}),
    {{"a", coefficients()}, {"noise", unit(3)}}};
CATON_REGISTER(testing::OperationExample, model);

Tensor frequencies() {
  std::vector<double> freqs;
  for (int k = 0; k < 20; ++k) freqs.push_back(k);
  return Tensor::vector(freqs);
}

const OperationExample average{
    "band_average", Json::object({{"bands_hz", bands()}}), {{"m", epochs(3, 3, 20)}, {"freqs", frequencies()}}};
CATON_REGISTER(testing::OperationExample, average);
const OperationExample causality{"granger", Json::object({{"order", 2}}), {{"x", epochs(2, 3, 100)}}};
CATON_REGISTER(testing::OperationExample, causality);
const OperationExample spectral_causality{
    "granger_spectral", Json::object({{"rate_hz", rate}, {"bins", 20}}), {{"a", coefficients(2)}, {"noise", unit(2)}}};
CATON_REGISTER(testing::OperationExample, spectral_causality);
const OperationExample turned{"surrogate_phase", Json::object(), {{"x", signal()}, {"phases", phases()}}};
CATON_REGISTER(testing::OperationExample, turned);
const OperationExample shifted{
    "surrogate_shift", Json::object(), {{"x", signal()}, {"shift", Tensor::vector(std::vector<double>{3, -4, 700})}}};
CATON_REGISTER(testing::OperationExample, shifted);
const OperationExample reached{
    "surrogate_p_value", Json::object(), {{"observed", unit(3)}, {"surrogates", epochs(19, 3, 3)}}};
CATON_REGISTER(testing::OperationExample, reached);
const OperationExample windowed{
    "ddtf_windows",
    Json::object(
        {{"rate_hz", 100}, {"order", 2}, {"window_s", 1}, {"step_s", 0.5}, {"bins", 24}, {"bands_hz", bands()}}),
    {{"x", signal()}}};
CATON_REGISTER(testing::OperationExample, windowed);
const OperationExample surrogates_of_windows{"ddtf_surrogates",
                                             Json::object({{"rate_hz", 100},
                                                           {"order", 2},
                                                           {"window_s", 1},
                                                           {"step_s", 0.5},
                                                           {"bins", 24},
                                                           {"surrogates", 3},
                                                           {"bands_hz", bands()}}),
                                             {{"x", signal()}}};
CATON_REGISTER(testing::OperationExample, surrogates_of_windows);
const OperationExample summary{"connectivity_summary", Json::object(), {{"m", unit(4)}}};
CATON_REGISTER(testing::OperationExample, summary);

}  // namespace

}  // namespace caton
