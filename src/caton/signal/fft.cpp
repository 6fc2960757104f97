// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fft.hpp"

#include "caton/base/error.hpp"
#include "caton/signal/plan_cache.hpp"
#include "caton/signal/roots_of_unity.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace caton {

namespace {

/// Longer transforms are done in two steps, each of which stays in the cache.
constexpr std::int64_t longest_in_cache = 32768;
/// So many columns are taken together: a line of the cache at least.
constexpr std::int64_t block_columns = 16;

/// The radices of a length in the order of the stages; none if a prime above 13 divides it. The first stage moves its
/// results in fours where it can, the others are as large as they go.
std::vector<int> radices_of(std::int64_t length) {
  std::vector<int> result;
  int twos = 0;
  for (; length % 2 == 0; length /= 2) ++twos;
  if (twos == 1) result.push_back(2);
  if (twos >= 2) {
    result.push_back(4);
    twos -= 2;
    if (twos == 1) result.push_back(2);
    for (; twos > 1 && twos % 3 != 0; twos -= 2) result.push_back(4);
    for (; twos >= 3; twos -= 3) result.push_back(8);
  }
  for (const int radix : {3, 5, 7, 11, 13}) {
    for (; length % radix == 0; length /= radix) result.push_back(radix);
  }
  if (length != 1) result.clear();
  return result;
}

std::int64_t divisor_near_root(std::int64_t length) {
  std::int64_t best = 1;
  for (std::int64_t d = 2; d * d <= length; ++d) {
    if (length % d == 0) best = d;
  }
  return best;
}

/// `rows` x `columns` values between places of another row length.
template <class T>
void copy_block(const T* from, std::int64_t from_stride, T* to, std::int64_t to_stride, std::int64_t rows,
                std::int64_t columns) {
  if (columns == block_columns) {
    for (std::int64_t r = 0; r < rows; ++r)
      std::memcpy(to + r * to_stride, from + r * from_stride, block_columns * sizeof(T));
    return;
  }
  for (std::int64_t r = 0; r < rows; ++r) std::copy_n(from + r * from_stride, columns, to + r * to_stride);
}

template <class T>
Split<T> halves(Array<T, 1>& memory) {
  return {memory.data(), memory.data() + memory.extent(0) / 2};
}

template <class T>
Split<const T> reading(Split<T> x) {
  return {x.re, x.im};
}

}  // namespace

template <class T>
struct FftOf<T>::Stage {
  Stage(const RootsOfUnity& unity, int radix_, std::int64_t groups_, std::int64_t stride_)
      : radix(radix_), groups(groups_), stride(stride_), repeat(stride == 4 ? 4 : 1) {
    const std::int64_t count = (radix - 1) * groups * repeat;
    twiddles = Array<T, 1>({2 * count}, uninitialised);
    T* place = twiddles.data();
    for (std::int64_t k = 1; k < radix; ++k) {
      for (std::int64_t p = 0; p < groups; ++p) {
        const auto root = unity.at(k * p * stride);
        for (std::int64_t i = 0; i < repeat; ++i, ++place) {
          place[0] = static_cast<T>(root.real());
          place[count] = static_cast<T>(root.imag());
        }
      }
    }
    const RootsOfUnity own(radix);
    for (std::int64_t k = 0; k < radix; ++k) roots.push_back(static_cast<T>(own.at(k).real()));
    for (std::int64_t k = 0; k < radix; ++k) roots.push_back(static_cast<T>(-own.at(k).imag()));
  }

  int radix;
  std::int64_t groups, stride, repeat;
  Array<T, 1> twiddles;
  std::vector<T> roots;
};

