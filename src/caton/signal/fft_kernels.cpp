// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fft_kernels.hpp"

#include <algorithm>

// Highway compiles this file once for each instruction set and picks one while the program runs.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/signal/fft_kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "caton/signal/fft_butterfly-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace caton::HWY_NAMESPACE {

constexpr std::int64_t block = 4;  ///< values that are moved together where a stage's stride is short

/// Butterflies on vectors taken from `x + from[k]`, turned by the twiddles that `factor(k)` gives; `place` puts them.
template <int radix, class D, class T, class Factor, class Place>
HWY_INLINE void combine(D d, const FftStage<T>& s, Split<const T> x, std::int64_t from, std::int64_t step,
                        const Factor& factor, const Place& place) {
  Pair<hn::Vec<D>> value[radix];
#pragma GCC unroll 16
  for (int k = 0; k < radix; ++k)
    value[k] = {hn::LoadU(d, x.re + from + k * step), hn::LoadU(d, x.im + from + k * step)};
  butterfly<radix>(d, value, s.roots);
  if (s.groups > 1) {
#pragma GCC unroll 16
    for (int k = 1; k < radix; ++k) value[k] = factor(k, value[k]);
  }
  place(value);
}

/// Lanes over the `stride` numbers of a value: twiddles are the same in all lanes. The last vector may overlap the one
/// before.
template <int radix, class D, class T>
HWY_INLINE void along_stride(D d, const FftStage<T>& s, Split<const T> x, Split<T> y) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const std::int64_t row = s.groups * s.repeat;
  for (std::int64_t p = 0; p < s.groups; ++p) {
    const T* const cosines = s.twiddles + p * s.repeat;
    const T* const sines = cosines + (radix - 1) * row;
    for (std::int64_t q = 0; q < s.stride; q += lanes) {
      const std::int64_t at = std::min(q, s.stride - lanes);
      combine<radix>(
          d, s, x, at + s.stride * p, s.stride * s.groups,
          [&](int k, const Pair<hn::Vec<D>>& v)
              HWY_ATTR { return times(v, hn::Set(d, cosines[(k - 1) * row]), hn::Set(d, sines[(k - 1) * row])); },
          [&](const Pair<hn::Vec<D>>* value) HWY_ATTR {
            const std::int64_t to = at + s.stride * radix * p;
#pragma GCC unroll 16
            for (int k = 0; k < radix; ++k) {
              hn::StoreU(value[k].re, d, y.re + to + s.stride * k);
              hn::StoreU(value[k].im, d, y.im + to + s.stride * k);
            }
          });
    }
  }
}

/// The vectors' first values side by side, then their second ones, ...
template <int radix, class D, class V, class T, class Part>
HWY_INLINE void store_interleaved(D d, const V* value, T* to, const Part& part) {
  if constexpr (radix == 2) {
    hn::StoreInterleaved2(part(value[0]), part(value[1]), d, to);
  } else if constexpr (radix == 3) {
    hn::StoreInterleaved3(part(value[0]), part(value[1]), part(value[2]), d, to);
  } else if constexpr (radix == 4) {
    hn::StoreInterleaved4(part(value[0]), part(value[1]), part(value[2]), part(value[3]), d, to);
  } else {
    const std::size_t lanes = hn::Lanes(d);
    HWY_ALIGN T lane[hn::MaxLanes(D())];
    for (int k = 0; k < radix; ++k) {
      hn::Store(part(value[k]), d, lane);
      for (std::size_t i = 0; i < lanes; ++i) to[radix * i + static_cast<std::size_t>(k)] = lane[i];
    }
  }
}

/// The first stage (stride 1): lanes over its butterflies, results of each side by side.
template <int radix, class D, class T>
HWY_INLINE void along_groups(D d, const FftStage<T>& s, Split<const T> x, Split<T> y) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t p = 0; p < s.groups; p += lanes) {
    const std::int64_t at = std::min(p, s.groups - lanes);
    const T* const cosines = s.twiddles + at;
    const T* const sines = cosines + (radix - 1) * s.groups;
    combine<radix>(
        d, s, x, at, s.groups,
        [&](int k, const Pair<hn::Vec<D>>& v) HWY_ATTR {
          return times(v, hn::LoadU(d, cosines + (k - 1) * s.groups), hn::LoadU(d, sines + (k - 1) * s.groups));
        },
        [&](const Pair<hn::Vec<D>>* value) HWY_ATTR {
          store_interleaved<radix>(d, value, y.re + radix * at, [](const auto& v) HWY_ATTR { return v.re; });
          store_interleaved<radix>(d, value, y.im + radix * at, [](const auto& v) HWY_ATTR { return v.im; });
        });
  }
}

template <class D, class V, class T>
HWY_INLINE void store_blocks(D d, V value, T* to, std::int64_t step) {
#if HWY_TARGET == HWY_SCALAR
  (void)step;
  hn::StoreU(value, d, to);
#else
  if constexpr (hn::MaxLanes(D()) <= block) {
    hn::StoreU(value, d, to);
  } else {
    const hn::Half<D> half;
    store_blocks(half, hn::LowerHalf(half, value), to, step);
    store_blocks(half, hn::UpperHalf(half, value), to + static_cast<std::int64_t>(hn::MaxLanes(half)) / block * step,
                 step);
  }
#endif
}

