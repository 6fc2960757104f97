// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/covariance_forms.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace caton {

namespace {

constexpr std::int64_t largest_extended = 4096;

/// Rows of `x` less their means, then columns less theirs.
Matrix double_centred(Signal x) {
  Matrix y = centred(x);
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    double sum = 0;
    for (std::int64_t c = 0; c < x.extent(0); ++c) sum += y(c, t);
    const double mean = sum / static_cast<double>(x.extent(0));
    for (std::int64_t c = 0; c < x.extent(0); ++c) y(c, t) -= mean;
  }
  return y;
}

}  // namespace

Matrices covariance_block(Epochs x, const std::vector<std::int64_t>& blocks, const CovarianceOptions& options) {
  const std::string where = "covariance_block";
  std::int64_t sum = 0;
  for (const std::int64_t size : blocks) {
    if (size < 1 || size > x.extent(1) - sum)
      throw usage_error(where,
                        "blocks must have sizes above 0 that sum to the " + std::to_string(x.extent(1)) + " channels");
    sum += size;
  }
  if (sum != x.extent(1))
    throw usage_error(where, "blocks hold " + std::to_string(sum) + " of " + std::to_string(x.extent(1)) + " channels");
  Matrices result({x.extent(0), sum, sum});
  std::int64_t first = 0;
  for (const std::int64_t size : blocks) {
    const Matrices part = covariances(x.slice(1, first, size), options);
    for (std::int64_t n = 0; n < x.extent(0); ++n)
      put(part.view()[n], result.view()[n].slice(0, first, size).slice(1, first, size));
    first += size;
  }
  return result;
}

Matrices covariance_time_delay(Epochs x, const std::vector<std::int64_t>& delays, const CovarianceOptions& options) {
  const std::int64_t channels = x.extent(1), samples = x.extent(2),
                     copies = static_cast<std::int64_t>(delays.size()) + 1;
  if (x.empty()) throw usage_error("covariance_time_delay", "the signals are empty");
  Array<double, 3> stacked({x.extent(0), channels * copies, samples}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    for (std::int64_t copy = 0; copy < copies; ++copy) {
      const std::int64_t delay = copy == 0 ? 0 : delays[static_cast<std::size_t>(copy - 1)] % samples;
      for (std::int64_t c = 0; c < channels; ++c) {
        for (std::int64_t t = 0; t < samples; ++t)
          stacked(n, copy * channels + c, (t + delay + samples) % samples) = x(n, c, t);
      }
    }
  }
  return covariances(stacked, options);
}

Matrices covariance_extended(Epochs x, double alpha, const CovarianceOptions& options) {
  const std::string where = "covariance_extended";
  if (!(alpha > 0) || !std::isfinite(alpha)) throw usage_error(where, "alpha must be above 0");
  const std::int64_t channels = x.extent(1), samples = x.extent(2), size = channels + samples;
  if (x.empty()) throw usage_error(where, "the signals are empty");
  if (size > largest_extended) {
    throw usage_error(where, "channels and samples together are " + std::to_string(size) + ", most are " +
                                 std::to_string(largest_extended));
  }
  Matrices result({x.extent(0), size, size}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    const Matrix y = double_centred(x[n]);
    Matrix extended({size, size});
    put(y, extended.view().slice(0, 0, channels).slice(1, 0, samples));
    put(y.view().transposed(), extended.view().slice(0, channels, samples).slice(1, samples, channels));
    for (std::int64_t c = 0; c < channels; ++c) extended(c, samples + c) = alpha;
    for (std::int64_t t = 0; t < samples; ++t) extended(channels + t, t) = alpha;
    put(scaled(covariance(extended, options), 1 / (2 * alpha)), result[n]);
  }
  return result;
}

Matrices spd_normalize(MatricesView c, MatrixNorm norm) {
  require_symmetric("spd_normalize", c);
  Matrices result(c.extents(), uninitialised);
  thread_pool().parallel_for(c.extent(0),
                             [&](std::int64_t n) { put(normalised("spd_normalize", c[n], norm), result[n]); });
  return result;
}

Matrices covariance_shrink(MatricesView c, double shrinkage) {
  require_matrices("covariance_shrink", c);
  if (!(shrinkage >= 0 && shrinkage <= 1)) throw usage_error("covariance_shrink", "shrinkage must be in [0, 1]");
  Matrices result(c.extents(), uninitialised);
  for (std::int64_t n = 0; n < c.extent(0); ++n) {
    const double mean = trace(c[n]) / static_cast<double>(c.extent(1));
    put(combination(1 - shrinkage, c[n], shrinkage * mean, identity(c.extent(1))), result[n]);
  }
  return result;
}

