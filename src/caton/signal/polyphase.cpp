// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/polyphase.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/polyphase_stream.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace caton {

namespace {

constexpr std::int64_t largest_factor = 1'000'000;

void require_factors(const std::string& where, std::int64_t up, std::int64_t down) {
  if (up >= 1 && down >= 1 && up <= largest_factor && down <= largest_factor) return;
  throw usage_error(where, "up and down must be positive and at most " + std::to_string(largest_factor) + ", got " +
                               std::to_string(up) + " and " + std::to_string(down));
}

/// sum over k of h[k] x[(place - k) / up] where that is a whole number; `x` begins `before` samples early.
double filtered_at(std::int64_t place, const std::vector<double>& h, std::int64_t up, const std::vector<double>& x,
                   std::int64_t before) {
  const auto taps = static_cast<std::int64_t>(h.size());
  std::int64_t newest = place >= 0 ? place / up : -((-place + up - 1) / up);
  double sum = 0;
  for (std::int64_t k = place - newest * up; k < taps; k += up, --newest) {
    const std::int64_t index = newest + before;
    if (index < 0) break;
    if (index < static_cast<std::int64_t>(x.size()))
      sum += h[static_cast<std::size_t>(k)] * x[static_cast<std::size_t>(index)];
  }
  return sum;
}

/// What is taken away before and added after, for edges that stand for a level.
double background(View<const double, 1> row, Pad edge) {
  const bool is_level = edge == Pad::mean || edge == Pad::median || edge == Pad::minimum || edge == Pad::maximum;
  return is_level ? padding_before(row, 1, edge).front() : 0;
}

std::vector<double> continued(View<const double, 1> row, std::int64_t reach, Pad edge, double level) {
  auto x = padded(row, reach, reach, edge);
  if (level != 0) {
    for (double& value : x) value -= level;
  }
  return x;
}

}  // namespace

std::vector<double> rate_filter(std::int64_t up, std::int64_t down, double kaiser_beta) {
  const std::int64_t most = std::max(up, down), half = 10 * most;
  std::vector<double> h;
  double sum = 0;
  for (std::int64_t k = -half; k <= half; ++k) {
    const double x = std::numbers::pi * static_cast<double>(k) / static_cast<double>(most);
    const double side = static_cast<double>(k) / static_cast<double>(half);
    const double taper = std::cyl_bessel_i(0.0, kaiser_beta * std::sqrt(std::max(0.0, 1 - side * side)));
    h.push_back((x == 0 ? 1 : std::sin(x) / x) * taper);
    sum += h.back();
  }
  for (double& value : h) value *= static_cast<double>(up) / sum;
  return h;
}

Matrix upfirdn(Signal x, const std::vector<double>& h, std::int64_t up, std::int64_t down) {
  const std::string where = "upfirdn";
  require_signal(where, x);
  require_factors(where, up, down);
  if (h.empty()) throw usage_error(where, "the filter is empty");
  const std::int64_t length = ((x.extent(1) - 1) * up + static_cast<std::int64_t>(h.size()) + down - 1) / down;
  if (length > 1'000'000'000) throw usage_error(where, "up makes the signal too long");
  Matrix y({x.extent(0), length}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    const auto row = padded(x[c], 0, 0, Pad::constant);
    for (std::int64_t m = 0; m < length; ++m) y(c, m) = filtered_at(m * down, h, up, row, 0);
  });
  return y;
}

Matrix resample_poly(Signal x, const PolyResample& options) {
  const std::string where = "resample_poly";
  require_signal(where, x);
  require_factors(where, options.up, options.down);
  if (!(options.kaiser_beta >= 0 && options.kaiser_beta < 700))
    throw usage_error(where, "kaiser_beta must be positive or 0 and below 700");
  const std::int64_t common = std::gcd(options.up, options.down);
  const std::int64_t up = options.up / common, down = options.down / common;
  if (up == 1 && down == 1) return Matrix(x);
  const std::int64_t length = (x.extent(1) * up + down - 1) / down;
  if (length > 1'000'000'000) throw usage_error(where, "up makes the signal too long");
  const auto h = rate_filter(up, down, options.kaiser_beta);
  const auto half = static_cast<std::int64_t>(h.size() / 2), reach = half / up + 1;
  Matrix y({x.extent(0), length}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    const double level = background(x[c], options.edge);
    const auto row = continued(x[c], reach, options.edge, level);
    for (std::int64_t m = 0; m < length; ++m) y(c, m) = filtered_at(m * down + half, h, up, row, reach) + level;
  });
  return y;
}

namespace {

const Operation upfirdn_operation{
    .name = "upfirdn",
    .room = "signal",
    .about = "Zeros between samples, a filter, every down-th kept (scipy.signal.upfirdn)",
    .arguments = {{.name = "up", .type = "integer"}, {.name = "down", .type = "integer"}},
    .inputs = {{.name = "x", .shape = "C T"}, {.name = "h", .shape = "N"}},
    .outputs = {{.name = "y", .shape = "C T'"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          return Tensors{
              {"y", Tensor::of(upfirdn(x, vector_port(args, in, "h"), args.integer("up"), args.integer("down")))}};
        },
};
CATON_REGISTER(Operation, upfirdn_operation);

const Operation resample_poly_operation{
    .name = "resample_poly",
    .room = "signal",
    .about = "Another sampling rate by a polyphase filter (scipy.signal.resample_poly)",
    .arguments = {{.name = "up", .type = "integer"},
                  {.name = "down", .type = "integer"},
                  {.name = "kaiser_beta", .type = "number", .standard = 5},
                  {.name = "edge",
                   .type = "text",
                   .standard = "zero",
                   .about =
                       "SciPy's padtype: zero (also constant), line, mean, median, minimum, maximum, edge, symmetric, "
                       "reflect, wrap, smooth, antisymmetric, antireflect"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C T'", .unit = "V"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          PolyResample options{.up = args.integer("up"), .down = args.integer("down")};
          options.kaiser_beta = args.number("kaiser_beta");
          options.edge = choice_argument<Pad>(args, "edge",
                                              {{"zero", Pad::constant},
                                               {"constant", Pad::constant},
                                               {"line", Pad::line},
                                               {"mean", Pad::mean},
                                               {"median", Pad::median},
                                               {"minimum", Pad::minimum},
                                               {"maximum", Pad::maximum},
                                               {"edge", Pad::edge},
                                               {"symmetric", Pad::symmetric},
                                               {"reflect", Pad::reflect},
                                               {"wrap", Pad::wrap},
                                               {"smooth", Pad::smooth},
                                               {"antisymmetric", Pad::antisymmetric},
                                               {"antireflect", Pad::antireflect}});
          return Tensors{{"y", Tensor::of(resample_poly(x, options))}};
        },
};
CATON_REGISTER(Operation, resample_poly_operation);

const StreamForm resample_poly_stream{
    .name = "resample_poly",
    .make = [](const Arguments& args, std::int64_t channels, double rate_hz) -> std::unique_ptr<SignalStream> {
      const PolyResample options{.up = args.integer("up"), .down = args.integer("down")};
      return std::make_unique<PolyphaseStream>(options, args.number("kaiser_beta"), channels, rate_hz);
    },
};
CATON_REGISTER(StreamForm, resample_poly_stream);

}  // namespace

}  // namespace caton
