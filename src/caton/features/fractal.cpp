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

double higuchi_of(std::span<const double> x, int kmax) {
  std::vector<double> log_scale, log_length;
  for (int k = 1; k <= kmax; ++k) {
    const double length = curve_length(x, static_cast<std::size_t>(k));
    if (!(length > 0)) return undefined;
    log_scale.push_back(-std::log(k));
    log_length.push_back(std::log(length));
  }
  return slope_of(log_scale, log_length);
}

double katz_of(std::span<const double> x) {
  auto steps = differences_of(x);
  double farthest = 0;
  for (double& step : steps) step = std::abs(step);
  for (const double value : x) farthest = std::max(farthest, std::abs(value - x[0]));
  const double length = ordered_sum(steps), mean = length / static_cast<double>(steps.size());
  if (!(mean > 0) || !std::isfinite(length)) return undefined;
  const double ratio = std::log10(farthest / mean);
  // A curve that never gets farther than one mean step has no dimension by this formula.
  return ratio == 0 || !std::isfinite(ratio) ? undefined : std::log10(length / mean) / ratio;
}

double petrosian_of(std::span<const double> x) {
  const auto steps = differences_of(x);
  double turns = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) turns += std::signbit(steps[i]) != std::signbit(steps[i - 1]) ? 1 : 0;
  const auto count = static_cast<double>(x.size());
  return std::log10(count) / (std::log10(count) + std::log10(count / (count + 0.4 * turns)));
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
double fluctuation(std::span<const double> walk, std::size_t size) {
  const std::size_t windows = walk.size() / size;
  const double middle = (static_cast<double>(size) - 1) / 2;
  double spread = 0;
  for (std::size_t t = 0; t < size; ++t)
    spread += (static_cast<double>(t) - middle) * (static_cast<double>(t) - middle);
  std::vector<double> errors;
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
    errors.push_back(sum / static_cast<double>(size));
  }
  return std::sqrt(mean_of(errors));
}

double fluctuation_exponent(std::span<const double> x, const std::vector<std::int64_t>& sizes) {
  const double mean = mean_of(x);
  std::vector<double> walk;
  double place = 0;
  for (const double value : x) walk.push_back(place += value - mean);
  std::vector<double> log_size, log_fluctuation;
  for (const std::int64_t size : sizes) {
    const double value = fluctuation(walk, static_cast<std::size_t>(size));
    if (!(value > 0)) continue;
    log_size.push_back(std::log(static_cast<double>(size)));
    log_fluctuation.push_back(std::log(value));
  }
  return log_size.size() < 2 ? undefined : slope_of(log_size, log_fluctuation);
}

}  // namespace

std::vector<double> higuchi(Signal x, int kmax) {
  if (kmax < 2) throw usage_error("higuchi", "kmax must be at least 2");
  return measure_channels({"higuchi", 2 * std::int64_t{kmax} + 1}, x,
                          [&](std::span<const double> samples) { return higuchi_of(samples, kmax); });
}

std::vector<double> katz(Signal x) { return measure_channels({"katz", 3}, x, katz_of); }

std::vector<double> petrosian(Signal x) { return measure_channels({"petrosian", 2}, x, petrosian_of); }

std::vector<double> detrended_fluctuation(Signal x) {
  const auto sizes = window_sizes(x.extent(1));
  const std::int64_t least = 58;  // the smallest T whose 0.1 T reaches the second window size
  return measure_channels({"detrended_fluctuation", least}, x,
                          [&](std::span<const double> samples) { return fluctuation_exponent(samples, sizes); });
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
