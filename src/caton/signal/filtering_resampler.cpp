// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/filtering_resampler.hpp"

#include "caton/base/lanes.hpp"
#include "caton/signal/plan_cache.hpp"
#include "caton/signal/real_fft.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

/// What the polynomial may leave out, relative to what it corrects.
template <class T>
constexpr double rounding = sizeof(T) == 4 ? 1e-10 : 1e-18;
constexpr std::size_t most_terms = 24;

/// y[m] += sign (-1)^m (c_0 + c_1 x[m] + c_2 x[m]^2 ...), eight places side by side.
template <class T>
struct AddPolynomial {
  static inline __attribute__((always_inline)) void run(const double* x, const double* coefficients, std::size_t terms,
                                                        double sign, T* y, std::int64_t count) {
    const Lanes signs = {sign, -sign, sign, -sign, sign, -sign, sign, -sign};
    for (std::int64_t m = 0; m < count; m += lane_count) {
      alignas(64) double values[lane_count] = {};
      const std::int64_t now = count - m < lane_count ? count - m : lane_count;
      Lanes place = {}, sum = {};
      if (now == lane_count) {
        load_lanes(place, x + m);
      } else {
        std::copy_n(x + m, now, values);
        load_lanes(place, values);
      }
      for (std::size_t j = terms; j-- > 0;) sum = sum * place + coefficients[j];
      store_lanes(sum * signs, values);
      for (std::int64_t i = 0; i < now; ++i) y[m + i] += static_cast<T>(values[i]);
    }
  }
};

/// Place `t` of a signal mirrored through its end values.
template <class T>
double mirrored(View<const T, 1> x, std::int64_t t) {
  const std::int64_t last = x.extent(0) - 1;
  if (t < 0) return 2 * static_cast<double>(x[0]) - static_cast<double>(x[-t]);
  if (t > last) return 2 * static_cast<double>(x[last]) - static_cast<double>(x[2 * last - t]);
  return static_cast<double>(x[t]);
}

}  // namespace

template <class T>
std::optional<FilteringResamplerOf<T>> FilteringResamplerOf<T>::of(const std::vector<double>& taps,
                                                                   std::int64_t samples, const FftResample& options) {
  if (options.window != "boxcar" || options.pad != Pad::reflect_limited || taps.size() < 3) return std::nullopt;
  FftResamplerOf<T> resampler(samples, options);
  const auto lengths = resampler.lengths();
  const auto reach = static_cast<std::int64_t>(taps.size() / 2);
  if (lengths.after >= lengths.before || lengths.before % 2 == 1 || lengths.after % 2 == 1) return std::nullopt;
  if (std::max(lengths.left, lengths.right) + reach >= samples) return std::nullopt;
  FilteringResamplerOf joined(taps, std::move(resampler));
  if (joined.terms_ > most_terms) return std::nullopt;
  return joined;
}

template <class T>
FilteringResamplerOf<T>::FilteringResamplerOf(const std::vector<double>& taps, FftResamplerOf<T> resampler)
    : resampler_(std::move(resampler)),
      convolution_(taps, static_cast<std::int64_t>(taps.size() / 2)),
      reach_(static_cast<std::int64_t>(taps.size() / 2)) {
  const auto lengths = resampler_.lengths();
  const auto before = static_cast<double>(lengths.before), after = static_cast<double>(lengths.after);
  double farthest = 0, largest = 0;
  for (std::int64_t s = -reach_; s < reach_; ++s) {
    // Reduced first: the product would lose digits.
    const auto turn = static_cast<double>((lengths.after * (s + lengths.before)) % (2 * lengths.before));
    sine_.push_back(-std::sin(std::numbers::pi * turn / before));
    cosine_.push_back(std::cos(std::numbers::pi * turn / before));
    tangent_.push_back(std::tan(std::numbers::pi * static_cast<double>(s) / before));
    farthest = std::max(farthest, std::abs(tangent_.back()));
  }
  for (std::int64_t m = lengths.drop; m < lengths.drop + lengths.keep; ++m) {
    cotangent_.push_back(m % lengths.after == 0 ? 1e300
                                                : 1 / std::tan(std::numbers::pi * static_cast<double>(m) / after));
    largest = std::max(largest, std::abs(cotangent_.back()));
  }
  const double ratio = farthest * largest;
  terms_ =
      ratio < 0.2 ? static_cast<std::size_t>(std::ceil(std::log(rounding<T>) / std::log(ratio))) + 2 : most_terms + 1;
  if (terms_ > most_terms) return;

  Vector centred({lengths.before}), bins({2 * (lengths.after / 2 + 1)}, uninitialised);
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(taps.size()); ++k)
    centred.data()[(k - reach_ + lengths.before) % lengths.before] += taps[static_cast<std::size_t>(k)];
  const std::int64_t count = lengths.after / 2 + 1;
  kept_plan<RealFft>(lengths.before)
      ->forward(PaddedRow<double>(centred, 0, 0, Pad::constant), 0, {bins.data(), bins.data() + count}, count);
  const std::vector<double> gains(bins.data(), bins.data() + count);
  resampler_.multiply_gains(gains);
}

/// What the filter gives within its reach of the wrap, less what its circular form gives.
template <class T>
std::vector<double> FilteringResamplerOf<T>::wrap_error(View<const T, 1> x) const {
  const auto lengths = resampler_.lengths();
  const auto reach = static_cast<std::size_t>(reach_);
  std::vector<double> before(reach), after(reach), error(2 * reach);
  for (std::int64_t i = 0; i < reach_; ++i) {
    const std::int64_t end = x.extent(0) + lengths.right;
    before[static_cast<std::size_t>(i)] = mirrored(x, -lengths.left - reach_ + i) - mirrored(x, end - reach_ + i);
    after[static_cast<std::size_t>(i)] = mirrored(x, end + i) - mirrored(x, -lengths.left + i);
  }
  const auto view = [&](const std::vector<double>& values) { return View<const double, 1>(values.data(), {reach_}); };
  const std::span<double> all(error);
  convolution_.apply(view(after), 0, all.first(reach));
  convolution_.apply(view(before), 2 * reach_, all.last(reach));
  return error;
}

template <class T>
void FilteringResamplerOf<T>::apply(View<const T, 1> x, T* y) const {
  resampler_.apply(x, y);
  const auto lengths = resampler_.lengths();
  const auto error = wrap_error(x);
  std::vector<double> moment(terms_ + 1, 0.0);
  double even = 0;
  for (std::size_t s = 0; s < error.size(); ++s) {
    even += error[s] * cosine_[s];
    double part = error[s] * sine_[s];
    for (double& value : moment) {
      value += part;
      part *= tangent_[s];
    }
  }
  // cot(a - b) = (C + t)(1 + C t + (C t)^2 + ...) with C = cot a, t = tan b.
  std::vector<double> coefficients{even + moment[1]};
  for (std::size_t j = 1; j < terms_; ++j) coefficients.push_back(moment[j - 1] + moment[j + 1]);
  const double sign = (lengths.drop % 2 == 0 ? 1.0 : -1.0) / static_cast<double>(lengths.before);
  run_on<AddPolynomial<T>>(processor(), static_cast<const double*>(cotangent_.data()),
                           static_cast<const double*>(coefficients.data()), coefficients.size(), sign, y,
                           std::min(lengths.keep, lengths.after - lengths.drop));
}

template class FilteringResamplerOf<float>;
template class FilteringResamplerOf<double>;

}  // namespace caton