/// Bluestein: a transform of any length as a convolution with a chirp, done by a longer transform of a good length.
template <class T>
struct FftOf<T>::Chirp {
  explicit Chirp(std::int64_t length)
      : plan(next_fast_length(2 * length - 1)), chirp({2 * plan.length()}), kernel({2 * plan.length()}) {
    const std::int64_t m = plan.length();
    const RootsOfUnity unity(2 * length);
    const auto c = halves(chirp), h = halves(kernel);
    for (std::int64_t k = 0; k < length; ++k) {
      const auto root = unity.at(static_cast<std::int64_t>((static_cast<unsigned __int128>(k) * k) % (2 * length)));
      c.re[k] = static_cast<T>(root.real());
      c.im[k] = static_cast<T>(root.imag());
      for (const std::int64_t place : {k, (m - k) % m}) {
        h.re[place] = static_cast<T>(root.real() / static_cast<long double>(m));
        h.im[place] = static_cast<T>(-root.imag() / static_cast<long double>(m));
      }
    }
    plan.forward(h.re, h.im);
  }

  FftOf plan;
  Array<T, 1> chirp, kernel;  ///< real parts, then imaginary parts
};

/// n = r * columns + c, k = k1 + rows * k2: transforms over r, the factor e^(-2 pi i c k1 / N), transforms over c. The
/// factor is a product of two: of the first column of a block, and of a column within the block.
template <class T>
struct FftOf<T>::Steps {
  explicit Steps(std::int64_t length)
      : over_rows(divisor_near_root(length)),
        over_columns(length / over_rows.length()),
        blocks((over_columns.length() + block_columns - 1) / block_columns),
        firsts({2 * blocks * over_rows.length()}, uninitialised),
        within({2 * block_columns * over_rows.length()}, uninitialised) {
    const RootsOfUnity unity(length);
    const std::int64_t rows = over_rows.length();
    const auto f = halves(firsts), w = halves(within);
    for (std::int64_t k = 0; k < rows; ++k) {
      for (std::int64_t b = 0; b < blocks; ++b) put(unity.at(b * block_columns * k), f, b * rows + k);
      for (std::int64_t c = 0; c < block_columns; ++c) put(unity.at(c * k), w, k * block_columns + c);
    }
  }

  static void put(std::complex<long double> root, Split<T> to, std::int64_t place) {
    to.re[place] = static_cast<T>(root.real());
    to.im[place] = static_cast<T>(root.imag());
  }

  FftOf over_rows, over_columns;
  std::int64_t blocks;
  Array<T, 1> firsts, within;  ///< blocks x rows, rows x block_columns: real parts, then imaginary parts
};

template <class T>
FftOf<T>::FftOf(std::int64_t length) : length_(length) {
  if (length < 1) throw usage_error("fft", "a transform of length " + std::to_string(length) + " is empty");
  if (length == 1) return;
  const auto radices = radices_of(length);
  if (radices.empty()) {
    chirp_ = std::make_unique<const Chirp>(length);
    return;
  }
  if (length > longest_in_cache) {
    steps_ = std::make_unique<const Steps>(length);
    return;
  }
  const RootsOfUnity unity(length);
  std::int64_t left = length, stride = 1;
  for (const int radix : radices) {
    left /= radix;
    stages_.emplace_back(unity, radix, left, stride);
    stride *= radix;
  }
}

template <class T>
FftOf<T>::~FftOf() = default;

template <class T>
Split<T> FftOf<T>::run_steps(Split<T> x, Split<T> other) const {
  const FftOf &over_rows = steps_->over_rows, &over_columns = steps_->over_columns;
  const std::int64_t rows = over_rows.length(), columns = over_columns.length();
  const std::int64_t part = block_columns * std::max(rows, columns);
  Array<T, 1> first({2 * part}, uninitialised), second({2 * part}, uninitialised);
  const auto a = halves(first), b = halves(second);
  for (std::int64_t c = 0; c < columns; c += block_columns) {
    const std::int64_t width = std::min(block_columns, columns - c);
    copy_block(x.re + c, columns, a.re, width, rows, width);
    copy_block(x.im + c, columns, a.im, width, rows, width);
    const Split<T> result = over_rows.run(a, b, width);
    const T* const firsts = steps_->firsts.data() + c / block_columns * rows;
    const T* const within = steps_->within.data();
    multiply_rows(result, Split<const T>{firsts, firsts + steps_->blocks * rows},
                  Split<const T>{within, within + block_columns * rows}, rows, width, block_columns);
    copy_block(result.re, width, x.re + c, columns, rows, width);
    copy_block(result.im, width, x.im + c, columns, rows, width);
  }
  for (std::int64_t r = 0; r < rows; r += block_columns) {
    const std::int64_t width = std::min(block_columns, rows - r);
    transpose_block(x.re + r * columns, columns, a.re, width, width, columns);
    transpose_block(x.im + r * columns, columns, a.im, width, width, columns);
    const Split<T> result = over_columns.run(a, b, width);
    copy_block(result.re, width, other.re + r, rows, columns, width);
    copy_block(result.im, width, other.im + r, rows, columns, width);
  }
  return other;
}

