// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/transfer_function.hpp"

#include "caton/base/lanes.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"

#include <algorithm>

namespace caton {

namespace {

/// `state` has one value for each of the taps, the last of them 0.
void filter_row(const std::vector<double>& b, const std::vector<double>& a, View<const double, 1> x,
                std::vector<double>& state, double* y) {
  const std::size_t order = b.size() - 1;
  const FlushDenormals flush;
  for (std::int64_t t = 0; t < x.extent(0); ++t) {
    const double in = x[t];
    const double out = state[0] + b[0] * in;
    for (std::size_t i = 0; i < order; ++i) state[i] = state[i + 1] + in * b[i + 1] - out * a[i + 1];
    y[t] = out;
  }
}

}  // namespace

Matrix lfilter(const TransferFunction& filter, Signal x) {
  const std::size_t taps = std::max(filter.a.size(), filter.b.size());
  Matrix state({x.extent(0), static_cast<std::int64_t>(std::max<std::size_t>(taps, 1)) - 1});
  return lfilter(filter, x, state);
}

Matrix lfilter(const TransferFunction& filter, Signal x, View<double, 2> state) {
  require_signal("lfilter", x);
  if (filter.b.empty() || filter.a.empty()) throw usage_error("lfilter", "the filter is empty: b and a need values");
  if (filter.a[0] == 0) throw usage_error("lfilter", "a[0] must be positive or negative, not 0");
  auto b = filter.b, a = filter.a;
  const std::size_t count = std::max(a.size(), b.size());
  for (auto* const values : {&b, &a}) {
    for (double& value : *values) value /= filter.a[0];
    values->resize(count, 0.0);
  }
  const auto order = static_cast<std::int64_t>(count) - 1;
  if (state.extent(0) != x.extent(0) || state.extent(1) != order)
    throw usage_error("lfilter", "shape: the state must have " + std::to_string(order) + " values a channel");
  Matrix y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    std::vector<double> held(count, 0.0);
    for (std::int64_t i = 0; i < order; ++i) held[static_cast<std::size_t>(i)] = state(c, i);
    filter_row(b, a, x[c], held, y[c].data());
    for (std::int64_t i = 0; i < order; ++i) state(c, i) = held[static_cast<std::size_t>(i)];
  });
  return y;
}

namespace {

const Operation lfilter_operation{
    .name = "lfilter",
    .room = "signal",
    .about = "A causal filter given as a ratio of polynomials, from rest (scipy.signal.lfilter)",
    .inputs = {{.name = "b", .shape = "N"}, {.name = "a", .shape = "M"}, {.name = "x", .shape = "C T"}},
    .outputs = {{.name = "y", .shape = "C T"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          return Tensors{{"y", Tensor::of(lfilter({vector_port(args, in, "b"), vector_port(args, in, "a")}, x))}};
        },
};
CATON_REGISTER(Operation, lfilter_operation);

}  // namespace

}  // namespace caton
