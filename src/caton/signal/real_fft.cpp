// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Transforms of real signals and of plain complex vectors, on top of the one kernel.
#include "caton/signal/real_fft.hpp"

#include "caton/base/error.hpp"
#include "caton/signal/plan_cache.hpp"
#include "caton/signal/real_kernels.hpp"
#include "caton/signal/roots_of_unity.hpp"

#include <algorithm>
#include <array>

namespace caton {

namespace {

constexpr std::int64_t tile = 2048;  ///< pairs of real values on their way

template <class T>
Split<T> part_of(Array<T, 1>& memory, std::int64_t index, std::int64_t length) {
  return {memory.data() + 2 * index * length, memory.data() + (2 * index + 1) * length};
}

}  // namespace

template <class T>
RealFftOf<T>::RealFftOf(std::int64_t length)
    : length_(length), plan_(length % 2 == 0 && length > 0 ? length / 2 : length) {
  if (length % 2 == 1) return;
  const std::int64_t half = length / 2;
  const RootsOfUnity unity(length);
  roots_ = Array<T, 1>({2 * (half + 1)}, uninitialised);
  for (std::int64_t k = 0; k <= half; ++k) {
    const auto root = unity.at(k);
    roots_.data()[k] = static_cast<T>(root.real());
    roots_.data()[half + 1 + k] = static_cast<T>(root.imag());
  }
}

template <class T>
void RealFftOf<T>::forward(const PaddedRow<T>& x, std::int64_t begin, Split<T> bins, std::int64_t count) const {
  const std::int64_t n = plan_.length();
  Array<T, 1> memory({4 * n}, uninitialised);
  const auto z = part_of(memory, 0, n);
  if (length_ % 2 == 1) {
    x.take(begin, n, z.re);
    std::fill_n(z.im, n, T{0});
    const Split<T> all = plan_.run(z, part_of(memory, 1, n));
    std::copy_n(all.re, count, bins.re);
    std::copy_n(all.im, count, bins.im);
    return;
  }
  std::array<T, 2 * tile> values;
  for (std::int64_t k = 0; k < n; k += tile) {
    const std::int64_t now = std::min(tile, n - k);
    x.take(begin + 2 * k, 2 * now, values.data());
    split_pairs(values.data(), {z.re + k, z.im + k}, now);
  }
  const Split<T> all = plan_.run(z, part_of(memory, 1, n));
  untangle(Split<const T>{all.re, all.im}, n, Split<const T>{roots_.data(), roots_.data() + n + 1}, bins,
           std::min(count, n));
  bins.re[0] = all.re[0] + all.im[0];
  bins.im[0] = 0;
  if (count <= n) return;
  bins.re[n] = all.re[0] - all.im[0];
  bins.im[n] = 0;
}

template <class T>
void RealFftOf<T>::inverse(Split<const T> bins, std::int64_t first, std::int64_t count, T* x) const {
  const std::int64_t n = plan_.length();
  const T scale = T{1} / static_cast<T>(n);
  Array<T, 1> memory({4 * n}, uninitialised);
  const auto z = part_of(memory, 0, n), spare = part_of(memory, 1, n);
  if (length_ % 2 == 1) {
    for (std::int64_t k = 0; k <= n / 2; ++k) {
      z.re[k] = bins.re[k];
      z.im[k] = k == 0 ? T{0} : bins.im[k];
      if (k == 0) continue;
      z.re[n - k] = z.re[k];
      z.im[n - k] = -z.im[k];
    }
    const Split<T> turned = plan_.run({z.im, z.re}, {spare.im, spare.re});
    for (std::int64_t t = 0; t < count; ++t) x[t] = turned.im[first + t] * scale;
    return;
  }
  tangle(bins, n, Split<const T>{roots_.data(), roots_.data() + n + 1}, z);
  z.re[0] = (bins.re[0] + bins.re[n]) / 2;
  z.im[0] = (bins.re[0] - bins.re[n]) / 2;
  const Split<T> turned = plan_.run({z.im, z.re}, {spare.im, spare.re});
  std::array<T, 2 * tile> values;
  for (std::int64_t k = first / 2; 2 * k < first + count; k += tile) {
    const std::int64_t now = std::min(tile, n - k);
    const Split<const T> part{turned.im + k, turned.re + k};
    if (2 * k >= first && 2 * (k + now) <= first + count) {
      join_pairs(part, scale, x + 2 * k - first, now);
      continue;
    }
    join_pairs(part, scale, values.data(), now);
    const std::int64_t from = std::max(first, 2 * k), until = std::min(first + count, 2 * (k + now));
    std::copy(values.begin() + (from - 2 * k), values.begin() + (until - 2 * k), x + from - first);
  }
}

template class RealFftOf<float>;
template class RealFftOf<double>;

std::vector<Complex> real_fft(std::span<const double> x) {
  if (x.empty()) throw usage_error("real_fft", "the signal is empty");
  const auto samples = static_cast<std::int64_t>(x.size());
  const auto plan = kept_plan<RealFft>(samples);
  Vector memory({2 * plan->bins()}, uninitialised);
  const auto bins = part_of(memory, 0, plan->bins());
  plan->forward(PaddedRow<double>(View<const double, 1>(x.data(), {samples}), 0, 0, Pad::constant), 0, bins,
                plan->bins());
  std::vector<Complex> result(static_cast<std::size_t>(plan->bins()));
  for (std::size_t k = 0; k < result.size(); ++k) result[k] = {bins.re[k], bins.im[k]};
  return result;
}

std::vector<double> inverse_real_fft(std::span<const Complex> bins, std::int64_t samples) {
  if (samples < 1) throw usage_error("inverse_real_fft", "the signal is empty");
  const auto plan = kept_plan<RealFft>(samples);
  Vector memory({2 * plan->bins()});
  const auto given = part_of(memory, 0, plan->bins());
  for (std::size_t k = 0; k < std::min(bins.size(), static_cast<std::size_t>(plan->bins())); ++k) {
    given.re[k] = bins[k].real();
    given.im[k] = bins[k].imag();
  }
  std::vector<double> x(static_cast<std::size_t>(samples));
  plan->inverse({given.re, given.im}, 0, samples, x.data());
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