template <class T>
void FftOf<T>::run_chirp(Split<T> x) const {
  const FftOf& plan = chirp_->plan;
  const std::int64_t m = plan.length();
  const Split<const T> chirp{chirp_->chirp.data(), chirp_->chirp.data() + m};
  const Split<const T> kernel{chirp_->kernel.data(), chirp_->kernel.data() + m};
  Array<T, 1> first({2 * m}), second({2 * m}, uninitialised);
  const auto a = halves(first), b = halves(second);
  std::copy_n(x.re, length_, a.re);
  std::copy_n(x.im, length_, a.im);
  multiply_spectra(a, chirp, length_);
  const Split<T> spectrum = plan.run(a, b);
  multiply_spectra(spectrum, kernel, m);
  const Split<T> spare = spectrum.re == a.re ? b : a;
  const Split<T> turned = plan.run({spectrum.im, spectrum.re}, {spare.im, spare.re});
  const Split<T> result{turned.im, turned.re};
  multiply_spectra(result, chirp, length_);
  std::copy_n(result.re, length_, x.re);
  std::copy_n(result.im, length_, x.im);
}

template <class T>
Split<T> FftOf<T>::run(Split<T> x, Split<T> other, std::int64_t signals) const {
  if (length_ == 1 || signals == 0) return x;
  if (stages_.empty() && signals > 1) {
    Array<T, 1> first({2 * length_}, uninitialised), second({2 * length_}, uninitialised);
    for (std::int64_t s = 0; s < signals; ++s) {
      const auto a = halves(first);
      copy_block(x.re + s, signals, a.re, 1, length_, 1);
      copy_block(x.im + s, signals, a.im, 1, length_, 1);
      const Split<T> result = run(a, halves(second));
      copy_block(result.re, 1, x.re + s, signals, length_, 1);
      copy_block(result.im, 1, x.im + s, signals, length_, 1);
    }
    return x;
  }
  if (chirp_) {
    run_chirp(x);
    return x;
  }
  if (steps_) return run_steps(x, other);
  for (const Stage& stage : stages_) {
    run_stage({.radix = stage.radix,
               .groups = stage.groups,
               .stride = stage.stride * signals,
               .twiddles = stage.twiddles.data(),
               .repeat = stage.repeat,
               .roots = stage.roots.data()},
              reading(x), other);
    std::swap(x, other);
  }
  return x;
}

template <class T>
void FftOf<T>::forward_many(T* re, T* im, std::int64_t signals) const {
  if (signals < 1) return;
  Array<T, 1> memory({chirp_ ? 0 : 2 * length_ * signals}, uninitialised);
  const Split<T> result = run({re, im}, halves(memory), signals);
  if (result.re == re) return;
  std::copy_n(result.re, length_ * signals, re);
  std::copy_n(result.im, length_ * signals, im);
}

template <class T>
void FftOf<T>::inverse_many(T* re, T* im, std::int64_t signals) const {
  forward_many(im, re, signals);
  const T scale = T{1} / static_cast<T>(length_);
  for (std::int64_t k = 0; k < length_ * signals; ++k) {
    re[k] *= scale;
    im[k] *= scale;
  }
}

template class FftOf<float>;
template class FftOf<double>;

template <class T>
std::shared_ptr<const FftOf<T>> fft_plan_of(std::int64_t length) {
  return kept_plan<FftOf<T>>(length);
}

template std::shared_ptr<const FloatFft> fft_plan_of(std::int64_t length);
template std::shared_ptr<const Fft> fft_plan_of(std::int64_t length);

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
