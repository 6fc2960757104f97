// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/asr.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace caton {

namespace {

/// Quantiles between which the distribution is fitted, and how finely widths and starts are tried.
constexpr double lower_quantile = 0.022, upper_quantile = 0.6, step = 0.01;
constexpr double first_shape = 1.7, shape_step = 0.15;
constexpr int shapes = 12;

/// P(a, x) by its series: quick and exact for the x below a few that are needed here.
double incomplete_gamma(double a, double x) {
  double term = 1 / a, sum = term;
  for (int n = 1; n < 10000 && term > sum * 1e-17; ++n) sum += term *= x / (a + n);
  return std::exp(a * std::log(x) - x - std::lgamma(a)) * sum;
}

struct Shape {
  double beta, low, high;  ///< exponent, and where the quantiles lie for unit scale
};

Shape shape_of(int index) {
  const double beta = first_shape + shape_step * index;
  const auto bound = [&](double quantile) {
    const double sign = quantile > 0.5 ? 1 : -1;
    return sign * std::pow(inverse_incomplete_gamma(1 / beta, sign * (2 * quantile - 1)), 1 / beta);
  };
  return {beta, bound(lower_quantile), bound(upper_quantile)};
}

/// How many values of [begin, begin + m), shifted to 0 and scaled to `bins`, fall in each unit bin.
std::vector<double> log_histogram(const double* begin, std::size_t m, std::size_t bins) {
  std::vector<double> count(bins, 0.01);
  const double scale = static_cast<double>(bins) / (begin[m - 1] - begin[0]);
  for (std::size_t i = 0; i < m; ++i) {
    const double place = (begin[i] - begin[0]) * scale;
    if (!(place <= static_cast<double>(bins))) continue;
    ++count[std::min(static_cast<std::size_t>(place), bins - 1)];
  }
  for (double& value : count) value = std::log(value);
  return count;
}

/// sum p ln p and p itself of a shape cut between its bounds, at the centres of the bins.
struct Expected {
  std::vector<double> p;
  double entropy = 0;
};

Expected expected_bins(const Shape& shape, std::size_t bins) {
  Expected expected;
  double sum = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    const double x = shape.low + (static_cast<double>(i) + 0.5) / static_cast<double>(bins) * (shape.high - shape.low);
    expected.p.push_back(std::exp(-std::pow(std::abs(x), shape.beta)));
    sum += expected.p.back();
  }
  for (double& p : expected.p) {
    p /= sum;
    expected.entropy += p * std::log(p);
  }
  return expected;
}

std::size_t rounded(double value) { return static_cast<std::size_t>(std::nearbyint(value)); }

}  // namespace

double inverse_incomplete_gamma(double a, double p) {
  if (!(p > 0)) return 0;
  double low = 0, high = 1;
  while (incomplete_gamma(a, high) < p && high < 600) high *= 2;
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    (incomplete_gamma(a, middle) < p ? low : high) = middle;
  }
}

RmsFit fit_rms(std::vector<double> rms, double min_clean, double max_dropout) {
  std::sort(rms.begin(), rms.end());
  const auto count = static_cast<double>(rms.size());
  const double widest = upper_quantile - lower_quantile, narrowest = min_clean * widest;
  std::vector<Shape> tried;
  for (int i = 0; i < shapes; ++i) tried.push_back(shape_of(i));
  std::vector<std::size_t> starts;
  for (int i = 0; i < std::ceil((max_dropout + step * 1e-9) / step); ++i)
    starts.push_back(rounded(count * (lower_quantile + i * step)));

  double best = std::numeric_limits<double>::infinity();
  RmsFit fit;
  for (int i = 0; i < std::ceil((widest - narrowest) / step); ++i) {
    const std::size_t m = rounded(count * (widest - i * step));
    if (m < 2) continue;
    const std::size_t bins = std::max<std::size_t>(1, rounded(3 * std::log2(1 + static_cast<double>(m) / 2)));
    std::vector<std::vector<double>> histograms;
    for (const std::size_t start : starts) {
      const bool usable = start + m <= rms.size() && rms[start + m - 1] > rms[start];
      histograms.push_back(usable ? log_histogram(rms.data() + start, m, bins) : std::vector<double>{});
    }
    for (const Shape& shape : tried) {
      const Expected expected = expected_bins(shape, bins);
      for (std::size_t s = 0; s < starts.size(); ++s) {
        if (histograms[s].empty()) continue;
        double divergence = expected.entropy + std::log(static_cast<double>(m));
        for (std::size_t k = 0; k < bins; ++k) divergence -= expected.p[k] * histograms[s][k];
        if (!(divergence < best)) continue;
        best = divergence;
        const double low = rms[starts[s]], high = rms[starts[s] + m - 1];
        const double alpha = (high - low) / (shape.high - shape.low);
        fit.mean = low - shape.low * alpha;
        fit.deviation = alpha * std::sqrt(std::tgamma(3 / shape.beta) / std::tgamma(1 / shape.beta));
      }
    }
  }
  if (!std::isfinite(best)) {
    fit.mean = rms[rms.size() / 2];
    fit.deviation = 0;
  }
  return fit;
}

}  // namespace caton
