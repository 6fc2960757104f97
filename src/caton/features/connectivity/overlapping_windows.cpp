// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/overlapping_windows.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

namespace caton {

namespace {

/// A mean this many deviations from zero costs less than a digit of the sums.
constexpr double near_mean = 2;

}  // namespace

OverlappingWindows::OverlappingWindows(const TimeMajor& x, std::span<const std::int64_t> begins, std::int64_t length,
                                       std::int64_t order)
    : x_(x), length_(length), order_(order) {
  std::set<std::int64_t> cuts;
  for (const std::int64_t begin : begins) {
    cuts.insert(begin + order);
    cuts.insert(begin + length);
  }
  for (auto cut = cuts.begin(); cut != cuts.end() && std::next(cut) != cuts.end(); ++cut) {
    const std::int64_t first = *cut, last = *std::next(cut);
    const bool held = std::any_of(begins.begin(), begins.end(),
                                  [&](std::int64_t begin) { return begin + order <= first && last <= begin + length; });
    if (held)
      stretches_.emplace(first, Stretch{last, lagged_sums(x, first, last, order), channel_sums(x, first, last)});
  }
}

Matrix OverlappingWindows::raw_products(std::int64_t begin, std::vector<double>& sums) const {
  Matrix products({x_.channels(), x_.width() * (order_ + 1)});
  for (auto at = stretches_.find(begin + order_); at != stretches_.end() && at->first < begin + length_; ++at) {
    const double* const from = at->second.products.data();
    for (std::int64_t k = 0; k < products.size(); ++k) products.data()[k] += from[k];
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += at->second.sums[c];
  }
  return products;
}

bool OverlappingWindows::find_moments(std::int64_t begin, Signal products, Moments& moments) const {
  for (std::int64_t c = 0; c < x_.channels(); ++c) {
    const auto at = static_cast<std::size_t>(c);
    double total = moments.sums[at], square = products(c, c);
    for (std::int64_t t = 0; t < order_; ++t) {
      const double value = x_.at(begin + t)[c];
      total += value;
      square += value * value;
    }
    const double mean = total / static_cast<double>(length_);
    const double variance = square / static_cast<double>(length_) - mean * mean;
    if (!(variance > 0) || !(mean * mean <= near_mean * near_mean * variance)) return false;
    moments.mean[at] = mean;
    moments.scale[at] = 1 / std::sqrt(variance);
  }
  return true;
}

void OverlappingWindows::standardize(std::int64_t begin, const Moments& moments, Matrix& products) const {
  const std::int64_t width = x_.width(), end = begin + length_;
  const auto count = static_cast<double>(length_ - order_);
  std::vector<double> lagged = moments.sums;  // of the samples `lag` before
  for (std::int64_t lag = 0; lag <= order_; ++lag) {
    for (std::int64_t c = 0; c < width && lag > 0; ++c)
      lagged[static_cast<std::size_t>(c)] += x_.at(begin + order_ - lag)[c] - x_.at(end - lag)[c];
    for (std::int64_t r = 0; r < x_.channels(); ++r) {
      const auto row = static_cast<std::size_t>(r);
      const double mean = moments.mean[row], rest = moments.sums[row] - count * mean, scale = moments.scale[row];
      double* const values = &products(r, lag * width);
      for (std::size_t c = 0; c < lagged.size(); ++c)
        values[c] = (values[c] - mean * lagged[c] - rest * moments.mean[c]) * (scale * moments.scale[c]);
    }
  }
}

WindowEnds OverlappingWindows::ends(std::int64_t begin, const Moments& moments) const {
  WindowEnds result(x_.channels(), length_, order_);
  for (std::int64_t t = 0; t < length_; ++t) {
    if (t >= order_ && t < length_ - order_) continue;
    for (std::size_t c = 0; c < moments.mean.size(); ++c)
      result.at(t)[c] = (x_.at(begin + t)[c] - moments.mean[c]) * moments.scale[c];
  }
  return result;
}

std::optional<WindowModel> OverlappingWindows::model(std::int64_t begin) const {
  const auto width = static_cast<std::size_t>(x_.width());
  Moments moments{std::vector<double>(width), std::vector<double>(width), std::vector<double>(width)};
  Matrix products = raw_products(begin, moments.sums);
  if (!find_moments(begin, products, moments)) return std::nullopt;
  standardize(begin, moments, products);
  const WindowEnds y = ends(begin, moments);
  if (!surely_independent(products, x_.channels())) return std::nullopt;
  auto fit = regress_quickly(y, std::move(products), order_);
  if (!fit) return std::nullopt;
  const auto count = static_cast<double>(length_ - order_);
  for (std::size_t c = 0; c < width; ++c)
    moments.sums[c] = (moments.sums[c] - count * moments.mean[c]) * moments.scale[c];
  return model_of(y, moments.sums, std::move(*fit));
}

}  // namespace caton
