// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/convolution.hpp"

#include "caton/base/lanes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

/// (a + ib) <- (a + ib) (c + id).
struct ComplexProduct {
  static inline __attribute__((always_inline)) void run(double* a, double* b, const double* c, const double* d,
                                                        std::int64_t count) {
    std::int64_t k = 0;
    for (; k + lane_count <= count; k += lane_count) {
      Lanes ar, ai, br, bi;
      load_lanes(ar, a + k);
      load_lanes(ai, b + k);
      load_lanes(br, c + k);
      load_lanes(bi, d + k);
      const Lanes re = ar * br - ai * bi, im = ar * bi + ai * br;
      store_lanes(re, a + k);
      store_lanes(im, b + k);
    }
    for (; k < count; ++k) {
      const double re = a[k] * c[k] - b[k] * d[k], im = a[k] * d[k] + b[k] * c[k];
      a[k] = re;
      b[k] = im;
    }
  }
};

/// The transform length that costs least: two blocks ride in one transform.
std::int64_t transform_length(std::int64_t taps, std::int64_t samples) {
  const std::int64_t whole = next_fast_length(samples + taps - 1);
  std::int64_t best = whole;
  double lowest = std::numeric_limits<double>::infinity();
  std::int64_t power = 16;
  while (power < 2 * taps) power *= 2;
  for (; power <= std::max<std::int64_t>(16, 4 * whole); power *= 2) {
    const double pairs = std::ceil(static_cast<double>(samples) / static_cast<double>(2 * (power - taps + 1)));
    const auto length = static_cast<double>(power);
    const double cost = pairs * length * (std::log2(length) + 2) * (length > 65536 ? 1.5 : 1.0);
    if (cost >= lowest) continue;
    lowest = cost;
    best = power;
  }
  return best;
}

}  // namespace

Convolution::Convolution(std::span<const double> h, std::int64_t samples)
    : taps_(static_cast<std::int64_t>(h.size())),
      block_(transform_length(taps_, samples)),
      plan_(std::make_shared<const Fft>(block_)),
      re_(h.begin(), h.end()),
      im_(static_cast<std::size_t>(block_), 0.0) {
  re_.resize(static_cast<std::size_t>(block_), 0.0);
  plan_->forward(re_.data(), im_.data());
}

void Convolution::apply(std::span<const double> x, std::int64_t shift, std::span<double> y) const {
  const auto samples = static_cast<std::int64_t>(x.size()), wanted = static_cast<std::int64_t>(y.size());
  const std::int64_t step = block_ - taps_ + 1;
  std::fill(y.begin(), y.end(), 0.0);
  Vector re({block_}, uninitialised), im({block_}, uninitialised);
  const auto fill = [&](std::int64_t begin, Vector& part) {
    const std::int64_t count = std::clamp<std::int64_t>(samples - begin, 0, step);
    if (count > 0) std::copy_n(x.data() + begin, count, part.data());
    std::fill(part.data() + count, part.data() + block_, 0.0);
  };
  const auto add = [&](std::int64_t begin, const Vector& part) {
    const std::int64_t first = std::max<std::int64_t>(begin - shift, 0);
    const std::int64_t last = std::min(begin - shift + block_, wanted);
    for (std::int64_t t = first; t < last; ++t) y[static_cast<std::size_t>(t)] += part.data()[t + shift - begin];
  };
  for (std::int64_t begin = 0; begin < samples; begin += 2 * step) {
    fill(begin, re);
    fill(begin + step, im);
    plan_->forward(re.data(), im.data());
    run_on<ComplexProduct>(processor(), re.data(), im.data(), re_.data(), im_.data(), block_);
    plan_->inverse(re.data(), im.data());
    add(begin, re);
    if (begin + step < samples) add(begin + step, im);
  }
}

}  // namespace caton
