// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/hjorth.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"

#include <cmath>

namespace caton {

HjorthRow hjorth_row(std::span<const double> x, std::span<double> scratch) {
  const std::size_t n = x.size();
  const auto slope = scratch.first(n - 1), bend = scratch.subspan(n, n - 2), rest = scratch.subspan(2 * n, n);
  differences_of(x, slope);
  differences_of(slope, bend);
  const double activity = variance_of(x, rest), of_slope = variance_of(slope, rest);
  const double mobility = std::sqrt(of_slope / activity);
  return {activity, mobility, std::sqrt(variance_of(bend, rest) / of_slope) / mobility};
}

double line_length_row(std::span<const double> x, std::span<double> scratch) {
  const auto steps = scratch.first(x.size() - 1);
  differences_of(x, steps);
  for (double& step : steps) step = std::abs(step);
  return ordered_sum(steps);
}

Hjorth hjorth(Signal x) {
  const ChannelMeasure measure{"hjorth", 3};
  const auto channels = static_cast<std::size_t>(x.extent(0));
  Hjorth result{std::vector<double>(channels), std::vector<double>(channels), std::vector<double>(channels)};
  for_each_channel(measure, x, [&](std::int64_t channel, std::span<const double> samples) {
    const auto c = static_cast<std::size_t>(channel);
    std::vector<double> scratch(3 * samples.size());
    const HjorthRow row = hjorth_row(samples, scratch);
    result.activity[c] = row.activity;
    result.mobility[c] = row.mobility;
    result.complexity[c] = row.complexity;
    if (!std::isfinite(result.complexity[c])) throw flat_channel(measure.where, channel);
  });
  return result;
}

std::vector<double> line_length(Signal x) {
  return measure_channels({"line_length", 1}, x, [](std::span<const double> samples) {
    std::vector<double> scratch(samples.size());
    return line_length_row(samples, scratch);
  });
}

namespace {

const Operation hjorth_operation{
    .name = "hjorth",
    .room = "features",
    .about = "Hjorth's activity, mobility and complexity (antropy.hjorth_params)",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "activity", .shape = "C", .unit = "V^2"},
                {.name = "mobility", .shape = "C", .unit = "1"},
                {.name = "complexity", .shape = "C", .unit = "1"}},
    .streaming_form = "ring of one window",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto result = hjorth(MatrixPort(args, in, "x"));
      return {{"activity", Tensor::vector(result.activity)},
              {"mobility", Tensor::vector(result.mobility)},
              {"complexity", Tensor::vector(result.complexity)}};
    },
};
CATON_REGISTER(Operation, hjorth_operation);

const Operation line_length_operation{
    .name = "line_length",
    .room = "features",
    .about = "Sum of the absolute steps from sample to sample",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "V"}},
    .streaming_form = "ring of one window",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"y", Tensor::vector(line_length(MatrixPort(args, in, "x")))}};
    },
};
CATON_REGISTER(Operation, line_length_operation);

}  // namespace

}  // namespace caton
