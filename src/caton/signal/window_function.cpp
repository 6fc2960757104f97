// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/window_function.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

struct CosineSum {
  const char* name;
  std::array<double, 5> weights;
};

constexpr std::array<CosineSum, 7> cosine_sums{
    {{"boxcar", {1, 0, 0, 0, 0}},
     {"hann", {0.5, 0.5, 0, 0, 0}},
     {"hamming", {0.54, 1 - 0.54, 0, 0, 0}},
     {"blackman", {0.42, 0.50, 0.08, 0, 0}},
     {"nuttall", {0.3635819, 0.4891775, 0.1365995, 0.0106411, 0}},
     {"blackmanharris", {0.35875, 0.48829, 0.14128, 0.01168, 0}},
     {"flattop", {0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368}}}};

std::vector<double> cosine_sum(const CosineSum& sum, std::int64_t count) {
  std::vector<double> window(static_cast<std::size_t>(count), 1.0);
  if (count == 1) return window;
  for (std::int64_t i = 0; i < count; ++i) {
    const double angle =
        -std::numbers::pi + 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(count - 1);
    double value = 0;
    for (std::size_t k = 0; k < sum.weights.size(); ++k)
      value += sum.weights[k] * std::cos(static_cast<double>(k) * angle);
    window[static_cast<std::size_t>(i)] = value;
  }
  return window;
}

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

/// At the distance `x` from the middle, 0 to 1.
double bohman(double x) {
  const double angle = std::numbers::pi * x;
  return x >= 1 ? 0 : (1 - x) * std::cos(angle) + std::sin(angle) / std::numbers::pi;
}

double parzen(double from_middle, double n) {
  const double x = 2 * from_middle / n;
  return from_middle > (n - 1) / 4 ? 2 * std::pow(1 - x, 3) : 1 - 6 * x * x + 6 * x * x * x;
}

/// At `x` from -1/2 to 1/2.
double barthann(double x) { return 0.62 - 0.48 * std::abs(x) + 0.38 * std::cos(2 * std::numbers::pi * x); }

/// Flat in the middle half, the quarters at the ends a cosine's (SciPy's default, alpha 0.5).
double tukey(double t, double n) {
  const double width = std::floor(0.5 * (n - 1) / 2), from_end = std::min(t, n - 1 - t);
  if (from_end > width) return 1;
  return 0.5 * (1 + std::cos(std::numbers::pi * (2 * from_end / (0.5 * (n - 1)) - 1)));
}

std::vector<double> shaped(std::string_view name, std::int64_t count) {
  std::vector<double> window;
  const auto n = static_cast<double>(count);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto t = static_cast<double>(i);
    if (name == "cosine")
      window.push_back(std::sin(std::numbers::pi / n * (t + 0.5)));
    else if (name == "lanczos")
      window.push_back(count == 1 ? 1 : sinc(2 * t / (n - 1) - 1));
    else if (name == "bohman")
      window.push_back(count == 1 ? 1 : bohman(std::abs(2 * t / (n - 1) - 1)));
    else if (name == "parzen")
      window.push_back(parzen(std::abs(t - (n - 1) / 2), n));
    else if (name == "barthann")
      window.push_back(count == 1 ? 1 : barthann(t / (n - 1) - 0.5));
    else if (name == "tukey")
      window.push_back(count == 1 ? 1 : tukey(t, n));
    else if (name == "exponential")
      window.push_back(std::exp(-std::abs(t - (n - 1) / 2)));
    else if (name == "bartlett")
      window.push_back(count == 1 ? 1 : 1 - std::abs(2 * t / (n - 1) - 1));
    else
      window.push_back(1 - std::abs(t - (n - 1) / 2) / (count % 2 == 0 ? n / 2 : (n + 1) / 2));
  }
  return window;
}

}  // namespace

std::vector<double> window_function(std::string_view name, std::int64_t samples, bool periodic,
                                    const std::string& where) {
  if (samples < 1) throw usage_error(where, "a window of " + std::to_string(samples) + " samples is empty");
  const std::int64_t count = periodic && samples > 1 ? samples + 1 : samples;
  static constexpr std::array shapes{"triang",   "bartlett", "cosine", "parzen",     "bohman",
                                     "barthann", "lanczos",  "tukey",  "exponential"};
  std::vector<std::string> known(shapes.begin(), shapes.end());
  const bool is_shape = std::find(known.begin(), known.end(), name) != known.end();
  std::vector<double> window;
  for (const CosineSum& sum : cosine_sums) {
    known.emplace_back(sum.name);
    if (name == sum.name) window = cosine_sum(sum, count);
  }
  if (is_shape) window = shaped(name, count);
  if (window.empty()) throw usage_error(where, "unknown window \"" + std::string(name) + "\"", suggestion(name, known));
  window.resize(static_cast<std::size_t>(samples));
  return window;
}

}  // namespace caton