namespace {

std::vector<std::int64_t> whole_numbers(const Arguments& args, const std::string& name) {
  std::vector<std::int64_t> values;
  const std::string place = args.operation() + ": " + name;
  for (const Json& value : args.value(name).items(place)) values.push_back(value.integer(place));
  return values;
}

constexpr std::int64_t most_rows = 8192;

/// A number n stands for the delays 1 … n - 1. As the shift is circular any delay will do.
std::vector<std::int64_t> delays_argument(const Arguments& args) {
  std::vector<std::int64_t> delays;
  if (args.value("delays").is_list()) {
    delays = whole_numbers(args, "delays");
  } else {
    const std::int64_t count = args.integer("delays");
    if (count < 1 || count > most_rows) throw args.refuse("delays must be between 1 and " + std::to_string(most_rows));
    for (std::int64_t delay = 1; delay < count; ++delay) delays.push_back(delay);
  }
  return delays;
}

Tensors call_block(const Arguments& args, const Tensors& in) {
  return {{"c", Tensor::of(covariance_block(epochs_port(args, in, "x"), whole_numbers(args, "blocks"),
                                            covariance_options(args)))}};
}

Tensors call_time_delay(const Arguments& args, const Tensors& in) {
  const auto x = epochs_port(args, in, "x");
  const auto delays = delays_argument(args);
  if (x.extent(1) * (static_cast<std::int64_t>(delays.size()) + 1) > most_rows)
    throw args.refuse("too many delays: more than " + std::to_string(most_rows) + " rows");
  return {{"c", Tensor::of(covariance_time_delay(x, delays, covariance_options(args)))}};
}

Tensors call_extended(const Arguments& args, const Tensors& in) {
  return {{"c", Tensor::of(
                    covariance_extended(epochs_port(args, in, "x"), args.number("alpha"), covariance_options(args)))}};
}

Tensors call_normalize(const Arguments& args, const Tensors& in) {
  const MatrixNorm norm = norm_named(args.operation(), args.text("norm"));
  const MatricesPort c(args, in, "c");
  return {{"c", c.like(spd_normalize(c, norm))}};
}

Tensors call_shrink(const Arguments& args, const Tensors& in) {
  const MatricesPort c(args, in, "c");
  return {{"c", c.like(covariance_shrink(c, args.number("shrinkage")))}};
}

const Argument estimator_argument{"estimator", "text", Json("scm"), "as in covariance"};

const Operation block_operation{.name = "covariance_block",
                                .room = "geometry",
                                .about = "block-diagonal covariances (pyRiemann BlockCovariances)",
                                .arguments = {{"blocks", "list", {}, "channels of each block"}, estimator_argument},
                                .inputs = {{"x", "N C T", "uV"}},
                                .outputs = {{"c", "N C C", "uV^2"}},
                                .call = call_block};
const Operation delay_operation{
    .name = "covariance_time_delay",
    .room = "geometry",
    .about = "covariances of channels beside their circular shifts (pyRiemann TimeDelayCovariances)",
    .arguments = {{"delays", "any", {}, "a list of samples, or n for 1 … n - 1"}, estimator_argument},
    .inputs = {{"x", "N C T", "uV"}},
    .outputs = {{"c", "N C(1+d) C(1+d)", "uV^2"}},
    .call = call_time_delay};
const Operation extended_operation{
    .name = "covariance_extended",
    .room = "geometry",
    .about = "covariances of channels and samples together (pyRiemann covariances_X)",
    .arguments = {{"alpha", "number", Json(0.2), "weight of the identity, above 0"}, estimator_argument},
    .inputs = {{"x", "N C T", "uV"}},
    .outputs = {{"c", "N C+T C+T"}},
    .call = call_extended};
const Operation normalize_operation{.name = "spd_normalize",
                                    .room = "geometry",
                                    .about =
                                        "matrices scaled to unit diagonal, trace 1 or determinant 1 (pyRiemann "
                                        "normalize)",
                                    .arguments = {{"norm", "text", {}, "corr, trace or determinant"}},
                                    .inputs = {{"c", "N C C"}},
                                    .outputs = {{"c", "N C C"}},
                                    .call = call_normalize};
const Operation shrink_operation{.name = "covariance_shrink",
                                 .room = "geometry",
                                 .about = "matrices mixed with their mean variance (pyRiemann Shrinkage)",
                                 .arguments = {{"shrinkage", "number", Json(0.1), "share of the identity, 0 … 1"}},
                                 .inputs = {{"c", "N C C"}},
                                 .outputs = {{"c", "N C C"}},
                                 .call = call_shrink};
CATON_REGISTER(Operation, block_operation);
CATON_REGISTER(Operation, delay_operation);
CATON_REGISTER(Operation, extended_operation);
CATON_REGISTER(Operation, normalize_operation);
CATON_REGISTER(Operation, shrink_operation);

}  // namespace

}  // namespace caton
