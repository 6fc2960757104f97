// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The small transforms inside a mixed-radix FFT, for the instruction set that is being compiled (no include guard of
// the usual kind: Highway reads this once for each).
#if defined(CATON_FFT_BUTTERFLY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef CATON_FFT_BUTTERFLY_INL
#undef CATON_FFT_BUTTERFLY_INL
#else
#define CATON_FFT_BUTTERFLY_INL
#endif

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace caton::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// A complex number in each lane.
template <class V>
struct Pair {
  V re, im;
};

template <class V>
HWY_INLINE Pair<V> plus(const Pair<V>& a, const Pair<V>& b) {
  return {hn::Add(a.re, b.re), hn::Add(a.im, b.im)};
}
template <class V>
HWY_INLINE Pair<V> minus(const Pair<V>& a, const Pair<V>& b) {
  return {hn::Sub(a.re, b.re), hn::Sub(a.im, b.im)};
}
template <class V>
HWY_INLINE Pair<V> times(const Pair<V>& a, V c, V s) {
  return {hn::Sub(hn::Mul(a.re, c), hn::Mul(a.im, s)), hn::Add(hn::Mul(a.re, s), hn::Mul(a.im, c))};
}
/// Times -i.
template <class V>
HWY_INLINE Pair<V> turned(const Pair<V>& a) {
  return {a.im, hn::Neg(a.re)};
}

template <class V>
HWY_INLINE void transform4(Pair<V>& x0, Pair<V>& x1, Pair<V>& x2, Pair<V>& x3) {
  const Pair<V> a = plus(x0, x2), b = minus(x0, x2), c = plus(x1, x3), d = minus(x1, x3);
  x0 = plus(a, c);
  x2 = minus(a, c);
  x1 = {hn::Add(b.re, d.im), hn::Sub(b.im, d.re)};
  x3 = {hn::Sub(b.re, d.im), hn::Add(b.im, d.re)};
}

/// An odd radix from sums and differences of values opposite each other.
template <int radix, class D, class T, class V>
HWY_INLINE void transform_odd(D d, Pair<V>* x, const T* roots) {
  constexpr int half = (radix - 1) / 2;
  Pair<V> sum[half], difference[half];
  for (int j = 0; j < half; ++j) {
    sum[j] = plus(x[j + 1], x[radix - 1 - j]);
    difference[j] = minus(x[j + 1], x[radix - 1 - j]);
  }
  const Pair<V> first = x[0];
  for (int j = 0; j < half; ++j) x[0] = plus(x[0], sum[j]);
  for (int k = 1; k <= half; ++k) {
    Pair<V> even = first, odd = difference[0];
    for (int j = 0; j < half; ++j) {
      const int root = (j + 1) * k % radix;
      const V c = hn::Set(d, roots[root]), s = hn::Set(d, roots[radix + root]);
      even.re = hn::Add(even.re, hn::Mul(sum[j].re, c));
      even.im = hn::Add(even.im, hn::Mul(sum[j].im, c));
      const V re = hn::Mul(difference[j].re, s), im = hn::Mul(difference[j].im, s);
      odd.re = j == 0 ? re : hn::Add(odd.re, re);
      odd.im = j == 0 ? im : hn::Add(odd.im, im);
    }
    x[k] = {hn::Add(even.re, odd.im), hn::Sub(even.im, odd.re)};
    x[radix - k] = {hn::Sub(even.re, odd.im), hn::Add(even.im, odd.re)};
  }
}

template <class D, class T, class V>
HWY_INLINE void transform8(D d, Pair<V>* x, const T* roots) {
  Pair<V> e0 = x[0], e1 = x[2], e2 = x[4], e3 = x[6], o0 = x[1], o1 = x[3], o2 = x[5], o3 = x[7];
  transform4(e0, e1, e2, e3);
  transform4(o0, o1, o2, o3);
  const V c = hn::Set(d, roots[1]);  // of 45 degrees
  o1 = {hn::Mul(hn::Add(o1.re, o1.im), c), hn::Mul(hn::Sub(o1.im, o1.re), c)};
  o3 = {hn::Mul(hn::Sub(o3.im, o3.re), c), hn::Mul(hn::Add(o3.re, o3.im), c)};
  x[0] = plus(e0, o0);
  x[4] = minus(e0, o0);
  x[1] = plus(e1, o1);
  x[5] = minus(e1, o1);
  x[2] = {hn::Add(e2.re, o2.im), hn::Sub(e2.im, o2.re)};
  x[6] = {hn::Sub(e2.re, o2.im), hn::Add(e2.im, o2.re)};
  x[3] = {hn::Add(e3.re, o3.re), hn::Sub(e3.im, o3.im)};
  x[7] = {hn::Sub(e3.re, o3.re), hn::Add(e3.im, o3.im)};
}

/// In place on `radix` values.
template <int radix, class D, class T, class V>
HWY_INLINE void butterfly(D d, Pair<V>* x, const T* roots) {
  if constexpr (radix == 2) {
    const Pair<V> difference = minus(x[0], x[1]);
    x[0] = plus(x[0], x[1]);
    x[1] = difference;
  } else if constexpr (radix == 4) {
    transform4(x[0], x[1], x[2], x[3]);
  } else if constexpr (radix == 8) {
    transform8(d, x, roots);
  } else {
    transform_odd<radix>(d, x, roots);
  }
}

}  // namespace caton::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
