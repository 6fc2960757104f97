// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/order_statistics.hpp"
#include "caton/prepare/cleaning/components.hpp"
#include "caton/signal/fir.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace caton {

namespace {

constexpr double deflection = 4, around_s = 0.2, ramp_s = 0.1;

/// Distance of each sample to the nearest deflection.
std::vector<std::int64_t> distances(const std::vector<double>& values) {
  const double middle = median(values), limit = deflection * robust_deviation(values);
  constexpr std::int64_t far = std::int64_t{1} << 40;
  std::vector<std::int64_t> away(values.size(), far);
  for (std::size_t t = 0; t < values.size(); ++t) {
    const bool on = std::abs(values[t] - middle) > limit;
    away[t] = on ? 0 : t > 0 ? std::min(far, away[t - 1] + 1) : far;
  }
  for (std::size_t t = values.size() - 1; t-- > 0;) away[t] = std::min(away[t], away[t + 1] + 1);
  return away;
}

}  // namespace

double slow_end_hz(double rate_hz) { return std::min(10.0, 0.3 * rate_hz); }

Matrix band_passed(Signal x, double rate_hz, double low_hz, double high_hz) {
  return fir_filter(x, {.rate_hz = rate_hz, .low_hz = low_hz, .high_hz = high_hz});
}

std::vector<double> removal_weights(const Components& components, std::int64_t k, double rate_hz) {
  const auto samples = static_cast<std::size_t>(components.sources.extent(1));
  if (components.found[static_cast<std::size_t>(k)].kind != ComponentKind::eye)
    return std::vector<double>(samples, 1.0);
  const Matrix slow = band_passed(components.sources.view().slice(0, k, 1), rate_hz, 1, slow_end_hz(rate_hz));
  const auto away = distances({slow.begin(), slow.end()});
  const auto reach = static_cast<std::int64_t>(std::nearbyint(around_s * rate_hz));
  const auto ramp = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::nearbyint(ramp_s * rate_hz)));
  std::vector<double> weights(samples, 0.0);
  for (std::size_t t = 0; t < samples; ++t) {
    const double past = static_cast<double>(away[t] - reach) / static_cast<double>(ramp);
    weights[t] = past <= 0 ? 1 : past >= 1 ? 0 : 0.5 + 0.5 * std::cos(3.14159265358979323846 * past);
  }
  return weights;
}

}  // namespace caton
