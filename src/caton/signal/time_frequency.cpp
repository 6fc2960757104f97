// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/time_frequency.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/wavelet_bank.hpp"

#include <cmath>

namespace caton {

namespace {

void require_epochs(const std::string& where, View<const double, 3> epochs) {
  if (epochs.size() == 0) throw usage_error(where, "the epochs are empty");
  for (std::int64_t e = 0; e < epochs.extent(0); ++e) require_finite(where, epochs[e]);
}

/// Every row of epochs x channels through the bank, two at a time, on all threads.
template <class Take>
void each_row(View<const double, 3> epochs, const WaveletBank& bank, const Take& take) {
  const std::int64_t channels = epochs.extent(1), rows = epochs.extent(0) * channels;
  thread_pool().parallel_for((rows + 1) / 2, [&](std::int64_t pair) {
    const std::int64_t first = 2 * pair, second = first + 1;
    const auto row = [&](std::int64_t r) { return epochs[r / channels][r % channels]; };
    const auto put = [&](const WaveletBank::Piece& piece) {
      const std::int64_t r = first + piece.signal;
      take(r / channels, r % channels, piece);
    };
    if (second < rows) {
      const auto other = row(second);
      bank.apply(row(first), &other, put);
    } else {
      bank.apply(row(first), nullptr, put);
    }
  });
}

/// Sums over the epochs of one channel, in their order.
struct ChannelSums {
  Matrix power;             ///< frequencies x samples
  Array<Complex, 2> phase;  ///< wavelets x samples: sum of z / |z|

  void add(const WaveletBank::Piece& piece, std::int64_t freqs) {
    const auto wavelet = static_cast<std::int64_t>(piece.wavelet);
    for (std::int64_t t = 0; t < piece.count; ++t) {
      const double re = piece.re[t], im = piece.im[t], square = re * re + im * im, size = std::sqrt(square);
      power(wavelet % freqs, piece.first + t) += square;
      if (size > 0) phase(wavelet, piece.first + t) += Complex(re / size, im / size);
    }
  }
};

}  // namespace

Array<Complex, 5> tfr_coefficients(View<const double, 3> epochs, const WaveletSet& set,
                                   const TimeFrequencyOptions& options) {
  require_epochs(options.where, epochs);
  const WaveletBank bank(set, epochs.extent(2), options.decimate, options.where);
  Array<Complex, 5> z({epochs.extent(0), epochs.extent(1), set.tapers, set.freqs, bank.kept()}, uninitialised);
  each_row(epochs, bank, [&](std::int64_t e, std::int64_t c, const WaveletBank::Piece& piece) {
    const auto wavelet = static_cast<std::int64_t>(piece.wavelet);
    Complex* const to = &z(e, c, wavelet / set.freqs, wavelet % set.freqs, piece.first);
    for (std::int64_t t = 0; t < piece.count; ++t) to[t] = {piece.re[t], piece.im[t]};
  });
  return z;
}

Array<double, 4> tfr_power(View<const double, 3> epochs, const WaveletSet& set, const TimeFrequencyOptions& options) {
  require_epochs(options.where, epochs);
  const WaveletBank bank(set, epochs.extent(2), options.decimate, options.where);
  Array<double, 4> power({epochs.extent(0), epochs.extent(1), set.freqs, bank.kept()}, 0.0);
  const auto tapers = static_cast<double>(set.tapers);
  each_row(epochs, bank, [&](std::int64_t e, std::int64_t c, const WaveletBank::Piece& piece) {
    double* const to = &power(e, c, static_cast<std::int64_t>(piece.wavelet) % set.freqs, piece.first);
    for (std::int64_t t = 0; t < piece.count; ++t)
      to[t] += (piece.re[t] * piece.re[t] + piece.im[t] * piece.im[t]) / tapers;
  });
  return power;
}

AverageTfr tfr_average(View<const double, 3> epochs, const WaveletSet& set, const TimeFrequencyOptions& options) {
  require_epochs(options.where, epochs);
  const std::int64_t count = epochs.extent(0), channels = epochs.extent(1);
  const WaveletBank bank(set, epochs.extent(2), options.decimate, options.where);
  AverageTfr result{Array<double, 3>({channels, set.freqs, bank.kept()}, 0.0),
                    Array<double, 3>({channels, set.freqs, bank.kept()}, 0.0)};
  const double share = 1 / static_cast<double>(count * set.tapers);
  thread_pool().parallel_for(channels, [&](std::int64_t c) {
    ChannelSums sums{Matrix({set.freqs, bank.kept()}, 0.0),
                     Array<Complex, 2>({set.tapers * set.freqs, bank.kept()}, Complex(0))};
    const auto add = [&](const WaveletBank::Piece& piece) { sums.add(piece, set.freqs); };
    for (std::int64_t e = 0; e < count; e += 2) {
      if (e + 1 < count) {
        const auto other = epochs[e + 1][c];
        bank.apply(epochs[e][c], &other, add);
      } else {
        bank.apply(epochs[e][c], nullptr, add);
      }
    }
    for (std::int64_t w = 0; w < set.tapers * set.freqs; ++w) {
      for (std::int64_t t = 0; t < bank.kept(); ++t) {
        if (w < set.freqs) result.power(c, w, t) = sums.power(w, t) * share;
        result.itc(c, w % set.freqs, t) += std::abs(sums.phase(w, t)) * share;
      }
    }
  });
  return result;
}

}  // namespace caton
