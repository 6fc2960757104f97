// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/kernel.hpp"

#include "caton/base/array.hpp"
#include "caton/base/lanes.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

namespace caton {
namespace {

constexpr double round_s = 0.02;
constexpr std::int64_t peak_steps = 20000;
constexpr int chains = 8;
constexpr std::int64_t copied_values = 8 << 20;

double seconds_of(const std::function<void()>& run, std::int64_t calls) {
  const auto begin = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < calls; ++i) run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

using TwoReals = double __attribute__((vector_size(16)));
using FourReals = double __attribute__((vector_size(32)));
using EightReals = double __attribute__((vector_size(64)));

/// Independent chains of a multiplication and an addition in registers of a width: enough not to wait for a result.
template <class Register>
struct PeakLoop {
  static inline __attribute__((always_inline)) void run(double* values, std::int64_t steps) {
    Register chain[chains], factor, term;
#pragma GCC unroll 8
    for (int k = 0; k < chains; ++k) std::memcpy(&chain[k], values + 8 * k, sizeof(Register));
    std::memcpy(&factor, values + 64, sizeof(Register));
    std::memcpy(&term, values + 72, sizeof(Register));
    for (std::int64_t i = 0; i < steps; ++i) {
#pragma GCC unroll 8
      for (int k = 0; k < chains; ++k) chain[k] = chain[k] * factor + term;
    }
#pragma GCC unroll 8
    for (int k = 0; k < chains; ++k) std::memcpy(values + 8 * k, &chain[k], sizeof(Register));
  }
};

template <class Register>
double peak_operations_per_s() {
  Array<double, 1> values({80}, 0.5);
  std::fill_n(values.data() + 64, 8, 0.999);
  const double seconds = measured_seconds([&] { run_on<PeakLoop<Register>>(processor(), values.data(), peak_steps); });
  return static_cast<double>(2 * chains * static_cast<std::int64_t>(sizeof(Register) / 8) * peak_steps) / seconds;
}

}  // namespace

double measured_seconds(const std::function<void()>& run, int rounds) {
  run();
  const double once = std::max(seconds_of(run, 1), 1e-9);
  const auto calls = std::max<std::int64_t>(1, static_cast<std::int64_t>(round_s / once));
  std::vector<double> taken;
  for (int i = 0; i < rounds; ++i) taken.push_back(seconds_of(run, calls) / static_cast<double>(calls));
  std::nth_element(taken.begin(), taken.begin() + rounds / 2, taken.end());
  return taken[static_cast<std::size_t>(rounds / 2)];
}

MachinePeak measured_peak() {
  const Array<double, 1> from({copied_values}, 1.0);
  Array<double, 1> to({copied_values});
  const double copy_s = measured_seconds([&] { std::memcpy(to.data(), from.data(), copied_values * sizeof(double)); });
  const double most = std::max(
      {peak_operations_per_s<TwoReals>(), peak_operations_per_s<FourReals>(), peak_operations_per_s<EightReals>()});
  return {most, static_cast<double>(2 * copied_values * sizeof(double)) / copy_s};
}

}  // namespace caton
