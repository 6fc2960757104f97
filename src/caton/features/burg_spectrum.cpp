// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/burg_spectrum.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/autoregression.hpp"
#include "caton/features/channelwise.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

BurgPrediction burg(std::span<const double> x, std::int64_t order, bool demean) {
  const std::string where = "burg";
  if (order < 1 || order >= static_cast<std::int64_t>(x.size())) {
    throw usage_error(where, "order " + std::to_string(order) + " must be at least 1 and below the " +
                                 std::to_string(x.size()) + " samples");
  }
  std::vector<double> samples(x.begin(), x.end());
  const double mean = demean ? mean_of(x) : 0;
  for (double& value : samples) value -= mean;
  if (std::all_of(samples.begin(), samples.end(), [](double value) { return value * value == 0; }))
    throw input_error(where, "the signal is flat: it has no spectrum");
  const BurgModel model = burg_recursion(samples, order);
  BurgPrediction result{model.coefficients, model.last_stage_variance};
  for (double& value : result.ar) value = -value;
  return result;
}

namespace {

void require_size(const std::string& where, std::int64_t size) {
  if (size < 2 || size > largest_spectrum_size)
    throw usage_error(where,
                      "size " + std::to_string(size) + " must be from 2 to " + std::to_string(largest_spectrum_size));
}

}  // namespace

std::vector<double> ar_psd_grid(std::span<const double> ar, std::int64_t size) {
  const std::string where = "ar_psd_grid";
  require_size(where, size);
  std::vector<double> polynomial(static_cast<std::size_t>(size), 0.0);
  polynomial[0] = 1;
  for (std::size_t k = 0; k < ar.size(); ++k) polynomial[(k + 1) % polynomial.size()] -= ar[k];
  std::vector<double> psd;
  for (const Complex bin : real_fft(polynomial)) {
    psd.push_back(1 / std::norm(bin));
    if (!std::isfinite(psd.back())) throw input_error(where, "the model is unstable: a pole on the unit circle");
  }
  return psd;
}

std::vector<double> ar_psd_grid(std::span<const double> ar, std::int64_t size, const GridDensity& density) {
  require_positive("ar_psd_grid", "rate_hz", density.rate_hz);
  if (!(density.variance >= 0)) throw usage_error("ar_psd_grid", "variance must be positive or 0");
  auto psd = ar_psd_grid(ar, size);
  for (std::size_t f = 0; f < psd.size(); ++f) {
    const bool single = f == 0 || 2 * static_cast<std::int64_t>(f) == size;
    psd[f] *= density.variance / density.rate_hz * (single ? 1 : 2);
  }
  return psd;
}

namespace {

/// How many blocks HappyFeat looks at.
std::int64_t blocks_of(std::int64_t samples, const HappyfeatPsd& options) {
  const std::string where = "happyfeat_burg_psd";
  require_positive(where, "rate_hz", options.rate_hz);
  require_size(where, options.size);
  if (options.window < 3)
    throw usage_error(where, "window " + std::to_string(options.window) + " must be at least 3 samples");
  if (options.overlap < 0 || options.overlap >= options.window)
    throw usage_error(where, "overlap " + std::to_string(options.overlap) + " must be below the window");
  if (options.order < 1 || options.order >= options.window - 1)
    throw usage_error(where, "order " + std::to_string(options.order) + " must be at least 1 and below the block's " +
                                 std::to_string(options.window - 1) + " samples");
  const double hop = static_cast<double>(options.window - options.overlap);
  const auto blocks =
      static_cast<std::int64_t>(std::nearbyint(static_cast<double>(samples - options.overlap) / hop)) - 1;
  // Rounding up may ask for a block that reaches beyond the epoch.
  if (blocks < 1 || (blocks - 1) * (options.window - options.overlap) + options.window - 1 > samples) {
    throw input_error(where, "the epochs are too short: " + std::to_string(samples) + " samples for windows of " +
                                 std::to_string(options.window));
  }
  return blocks;
}

}  // namespace

HappyfeatPsdResult happyfeat_burg_psd(View<const double, 3> x, const HappyfeatPsd& options) {
  if (x.empty()) throw input_error("happyfeat_burg_psd", "the epochs are empty");
  const std::int64_t blocks = blocks_of(x.extent(2), options), bins = options.size / 2, channels = x.extent(1);
  HappyfeatPsdResult result{Array<double, 3>({x.extent(0), channels, bins}),
                            Array<double, 4>({x.extent(0), channels, blocks, bins})};
  thread_pool().parallel_for(x.extent(0) * channels, [&](std::int64_t item) {
    const std::int64_t n = item / channels, c = item % channels;
    for (std::int64_t b = 0; b < blocks; ++b) {
      const Vector block(x[n][c].slice(0, b * (options.window - options.overlap), options.window - 1));
      const auto model = burg({block.data(), static_cast<std::size_t>(block.size())}, options.order);
      const auto psd = ar_psd_grid(model.ar, options.size);
      for (std::int64_t f = 0; f < bins; ++f) {
        result.time_frequency(n, c, b, f) = psd[static_cast<std::size_t>(f)];
        result.psd(n, c, f) += psd[static_cast<std::size_t>(f)] / static_cast<double>(blocks);
      }
    }
  });
  return result;
}

