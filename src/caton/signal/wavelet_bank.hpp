// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/wavelet_set.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace caton {

/// Convolutions of signals of one length with a set of wavelets, the centre part kept (`mode="same"`), every
/// `decimate`-th sample of it. The wavelets are transformed once; several threads may use a bank at once. Long signals
/// go through in blocks that fit a cache; a decimated result is folded before it is transformed back.
class WaveletBank {
 public:
  /// Refuses wavelets longer than the signal (word `short`) and `decimate` below 1.
  WaveletBank(const WaveletSet& set, std::int64_t samples, std::int64_t decimate, const std::string& where);

  [[nodiscard]] std::int64_t kept() const noexcept { return (samples_ + decimate_ - 1) / decimate_; }

  /// Some kept samples of one signal under one wavelet.
  struct Piece {
    std::int64_t signal = 0;  ///< 0 or 1
    std::size_t wavelet = 0;  ///< index in the set
    std::int64_t first = 0;   ///< index of the first kept sample
    std::int64_t count = 0;   ///< how many
    const double *re = nullptr, *im = nullptr;
  };
  /// Convolves one or two real signals, which ride in one forward transform.
  void apply(View<const double, 1> first, const View<const double, 1>* second,
             const std::function<void(const Piece&)>& take) const;

 private:
  struct Spectrum {
    std::vector<double> re, im;
  };
  void transform_back(const Spectrum& signal, const Spectrum& wavelet, Spectrum& folded) const;

  std::int64_t samples_, decimate_;
  std::int64_t margin_ = 0;  ///< samples before and behind a block that the ends of the wavelets spoil
  std::int64_t block_ = 0;   ///< samples of a block that count
  std::shared_ptr<const Fft> forward_, inverse_;
  std::vector<Spectrum> wavelets_;
};

}  // namespace caton
