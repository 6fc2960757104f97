// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "operation_examples.hpp"
#include "signal_test.hpp"

namespace caton {

namespace {

using testing::noise;
using testing::OperationExample;

Json numbers(const std::vector<double>& values) { return Json::list_of(values); }

Tensor epochs() { return Tensor::of(noise(6, 150)).reshaped({3, 2, 150}); }

Json wavelets_at_100_hz() { return Json::object({{"rate_hz", 100}, {"freqs_hz", numbers({8, 20})}, {"cycles", 4}}); }

const OperationExample hilbert_example{.name = "hilbert", .in = {{"x", Tensor::of(noise(3, 200))}}};
CATON_REGISTER(OperationExample, hilbert_example);

const OperationExample multitaper_example{
    .name = "multitaper", .args = Json::object({{"rate_hz", 100}}), .in = {{"x", Tensor::of(noise(2, 301))}}};
CATON_REGISTER(OperationExample, multitaper_example);

const OperationExample stft_example{.name = "stft",
                                    .args = Json::object({{"rate_hz", 100}, {"segment_samples", 64}}),
                                    .in = {{"x", Tensor::of(noise(2, 301))}}};
CATON_REGISTER(OperationExample, stft_example);

const OperationExample istft_example{.name = "istft",
                                     .args = Json::object({{"rate_hz", 100}, {"segment_samples", 16}}),
                                     .in = {{"z", Tensor::of(noise(2, 90)).reshaped({2, 9, 5, 2})}}};
CATON_REGISTER(OperationExample, istft_example);

const OperationExample morlet_example{.name = "morlet", .args = wavelets_at_100_hz()};
CATON_REGISTER(OperationExample, morlet_example);

const OperationExample tfr_morlet_example{.name = "tfr_morlet", .args = wavelets_at_100_hz(), .in = {{"x", epochs()}}};
CATON_REGISTER(OperationExample, tfr_morlet_example);

const OperationExample tfr_multitaper_example{
    .name = "tfr_multitaper", .args = wavelets_at_100_hz(), .in = {{"x", epochs()}}};
CATON_REGISTER(OperationExample, tfr_multitaper_example);

const OperationExample baseline_example{
    .name = "baseline",
    .args = Json::object({{"rate_hz", 100}, {"start_s", 0}, {"baseline_s", numbers({0, 0.5})}, {"mode", "zscore"}}),
    .in = {{"x", epochs()}}};
CATON_REGISTER(OperationExample, baseline_example);

const OperationExample erd_ers_example{
    .name = "erd_ers",
    .args = Json::object(
        {{"rate_hz", 100}, {"start_s", -0.5}, {"reference_s", numbers({-0.4, -0.1})}, {"band_hz", numbers({8, 12})}}),
    .in = {{"epochs", epochs()}}};
CATON_REGISTER(OperationExample, erd_ers_example);

const OperationExample dwt_example{
    .name = "dwt", .args = Json::object({{"levels", 2}}), .in = {{"x", Tensor::of(noise(1, 100)).reshaped({100})}}};
CATON_REGISTER(OperationExample, dwt_example);

const OperationExample wavelet_packet_example{
    .name = "wavelet_packet", .args = Json::object({{"levels", 2}}), .in = dwt_example.in};
CATON_REGISTER(OperationExample, wavelet_packet_example);

const OperationExample epoch_example{
    .name = "epoch",
    .args = Json::object({{"rate_hz", 100}, {"start_s", -0.1}, {"stop_s", 0.2}, {"baseline_s", numbers({-0.1, 0})}}),
    .in = {{"x", Tensor::of(noise(2, 300))}, {"events", Tensor::vector(std::vector<double>{20, 77, 200, 250})}}};
CATON_REGISTER(OperationExample, epoch_example);

const OperationExample evoked_example{.name = "evoked", .in = {{"epochs", epochs()}}};
CATON_REGISTER(OperationExample, evoked_example);

const OperationExample peak_example{
    .name = "peak",
    .args = Json::object({{"rate_hz", 100}, {"start_s", -0.5}, {"window_s", numbers({0, 0.5})}}),
    .in = {{"x", Tensor::of(noise(2, 150))}}};
CATON_REGISTER(OperationExample, peak_example);

const OperationExample global_field_power_example{.name = "global_field_power", .in = peak_example.in};
CATON_REGISTER(OperationExample, global_field_power_example);

}  // namespace

}  // namespace caton
