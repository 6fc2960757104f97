// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/delay_embedding.hpp"

#include "caton/base/error.hpp"

namespace caton {

Array<double, 3> delay_embedding(Epochs x, std::int64_t order, std::int64_t lag) {
  const std::string where = "delay_embedding";
  const std::int64_t channels = x.extent(1), samples = x.extent(2);
  if (order < 1) throw usage_error(where, "order must be at least 1, got " + std::to_string(order));
  if (lag < 1) throw usage_error(where, "lag must be at least 1, got " + std::to_string(lag));
  if (order == 1) return Array<double, 3>(x);
  if (order > samples || order * std::min(lag, samples) >= samples) {
    throw usage_error(where,
                      "order " + std::to_string(order) + " times lag " + std::to_string(lag) + " leaves none of the " +
                          std::to_string(samples) + " samples",
                      "take a smaller order or lag, or longer trials");
  }
  const std::int64_t kept = samples - order * lag;
  Array<double, 3> result({x.extent(0), order * channels, kept}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    for (std::int64_t p = 0; p < order; ++p)
      put(x[n].slice(1, p * lag, kept), result.view()[n].slice(0, p * channels, channels));
  }
  return result;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  return {{"y", Tensor::of(delay_embedding(epochs_port(args, in, "x"), args.integer("order"), args.integer("lag")))}};
}

const Operation operation{.name = "delay_embedding",
                          .room = "geometry",
                          .about =
                              "signals stacked with their delayed copies (AugmentedDataset of the augmented "
                              "covariance method and of MOABB)",
                          .arguments = {{"order", "integer", Json(1), "copies, the first not delayed"},
                                        {"lag", "integer", Json(1), "delay between copies in samples"}},
                          .inputs = {{"x", "N C T"}},
                          .outputs = {{"y", "N order*C T-order*lag"}},
                          .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
