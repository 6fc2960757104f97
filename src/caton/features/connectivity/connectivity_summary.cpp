// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/connectivity_summary.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"

namespace caton {

ConnectivitySummary connectivity_summary(Signal m, double threshold) {
  const std::int64_t channels = m.extent(0);
  if (m.extent(1) != channels || channels == 0) {
    throw usage_error("connectivity_summary", "shape: " + std::to_string(channels) + " x " +
                                                  std::to_string(m.extent(1)) + " is not channels x channels");
  }
  const auto size = static_cast<std::size_t>(channels);
  ConnectivitySummary result{std::vector<double>(size), std::vector<double>(size), 0, Matrix({channels, channels}), 0};
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j) {
      if (i == j) continue;
      const double value = m(i, j), both = value + m(j, i);
      result.outflow[static_cast<std::size_t>(j)] += value;
      result.inflow[static_cast<std::size_t>(i)] += value;
      result.total += value;
      if (both != 0) result.asymmetry(i, j) = (value - m(j, i)) / both;
      if (value > threshold) ++result.edges;
    }
  }
  return result;
}

namespace {

Tensors summary(const Arguments& args, const Tensors& in) {
  const MatrixPort m(args, in, "m");
  const auto result = connectivity_summary(m, args.number("threshold"));
  return {{"outflow", Tensor::vector(result.outflow)},
          {"inflow", Tensor::vector(result.inflow)},
          {"total", Tensor::vector(std::vector<double>{result.total})},
          {"asymmetry", Tensor::of(result.asymmetry)},
          {"edges", Tensor::vector(std::vector<std::int64_t>{result.edges})}};
}

const Operation summary_operation{
    .name = "connectivity_summary",
    .room = "features/connectivity",
    .about = "Outflow, inflow, total, asymmetry and number of the links of a matrix [to, from]",
    .arguments = {{.name = "threshold", .type = "number", .standard = 0, .about = "links above it are counted"}},
    .inputs = {{.name = "m", .shape = "C C"}},
    .outputs = {{.name = "outflow", .shape = "C"},
                {.name = "inflow", .shape = "C"},
                {.name = "total", .shape = "1"},
                {.name = "asymmetry", .shape = "C C"},
                {.name = "edges", .shape = "1"}},
    .call = summary};
CATON_REGISTER(Operation, summary_operation);

}  // namespace

}  // namespace caton
