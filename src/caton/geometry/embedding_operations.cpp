// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/geometry/embedding_search.hpp"

namespace caton {

namespace {

std::pair<std::int64_t, std::int64_t> range_argument(const Arguments& args, const std::string& name) {
  const std::string place = args.operation() + ": " + name;
  const auto& values = args.value(name).items(place);
  if (values.size() != 2) throw args.refuse(name + " is [first, last]");
  return {values[0].integer(place), values[1].integer(place)};
}

DelayRange delays_argument(const Arguments& args) {
  const auto [first, last] = range_argument(args, "delays");
  return {first, last};
}

Tensors call_beta(const Arguments& args, const Tensors& in) {
  const MatrixPort y(args, in, "y");
  return {{"beta", Tensor::vector(
                       beta_statistic(y, vector_port(args, in, "x"), delays_argument(args), args.integer("theiler")))}};
}

Tensors call_cao(const Arguments& args, const Tensors& in) {
  const auto [first, last] = range_argument(args, "dimensions");
  return {{"e1", Tensor::vector(false_nearest_cao(vector_port(args, in, "x"), args.integer("delay"), first, last))}};
}

Tensors call_mdop(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const Mdop found = mdop_embedding(x, {.theiler = args.integer("theiler"),
                                        .r = args.number("r"),
                                        .delays = delays_argument(args),
                                        .fnn_threshold = args.number("fnn_threshold"),
                                        .max_cycles = args.integer("max_cycles"),
                                        .corrected = args.flag("corrected")});
  return {{"delays", Tensor::vector(found.delays)},
          {"series", Tensor::vector(found.series)},
          {"fnn", Tensor::vector(found.fnn)},
          {"beta_first", Tensor::of(found.beta_first)}};
}

Tensors call_order_lag(const Arguments& args, const Tensors& in) {
  const auto method =
      choice_argument<OrderLagMethod>(args, "method", {{"mdop", OrderLagMethod::mdop}, {"afnn", OrderLagMethod::afnn}});
  const OrderLag found = acm_order_lag(epochs_port(args, in, "x"), method, args.number("r"), args.flag("corrected"));
  return {{"order", Tensor(Tensor::Shape{}, std::vector<std::int64_t>{found.order})},
          {"lag", Tensor(Tensor::Shape{}, std::vector<std::int64_t>{found.lag})}};
}

Json pair(std::int64_t first, std::int64_t last) { return Json::list_of(std::vector<std::int64_t>{first, last}); }

const Argument corrected_argument{"corrected", "flag", Json(false),
                                  "keep the delay of the last cycle, and take a share of 0 as reached"};

const Operation beta_operation{
    .name = "beta_statistic",
    .room = "geometry",
    .about =
        "mean log derivative of a series along a trajectory's nearest neighbours (DelayEmbeddings.jl "
        "beta_statistic)",
    .arguments = {{"delays", "list", pair(0, 50), "first and last delay in samples"},
                  {"theiler", "integer", Json(1), "neighbours are farther apart than this, in samples"}},
    .inputs = {{"y", "P d"}, {"x", "T"}},
    .outputs = {{"beta", "D"}},
    .call = call_beta};
const Operation cao_operation{
    .name = "false_nearest_cao",
    .room = "geometry",
    .about = "Cao's E1 over embedding dimensions (DelayEmbeddings.jl delay_afnn)",
    .arguments = {{"delay", "integer", Json(1), "samples"}, {"dimensions", "list", pair(1, 6), "first and last"}},
    .inputs = {{"x", "T"}},
    .outputs = {{"e1", "n"}},
    .call = call_cao};
const Operation mdop_operation{
    .name = "mdop_embedding",
    .room = "geometry",
    .about =
        "delays and channels by maximal derivatives on projections (DelayEmbeddings.jl mdop_embedding, "
        "multivariate)",
    .arguments = {{"theiler", "integer", Json(1), "neighbours are farther apart than this, in samples"},
                  {"r", "number", Json(2), "a neighbour that gets this much farther is false"},
                  {"delays", "list", pair(0, 50), "first and last delay in samples"},
                  {"fnn_threshold", "number", Json(0.05), "share of false neighbours at which to stop"},
                  {"max_cycles", "integer", Json(50)},
                  corrected_argument},
    .inputs = {{"x", "C T"}},
    .outputs = {{"delays", "c"}, {"series", "c"}, {"fnn", "c"}, {"beta_first", "C D"}},
    .call = call_mdop};
const Operation order_lag_operation{
    .name = "acm_order_lag",
    .room = "geometry",
    .about = "order and lag of the augmented covariance without labels (MDOP of Takens.jl, or Cao's method)",
    .arguments = {{"method", "text", Json("mdop"), "mdop or afnn"},
                  {"r", "number", Json(2), "mdop: a neighbour that gets this much farther is false"},
                  corrected_argument},
    .inputs = {{"x", "N C T"}},
    .outputs = {{"order", ""}, {"lag", ""}},
    .call = call_order_lag};
CATON_REGISTER(Operation, beta_operation);
CATON_REGISTER(Operation, cao_operation);
CATON_REGISTER(Operation, mdop_operation);
CATON_REGISTER(Operation, order_lag_operation);

}  // namespace

}  // namespace caton
