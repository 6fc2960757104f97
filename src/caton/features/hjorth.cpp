// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/hjorth.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"

#include <cmath>

namespace caton {

Hjorth hjorth(Signal x) {
  const ChannelMeasure measure{"hjorth", 3};
  const auto channels = static_cast<std::size_t>(x.extent(0));
  Hjorth result{std::vector<double>(channels), std::vector<double>(channels), std::vector<double>(channels)};
  for_each_channel(measure, x, [&](std::int64_t channel, std::span<const double> samples) {
    const auto c = static_cast<std::size_t>(channel);
    const auto slope = differences_of(samples), bend = differences_of(slope);
    const double activity = variance_of(samples), of_slope = variance_of(slope);
    result.activity[c] = activity;
    result.mobility[c] = std::sqrt(of_slope / activity);
    result.complexity[c] = std::sqrt(variance_of(bend) / of_slope) / result.mobility[c];
    if (!std::isfinite(result.complexity[c])) throw flat_channel(measure.where, channel);
  });
  return result;
}

std::vector<double> line_length(Signal x) {
  return measure_channels({"line_length", 1}, x, [](std::span<const double> samples) {
    auto steps = differences_of(samples);
    for (double& step : steps) step = std::abs(step);
    return ordered_sum(steps);
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
