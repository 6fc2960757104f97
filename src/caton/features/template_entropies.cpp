// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/template_entropies.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {

namespace {

ChannelMeasure checked(const std::string& where, const TemplateEntropy& options) {
  if (options.order < 1) throw usage_error(where, "order must be at least 1");
  if (options.tolerance_v && !(*options.tolerance_v >= 0)) throw usage_error(where, "tolerance must be positive or 0");
  return {where, static_cast<std::int64_t>(options.order) + 2};
}

double tolerance_of(std::span<const double> x, const TemplateEntropy& options, std::span<double> scratch) {
  return options.tolerance_v ? *options.tolerance_v : 0.2 * std::sqrt(variance_of(x, scratch));
}

/// Mean logarithm of the share of templates that are alike.
double mean_log_share(std::span<const double> x, const TemplateMatch& match) {
  const std::int64_t templates = static_cast<std::int64_t>(x.size()) - match.length + 1;
  std::vector<double> terms;
  for (const std::int64_t count : count_matches(x, templates, match))
    terms.push_back(std::log(static_cast<double>(count) / static_cast<double>(templates)));
  return mean_of(terms);
}

}  // namespace

std::vector<double> approximate_entropy(Signal x, const TemplateEntropy& options) {
  const auto measure = checked("approximate_entropy", options);
  return measure_channels(measure, x, [&](std::span<const double> samples) {
    std::vector<double> scratch(samples.size());
    const double tolerance = tolerance_of(samples, options, scratch);
    return mean_log_share(samples, {options.order, tolerance, true}) -
           mean_log_share(samples, {options.order + std::int64_t{1}, tolerance, true});
  });
}

SampleEntropyRow::SampleEntropyRow(std::int64_t samples, const TemplateEntropy& options) : options_(options) {
  require_length(checked("sample_entropy", options), samples);
  scratch_.resize(static_cast<std::size_t>(samples));
}

double SampleEntropyRow::run(std::span<const double> x) {
  const double tolerance = tolerance_of(x, options_, scratch_);
  const std::int64_t templates = static_cast<std::int64_t>(x.size()) - options_.order;
  const auto others = [&](std::int64_t length) {
    count_matches(x, templates, {length, tolerance, false}, memory_);
    const std::int64_t selves = tolerance > 0 ? templates : 0;
    return static_cast<double>(std::accumulate(memory_.counts.begin(), memory_.counts.end(), std::int64_t{0}) - selves);
  };
  const double shorter = others(options_.order), longer = others(options_.order + std::int64_t{1});
  if (shorter == 0) return 0.0;
  return longer == 0 ? std::numeric_limits<double>::infinity() : std::log(shorter / longer);
}

std::vector<double> sample_entropy(Signal x, const TemplateEntropy& options) {
  return measure_channels(checked("sample_entropy", options), x, [&](std::span<const double> samples) {
    return SampleEntropyRow(x.extent(1), options).run(samples);
  });
}

namespace {

TemplateEntropy template_arguments(const Arguments& args) {
  return {.order = static_cast<int>(std::clamp<std::int64_t>(args.integer("order"), -1, 1 << 30)),
          .tolerance_v = optional_number(args, "tolerance")};
}

const std::vector<Argument> template_keys{
    {.name = "order", .type = "integer", .standard = 2, .about = "samples in a template"},
    {.name = "tolerance", .type = "number", .standard = Json{}, .about = "V; null: 0.2 standard deviations"}};

const Operation approximate_operation{
    .name = "approximate_entropy",
    .room = "features",
    .about = "Approximate entropy, every template like itself (antropy.app_entropy)",
    .arguments = template_keys,
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "nat"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"y", Tensor::vector(approximate_entropy(MatrixPort(args, in, "x"), template_arguments(args)))}};
    },
};
CATON_REGISTER(Operation, approximate_operation);

const Operation sample_operation{
    .name = "sample_entropy",
    .room = "features",
    .about = "Sample entropy (antropy.sample_entropy); infinite where nothing longer is alike",
    .arguments = template_keys,
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "nat"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"y", Tensor::vector(sample_entropy(MatrixPort(args, in, "x"), template_arguments(args)))}};
    },
};
CATON_REGISTER(Operation, sample_operation);

}  // namespace

}  // namespace caton
