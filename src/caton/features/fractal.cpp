// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/fractal.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Mean length of the curve seen in steps of k samples.
double curve_length(std::span<const double> x, std::size_t k) {
  double sum = 0;
  for (std::size_t m = 0; m < k; ++m) {
    const std::size_t steps = (x.size() - m - 1) / k;
    double length = 0;
    for (std::size_t j = 1; j < steps; ++j) length += std::abs(x[m + j * k] - x[m + (j - 1) * k]);
    const auto step = static_cast<double>(k);
    sum += length / step * static_cast<double>(x.size() - 1) / (step * static_cast<double>(steps));
  }
  return sum / static_cast<double>(k);
}

/// The slope of the line through the points as antropy takes it: N Σx² - (Σx)², by which it divides, is 1e-8 more. That
/// shows where few points lie close together.
double slope_of(std::span<const double> x, std::span<const double> y) {
  const double mean = mean_of(x);
  double spread = 0;
  for (const double value : x) spread += (value - mean) * (value - mean);
  return fit_line(x, y).slope * spread / (spread + 1e-8 / static_cast<double>(x.size()));
}

std::vector<std::int64_t> window_sizes(std::int64_t samples) {
  std::vector<std::int64_t> sizes{4};
  const double largest = 0.1 * static_cast<double>(samples) / 4;
  if (largest < 1) return sizes;
  const int last = static_cast<int>(std::floor(std::log(largest) / std::log(1.2)));
  for (int i = 0; i <= last; ++i) {
    const auto size = static_cast<std::int64_t>(std::floor(4 * std::pow(1.2, i)));
    if (size > sizes.back()) sizes.push_back(size);
  }
  return sizes;
}

/// Mean squared distance from the line of best fit through each of the windows side by side.
double fluctuation(std::span<const double> walk, std::size_t size, std::span<double> errors) {
  const std::size_t windows = walk.size() / size;
  const double middle = (static_cast<double>(size) - 1) / 2;
  double spread = 0;
  for (std::size_t t = 0; t < size; ++t)
    spread += (static_cast<double>(t) - middle) * (static_cast<double>(t) - middle);
  for (std::size_t w = 0; w < windows; ++w) {
    const auto window = walk.subspan(w * size, size);
    const double mean = mean_of(window);
    double slope = 0, sum = 0;
    for (std::size_t t = 0; t < size; ++t) slope += (static_cast<double>(t) - middle) * (window[t] - mean);
    slope /= spread;
    for (std::size_t t = 0; t < size; ++t) {
      const double error = window[t] - mean - slope * (static_cast<double>(t) - middle);
      sum += error * error;
    }
    errors[w] = sum / static_cast<double>(size);
  }
  return std::sqrt(mean_of(errors.first(windows)));
}

ChannelMeasure higuchi_measure(int kmax) {
  if (kmax < 2) throw usage_error("higuchi", "kmax must be at least 2");
  return {"higuchi", 2 * std::int64_t{kmax} + 1};
}

/// 58 is the smallest T whose 0.1 T reaches the second window size.
const ChannelMeasure katz_measure{"katz", 3}, petrosian_measure{"petrosian", 2},
    fluctuation_measure{"detrended_fluctuation", 58};

}  // namespace

void require_higuchi(std::int64_t samples, int kmax) { require_length(higuchi_measure(kmax), samples); }

double higuchi_row(std::span<const double> x, int kmax, std::span<double> scratch) {
  const auto count = static_cast<std::size_t>(kmax);
  const auto log_scale = scratch.first(count), log_length = scratch.subspan(count, count);
  for (std::size_t k = 1; k <= count; ++k) {
    const double length = curve_length(x, k);
    if (!(length > 0)) return undefined;
    log_scale[k - 1] = -std::log(static_cast<double>(k));
    log_length[k - 1] = std::log(length);
  }
  return slope_of(log_scale, log_length);
}

double katz_row(std::span<const double> x, std::span<double> scratch) {
  const auto steps = scratch.first(x.size() - 1);
  differences_of(x, steps);
  double farthest = 0;
  for (double& step : steps) step = std::abs(step);
  for (const double value : x) farthest = std::max(farthest, std::abs(value - x[0]));
  const double length = ordered_sum(steps), mean = length / static_cast<double>(steps.size());
  if (!(mean > 0) || !std::isfinite(length)) return undefined;
  const double ratio = std::log10(farthest / mean);
  // A curve that never gets farther than one mean step has no dimension by this formula.
  return ratio == 0 || !std::isfinite(ratio) ? undefined : std::log10(length / mean) / ratio;
}

