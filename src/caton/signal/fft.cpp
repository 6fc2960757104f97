// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fft.hpp"

#include "caton/base/error.hpp"
#include "caton/signal/butterfly.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace caton {

struct Fft::Stage {
  int radix;
  std::int64_t groups, stride;
  std::vector<double> twiddles, roots;
};

/// Bluestein: a transform of any length as a convolution with a chirp, done by a longer transform of a good length.
struct Fft::Chirp {
  explicit Chirp(std::int64_t length) : plan(next_fast_length(2 * length - 1)) {
    const auto n = static_cast<std::size_t>(length), m = static_cast<std::size_t>(plan.length());
    re.resize(n);
    im.resize(n);
    kernel_re.assign(m, 0);
    kernel_im.assign(m, 0);
    for (std::size_t k = 0; k < n; ++k) {
      const auto square = static_cast<long double>((static_cast<unsigned long long>(k) * k) % (2 * n));
      const long double angle = std::numbers::pi_v<long double> * square / static_cast<long double>(n);
      re[k] = static_cast<double>(std::cos(angle));
      im[k] = static_cast<double>(-std::sin(angle));
      for (const std::size_t place : {k, (m - k) % m}) {
        kernel_re[place] = re[k];
        kernel_im[place] = -im[k];
      }
    }
    plan.forward(kernel_re.data(), kernel_im.data());
  }

  Fft plan;
  std::vector<double> re, im, kernel_re, kernel_im;
};

namespace {

constexpr std::array<int, 8> radices{4, 2, 3, 5, 7, 11, 13, 0};

std::vector<int> factors(std::int64_t length) {
  std::vector<int> result;
  for (const int radix : radices) {
    while (radix != 0 && length % radix == 0) {
      result.push_back(radix);
      length /= radix;
    }
  }
  if (length != 1) result.clear();
  return result;
}

std::vector<double> roots_of(int radix) {
  std::vector<double> roots;
  for (int k = 0; k < radix; ++k)
    roots.push_back(static_cast<double>(std::cos(2 * std::numbers::pi_v<long double> * k / radix)));
  for (int k = 0; k < radix; ++k)
    roots.push_back(static_cast<double>(std::sin(2 * std::numbers::pi_v<long double> * k / radix)));
  return roots;
}

std::vector<double> twiddles_of(int radix, std::int64_t groups) {
  const auto count = static_cast<std::size_t>((radix - 1) * groups);
  std::vector<double> twiddles(2 * count);
  for (int k = 1; k < radix; ++k) {
    for (std::int64_t p = 0; p < groups; ++p) {
      const long double angle = 2 * std::numbers::pi_v<long double> * static_cast<long double>(k * p) /
                                static_cast<long double>(radix * groups);
      const auto place = static_cast<std::size_t>((k - 1) * groups + p);
      twiddles[place] = static_cast<double>(std::cos(angle));
      twiddles[count + place] = static_cast<double>(-std::sin(angle));
    }
  }
  return twiddles;
}

}  // namespace

Fft::Fft(std::int64_t length) : length_(length) {
  if (length < 1) throw usage_error("fft", "a transform of length " + std::to_string(length) + " is empty");
  if (length == 1) return;
  const auto radixes = factors(length);
  if (radixes.empty()) {
    chirp_ = std::make_unique<const Chirp>(length);
    return;
  }
  std::int64_t left = length, stride = 1;
  for (const int radix : radixes) {
    left /= radix;
    stages_.push_back({radix, left, stride, twiddles_of(radix, left), roots_of(radix)});
    stride *= radix;
  }
}

Fft::~Fft() = default;

void Fft::stages(double* re, double* im) const {
  Vector scratch({2 * length_}, uninitialised);
  double *from_re = re, *from_im = im, *to_re = scratch.data(), *to_im = scratch.data() + length_;
  for (const Stage& stage : stages_) {
    const auto run = [&]<int radix>(std::integral_constant<int, radix>) {
      run_on<StageKernel<radix>>(processor(), static_cast<const double*>(from_re), static_cast<const double*>(from_im),
                                 to_re, to_im, stage.groups, stage.stride, stage.twiddles.data(), stage.roots.data());
    };
    switch (stage.radix) {
      case 2: run(std::integral_constant<int, 2>{}); break;
      case 3: run(std::integral_constant<int, 3>{}); break;
      case 4: run(std::integral_constant<int, 4>{}); break;
      case 5: run(std::integral_constant<int, 5>{}); break;
      case 7: run(std::integral_constant<int, 7>{}); break;
      case 11: run(std::integral_constant<int, 11>{}); break;
      default: run(std::integral_constant<int, 13>{}); break;
    }
    std::swap(from_re, to_re);
    std::swap(from_im, to_im);
  }
  if (from_re == re) return;
  std::copy(from_re, from_re + length_, re);
  std::copy(from_im, from_im + length_, im);
}

void Fft::chirp(double* re, double* im) const {
  const auto n = static_cast<std::size_t>(length_);
  const auto m = static_cast<std::size_t>(chirp_->plan.length());
  std::vector<double> a(m, 0), b(m, 0);
  for (std::size_t k = 0; k < n; ++k) {
    a[k] = re[k] * chirp_->re[k] - im[k] * chirp_->im[k];
    b[k] = re[k] * chirp_->im[k] + im[k] * chirp_->re[k];
  }
  chirp_->plan.forward(a.data(), b.data());
  for (std::size_t k = 0; k < m; ++k) {
    const double r = a[k] * chirp_->kernel_re[k] - b[k] * chirp_->kernel_im[k];
    b[k] = a[k] * chirp_->kernel_im[k] + b[k] * chirp_->kernel_re[k];
    a[k] = r;
  }
  chirp_->plan.inverse(a.data(), b.data());
  for (std::size_t k = 0; k < n; ++k) {
    re[k] = a[k] * chirp_->re[k] - b[k] * chirp_->im[k];
    im[k] = a[k] * chirp_->im[k] + b[k] * chirp_->re[k];
  }
}

void Fft::forward(double* re, double* im) const {
  if (chirp_)
    chirp(re, im);
  else
    stages(re, im);
}

void Fft::inverse(double* re, double* im) const {
  forward(im, re);
  const double scale = 1.0 / static_cast<double>(length_);
  for (std::int64_t k = 0; k < length_; ++k) {
    re[k] *= scale;
    im[k] *= scale;
  }
}

std::shared_ptr<const Fft> fft_plan(std::int64_t length) {
  constexpr std::size_t kept = 8;
  thread_local std::vector<std::shared_ptr<const Fft>> plans;
  const auto found =
      std::find_if(plans.begin(), plans.end(), [length](const auto& plan) { return plan->length() == length; });
  if (found != plans.end()) {
    std::rotate(plans.begin(), found, found + 1);
    return plans.front();
  }
  if (plans.size() == kept) plans.pop_back();
  plans.insert(plans.begin(), std::make_shared<const Fft>(length));
  return plans.front();
}

std::int64_t next_fast_length(std::int64_t length) {
  for (std::int64_t candidate = std::max<std::int64_t>(length, 1);; ++candidate) {
    std::int64_t left = candidate;
    for (const int prime : {2, 3, 5, 7, 11}) {
      while (left % prime == 0) left /= prime;
    }
    if (left == 1) return candidate;
  }
}

}  // namespace caton
