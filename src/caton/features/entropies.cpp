// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/entropies.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {

namespace {

/// -sum p log2 p of values that are shared out in proportion; NaN when they sum to nothing. Their memory is written
/// over.
double entropy_of_shares(std::span<double> values) {
  const double total = ordered_sum(values);
  if (!(total > 0)) return std::numeric_limits<double>::quiet_NaN();
  for (double& value : values) {
    const double share = value / total;
    value = share > 0 ? -share * std::log2(share) : 0;
  }
  return ordered_sum(values) + 0.0;
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

ChannelMeasure embedded_measure(const std::string& where, const Embedding& options) {
  return {where, span_of(where, options)};
}

/// A number for the order in which the vector's values rise; the earlier of equal ones first.
std::uint64_t pattern_at(const double* first, const Embedding& options) {
  std::array<int, largest_order> order{};
  const auto value = [&](int k) { return first[static_cast<std::ptrdiff_t>(k) * options.delay]; };
  const auto count = static_cast<std::size_t>(options.order);
  for (int k = 0; k < options.order; ++k) {
    auto place = static_cast<std::size_t>(k);
    for (; place > 0 && value(k) < value(order[place - 1]); --place) order[place] = order[place - 1];
    order[place] = k;
  }
  // The number of the permutation (Lehmer): below 20!, which 64 bits hold.
  std::uint64_t number = 0;
  for (std::size_t k = 0; k < count; ++k) {
    std::uint64_t smaller = 0;
    for (std::size_t later = k + 1; later < count; ++later) smaller += order[later] < order[k] ? 1 : 0;
    number = number * (count - k) + smaller;
  }
  return number;
}

}  // namespace

PermutationEntropyRow::PermutationEntropyRow(std::int64_t samples, const Embedding& options)
    : options_(options), span_(span_of("permutation_entropy", options)) {
  require_length({"permutation_entropy", span_}, samples);
  patterns_.resize(static_cast<std::size_t>(samples - span_ + 1));
  counts_.resize(patterns_.size());
}

double PermutationEntropyRow::run(std::span<const double> x) {
  for (std::size_t i = 0; i < patterns_.size(); ++i) patterns_[i] = pattern_at(x.data() + i, options_);
  std::sort(patterns_.begin(), patterns_.end());
  std::size_t kinds = 0;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (i == 0 || patterns_[i] != patterns_[i - 1]) counts_[kinds++] = 0;
    ++counts_[kinds - 1];
  }
  return entropy_of_shares({counts_.data(), kinds}) /
         (options_.normalize ? std::lgamma(options_.order + 1) / std::log(2.0) : 1.0);
}

std::vector<double> permutation_entropy(Signal x, const Embedding& options) {
  return measure_channels(embedded_measure("permutation_entropy", options), x, [&](std::span<const double> samples) {
    return PermutationEntropyRow(x.extent(1), options).run(samples);
  });
}

SvdEntropyRow::SvdEntropyRow(std::int64_t samples, const Embedding& options)
    : options_(options),
      rows_(samples - span_of("svd_entropy", options) + 1),
      solver_(std::max<std::int64_t>(rows_, 1), options.order) {
  require_length(embedded_measure("svd_entropy", options), samples);
  scaled_.resize(static_cast<std::size_t>(samples));
}

double SvdEntropyRow::run(std::span<const double> x) {
  const double largest =
      std::abs(*std::max_element(x.begin(), x.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  if (!(largest > 0)) return std::numeric_limits<double>::quiet_NaN();
  // Shares do not depend on the unit, but squares of tiny values would vanish.
  std::transform(x.begin(), x.end(), scaled_.begin(), [&](double value) { return value / largest; });
  const Signal embedded(scaled_.data(), {rows_, options_.order}, {1, options_.delay});
  return entropy_of_shares(solver_.run(embedded)) / (options_.normalize ? std::log2(options_.order) : 1.0);
}

std::vector<double> svd_entropy(Signal x, const Embedding& options) {
  return measure_channels(embedded_measure("svd_entropy", options), x, [&](std::span<const double> samples) {
    return SvdEntropyRow(x.extent(1), options).run(samples);
  });
}

namespace {

/// Samples of a segment.
std::int64_t checked_segment(std::int64_t samples, const SpectralEntropy& options) {
  const std::string where = "spectral_entropy";
  require_positive(where, "rate_hz", options.rate_hz);
  const std::int64_t standard = std::min<std::int64_t>(256, samples);
  const std::int64_t segment =
      options.method == EntropySpectrum::fft ? samples : options.segment_samples.value_or(standard);
  if (segment < 2 && samples >= 2) throw usage_error(where, "segment_samples must be at least 2: it is too short");
  return segment;
}

ChannelMeasure spectral_measure(std::int64_t segment) {
  return {"spectral_entropy", std::max<std::int64_t>(segment, 2)};
}

}  // namespace

SpectralEntropyRow::SpectralEntropyRow(std::int64_t samples, const SpectralEntropy& options)
    : normalize_(options.normalize) {
  const std::int64_t segment = checked_segment(samples, options);
  require_length(spectral_measure(segment), samples);
  const bool whole = options.method == EntropySpectrum::fft;
  welch_ = std::make_unique<WelchRow>(samples, Welch{.rate_hz = options.rate_hz,
                                                     .fft_samples = segment,
                                                     .overlap_samples = whole ? 0 : segment / 2,
                                                     .window = whole ? "boxcar" : "hann"});
  scaled_.resize(static_cast<std::size_t>(samples));
  density_.resize(welch_->freqs_hz().size());
}

double SpectralEntropyRow::run(std::span<const double> x) {
  const double largest = std::sqrt(variance_of(x, scaled_));
  if (!(largest > 0)) return std::numeric_limits<double>::quiet_NaN();
  std::transform(x.begin(), x.end(), scaled_.begin(), [&](double value) { return value / largest; });
  welch_->run({scaled_.data(), {static_cast<std::int64_t>(scaled_.size())}}, density_);
  return entropy_of_shares(density_) / (normalize_ ? std::log2(static_cast<double>(density_.size())) : 1.0);
}

std::vector<double> spectral_entropy(Signal x, const SpectralEntropy& options) {
  const std::int64_t segment = checked_segment(x.extent(1), options);
  return measure_channels(spectral_measure(segment), x, [&](std::span<const double> samples) {
    return SpectralEntropyRow(x.extent(1), options).run(samples);
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
