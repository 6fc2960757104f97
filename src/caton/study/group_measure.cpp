// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_measure.hpp"

#include "caton/base/error.hpp"
#include "caton/features/connectivity/connectivity_summary.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace caton {
namespace {

/// The epochs of some windows, one after the other.
Array<double, 3> epochs_of(const PairMeasure& measure, Signal x, std::span<const std::int64_t> begins,
                           std::int64_t length, std::int64_t epoch) {
  const std::int64_t each = length / epoch;
  Array<double, 3> all({static_cast<std::int64_t>(begins.size()) * each, x.extent(0), epoch}, uninitialised);
  double* to = all.data();
  for (const std::int64_t begin : begins) {
    const auto part = pair_epochs(measure, x.slice(1, begin, length), epoch);
    to = std::copy_n(part.data(), part.size(), to);
  }
  return all;
}

void put_totals(const Array<double, 3>& cube, std::int64_t window, Matrix& course) {
  for (std::int64_t b = 0; b < cube.extent(0); ++b) course(window, b) = connectivity_summary(cube.view()[b]).total;
}

}  // namespace

std::vector<std::int64_t> windows_apart(std::span<const std::int64_t> begins, std::int64_t length) {
  std::vector<std::int64_t> apart;
  for (const std::int64_t begin : begins) {
    if (apart.empty() || begin >= apart.back() + length) apart.push_back(begin);
  }
  return apart;
}

MeasuredWindows measure_windows(const PairMeasure& measure, Signal x, std::span<const std::int64_t> begins,
                                std::int64_t length, double rate_hz, const GroupAnalysis& options, std::int64_t order) {
  const PairOptions how{
      .rate_hz = rate_hz, .bands = options.bands, .order = order, .bins = options.bins, .ridge = options.ridge};
  const auto bands = static_cast<std::int64_t>(options.bands.size()), channels = x.extent(0);
  const std::int64_t epoch =
      measure.repetitions ? std::max<std::int64_t>(2, std::llround(options.epoch_s * rate_hz)) : length;
  if (epoch > length)
    throw usage_error("connectivity: epoch_s", "an epoch is longer than a window", "give longer windows");
  MeasuredWindows result{Array<double, 3>({bands, channels, channels}),
                         Matrix({static_cast<std::int64_t>(begins.size()), bands}), 0};
  std::int64_t counted = 0;
  for (std::size_t w = 0; w < begins.size(); ++w) {
    const auto epochs = pair_epochs(measure, x.slice(1, begins[w], length), epoch);
    if (!pairs_stable(measure, epochs, how)) {
      ++result.unstable;
      continue;
    }
    const auto cube = measure_pairs(measure, epochs, how);
    put_totals(cube, static_cast<std::int64_t>(w), result.course);
    if (measure.repetitions) continue;
    ++counted;
    for (std::int64_t i = 0; i < cube.size(); ++i) result.mean.data()[i] += cube.data()[i];
  }
  if (measure.repetitions) {
    const auto apart = windows_apart(begins, length);
    result.mean = measure_pairs(measure, epochs_of(measure, x, apart, length, epoch), how);
    return result;
  }
  if (counted == 0) {
    throw input_error(measure.name, "the model of every window is unstable",
                      "give longer windows, a lower order or fewer channels");
  }
  for (double& value : result.mean) value /= static_cast<double>(counted);
  return result;
}

}  // namespace caton