/// A stride of one block in vectors of several: lanes over blocks and butterflies at once.
template <int radix, class D, class T>
HWY_INLINE void along_both(D d, const FftStage<T>& s, Split<const T> x, Split<T> y) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const std::int64_t row = s.groups * block;
  for (std::int64_t i = 0; i < row; i += lanes) {
    const std::int64_t at = std::min(i, row - lanes);
    const T* const cosines = s.twiddles + at;
    const T* const sines = cosines + (radix - 1) * row;
    combine<radix>(
        d, s, x, at, row,
        [&](int k, const Pair<hn::Vec<D>>& v)
            HWY_ATTR { return times(v, hn::LoadU(d, cosines + (k - 1) * row), hn::LoadU(d, sines + (k - 1) * row)); },
        [&](const Pair<hn::Vec<D>>* value) HWY_ATTR {
#pragma GCC unroll 16
          for (int k = 0; k < radix; ++k) {
            store_blocks(d, value[k].re, y.re + radix * at + block * k, block * radix);
            store_blocks(d, value[k].im, y.im + radix * at + block * k, block * radix);
          }
        });
  }
}

template <int radix, class T>
void run_radix(const FftStage<T>& s, Split<const T> x, Split<T> y) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const hn::CappedTag<T, 8> eight;
  const hn::CappedTag<T, 4> four;
  const hn::CappedTag<T, 2> two;
  const hn::CappedTag<T, 1> one;
  if (s.stride == 1) {
    if (s.groups >= lanes) return along_groups<radix>(d, s, x, y);
    if (s.groups >= 8) return along_groups<radix>(eight, s, x, y);
    if (s.groups >= 4) return along_groups<radix>(four, s, x, y);
    if (s.groups >= 2) return along_groups<radix>(two, s, x, y);
    return along_stride<radix>(one, s, x, y);
  }
  if constexpr (hn::MaxLanes(hn::ScalableTag<T>()) > block) {
    if (s.stride == block && s.repeat == block && s.groups * block >= lanes) return along_both<radix>(d, s, x, y);
  }
  if (s.stride >= lanes) return along_stride<radix>(d, s, x, y);
  if (s.stride >= 8) return along_stride<radix>(eight, s, x, y);
  if (s.stride >= 4) return along_stride<radix>(four, s, x, y);
  return along_stride<radix>(two, s, x, y);
}

template <class T>
void run_stage_of(const FftStage<T>& s, Split<const T> x, Split<T> y) {
  switch (s.radix) {
    case 2: return run_radix<2>(s, x, y);
    case 3: return run_radix<3>(s, x, y);
    case 4: return run_radix<4>(s, x, y);
    case 5: return run_radix<5>(s, x, y);
    case 7: return run_radix<7>(s, x, y);
    case 8: return run_radix<8>(s, x, y);
    case 11: return run_radix<11>(s, x, y);
    default: return run_radix<13>(s, x, y);
  }
}

void run_stage_float(const FftStage<float>& s, Split<const float> x, Split<float> y) { run_stage_of(s, x, y); }
void run_stage_double(const FftStage<double>& s, Split<const double> x, Split<double> y) { run_stage_of(s, x, y); }

template <class T>
HWY_INLINE void multiply_of(Split<T> x, Split<const T> y, std::int64_t count) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto at = [&](auto tag, std::int64_t i) HWY_ATTR {
    const Pair<hn::Vec<decltype(tag)>> value{hn::LoadU(tag, x.re + i), hn::LoadU(tag, x.im + i)};
    const auto product = times(value, hn::LoadU(tag, y.re + i), hn::LoadU(tag, y.im + i));
    hn::StoreU(product.re, tag, x.re + i);
    hn::StoreU(product.im, tag, x.im + i);
  };
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) at(d, i);
  for (; i < count; ++i) at(one, i);
}

void multiply_float(Split<float> x, Split<const float> y, std::int64_t count) { multiply_of(x, y, count); }
void multiply_double(Split<double> x, Split<const double> y, std::int64_t count) { multiply_of(x, y, count); }

template <class T>
HWY_INLINE void multiply_rows_of(Split<T> x, Split<const T> of_row, Split<const T> of_place, std::int64_t rows,
                                 std::int64_t columns, std::int64_t place_stride) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 1> one;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto at = [&](auto tag, std::int64_t c) HWY_ATTR {
      const std::int64_t i = r * columns + c, p = r * place_stride + c;
      const Pair<hn::Vec<decltype(tag)>> row{hn::Set(tag, of_row.re[r]), hn::Set(tag, of_row.im[r])};
      const auto factor = times(row, hn::LoadU(tag, of_place.re + p), hn::LoadU(tag, of_place.im + p));
      const Pair<hn::Vec<decltype(tag)>> value{hn::LoadU(tag, x.re + i), hn::LoadU(tag, x.im + i)};
      const auto product = times(value, factor.re, factor.im);
      hn::StoreU(product.re, tag, x.re + i);
      hn::StoreU(product.im, tag, x.im + i);
    };
    std::int64_t c = 0;
    for (; c + lanes <= columns; c += lanes) at(d, c);
    for (; c < columns; ++c) at(one, c);
  }
}

