// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fft_kernels.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace caton {

/// The discrete Fourier transform of one length, any length, of float or double: mixed radices 2 to 13, two steps of
/// transforms that fit the cache above 32 768 samples, Bluestein's chirp for larger primes. A plan never changes after
/// it was made and may be used by several threads at once. Real and imaginary parts lie apart, so that two real signals
/// can ride in one transform. The same bits on every processor.
template <class T>
class FftOf {
 public:
  /// Refuses lengths below 1 (word `empty`).
  explicit FftOf(std::int64_t length);
  ~FftOf();
  FftOf(const FftOf&) = delete;
  FftOf& operator=(const FftOf&) = delete;

  [[nodiscard]] std::int64_t length() const noexcept { return length_; }
  /// X_k = sum_n x_n e^(-2 pi i k n / N), in place.
  void forward(T* re, T* im) const { forward_many(re, im, 1); }
  /// x_n = (1/N) sum_k X_k e^(+2 pi i k n / N), in place.
  void inverse(T* re, T* im) const { inverse_many(re, im, 1); }
  /// As many transforms side by side: value n of signal s lies at n * signals + s.
  void forward_many(T* re, T* im, std::int64_t signals) const;
  void inverse_many(T* re, T* im, std::int64_t signals) const;
  /// The forward transform with memory given by the caller: both are N x signals long, the result lies in the one that
  /// is given back. With real and imaginary parts exchanged in both it is N times the inverse.
  [[nodiscard]] Split<T> run(Split<T> x, Split<T> other, std::int64_t signals = 1) const;

 private:
  struct Stage;
  struct Chirp;
  struct Steps;
  [[nodiscard]] Split<T> run_steps(Split<T> x, Split<T> other) const;
  void run_chirp(Split<T> x) const;

  std::int64_t length_;
  std::vector<Stage> stages_;
  std::unique_ptr<const Chirp> chirp_;
  std::unique_ptr<const Steps> steps_;
};

using Fft = FftOf<double>;
using FloatFft = FftOf<float>;
extern template class FftOf<float>;
extern template class FftOf<double>;

/// The plan of a length; each thread keeps the last few it used.
template <class T>
[[nodiscard]] std::shared_ptr<const FftOf<T>> fft_plan_of(std::int64_t length);
extern template std::shared_ptr<const FloatFft> fft_plan_of(std::int64_t length);
extern template std::shared_ptr<const Fft> fft_plan_of(std::int64_t length);
[[nodiscard]] inline std::shared_ptr<const Fft> fft_plan(std::int64_t length) { return fft_plan_of<double>(length); }

/// Bins 0 … N/2 of a real signal (numpy `rfft`).
[[nodiscard]] std::vector<Complex> real_fft(std::span<const double> x);
/// The real signal of N samples whose bins 0 … N/2 are given (numpy `irfft`): the imaginary parts of bin 0 and, for
/// even N, of the last bin are not looked at. Missing bins count as 0.
[[nodiscard]] std::vector<double> inverse_real_fft(std::span<const Complex> bins, std::int64_t samples);
[[nodiscard]] std::vector<Complex> complex_fft(std::span<const Complex> x);
[[nodiscard]] std::vector<Complex> inverse_complex_fft(std::span<const Complex> x);

/// The smallest length at least `length` without prime factors above 11 (scipy.fft.next_fast_len).
[[nodiscard]] std::int64_t next_fast_length(std::int64_t length);

}  // namespace caton
