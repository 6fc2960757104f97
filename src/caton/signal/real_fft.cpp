// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Transforms of real signals and of plain complex vectors, on top of the one kernel.
#include "caton/base/error.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

/// What an even number of real samples needs: a plan of half the length, and e^(-2 pi i k / n) for k up to half of n.
struct EvenPlan {
  explicit EvenPlan(std::int64_t samples) : half(samples / 2) {
    for (std::int64_t k = 0; k <= samples / 2; ++k) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(samples);
      roots.emplace_back(std::cos(angle), -std::sin(angle));
    }
  }

  Fft half;
  std::vector<Complex> roots;
};

/// The plan of a length; each thread keeps the last few it used.
std::shared_ptr<const EvenPlan> even_plan(std::int64_t samples) {
  constexpr std::size_t kept = 4;
  thread_local std::vector<std::shared_ptr<const EvenPlan>> plans;
  const auto found = std::find_if(plans.begin(), plans.end(),
                                  [samples](const auto& plan) { return 2 * plan->half.length() == samples; });
  if (found != plans.end()) {
    std::rotate(plans.begin(), found, found + 1);
    return plans.front();
  }
  if (plans.size() == kept) plans.pop_back();
  plans.insert(plans.begin(), std::make_shared<const EvenPlan>(samples));
  return plans.front();
}

/// a b without the checks for infinities that std::complex makes.
Complex product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// An even number of real samples as half as many complex ones.
std::vector<Complex> even_real_fft(std::span<const double> x) {
  const std::size_t half = x.size() / 2;
  std::vector<double> re(half), im(half);
  for (std::size_t k = 0; k < half; ++k) {
    re[k] = x[2 * k];
    im[k] = x[2 * k + 1];
  }
  const auto plan = even_plan(static_cast<std::int64_t>(x.size()));
  plan->half.forward(re.data(), im.data());
  std::vector<Complex> bins(half + 1);
  for (std::size_t k = 0; k <= half; ++k) {
    const std::size_t a = k % half, b = (half - k) % half;
    const Complex even((re[a] + re[b]) / 2, (im[a] - im[b]) / 2), odd((im[a] + im[b]) / 2, (re[b] - re[a]) / 2);
    bins[k] = even + product(plan->roots[k], odd);
  }
  return bins;
}

}  // namespace

std::vector<Complex> real_fft(std::span<const double> x) {
  if (x.empty()) throw usage_error("real_fft", "the signal is empty");
  if (x.size() % 2 == 0) return even_real_fft(x);
  std::vector<double> re(x.begin(), x.end()), im(x.size(), 0);
  fft_plan(static_cast<std::int64_t>(x.size()))->forward(re.data(), im.data());
  std::vector<Complex> bins(x.size() / 2 + 1);
  for (std::size_t k = 0; k < bins.size(); ++k) bins[k] = {re[k], im[k]};
  return bins;
}

std::vector<double> inverse_real_fft(std::span<const Complex> bins, std::int64_t samples) {
  if (samples < 1) throw usage_error("inverse_real_fft", "the signal is empty");
  const auto n = static_cast<std::size_t>(samples);
  const auto bin = [&](std::size_t k) { return k < bins.size() ? bins[k] : Complex(0); };
  if (n % 2 == 1) {
    std::vector<double> re(n, 0), im(n, 0);
    re[0] = bin(0).real();
    for (std::size_t k = 1; k <= n / 2; ++k) {
      re[k] = re[n - k] = bin(k).real();
      im[k] = bin(k).imag();
      im[n - k] = -im[k];
    }
    fft_plan(samples)->inverse(re.data(), im.data());
    return re;
  }
  const std::size_t half = n / 2;
  const auto plan = even_plan(samples);
  std::vector<double> re(half), im(half);
  for (std::size_t k = 0; k < half; ++k) {
    Complex a = bin(k), b = std::conj(bin(half - k));
    if (k == 0) {
      a = a.real();
      b = b.real();
    }
    const Complex even = (a + b) / 2.0;
    const Complex odd = product((a - b) / 2.0, std::conj(plan->roots[k]));
    re[k] = even.real() - odd.imag();
    im[k] = even.imag() + odd.real();
  }
  plan->half.inverse(re.data(), im.data());
  std::vector<double> x(n);
  for (std::size_t k = 0; k < half; ++k) {
    x[2 * k] = re[k];
    x[2 * k + 1] = im[k];
  }
  return x;
}

namespace {

template <class Transform>
std::vector<Complex> transformed(std::span<const Complex> x, Transform transform) {
  std::vector<double> re(x.size()), im(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    re[k] = x[k].real();
    im[k] = x[k].imag();
  }
  const auto plan = fft_plan(static_cast<std::int64_t>(x.size()));
  transform(*plan, re.data(), im.data());
  std::vector<Complex> result(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) result[k] = {re[k], im[k]};
  return result;
}

}  // namespace

std::vector<Complex> complex_fft(std::span<const Complex> x) {
  return transformed(x, [](const Fft& plan, double* re, double* im) { plan.forward(re, im); });
}

std::vector<Complex> inverse_complex_fft(std::span<const Complex> x) {
  return transformed(x, [](const Fft& plan, double* re, double* im) { plan.inverse(re, im); });
}

}  // namespace caton
