// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/zpk.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace caton {

/// The discrete Fourier transform of one length, any length: mixed radices 2 to 13, Bluestein's chirp for larger
/// primes. A plan never changes after it was made and may be used by several threads at once. Real and imaginary parts
/// lie apart, so that two real signals can ride in one transform.
class Fft {
 public:
  /// Refuses lengths below 1 (word `empty`).
  explicit Fft(std::int64_t length);
  ~Fft();
  Fft(const Fft&) = delete;
  Fft& operator=(const Fft&) = delete;

  [[nodiscard]] std::int64_t length() const noexcept { return length_; }
  /// X_k = sum_n x_n e^(-2 pi i k n / N), in place.
  void forward(double* re, double* im) const;
  /// x_n = (1/N) sum_k X_k e^(+2 pi i k n / N), in place.
  void inverse(double* re, double* im) const;

 private:
  struct Stage;
  struct Chirp;
  void stages(double* re, double* im) const;
  void chirp(double* re, double* im) const;

  std::int64_t length_;
  std::vector<Stage> stages_;
  std::unique_ptr<const Chirp> chirp_;
};

/// The plan of a length; each thread keeps the last few it used.
[[nodiscard]] std::shared_ptr<const Fft> fft_plan(std::int64_t length);

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
