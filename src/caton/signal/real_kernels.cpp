// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/real_kernels.hpp"

// Highway compiles this file once for each instruction set and picks one while the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/signal/real_kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "caton/signal/fft_butterfly-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace caton::HWY_NAMESPACE {

template <class D, class T = hn::TFromD<D>>
HWY_INLINE Pair<hn::Vec<D>> load(D d, Split<const T> x, std::int64_t i) {
  return {hn::LoadU(d, x.re + i), hn::LoadU(d, x.im + i)};
}

/// Values i, i - 1, ... downwards.
template <class D, class T = hn::TFromD<D>>
HWY_INLINE Pair<hn::Vec<D>> load_down(D d, Split<const T> x, std::int64_t i) {
  const std::int64_t lowest = i + 1 - static_cast<std::int64_t>(hn::Lanes(d));
  return {hn::Reverse(d, hn::LoadU(d, x.re + lowest)), hn::Reverse(d, hn::LoadU(d, x.im + lowest))};
}

template <class D, class T = hn::TFromD<D>>
HWY_INLINE void store(D d, const Pair<hn::Vec<D>>& value, Split<T> x, std::int64_t i) {
  hn::StoreU(value.re, d, x.re + i);
  hn::StoreU(value.im, d, x.im + i);
}

/// `body(tag, k)` on whole vectors, then on single values.
template <class T, class Body>
HWY_INLINE void along(std::int64_t begin, std::int64_t end, const Body& body) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t k = begin;
  for (; k + lanes <= end; k += lanes) body(d, k);
  for (; k < end; ++k) body(one, k);
}

template <class T>
HWY_INLINE void split_pairs_of(const T* x, Split<T> z, std::int64_t count) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    hn::Vec<decltype(d)> even, odd;
    hn::LoadInterleaved2(d, x + 2 * k, even, odd);
    hn::StoreU(even, d, z.re + k);
    hn::StoreU(odd, d, z.im + k);
  }
  for (; k < count; ++k) {
    z.re[k] = x[2 * k];
    z.im[k] = x[2 * k + 1];
  }
}

template <class T>
HWY_INLINE void join_pairs_of(Split<const T> z, T scale, T* x, std::int64_t count) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t k = 0;
  for (; k + lanes <= count; k += lanes)
    hn::StoreInterleaved2(hn::Mul(hn::LoadU(d, z.re + k), hn::Set(d, scale)),
                          hn::Mul(hn::LoadU(d, z.im + k), hn::Set(d, scale)), d, x + 2 * k);
  for (; k < count; ++k) {
    x[2 * k] = z.re[k] * scale;
    x[2 * k + 1] = z.im[k] * scale;
  }
}

template <class T>
HWY_INLINE void untangle_of(Split<const T> z, std::int64_t half, Split<const T> roots, Split<T> bins,
                            std::int64_t count) {
  along<T>(1, count, [&](auto d, std::int64_t k) HWY_ATTR {
    const auto h = hn::Set(d, static_cast<T>(0.5));
    const auto a = load(d, z, k), b = load_down(d, z, half - k), w = load(d, roots, k);
    const decltype(a) even{hn::Mul(hn::Add(a.re, b.re), h), hn::Mul(hn::Sub(a.im, b.im), h)};
    const decltype(a) odd{hn::Mul(hn::Add(a.im, b.im), h), hn::Mul(hn::Sub(b.re, a.re), h)};
    store(d, plus(even, times(odd, w.re, w.im)), bins, k);
  });
}

template <class T>
HWY_INLINE void tangle_of(Split<const T> bins, std::int64_t half, Split<const T> roots, Split<T> z) {
  along<T>(0, half, [&](auto d, std::int64_t k) HWY_ATTR {
    const auto h = hn::Set(d, static_cast<T>(0.5));
    const auto a = load(d, bins, k), b = load_down(d, bins, half - k), w = load(d, roots, k);
    const decltype(a) even{hn::Mul(hn::Add(a.re, b.re), h), hn::Mul(hn::Sub(a.im, b.im), h)};
    const decltype(a) side{hn::Mul(hn::Sub(a.re, b.re), h), hn::Mul(hn::Add(a.im, b.im), h)};
    const auto odd = times(side, w.re, hn::Neg(w.im));
    store(d, decltype(a){hn::Sub(even.re, odd.im), hn::Add(even.im, odd.re)}, z, k);
  });
}