void multiply_rows_float(Split<float> x, Split<const float> of_row, Split<const float> of_place, std::int64_t rows,
                         std::int64_t columns, std::int64_t place_stride) {
  multiply_rows_of(x, of_row, of_place, rows, columns, place_stride);
}
void multiply_rows_double(Split<double> x, Split<const double> of_row, Split<const double> of_place, std::int64_t rows,
                          std::int64_t columns, std::int64_t place_stride) {
  multiply_rows_of(x, of_row, of_place, rows, columns, place_stride);
}

template <class T>
HWY_INLINE void transpose_of(const T* x, std::int64_t x_stride, T* y, std::int64_t y_stride, std::int64_t rows,
                             std::int64_t columns) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  HWY_ALIGN T four[4 * hn::MaxLanes(hn::ScalableTag<T>())];
  const hn::CappedTag<T, 4> d4;
  const auto width = static_cast<std::int64_t>(hn::Lanes(d4));
  const std::int64_t whole = rows / 4 * 4;
  std::int64_t j = 0;
  for (; j + lanes <= columns; j += lanes) {
    for (std::int64_t i = 0; i < whole; i += 4) {
      const T* const from = x + i * x_stride + j;
      hn::StoreInterleaved4(hn::LoadU(d, from), hn::LoadU(d, from + x_stride), hn::LoadU(d, from + 2 * x_stride),
                            hn::LoadU(d, from + 3 * x_stride), d, four);
      T* const to = y + j * y_stride + i;
      for (std::int64_t b = 0; b < lanes; ++b) {
        for (std::int64_t w = 0; w < 4; w += width)
          hn::StoreU(hn::LoadU(d4, four + 4 * b + w), d4, to + b * y_stride + w);
      }
    }
    for (std::int64_t i = whole; i < rows; ++i) {
      for (std::int64_t b = 0; b < lanes; ++b) y[(j + b) * y_stride + i] = x[i * x_stride + j + b];
    }
  }
  for (; j < columns; ++j) {
    for (std::int64_t i = 0; i < rows; ++i) y[j * y_stride + i] = x[i * x_stride + j];
  }
}

void transpose_float(const float* x, std::int64_t x_stride, float* y, std::int64_t y_stride, std::int64_t rows,
                     std::int64_t columns) {
  transpose_of(x, x_stride, y, y_stride, rows, columns);
}
void transpose_double(const double* x, std::int64_t x_stride, double* y, std::int64_t y_stride, std::int64_t rows,
                      std::int64_t columns) {
  transpose_of(x, x_stride, y, y_stride, rows, columns);
}

}  // namespace caton::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace caton {

HWY_EXPORT(run_stage_float);
HWY_EXPORT(run_stage_double);
HWY_EXPORT(multiply_float);
HWY_EXPORT(multiply_double);
HWY_EXPORT(multiply_rows_float);
HWY_EXPORT(multiply_rows_double);
HWY_EXPORT(transpose_float);
HWY_EXPORT(transpose_double);

void run_stage(const FftStage<float>& stage, Split<const float> x, Split<float> y) {
  HWY_DYNAMIC_DISPATCH(run_stage_float)(stage, x, y);
}
void run_stage(const FftStage<double>& stage, Split<const double> x, Split<double> y) {
  HWY_DYNAMIC_DISPATCH(run_stage_double)(stage, x, y);
}

void multiply_spectra(Split<float> x, Split<const float> y, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(multiply_float)(x, y, count);
}
void multiply_spectra(Split<double> x, Split<const double> y, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(multiply_double)(x, y, count);
}

void multiply_rows(Split<float> x, Split<const float> of_row, Split<const float> of_place, std::int64_t rows,
                   std::int64_t columns, std::int64_t place_stride) {
  HWY_DYNAMIC_DISPATCH(multiply_rows_float)(x, of_row, of_place, rows, columns, place_stride);
}
void multiply_rows(Split<double> x, Split<const double> of_row, Split<const double> of_place, std::int64_t rows,
                   std::int64_t columns, std::int64_t place_stride) {
  HWY_DYNAMIC_DISPATCH(multiply_rows_double)(x, of_row, of_place, rows, columns, place_stride);
}

void transpose_block(const float* x, std::int64_t x_stride, float* y, std::int64_t y_stride, std::int64_t rows,
                     std::int64_t columns) {
  HWY_DYNAMIC_DISPATCH(transpose_float)(x, x_stride, y, y_stride, rows, columns);
}
void transpose_block(const double* x, std::int64_t x_stride, double* y, std::int64_t y_stride, std::int64_t rows,
                     std::int64_t columns) {
  HWY_DYNAMIC_DISPATCH(transpose_double)(x, x_stride, y, y_stride, rows, columns);
}

}  // namespace caton
#endif
