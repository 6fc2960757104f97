// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/moments.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "moments";

/// Mean of f(x).
template <class Function>
double mean_over(std::span<const double> x, const Function& f) {
  std::vector<double> values;
  values.reserve(x.size());
  for (const double value : x) values.push_back(f(value));
  return mean_of(values);
}

void shape_of(Moments& result, std::int64_t channel, std::span<const double> x) {
  const auto c = static_cast<std::size_t>(channel);
  const double mean = mean_of(x), spread = std::sqrt(variance_of(x));
  // SciPy's test: a spread at the rounding error of the mean is none.
  if (!(spread > 1e-15 * std::abs(mean))) throw flat_channel(where, channel);
  const auto z = [&](double value) { return (value - mean) / spread; };
  result.mean[c] = mean;
  result.std[c] = spread;
  result.skewness[c] = mean_over(x, [&](double value) { return z(value) * z(value) * z(value); });
  result.kurtosis[c] = mean_over(x, [&](double value) { return z(value) * z(value) * z(value) * z(value); }) - 3;
}

void sizes_of(Moments& result, std::size_t c, std::span<const double> x) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double largest = std::max(std::abs(*low), std::abs(*high));
  result.rms[c] = largest * std::sqrt(mean_over(x, [&](double value) { return value / largest * (value / largest); }));
  result.peak_to_peak[c] = *high - *low;
  std::int64_t crossings = 0;
  for (std::size_t t = 1; t < x.size(); ++t) crossings += std::signbit(x[t]) != std::signbit(x[t - 1]) ? 1 : 0;
  result.zero_crossings[c] = crossings;
  const double middle = median({x.begin(), x.end()});
  result.median[c] = middle;
  std::vector<double> away;
  for (const double value : x) away.push_back(std::abs(value - middle));
  result.mad[c] = median(std::move(away));
}

}  // namespace

Moments moments(Signal x) {
  Moments result;
  const auto channels = static_cast<std::size_t>(x.extent(0));
  for (auto* const values : {&result.mean, &result.std, &result.skewness, &result.kurtosis, &result.rms,
                             &result.peak_to_peak, &result.median, &result.mad})
    values->resize(channels);
  result.zero_crossings.resize(channels);
  for_each_channel({where, 2}, x, [&](std::int64_t channel, std::span<const double> samples) {
    shape_of(result, channel, samples);
    sizes_of(result, static_cast<std::size_t>(channel), samples);
  });
  return result;
}

namespace {

const Operation moments_operation{
    .name = "moments",
    .room = "features",
    .about = "Mean, spread, skewness, kurtosis, rms, range, zero crossings, median and mad (numpy, scipy.stats)",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "mean", .shape = "C", .unit = "V"},
                {.name = "std", .shape = "C", .unit = "V"},
                {.name = "skewness", .shape = "C", .unit = "1"},
                {.name = "kurtosis", .shape = "C", .unit = "1"},
                {.name = "rms", .shape = "C", .unit = "V"},
                {.name = "peak_to_peak", .shape = "C", .unit = "V"},
                {.name = "zero_crossings", .shape = "C", .unit = "1"},
                {.name = "median", .shape = "C", .unit = "V"},
                {.name = "mad", .shape = "C", .unit = "V"}},
    .streaming_form = "ring of one window",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto m = moments(MatrixPort(args, in, "x"));
      return {{"mean", Tensor::vector(m.mean)},
              {"std", Tensor::vector(m.std)},
              {"skewness", Tensor::vector(m.skewness)},
              {"kurtosis", Tensor::vector(m.kurtosis)},
              {"rms", Tensor::vector(m.rms)},
              {"peak_to_peak", Tensor::vector(m.peak_to_peak)},
              {"zero_crossings", Tensor::vector(m.zero_crossings)},
              {"median", Tensor::vector(m.median)},
              {"mad", Tensor::vector(m.mad)}};
    },
};
CATON_REGISTER(Operation, moments_operation);

}  // namespace

}  // namespace caton
