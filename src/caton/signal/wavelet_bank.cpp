// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/wavelet_bank.hpp"

#include "caton/base/error.hpp"

#include <algorithm>

namespace caton {

namespace {

/// Above it a signal is cut into blocks: a transform of that length and its wavelet still fit a second-level cache.
constexpr std::int64_t cache_length = 16384;

std::int64_t multiple_of(std::int64_t value, std::int64_t step) { return (value + step - 1) / step * step; }

/// Samples first … first + length - 1 of a signal, zeros where it has none.
void load(View<const double, 1> x, std::int64_t first, std::vector<double>& out) {
  std::fill(out.begin(), out.end(), 0.0);
  const std::int64_t begin = std::max<std::int64_t>(first, 0);
  const std::int64_t end = std::min(first + static_cast<std::int64_t>(out.size()), x.extent(0));
  for (std::int64_t t = begin; t < end; ++t) out[static_cast<std::size_t>(t - first)] = x[t];
}

}  // namespace

WaveletBank::WaveletBank(const WaveletSet& set, std::int64_t samples, std::int64_t decimate, const std::string& where)
    : samples_(samples), decimate_(decimate) {
  std::int64_t longest = 0;
  for (const auto& wavelet : set.wavelets) longest = std::max(longest, static_cast<std::int64_t>(wavelet.size()));
  if (longest > samples) {
    throw input_error(where,
                      "the signal is too short: " + std::to_string(samples) + " samples, the longest wavelet has " +
                          std::to_string(longest),
                      "use fewer cycles, higher frequencies or longer epochs");
  }
  if (decimate < 1) throw usage_error(where, "decimate must be positive, got " + std::to_string(decimate));
  decimate_ = std::min(decimate, samples);
  std::int64_t length = samples + longest / 2;
  if (length <= 2 * cache_length) {
    length = next_fast_length(multiple_of(length, decimate_) / decimate_) * decimate_;
    block_ = multiple_of(samples, decimate_);
  } else {
    margin_ = multiple_of(longest / 2, decimate_);
    length = next_fast_length(multiple_of(std::max(cache_length, 8 * margin_), decimate_) / decimate_) * decimate_;
    block_ = (length - 2 * margin_) / decimate_ * decimate_;
  }
  forward_ = fft_plan(length);
  inverse_ = fft_plan(length / decimate_);
  for (const auto& wavelet : set.wavelets) {
    Spectrum spectrum{std::vector<double>(static_cast<std::size_t>(length), 0.0),
                      std::vector<double>(static_cast<std::size_t>(length), 0.0)};
    const auto centre = (static_cast<std::int64_t>(wavelet.size()) - 1) / 2;
    for (std::size_t k = 0; k < wavelet.size(); ++k) {
      const auto place = static_cast<std::size_t>((static_cast<std::int64_t>(k) - centre + length) % length);
      spectrum.re[place] = wavelet[k].real() / static_cast<double>(decimate_);
      spectrum.im[place] = wavelet[k].imag() / static_cast<double>(decimate_);
    }
    forward_->forward(spectrum.re.data(), spectrum.im.data());
    wavelets_.push_back(std::move(spectrum));
  }
}

void WaveletBank::transform_back(const Spectrum& signal, const Spectrum& wavelet, Spectrum& folded) const {
  const std::size_t count = folded.re.size();
  std::fill(folded.re.begin(), folded.re.end(), 0.0);
  std::fill(folded.im.begin(), folded.im.end(), 0.0);
  for (std::size_t from = 0; from < signal.re.size(); from += count) {
    const double* const ar = signal.re.data() + from;
    const double* const ai = signal.im.data() + from;
    const double* const br = wavelet.re.data() + from;
    const double* const bi = wavelet.im.data() + from;
    for (std::size_t k = 0; k < count; ++k) {
      folded.re[k] += ar[k] * br[k] - ai[k] * bi[k];
      folded.im[k] += ar[k] * bi[k] + ai[k] * br[k];
    }
  }
  inverse_->inverse(folded.re.data(), folded.im.data());
}

void WaveletBank::apply(View<const double, 1> first, const View<const double, 1>* second,
                        const std::function<void(const Piece&)>& take) const {
  const auto length = static_cast<std::size_t>(forward_->length());
  const auto small = static_cast<std::size_t>(inverse_->length());
  Spectrum both{std::vector<double>(length), std::vector<double>(length)};
  Spectrum one = both, other = both, folded{std::vector<double>(small), std::vector<double>(small)};
  for (std::int64_t begin = 0; begin < samples_; begin += block_) {
    load(first, begin - margin_, both.re);
    if (second != nullptr)
      load(*second, begin - margin_, both.im);
    else
      std::fill(both.im.begin(), both.im.end(), 0.0);
    forward_->forward(both.re.data(), both.im.data());
    for (std::size_t k = 0; k < length; ++k) {
      const std::size_t mirror = (length - k) % length;
      one.re[k] = (both.re[k] + both.re[mirror]) / 2;
      one.im[k] = (both.im[k] - both.im[mirror]) / 2;
      other.re[k] = (both.im[k] + both.im[mirror]) / 2;
      other.im[k] = (both.re[mirror] - both.re[k]) / 2;
    }
    const std::int64_t offset = margin_ / decimate_;
    const std::int64_t count = (std::min(block_, samples_ - begin) + decimate_ - 1) / decimate_;
    for (std::int64_t signal = 0; signal < (second != nullptr ? 2 : 1); ++signal) {
      for (std::size_t w = 0; w < wavelets_.size(); ++w) {
        transform_back(signal == 0 ? one : other, wavelets_[w], folded);
        take({signal, w, begin / decimate_, count, folded.re.data() + offset, folded.im.data() + offset});
      }
    }
  }
}

}  // namespace caton
