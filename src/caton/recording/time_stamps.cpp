// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/time_stamps.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr double samples_of_a_gap = 5;

double median_forward_step(std::span<const double> stamps) {
  std::vector<double> steps;
  steps.reserve(stamps.size());
  for (std::size_t i = 1; i < stamps.size(); ++i)
    if (stamps[i] > stamps[i - 1]) steps.push_back(stamps[i] - stamps[i - 1]);
  if (steps.empty()) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// A rate as one would say it: 200 rather than 199.99999999999997, 256 rather than 255.99.
double rounded(double rate_hz) {
  const double whole = std::round(rate_hz);
  if (whole > 0 && std::fabs(rate_hz - whole) < 1e-3 * whole) return whole;
  return std::round(rate_hz * 1e6) / 1e6;
}

}  // namespace

StampedTime time_from_stamps(std::span<const double> stamps, std::optional<double> nominal_hz, const std::string& code,
                             const std::string& where, Findings& findings, double shortest_gap_s) {
  StampedTime time;
  const auto rows = static_cast<std::int64_t>(stamps.size());
  const double median = median_forward_step(stamps);
  const double gap = std::max(shortest_gap_s, samples_of_a_gap * median);
  double total = 0, lost = 0, longest = 0;
  std::int64_t steps = 0, not_forward = 0, not_numbers = 0, longest_row = 0;
  time.segments.push_back({0, rows, 0});
  for (std::int64_t row = 1; row < rows; ++row) {
    const double step = stamps[static_cast<std::size_t>(row)] - stamps[static_cast<std::size_t>(row) - 1];
    if (!std::isfinite(step)) {
      ++not_numbers;
      continue;
    }
    if (step <= 0) ++not_forward;
    if (median > 0 && step > gap) {
      Segment& last = time.segments.back();
      last.count = row - last.first;
      time.segments.push_back({row, rows - row, stamps[static_cast<std::size_t>(row)] - stamps[0]});
      lost += step - median;
      if (step > longest) longest_row = row;
      longest = std::max(longest, step);
      continue;
    }
    total += step;
    ++steps;
  }
  if (steps > 0 && total > 0) time.rate_hz = rounded(static_cast<double>(steps) / total);
  if (nominal_hz && (time.rate_hz == 0 || not_forward > 0 || std::fabs(time.rate_hz / *nominal_hz - 1) < 0.05))
    time.rate_hz = *nominal_hz;
  if (not_numbers > 0)
    findings.push_back({code + "/time-missing", Severity::warn, where,
                        std::to_string(not_numbers) + " time stamps are missing; rows are taken in order"});
  if (not_forward > 0)
    findings.push_back({code + "/time-backwards", Severity::warn, where,
                        std::to_string(not_forward) + " time stamps do not go forward; the order of rows is kept" +
                            (time.rate_hz > 0 ? " and " + number_text(time.rate_hz) + " Hz assumed" : "")});
  if (time.segments.size() > 1)
    findings.push_back({code + "/gaps", Severity::warn, where + ", row " + std::to_string(longest_row + 1),
                        std::to_string(time.segments.size() - 1) + " gap(s) in the time stamps, " +
                            fixed_text(lost, 1) + " s in all, the longest " + fixed_text(longest, 1) +
                            " s; nothing is computed across them"});
  return time;
}

}  // namespace caton
