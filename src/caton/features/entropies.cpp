// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/entropies.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {

namespace {

/// -sum p log2 p of values that are shared out in proportion; NaN when they sum to nothing.
double entropy_of_shares(std::span<const double> values) {
  const double total = ordered_sum(values);
  if (!(total > 0)) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> terms;
  for (const double value : values) {
    const double share = value / total;
    terms.push_back(share > 0 ? -share * std::log2(share) : 0);
  }
  return ordered_sum(terms) + 0.0;
}

/// Patterns of more values would not fit the number that stands for one.
constexpr int largest_order = 20;

/// Checks the options; gives how many samples one vector spans.
std::int64_t span_of(const std::string& where, const Embedding& options) {
  if (options.order < 2 || options.order > largest_order) {
    throw usage_error(where,
                      "order " + std::to_string(options.order) + " must be from 2 to " + std::to_string(largest_order));
  }
  if (options.delay < 1) throw usage_error(where, "delay must be positive");
  return static_cast<std::int64_t>(options.order - 1) * options.delay + 1;
}

/// A number for the order in which the vector's values rise; the earlier of equal ones first.
std::uint64_t pattern_at(const double* first, const Embedding& options, std::vector<int>& order) {
  std::iota(order.begin(), order.end(), 0);
  const auto value = [&](int k) { return first[static_cast<std::ptrdiff_t>(k) * options.delay]; };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return value(a) < value(b); });
  // The number of the permutation (Lehmer): below 20!, which 64 bits hold.
  std::uint64_t number = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    std::uint64_t smaller = 0;
    for (std::size_t later = k + 1; later < order.size(); ++later) smaller += order[later] < order[k] ? 1 : 0;
    number = number * (order.size() - k) + smaller;
  }
  return number;
}

double pattern_entropy(std::span<const double> x, const Embedding& options, std::int64_t span) {
  std::vector<int> order(static_cast<std::size_t>(options.order));
  std::vector<std::uint64_t> patterns;
  for (std::size_t i = 0; i + static_cast<std::size_t>(span) <= x.size(); ++i)
    patterns.push_back(pattern_at(x.data() + i, options, order));
  std::sort(patterns.begin(), patterns.end());
  std::vector<double> counts;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (i == 0 || patterns[i] != patterns[i - 1]) counts.push_back(0);
    ++counts.back();
  }
  return entropy_of_shares(counts) / (options.normalize ? std::lgamma(options.order + 1) / std::log(2.0) : 1.0);
}

}  // namespace

std::vector<double> permutation_entropy(Signal x, const Embedding& options) {
  const std::string where = "permutation_entropy";
  const std::int64_t span = span_of(where, options);
  return measure_channels({where, span}, x,
                          [&](std::span<const double> samples) { return pattern_entropy(samples, options, span); });
}

std::vector<double> svd_entropy(Signal x, const Embedding& options) {
  const std::string where = "svd_entropy";
  const std::int64_t span = span_of(where, options);
  return measure_channels({where, span}, x, [&](std::span<const double> samples) {
    const double largest = std::abs(*std::max_element(samples.begin(), samples.end(),
                                                      [](double a, double b) { return std::abs(a) < std::abs(b); }));
    if (!(largest > 0)) return std::numeric_limits<double>::quiet_NaN();
    std::vector<double> scaled;  // shares do not depend on the unit, but squares of tiny values would vanish
    for (const double value : samples) scaled.push_back(value / largest);
    const std::int64_t rows = static_cast<std::int64_t>(samples.size()) - span + 1;
    const Signal embedded(scaled.data(), {rows, options.order}, {1, options.delay});
    return entropy_of_shares(svd(embedded).singular) / (options.normalize ? std::log2(options.order) : 1.0);
  });
}

std::vector<double> spectral_entropy(Signal x, const SpectralEntropy& options) {
  const std::string where = "spectral_entropy";
  require_positive(where, "rate_hz", options.rate_hz);
  const bool whole = options.method == EntropySpectrum::fft;
  const std::int64_t standard = std::min<std::int64_t>(256, x.extent(1));
  const std::int64_t segment = whole ? x.extent(1) : options.segment_samples.value_or(standard);
  if (segment < 2 && x.extent(1) >= 2) throw usage_error(where, "segment_samples must be at least 2: it is too short");
  return measure_channels({where, std::max<std::int64_t>(segment, 2)}, x, [&](std::span<const double> samples) {
    const double largest = std::sqrt(variance_of(samples));
    if (!(largest > 0)) return std::numeric_limits<double>::quiet_NaN();
    Matrix scaled({1, static_cast<std::int64_t>(samples.size())}, uninitialised);
    std::transform(samples.begin(), samples.end(), scaled.begin(), [&](double value) { return value / largest; });
    const auto spectrum = welch(scaled, {.rate_hz = options.rate_hz,
                                         .fft_samples = segment,
                                         .overlap_samples = whole ? 0 : segment / 2,
                                         .window = whole ? "boxcar" : "hann"});
    const std::span<const double> density(spectrum.psd.data(), static_cast<std::size_t>(spectrum.psd.size()));
    const double bins = static_cast<double>(density.size());
    return entropy_of_shares(density) / (options.normalize ? std::log2(bins) : 1.0);
  });
}

namespace {

Embedding embedding_arguments(const Arguments& args) {
  const auto whole = [&](const char* name) {
    return static_cast<int>(std::clamp<std::int64_t>(args.integer(name), -1, 1 << 30));
  };
  return {.order = whole("order"), .delay = whole("delay"), .normalize = args.flag("normalize")};
}

const std::vector<Argument> embedding_keys{
    {.name = "order", .type = "integer", .standard = 3, .about = "values in a vector"},
    {.name = "delay", .type = "integer", .standard = 1, .about = "samples between them"},
    {.name = "normalize", .type = "flag", .standard = false}};

const Operation permutation_operation{
    .name = "permutation_entropy",
    .room = "features",
    .about = "Entropy of the order patterns in a signal (antropy.perm_entropy)",
    .arguments = embedding_keys,
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "bit"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"y", Tensor::vector(permutation_entropy(MatrixPort(args, in, "x"), embedding_arguments(args)))}};
    },
};
CATON_REGISTER(Operation, permutation_operation);

const Operation svd_operation{
    .name = "svd_entropy",
    .room = "features",
    .about = "Entropy of the singular values of the embedded signal (antropy.svd_entropy)",
    .arguments = embedding_keys,
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "bit"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"y", Tensor::vector(svd_entropy(MatrixPort(args, in, "x"), embedding_arguments(args)))}};
    },
};
CATON_REGISTER(Operation, svd_operation);

const Operation spectral_operation{
    .name = "spectral_entropy",
    .room = "features",
    .about = "Entropy of how the power is shared out over frequencies (antropy.spectral_entropy)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "method", .type = "text", .standard = "fft", .about = "fft, welch"},
                  {.name = "segment_samples", .type = "integer", .standard = Json{}, .about = "of welch; null: 256"},
                  {.name = "normalize", .type = "flag", .standard = false}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "bit"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      SpectralEntropy options{.rate_hz = args.number("rate_hz"), .normalize = args.flag("normalize")};
      options.method = choice_argument<EntropySpectrum>(
          args, "method", {{"fft", EntropySpectrum::fft}, {"welch", EntropySpectrum::welch}});
      if (args.given("segment_samples")) options.segment_samples = args.integer("segment_samples");
      return {{"y", Tensor::vector(spectral_entropy(MatrixPort(args, in, "x"), options))}};
    },
};
CATON_REGISTER(Operation, spectral_operation);

}  // namespace

}  // namespace caton
