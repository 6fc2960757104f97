// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/resample.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/chain_form.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/plan_cache.hpp"
#include "caton/signal/polyphase_stream.hpp"
#include "caton/signal/real_kernels.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "resample_fft";
constexpr double most_samples = 1e9;

using Lengths = ResampledLengths;

Lengths lengths_of(std::int64_t samples, const FftResample& options) {
  Lengths lengths;
  if (options.pad_samples) {
    lengths.left = lengths.right = *options.pad_samples;
  } else {
    const std::int64_t least = samples + 2 * std::min<std::int64_t>(samples / 8, 100);
    std::int64_t power = 1;
    while (power < least) power *= 2;
    lengths.left = (power - samples) / 2;
    lengths.right = power - samples - lengths.left;
  }
  const double ratio = options.up / options.down;
  if (static_cast<double>(lengths.left) > most_samples) throw usage_error("resample_fft", "pad_samples is too large");
  lengths.before = samples + lengths.left + lengths.right;
  if (ratio * static_cast<double>(lengths.before) > most_samples)
    throw usage_error("resample_fft", "up / down = " + number_text(ratio) + " makes the signal too long");
  lengths.after = resampled_length(lengths.before, options.up, options.down);
  lengths.keep = resampled_length(samples, options.up, options.down);
  lengths.drop = static_cast<std::int64_t>(std::nearbyint(ratio * static_cast<double>(lengths.left)));
  return lengths;
}

/// The gain of every bin: the window over the spectrum, and the scale of the new length.
std::vector<double> bin_gains(const Lengths& lengths, const std::string& window) {
  const double scale = static_cast<double>(lengths.after) / static_cast<double>(lengths.before);
  std::vector<double> gains(static_cast<std::size_t>(std::min(lengths.before, lengths.after) / 2 + 1), scale);
  if (window != "boxcar") {
    const auto shape = window_function(window, lengths.before, true, where);
    const std::size_t count = shape.size(), middle = count / 2;
    // A periodic window of odd length has no bin at its centre: both sides are averaged, as a real signal needs.
    gains[0] *= shape[middle];
    for (std::size_t k = 1; k < gains.size(); ++k)
      gains[k] *= (shape[(middle + k) % count] + shape[(middle + count - k) % count]) / 2;
  }
  const std::int64_t shorter = std::min(lengths.before, lengths.after);
  if (shorter % 2 == 0) gains[static_cast<std::size_t>(shorter / 2)] *= lengths.after < lengths.before ? 2 : 0.5;
  return gains;
}

}  // namespace

std::int64_t resampled_length(std::int64_t samples, double up, double down) {
  return std::max<std::int64_t>(static_cast<std::int64_t>(std::nearbyint(up / down * static_cast<double>(samples))), 1);
}

template <class T>
FftResamplerOf<T>::FftResamplerOf(std::int64_t samples, const FftResample& options) : pad_(options.pad) {
  require_positive(where, "up", options.up);
  require_positive(where, "down", options.down);
  if (options.pad_samples && *options.pad_samples < 0) throw usage_error(where, "pad_samples must be positive or 0");
  lengths_ = lengths_of(samples, options);
  const auto gains = bin_gains(lengths_, options.window);
  gains_.assign(gains.begin(), gains.end());
  before_ = kept_plan<RealFftOf<T>>(lengths_.before);
  after_ = kept_plan<RealFftOf<T>>(lengths_.after);
}

template <class T>
void FftResamplerOf<T>::multiply_gains(const std::vector<double>& gains) {
  for (std::size_t k = 0; k < gains_.size(); ++k) gains_[k] = static_cast<T>(gains_[k] * gains.at(k));
}

