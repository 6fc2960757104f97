// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Calls that work, of the operations of this room: the bad-input matrix starts from them.
#include "operation_examples.hpp"
#include "signal_test.hpp"

namespace caton {

using testing::noise;
using testing::OperationExample;

namespace {

const Tensor& signal() {
  static const Tensor x = Tensor::of(noise(3, 600));
  return x;
}

/// Operations that need nothing but a signal.
struct PlainExample {
  OperationExample example;
  Registration<OperationExample> registration;
  explicit PlainExample(OperationExample given) : example(std::move(given)), registration(example) {}
};

const PlainExample hjorth_example{{.name = "hjorth", .in = {{"x", signal()}}}};
const PlainExample length_example{{.name = "line_length", .in = {{"x", signal()}}}};
const PlainExample moments_example{{.name = "moments", .in = {{"x", signal()}}}};
const PlainExample permutation_example{{.name = "permutation_entropy", .in = {{"x", signal()}}}};
const PlainExample svd_example{{.name = "svd_entropy", .in = {{"x", signal()}}}};
const PlainExample approximate_example{{.name = "approximate_entropy", .in = {{"x", signal()}}}};
const PlainExample sample_example{{.name = "sample_entropy", .in = {{"x", signal()}}, .may_be_undefined = {"y"}}};
const PlainExample lempel_ziv_example{{.name = "lempel_ziv", .in = {{"x", signal()}}}};
const PlainExample higuchi_example{{.name = "higuchi", .in = {{"x", signal()}}}};
const PlainExample katz_example{{.name = "katz", .in = {{"x", signal()}}}};
const PlainExample petrosian_example{{.name = "petrosian", .in = {{"x", signal()}}}};
const PlainExample fluctuation_example{{.name = "detrended_fluctuation", .in = {{"x", signal()}}}};
const PlainExample spectral_example{
    {.name = "spectral_entropy", .args = Json::object({{"rate_hz", 128}}), .in = {{"x", signal()}}}};
const PlainExample fft_example{
    {.name = "fft_features", .args = Json::object({{"rate_hz", 128}}), .in = {{"x", signal()}}}};

const PlainExample ar_burg_example{{.name = "ar_burg", .args = Json::object({{"order", 5}}), .in = {{"x", signal()}}}};
const PlainExample yule_walker_example{
    {.name = "ar_yule_walker", .args = Json::object({{"order", 5}}), .in = {{"x", signal()}}}};
const PlainExample burg_example{{.name = "burg", .args = Json::object({{"order", 5}}), .in = {{"x", signal()}}}};
const PlainExample multivariate_example{
    {.name = "multivariate_burg", .args = Json::object({{"order", 3}}), .in = {{"x", signal()}}}};
const PlainExample connectivity_burg_example{
    {.name = "connectivity_burg", .args = Json::object({{"order", 3}, {"size", 32}}), .in = {{"x", signal()}}}};
const PlainExample connectivity_welch_example{
    {.name = "connectivity_welch", .args = Json::object({{"length", 64}}), .in = {{"x", signal()}}}};
const PlainExample welch_psd_example{
    {.name = "welch_psd", .args = Json::object({{"length", 64}}), .in = {{"x", signal()}}}};

Tensor small_model() { return Tensor::of(noise(2, 3, 0.1)); }
Tensor variances(std::int64_t count) {
  return Tensor::vector(std::vector<double>(static_cast<std::size_t>(count), 2.0));
}

const PlainExample ar_psd_example{
    {.name = "ar_psd",
     .args = Json::object({{"rate_hz", 128}, {"freqs_hz", Json::list_of(std::vector<double>{1, 9.5})}}),
     .in = {{"coefficients", small_model()}, {"variance", variances(2)}}}};
const PlainExample grid_example{{.name = "ar_psd_grid",
                                 .args = Json::object({{"size", 32}, {"scale", "density"}, {"rate_hz", 128}}),
                                 .in = {{"ar", small_model()}, {"variance", variances(2)}}}};
const PlainExample multivariate_spectrum_example{
    {.name = "multivariate_ar_spectrum",
     .args = Json::object({{"size", 32}}),
     .in = {{"ar", Tensor::of(noise(3, 4, 0.1)).reshaped({3, 2, 2})},
            {"variance", Tensor({2, 2}, std::vector<double>{2, 0.5, 0.5, 1})}}}};
const PlainExample happyfeat_example{
    {.name = "happyfeat_burg_psd",
     .args = Json::object({{"rate_hz", 128}, {"size", 64}, {"window", 40}, {"overlap", 20}, {"order", 5}}),
     .in = {{"x", Tensor::of(noise(4, 192)).reshaped({2, 2, 192})}}}};

/// Values above 0: powers and coherences.
Tensor positive(Tensor::Shape shape) {
  Tensor values(Dtype::f64, std::move(shape));
  double place = 0;
  for (double& value : values.values<double>()) value = 0.3 + 0.2 * std::sin(place += 1.7);
  return values;
}

const PlainExample strength_example{{.name = "node_strength", .in = {{"c", positive({5, 3, 3})}}}};
const PlainExample strongest_example{
    {.name = "strongest_connections", .args = Json::object({{"percent", 30}}), .in = {{"c", positive({4, 4})}}}};
const PlainExample windows_example{
    {.name = "windows_to_trials",
     .args = Json::object({{"trial_s", 1}, {"window_s", 0.25}, {"shift_s", 0.25}, {"channels", 2}, {"bins", 3}}),
     .in = {{"x", positive({9, 6})}}}};
const PlainExample erd_example{
    {.name = "erd_percent_map", .in = {{"time_frequency", positive({3, 2, 4, 5})}, {"baseline", positive({3, 2, 5})}}}};

/// A 1/f density with a peak at 10 Hz.
Tensor density() {
  Tensor psd(Dtype::f64, {2, 64});
  const auto values = psd.values<double>();
  for (std::size_t k = 0; k < values.size(); ++k) {
    const auto hz = static_cast<double>(k % 64 + 1);
    values[k] = 1 / hz + std::exp(-(hz - 10) * (hz - 10) / 2) + 0.01 * std::sin(static_cast<double>(k));
  }
  return psd;
}
Tensor frequencies() {
  std::vector<double> hz;
  for (int k = 1; k <= 64; ++k) hz.push_back(k);
  return Tensor::vector(hz);
}

const PlainExample aperiodic_example{{.name = "aperiodic_fit",
                                      .args = Json::object({{"range_hz", Json::list_of(std::vector<double>{2, 40})}}),
                                      .in = {{"psd", density()}, {"freqs", frequencies()}}}};
const PlainExample alpha_example{{.name = "peak_alpha",
                                  .in = {{"psd", density()}, {"freqs", frequencies()}},
                                  .may_be_undefined = {"peak_hz", "prominence"}}};

}  // namespace

}  // namespace caton
