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

/// Mean of f(x), in memory as long as x.
template <class Function>
double mean_over(std::span<const double> x, std::span<double> scratch, const Function& f) {
  for (std::size_t i = 0; i < x.size(); ++i) scratch[i] = f(x[i]);
  return mean_of(scratch.first(x.size()));
}

bool shape_of(MomentsRow& row, std::span<const double> x, std::span<double> scratch) {
  row.mean = mean_of(x);
  row.std = std::sqrt(variance_of(x, scratch));
  // SciPy's test: a spread at the rounding error of the mean is none.
  if (!(row.std > 1e-15 * std::abs(row.mean))) return false;
  const auto z = [&](double value) { return (value - row.mean) / row.std; };
  row.skewness = mean_over(x, scratch, [&](double value) { return z(value) * z(value) * z(value); });
  row.kurtosis = mean_over(x, scratch, [&](double value) { return z(value) * z(value) * z(value) * z(value); }) - 3;
  return true;
}

void sizes_of(MomentsRow& row, std::span<const double> x, std::span<double> scratch) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double largest = std::max(std::abs(*low), std::abs(*high));
  row.rms =
      largest * std::sqrt(mean_over(x, scratch, [&](double value) { return value / largest * (value / largest); }));
  row.peak_to_peak = *high - *low;
  for (std::size_t t = 1; t < x.size(); ++t) row.zero_crossings += std::signbit(x[t]) != std::signbit(x[t - 1]) ? 1 : 0;
  const auto own = scratch.first(x.size());
  std::copy(x.begin(), x.end(), own.begin());
  row.median = median_in_place(own);
  for (std::size_t i = 0; i < x.size(); ++i) own[i] = std::abs(x[i] - row.median);
  row.mad = median_in_place(own);
}

}  // namespace

bool moments_row(std::span<const double> x, std::span<double> scratch, MomentsRow& row) {
  row = {};
  if (!shape_of(row, x, scratch)) return false;
  sizes_of(row, x, scratch);
  return true;
}

Moments moments(Signal x) {
  Moments result;
  const auto channels = static_cast<std::size_t>(x.extent(0));
  for (auto* const values : {&result.mean, &result.std, &result.skewness, &result.kurtosis, &result.rms,
                             &result.peak_to_peak, &result.median, &result.mad})
    values->resize(channels);
  result.zero_crossings.resize(channels);
  for_each_channel({where, 2}, x, [&](std::int64_t channel, std::span<const double> samples) {
    std::vector<double> scratch(samples.size());
    MomentsRow row;
    if (!moments_row(samples, scratch, row)) throw flat_channel(where, channel);
    const auto c = static_cast<std::size_t>(channel);
    result.mean[c] = row.mean;
    result.std[c] = row.std;
    result.skewness[c] = row.skewness;
    result.kurtosis[c] = row.kurtosis;
    result.rms[c] = row.rms;
    result.peak_to_peak[c] = row.peak_to_peak;
    result.zero_crossings[c] = row.zero_crossings;
    result.median[c] = row.median;
    result.mad[c] = row.mad;
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