namespace {

/// Rows of the last axis, whatever stands before it.
struct Rows {
  std::vector<double> values;
  std::vector<std::int64_t> before;  ///< shape without the last axis
  std::int64_t count = 1, length = 0;

  Rows(const Arguments& args, const Tensors& in, const std::string& name) {
    const Tensor& tensor = port(in, name);
    if (tensor.rank() < 1 || tensor.rank() > 3) throw args.refuse("shape: " + name + " is " + tensor.about());
    if (tensor.size() == 0) throw args.refuse(name + " is empty");
    values = tensor.doubles();
    before.assign(tensor.shape().begin(), tensor.shape().end() - 1);
    length = tensor.shape().back();
    count = tensor.size() / length;
  }
  [[nodiscard]] std::span<const double> row(std::int64_t index) const {
    return std::span(values).subspan(static_cast<std::size_t>(index * length), static_cast<std::size_t>(length));
  }
  /// Values of one row after another as a tensor with another last axis.
  [[nodiscard]] Tensor with_last(const std::vector<double>& all, std::int64_t last) const {
    auto shape = before;
    shape.push_back(last);
    return {shape, all};
  }
};

Tensors call_burg(const Arguments& args, const Tensors& in) {
  const Rows x(args, in, "x");
  std::vector<double> ar, variance;
  for (std::int64_t i = 0; i < x.count; ++i) {
    const auto model = burg(x.row(i), args.integer("order"), args.flag("demean"));
    ar.insert(ar.end(), model.ar.begin(), model.ar.end());
    variance.push_back(model.variance);
  }
  return {{"ar", x.with_last(ar, args.integer("order"))}, {"variance", Tensor(x.before, variance)}};
}

Tensors call_grid(const Arguments& args, const Tensors& in) {
  const Rows ar(args, in, "ar");
  const bool density = choice_argument<bool>(args, "scale", {{"unit-variance", false}, {"density", true}});
  std::vector<double> variance;
  if (density) {
    variance = port(in, "variance").doubles();
    if (static_cast<std::int64_t>(variance.size()) != ar.count)
      throw args.refuse("shape: " + std::to_string(variance.size()) + " variances for " + std::to_string(ar.count) +
                        " models");
    if (!args.given("rate_hz")) throw args.refuse("a density needs rate_hz");
  }
  std::vector<double> all;
  for (std::int64_t i = 0; i < ar.count; ++i) {
    const auto psd = density ? ar_psd_grid(ar.row(i), args.integer("size"),
                                           {variance[static_cast<std::size_t>(i)], args.number("rate_hz")})
                             : ar_psd_grid(ar.row(i), args.integer("size"));
    all.insert(all.end(), psd.begin(), psd.end());
  }
  return {{"psd", ar.with_last(all, args.integer("size") / 2 + 1)}};
}

const Operation burg_operation{
    .name = "burg",
    .room = "features",
    .about = "Burg's autoregressive model in the sign x_t = sum ar_k x_(t-k) + e (statsmodels burg)",
    .arguments = {{.name = "order", .type = "integer"}, {.name = "demean", .type = "flag", .standard = true}},
    .inputs = {{.name = "x", .shape = "... T", .unit = "V"}},
    .outputs = {{.name = "ar", .shape = "... order", .unit = "1"}, {.name = "variance", .shape = "...", .unit = "V^2"}},
    .call = call_burg,
};
CATON_REGISTER(Operation, burg_operation);

const Operation grid_operation{
    .name = "ar_psd_grid",
    .room = "features",
    .about = "Spectrum of an autoregressive model on a grid: its shape alone, or a density",
    .arguments = {{.name = "size", .type = "integer", .about = "points around the circle"},
                  {.name = "scale", .type = "text", .standard = "unit-variance", .about = "unit-variance, density"},
                  {.name = "rate_hz", .type = "number", .standard = Json{}, .about = "of a density"}},
    .inputs = {{.name = "ar", .shape = "... p", .unit = "1"},
               {.name = "variance", .shape = "...", .unit = "V^2", .optional = true}},
    .outputs = {{.name = "psd", .shape = "... size/2+1", .unit = "1 or V^2/Hz"}},
    .call = call_grid,
};
CATON_REGISTER(Operation, grid_operation);

const Operation happyfeat_operation{
    .name = "happyfeat_burg_psd",
    .room = "features",
    .about = "Burg spectra of blocks of epochs as HappyFeat's Python code computes them",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "size", .type = "integer"},
                  {.name = "window", .type = "integer", .about = "samples"},
                  {.name = "overlap", .type = "integer", .about = "samples"},
                  {.name = "order", .type = "integer"}},
    .inputs = {{.name = "x", .shape = "N C T", .unit = "V"}},
    .outputs = {{.name = "psd", .shape = "N C size/2", .unit = "1"},
                {.name = "time_frequency", .shape = "N C blocks size/2", .unit = "1"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto x = port(in, "x").array<3>("x");
      const auto result = happyfeat_burg_psd(x, {.rate_hz = args.number("rate_hz"),
                                                 .size = args.integer("size"),
                                                 .window = args.integer("window"),
                                                 .overlap = args.integer("overlap"),
                                                 .order = args.integer("order")});
      return {{"psd", Tensor::of(result.psd)}, {"time_frequency", Tensor::of(result.time_frequency)}};
    },
};
CATON_REGISTER(Operation, happyfeat_operation);

}  // namespace

}  // namespace caton