double petrosian_row(std::span<const double> x, std::span<double> scratch) {
  const auto steps = scratch.first(x.size() - 1);
  differences_of(x, steps);
  double turns = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) turns += std::signbit(steps[i]) != std::signbit(steps[i - 1]) ? 1 : 0;
  const auto count = static_cast<double>(x.size());
  return std::log10(count) / (std::log10(count) + std::log10(count / (count + 0.4 * turns)));
}

FluctuationRow::FluctuationRow(std::int64_t samples) : sizes_(window_sizes(samples)) {
  require_length(fluctuation_measure, samples);
  walk_.resize(static_cast<std::size_t>(samples));
  errors_.resize(walk_.size());
  log_size_.resize(sizes_.size());
  log_fluctuation_.resize(sizes_.size());
}

double FluctuationRow::run(std::span<const double> x) {
  const double mean = mean_of(x);
  double place = 0;
  std::transform(x.begin(), x.end(), walk_.begin(), [&](double value) { return place += value - mean; });
  std::size_t count = 0;
  for (const std::int64_t size : sizes_) {
    const double value = fluctuation(walk_, static_cast<std::size_t>(size), errors_);
    if (!(value > 0)) continue;
    log_size_[count] = std::log(static_cast<double>(size));
    log_fluctuation_[count] = std::log(value);
    ++count;
  }
  return count < 2 ? undefined : slope_of({log_size_.data(), count}, {log_fluctuation_.data(), count});
}

std::vector<double> higuchi(Signal x, int kmax) {
  return measure_channels(higuchi_measure(kmax), x, [&](std::span<const double> samples) {
    std::vector<double> scratch(2 * static_cast<std::size_t>(kmax));
    return higuchi_row(samples, kmax, scratch);
  });
}

namespace {

/// A measure of one channel with a scratch as long as the samples, for all channels.
template <double (*row)(std::span<const double>, std::span<double>)>
double with_scratch(std::span<const double> samples) {
  std::vector<double> scratch(samples.size());
  return row(samples, scratch);
}

}  // namespace

std::vector<double> katz(Signal x) { return measure_channels(katz_measure, x, with_scratch<katz_row>); }

std::vector<double> petrosian(Signal x) { return measure_channels(petrosian_measure, x, with_scratch<petrosian_row>); }

std::vector<double> detrended_fluctuation(Signal x) {
  return measure_channels(fluctuation_measure, x,
                          [&](std::span<const double> samples) { return FluctuationRow(x.extent(1)).run(samples); });
}

namespace {

template <std::vector<double> (*feature)(Signal)>
Tensors call_plain(const Arguments& args, const Tensors& in) {
  return {{"y", Tensor::vector(feature(MatrixPort(args, in, "x")))}};
}

const Operation higuchi_operation{
    .name = "higuchi",
    .room = "features",
    .about = "Higuchi's fractal dimension as antropy.higuchi_fd computes it",
    .arguments = {{.name = "kmax", .type = "integer", .standard = 10, .about = "largest step, samples"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "1"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto kmax = std::clamp<std::int64_t>(args.integer("kmax"), -1, 1 << 30);
      return {{"y", Tensor::vector(higuchi(MatrixPort(args, in, "x"), static_cast<int>(kmax)))}};
    },
};
CATON_REGISTER(Operation, higuchi_operation);

const Operation katz_operation{
    .name = "katz",
    .room = "features",
    .about = "Katz's fractal dimension (antropy.katz_fd)",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "1"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = call_plain<katz>,
};
CATON_REGISTER(Operation, katz_operation);

const Operation petrosian_operation{
    .name = "petrosian",
    .room = "features",
    .about = "Petrosian's fractal dimension (antropy.petrosian_fd)",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "1"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = call_plain<petrosian>,
};
CATON_REGISTER(Operation, petrosian_operation);

const Operation fluctuation_operation{
    .name = "detrended_fluctuation",
    .room = "features",
    .about = "Exponent of the fluctuations around local trends (antropy.detrended_fluctuation)",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "1"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = call_plain<detrended_fluctuation>,
};
CATON_REGISTER(Operation, fluctuation_operation);

}  // namespace

}  // namespace caton
