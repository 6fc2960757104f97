// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/window_function.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

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

std::vector<double> shaped(std::string_view name, std::int64_t count) {
  std::vector<double> window;
  const auto n = static_cast<double>(count);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto t = static_cast<double>(i);
    if (name == "cosine")
      window.push_back(std::sin(std::numbers::pi / n * (t + 0.5)));
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
  std::vector<std::string> known{"triang", "bartlett", "cosine"};
  std::vector<double> window;
  for (const CosineSum& sum : cosine_sums) {
    known.emplace_back(sum.name);
    if (name == sum.name) window = cosine_sum(sum, count);
  }
  if (window.empty() && (name == "triang" || name == "bartlett" || name == "cosine")) window = shaped(name, count);
  if (window.empty()) throw usage_error(where, "unknown window \"" + std::string(name) + "\"", suggestion(name, known));
  window.resize(static_cast<std::size_t>(samples));
  return window;
}

}  // namespace caton