void split_pairs_float(const float* x, Split<float> z, std::int64_t count) { split_pairs_of(x, z, count); }
void split_pairs_double(const double* x, Split<double> z, std::int64_t count) { split_pairs_of(x, z, count); }
void join_pairs_float(Split<const float> z, float scale, float* x, std::int64_t count) {
  join_pairs_of(z, scale, x, count);
}
void gains_float(float* x, const float* gains, std::int64_t count) {
  along<float>(0, count, [&](auto d, std::int64_t k) HWY_ATTR {
    hn::StoreU(hn::Mul(hn::LoadU(d, x + k), hn::LoadU(d, gains + k)), d, x + k);
  });
}
void join_pairs_double(Split<const double> z, double scale, double* x, std::int64_t count) {
  join_pairs_of(z, scale, x, count);
}
void gains_double(double* x, const double* gains, std::int64_t count) {
  along<double>(0, count, [&](auto d, std::int64_t k) HWY_ATTR {
    hn::StoreU(hn::Mul(hn::LoadU(d, x + k), hn::LoadU(d, gains + k)), d, x + k);
  });
}
void untangle_float(Split<const float> z, std::int64_t half, Split<const float> roots, Split<float> bins,
                    std::int64_t count) {
  untangle_of(z, half, roots, bins, count);
}
void untangle_double(Split<const double> z, std::int64_t half, Split<const double> roots, Split<double> bins,
                     std::int64_t count) {
  untangle_of(z, half, roots, bins, count);
}
void tangle_float(Split<const float> bins, std::int64_t half, Split<const float> roots, Split<float> z) {
  tangle_of(bins, half, roots, z);
}
void tangle_double(Split<const double> bins, std::int64_t half, Split<const double> roots, Split<double> z) {
  tangle_of(bins, half, roots, z);
}

void add_pair_powers_double(Split<const double> z, std::int64_t n, std::int64_t begin, std::int64_t end, double scale,
                            double* first, double* second) {
  along<double>(begin, end, [&](auto d, std::int64_t k) HWY_ATTR {
    const auto factor = hn::Set(d, scale / 4);  // of two halvings, squared: exact
    const auto a = load(d, z, k), b = load_down(d, z, n - k);
    const auto ar = hn::Add(a.re, b.re), ai = hn::Sub(a.im, b.im), br = hn::Add(a.im, b.im), bi = hn::Sub(b.re, a.re);
    const auto add = [&](auto re, auto im, double* sum) HWY_ATTR {
      const auto power = hn::Mul(hn::Add(hn::Mul(re, re), hn::Mul(im, im)), factor);
      hn::StoreU(hn::Add(hn::LoadU(d, sum), power), d, sum);
    };
    add(ar, ai, first + k - begin);
    add(br, bi, second + k - begin);
  });
}

}  // namespace caton::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton {

HWY_EXPORT(split_pairs_float);
HWY_EXPORT(split_pairs_double);
HWY_EXPORT(join_pairs_float);
HWY_EXPORT(gains_float);
HWY_EXPORT(join_pairs_double);
HWY_EXPORT(gains_double);
HWY_EXPORT(untangle_float);
HWY_EXPORT(untangle_double);
HWY_EXPORT(tangle_float);
HWY_EXPORT(tangle_double);
HWY_EXPORT(add_pair_powers_double);

void split_pairs(const float* x, Split<float> z, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(split_pairs_float)(x, z, count);
}
void split_pairs(const double* x, Split<double> z, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(split_pairs_double)(x, z, count);
}
void join_pairs(Split<const float> z, float scale, float* x, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(join_pairs_float)(z, scale, x, count);
}
void multiply_by_gains(float* x, const float* gains, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(gains_float)(x, gains, count);
}
void join_pairs(Split<const double> z, double scale, double* x, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(join_pairs_double)(z, scale, x, count);
}
void multiply_by_gains(double* x, const double* gains, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(gains_double)(x, gains, count);
}
void untangle(Split<const float> z, std::int64_t half, Split<const float> roots, Split<float> bins,
              std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(untangle_float)(z, half, roots, bins, count);
}
void untangle(Split<const double> z, std::int64_t half, Split<const double> roots, Split<double> bins,
              std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(untangle_double)(z, half, roots, bins, count);
}
void tangle(Split<const float> bins, std::int64_t half, Split<const float> roots, Split<float> z) {
  HWY_DYNAMIC_DISPATCH(tangle_float)(bins, half, roots, z);
}
void tangle(Split<const double> bins, std::int64_t half, Split<const double> roots, Split<double> z) {
  HWY_DYNAMIC_DISPATCH(tangle_double)(bins, half, roots, z);
}
void add_pair_powers(Split<const double> z, std::int64_t n, std::int64_t begin, std::int64_t end, double scale,
                     double* first, double* second) {
  HWY_DYNAMIC_DISPATCH(add_pair_powers_double)(z, n, begin, end, scale, first, second);
}

}  // namespace caton
#endif
