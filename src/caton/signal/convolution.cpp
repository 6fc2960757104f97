// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/convolution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

/// The transform length that costs least, with two blocks in one transform; above 8192 values the two halves of the
/// work no longer fit the second cache.
std::int64_t transform_length(std::int64_t taps, std::int64_t samples) {
  const std::int64_t whole = next_fast_length(samples + taps - 1);
  std::int64_t best = whole;
  double lowest = std::numeric_limits<double>::infinity();
  std::int64_t power = 16;
  while (power <= taps) power *= 2;
  for (; power <= std::max<std::int64_t>(16, 4 * whole); power *= 2) {
    const double pairs = std::ceil(static_cast<double>(samples) / static_cast<double>(2 * (power - taps + 1)));
    const auto length = static_cast<double>(power);
    const double distance = power > 32768 ? 1.6 : power > 16384 ? 1.15 : 1.0;
    const double cost = pairs * length * (std::log2(length) + 2) * distance;
    if (cost >= lowest) continue;
    lowest = cost;
    best = power;
  }
  return best;
}

}  // namespace

template <class T>
ConvolutionOf<T>::ConvolutionOf(std::span<const double> h, std::int64_t samples)
    : taps_(static_cast<std::int64_t>(h.size())),
      block_(transform_length(taps_, samples)),
      plan_(fft_plan_of<T>(block_)),
      spectrum_(static_cast<std::size_t>(2 * block_), T{0}) {
  std::vector<double> re(static_cast<std::size_t>(block_), 0.0), im(re.size(), 0.0);
  std::copy(h.begin(), h.end(), re.begin());
  fft_plan(block_)->forward(re.data(), im.data());
  for (std::size_t k = 0; k < re.size(); ++k) {
    spectrum_[k] = static_cast<T>(re[k] / static_cast<double>(block_));
    spectrum_[re.size() + k] = static_cast<T>(im[k] / static_cast<double>(block_));
  }
}

template <class T>
void ConvolutionOf<T>::run(const PaddedRow<T>& source, std::int64_t shift, std::span<T> y, T* work) const {
  const std::int64_t past = taps_ - 1, step = block_ - past, wanted = static_cast<std::int64_t>(y.size());
  const Split<T> in{work, work + block_};
  const Split<T> spare{work + 2 * block_, work + 3 * block_};
  const Split<const T> gains{spectrum_.data(), spectrum_.data() + block_};
  for (std::int64_t begin = 0; begin < wanted; begin += 2 * step) {
    const std::int64_t second = begin + step;
    source.take(begin + shift - past, block_, in.re);
    if (second < wanted)
      source.take(second + shift - past, block_, in.im);
    else
      std::fill_n(in.im, block_, T{0});
    const Split<T> bins = plan_->run(in, spare);
    multiply_spectra(bins, gains, block_);
    const Split<T> rest = bins.re == in.re ? spare : in;
    const Split<T> back = plan_->run({bins.im, bins.re}, {rest.im, rest.re});
    std::copy_n(back.im + past, std::min(step, wanted - begin), y.data() + begin);
    if (second < wanted) std::copy_n(back.re + past, std::min(step, wanted - second), y.data() + second);
  }
}

template <class T>
void ConvolutionOf<T>::apply(View<const T, 1> x, std::int64_t shift, std::span<T> y) const {
  Array<T, 1> work({work_values()}, uninitialised);
  apply(x, shift, y, {work.data(), static_cast<std::size_t>(work.size())});
}

template <class T>
void ConvolutionOf<T>::apply(View<const T, 1> x, std::int64_t shift, std::span<T> y, std::span<T> work) const {
  run(PaddedRow<T>(x, 0, 0, Pad::constant), shift, y, work.data());
}

template <class T>
void ConvolutionOf<T>::apply_padded(View<const T, 1> x, Pad pad, std::int64_t edge, std::int64_t shift,
                                    std::span<T> y) const {
  Array<T, 1> work({work_values()}, uninitialised);
  run(PaddedRow<T>(x, edge, edge, pad), shift, y, work.data());
}

template class ConvolutionOf<float>;
template class ConvolutionOf<double>;

}  // namespace caton
