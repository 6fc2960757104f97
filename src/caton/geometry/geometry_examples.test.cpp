// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Calls that work, for the bad-input matrix.
#include "geometry_test.hpp"
#include "operation_examples.hpp"

namespace caton {
namespace {

using testing::OperationExample;

Tensor signals(std::int64_t trials = 2, std::int64_t channels = 3, std::int64_t samples = 40) {
  Array<double, 3> x({trials, channels, samples}, uninitialised);
  for (std::int64_t n = 0; n < trials; ++n)
    put(testing::noise(channels, samples, 5, 11 + static_cast<std::uint64_t>(n)), x[n]);
  return Tensor::of(x);
}

Tensor series(std::int64_t samples) { return Tensor::of(testing::noise(1, samples)).reshaped({samples}); }
Tensor set(std::uint64_t seed = 1) { return Tensor::of(testing::spd_set(3, 4, seed)); }
Tensor one(std::uint64_t seed = 30) { return Tensor::of(testing::spd(4, seed)); }
Json list(const std::vector<int>& values) { return Json::list_of(values); }

Tensor triangle() {
  Matrix w({3, 3}, 1.0);
  for (std::int64_t i = 0; i < 3; ++i) w(i, i) = 0;
  w(0, 2) = w(2, 0) = 1.5;
  return Tensor::of(w);
}

Tensor even(std::size_t count) { return Tensor::vector(std::vector<double>(count, 1 / static_cast<double>(count))); }

const Tensors signal_in{{"x", signals()}}, set_in{{"c", set()}}, pair_in{{"a", set()}, {"b", one()}},
    at_reference{{"c", set()}, {"reference", one()}};

const OperationExample covariance_example{.name = "covariance", .in = signal_in};
const OperationExample block_example{
    .name = "covariance_block", .args = Json::object({{"blocks", list({1, 2})}}), .in = signal_in};
const OperationExample delay_example{
    .name = "covariance_time_delay", .args = Json::object({{"delays", 3}}), .in = signal_in};
const OperationExample extended_example{.name = "covariance_extended", .in = {{"x", signals(2, 3, 9)}}};
const OperationExample normalize_example{
    .name = "spd_normalize", .args = Json::object({{"norm", "trace"}}), .in = set_in};
const OperationExample shrink_example{.name = "covariance_shrink", .in = set_in};
const OperationExample embedding_example{
    .name = "delay_embedding", .args = Json::object({{"order", 3}, {"lag", 2}}), .in = signal_in};
const OperationExample information_example{
    .name = "self_mutual_information", .args = Json::object({{"delays", list({1, 10})}}), .in = {{"x", series(150)}}};
const OperationExample delay_search_example{
    .name = "embedding_delay", .args = Json::object({{"delays", list({1, 20})}}), .in = {{"x", series(150)}}};
const OperationExample beta_example{.name = "beta_statistic",
                                    .args = Json::object({{"delays", list({0, 9})}}),
                                    .in = {{"y", Tensor::of(testing::noise(60, 2, 1, 5))}, {"x", series(70)}}};
const OperationExample cao_example{
    .name = "false_nearest_cao", .args = Json::object({{"dimensions", list({1, 3})}}), .in = {{"x", series(60)}}};
const OperationExample mdop_example{.name = "mdop_embedding",
                                    .args = Json::object({{"delays", list({0, 9})}}),
                                    .in = {{"x", Tensor::of(testing::noise(2, 60))}}};
const OperationExample order_lag_example{.name = "acm_order_lag", .in = {{"x", signals(2, 2, 220)}}};
const OperationExample function_example{.name = "spd_function", .args = Json::object({{"f", "log"}}), .in = set_in};
const OperationExample nearest_example{.name = "spd_nearest", .in = set_in};
const OperationExample distance_example{.name = "spd_distance", .in = pair_in};
const OperationExample pairwise_example{.name = "spd_pairwise_distance", .in = {{"a", set()}, {"b", set(9)}}};
const OperationExample mahalanobis_example{.name = "mahalanobis",
                                           .in = {{"x", Tensor::of(testing::noise(4, 5))}, {"c", one()}}};
const OperationExample mean_example{.name = "spd_mean", .in = set_in};
const OperationExample median_example{.name = "spd_median", .in = set_in};
const OperationExample kmeans_example{.name = "spd_kmeans", .in = set_in};
const OperationExample geodesic_example{.name = "spd_geodesic", .in = {{"a", one(3)}, {"b", one(4)}}};
const OperationExample log_example{.name = "log_map", .in = at_reference};
const OperationExample exp_example{.name = "exp_map", .in = {{"v", set()}, {"reference", one()}}};
const OperationExample tangent_example{.name = "tangent_space", .in = at_reference};
const OperationExample untangent_example{.name = "untangent_space",
                                         .in = {{"t", Tensor::of(testing::noise(3, 10))}, {"reference", one()}}};
const OperationExample transport_example{.name = "parallel_transport",
                                         .in = {{"v", set()}, {"from", one(5)}, {"to", one(6)}}};
const OperationExample inner_example{.name = "inner_product",
                                     .in = {{"u", set()}, {"v", set(7)}, {"reference", one()}}};
const OperationExample kernel_example{.name = "spd_kernel", .in = {{"a", set()}, {"b", set(7)}, {"reference", one()}}};
const OperationExample optimal_example{
    .name = "optimal_transport", .in = {{"a", even(3)}, {"b", even(4)}, {"cost", Tensor::of(testing::noise(3, 4))}}};
const OperationExample ollivier_example{.name = "ollivier_ricci", .in = {{"w", triangle()}}};
const OperationExample flow_example{.name = "ricci_flow", .in = {{"w", triangle()}}};
const OperationExample forman_example{.name = "forman_ricci", .in = {{"w", triangle()}}};
const OperationExample eigenmap_example{.name = "laplacian_eigenmap", .in = {{"f", Tensor::of(testing::noise(9, 3))}}};
const OperationExample mix_example{.name = "mix_at_snr",
                                   .in = {{"eeg", Tensor::of(testing::noise(2, 50))},
                                          {"noise", Tensor::of(testing::noise(2, 50, 2, 8))},
                                          {"snr_db", Tensor::vector(std::vector<double>{1, -3})}}};
const OperationExample denoising_example{
    .name = "denoising_metrics",
    .in = {{"clean", Tensor::of(testing::noise(2, 50))}, {"denoised", Tensor::of(testing::noise(2, 50, 1, 9))}}};
const OperationExample cross_example{
    .name = "cross_spectrum", .args = Json::object({{"window", 16}, {"rate_hz", 64}}), .in = signal_in};
const OperationExample coherence_example{
    .name = "coherence_welch", .args = Json::object({{"window", 16}, {"rate_hz", 64}}), .in = signal_in};

CATON_REGISTER(OperationExample, covariance_example);
CATON_REGISTER(OperationExample, block_example);
CATON_REGISTER(OperationExample, delay_example);
CATON_REGISTER(OperationExample, extended_example);
CATON_REGISTER(OperationExample, normalize_example);
CATON_REGISTER(OperationExample, shrink_example);
CATON_REGISTER(OperationExample, embedding_example);
CATON_REGISTER(OperationExample, information_example);
CATON_REGISTER(OperationExample, delay_search_example);
CATON_REGISTER(OperationExample, beta_example);
CATON_REGISTER(OperationExample, cao_example);
CATON_REGISTER(OperationExample, mdop_example);
CATON_REGISTER(OperationExample, order_lag_example);
CATON_REGISTER(OperationExample, function_example);
CATON_REGISTER(OperationExample, nearest_example);
CATON_REGISTER(OperationExample, distance_example);
CATON_REGISTER(OperationExample, pairwise_example);
CATON_REGISTER(OperationExample, mahalanobis_example);
CATON_REGISTER(OperationExample, mean_example);
CATON_REGISTER(OperationExample, median_example);
CATON_REGISTER(OperationExample, kmeans_example);
CATON_REGISTER(OperationExample, geodesic_example);
CATON_REGISTER(OperationExample, log_example);
CATON_REGISTER(OperationExample, exp_example);
CATON_REGISTER(OperationExample, tangent_example);
CATON_REGISTER(OperationExample, untangent_example);
CATON_REGISTER(OperationExample, transport_example);
CATON_REGISTER(OperationExample, inner_example);
CATON_REGISTER(OperationExample, kernel_example);
CATON_REGISTER(OperationExample, optimal_example);
CATON_REGISTER(OperationExample, ollivier_example);
CATON_REGISTER(OperationExample, flow_example);
CATON_REGISTER(OperationExample, forman_example);
CATON_REGISTER(OperationExample, eigenmap_example);
CATON_REGISTER(OperationExample, mix_example);
CATON_REGISTER(OperationExample, denoising_example);
CATON_REGISTER(OperationExample, cross_example);
CATON_REGISTER(OperationExample, coherence_example);

}  // namespace
}  // namespace caton