template <class T>
void FftResamplerOf<T>::apply(View<const T, 1> x, T* y) const {
  const auto used = static_cast<std::int64_t>(gains_.size()), all = after_->bins();
  Array<T, 1> memory({2 * all}, uninitialised);
  const Split<T> bins{memory.data(), memory.data() + all};
  before_->forward(PaddedRow<T>(x, lengths_.left, lengths_.right, pad_), -lengths_.left, bins, used);
  for (T* const part : {bins.re, bins.im}) {
    multiply_by_gains(part, gains_.data(), used);
    std::fill_n(part + used, all - used, T{0});
  }
  const std::int64_t there = std::min(lengths_.keep, after_->length() - lengths_.drop);
  after_->inverse({bins.re, bins.im}, lengths_.drop, there, y);
  std::fill_n(y + there, lengths_.keep - there, T{0});
}

template class FftResamplerOf<float>;
template class FftResamplerOf<double>;

namespace {

template <class T>
Array<T, 2> resampled(View<const T, 2> x, const FftResample& options) {
  if (x.empty()) require_signal(where, Signal(nullptr, x.extents()));
  const FftResamplerOf<T> resampler(x.extent(1), options);
  Array<T, 2> y({x.extent(0), resampler.output_samples()}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) { resampler.apply(x[c], y[c].data()); });
  return y;
}

}  // namespace

Matrix resample_fft(Signal x, const FftResample& options) { return resampled(x, options); }

Array<float, 2> resample_fft(FloatSignal x, const FftResample& options) { return resampled(x, options); }

namespace {

/// The transform of a whole recording has no causal form; the polyphase filter stands in for it.
std::unique_ptr<SignalStream> causal_form(const Arguments& args, std::int64_t channels, double rate_hz) {
  const double up = args.number("up"), down = args.number("down");
  if (up != std::floor(up) || down != std::floor(down) || !(up >= 1) || !(down >= 1) || up > 1e6 || down > 1e6) {
    throw args.refuse("up / down = " + number_text(up) + " / " + number_text(down) + " has no causal form",
                      "rates in whole Hz have one");
  }
  auto stream = std::make_unique<PolyphaseStream>(
      PolyResample{.up = static_cast<std::int64_t>(up), .down = static_cast<std::int64_t>(down)}, 5, channels, rate_hz);
  stream->tell_difference(
      "training resampled by the transform of the whole recording, a brick wall at the new Nyquist frequency; here "
      "resample_poly's low-pass does it");
  return stream;
}

FftResample resample_argument(const Arguments& args) {
  FftResample options{.up = args.number("up"), .down = args.number("down")};
  const Json& pad_samples = args.value("pad_samples");
  if (!pad_samples.is_text())
    options.pad_samples = args.integer("pad_samples");
  else if (pad_samples.text() != "auto")
    throw args.refuse("pad_samples is \"auto\" or a number of samples");
  options.window = args.text("window");
  options.pad = pad_argument(args);
  return options;
}

const ChainForm resample_chain{
    .name = "resample_fft",
    .add =
        [](const Arguments& args, FilterChain& chain) {
          if (chain.resample || chain.average_reference) return false;
          chain.resample = resample_argument(args);
          return true;
        },
};
CATON_REGISTER(ChainForm, resample_chain);

const Operation resample_operation{
    .name = "resample_fft",
    .room = "signal",
    .about = "Another sampling rate by way of the spectrum (mne.filter.resample)",
    .arguments = {{.name = "up", .type = "number"},
                  {.name = "down", .type = "number"},
                  {.name = "pad_samples", .type = "any", .standard = "auto", .about = "auto, or samples at each end"},
                  {.name = "window", .type = "text", .standard = "boxcar"},
                  {.name = "pad", .type = "text", .standard = "reflect_limited"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C T'", .unit = "V"}},
    .streaming_form = "resample_poly's filter, for whole numbers up and down",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          return Tensors{{"y", Tensor::of(resample_fft(x, resample_argument(args)))}};
        },
};
CATON_REGISTER(Operation, resample_operation);

const StreamForm resample_fft_stream{
    .name = "resample_fft",
    .make = causal_form,
};
CATON_REGISTER(StreamForm, resample_fft_stream);

}  // namespace

}  // namespace caton
