// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/stft.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/complex_port.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/welch.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

/// Transforms longer than this serve nobody and would only fill the memory.
constexpr std::int64_t longest_segment = std::int64_t{1} << 24;

std::int64_t hop_of(const std::string& where, std::int64_t segment, std::optional<std::int64_t> overlap_samples) {
  if (segment < 2)
    throw usage_error(where, "segment_samples " + std::to_string(segment) + " is too short for a spectrum");
  if (segment > longest_segment) throw usage_error(where, "segment_samples must be positive and below 2^24");
  const std::int64_t overlap = overlap_samples.value_or(segment / 2);
  if (overlap < 0 || overlap >= segment) {
    throw usage_error(where, "overlap_samples " + std::to_string(overlap) + " must be less than the segment's " +
                                 std::to_string(segment));
  }
  return segment - overlap;
}

/// A channel with its boundary and padding of zeros.
std::vector<double> extended(View<const double, 1> x, std::int64_t before, std::int64_t length) {
  std::vector<double> y(static_cast<std::size_t>(length), 0.0);
  for (std::int64_t t = 0; t < x.extent(0); ++t) y[static_cast<std::size_t>(before + t)] = x[t];
  return y;
}

/// Lengths of one call.
struct Layout {
  std::int64_t segment = 0, hop = 0, fft = 0, before = 0, length = 0, count = 0;
};

Layout layout_of(std::int64_t samples, const ShortTime& options) {
  const std::string where = "stft";
  require_positive(where, "rate_hz", options.rate_hz);
  Layout layout{.segment = options.segment_samples};
  layout.hop = hop_of(where, layout.segment, options.overlap_samples);
  layout.fft = options.fft_samples.value_or(layout.segment);
  if (layout.fft < layout.segment || layout.fft > longest_segment) {
    throw usage_error(where, "fft_samples " + std::to_string(layout.fft) + " must be at least the segment's " +
                                 std::to_string(layout.segment) + " and at most 2^24");
  }
  if (layout.segment > samples) {
    throw input_error(where, "the signal is too short: " + std::to_string(samples) + " samples, a segment needs " +
                                 std::to_string(layout.segment));
  }
  layout.before = options.boundary ? layout.segment / 2 : 0;
  layout.length = samples + 2 * layout.before;
  if (options.pad) layout.length += (layout.hop - (layout.length - layout.segment) % layout.hop) % layout.hop;
  layout.count = (layout.length - layout.segment) / layout.hop + 1;
  return layout;
}

/// The bins of two real segments out of the one transform in which they were real and imaginary part.
void separate(const std::vector<double>& re, const std::vector<double>& im, double scale, View<Complex, 2> z,
              std::int64_t segment, bool pair) {
  const std::size_t n = re.size();
  for (std::size_t k = 0; k <= n / 2; ++k) {
    const std::size_t mirror = (n - k) % n;
    const auto bin = static_cast<std::int64_t>(k);
    z(bin, segment) = Complex(re[k] + re[mirror], im[k] - im[mirror]) * (scale / 2);
    if (pair) z(bin, segment + 1) = Complex(im[k] + im[mirror], re[mirror] - re[k]) * (scale / 2);
  }
}

}  // namespace

ShortTimeSpectra stft(Signal x, const ShortTime& options) {
  require_signal("stft", x);
  require_finite("stft", x);
  const Layout layout = layout_of(x.extent(1), options);
  const auto window = window_function(options.window, layout.segment, true, "stft");
  const double scale = 1 / std::accumulate(window.begin(), window.end(), 0.0);
  ShortTimeSpectra result{Array<Complex, 3>({x.extent(0), layout.fft / 2 + 1, layout.count}, uninitialised),
                          spectrum_freqs(options.rate_hz, layout.fft),
                          {}};
  const double middle = static_cast<double>(layout.segment) / 2;
  for (std::int64_t s = 0; s < layout.count; ++s) {
    const double centre = static_cast<double>(s * layout.hop) + (options.boundary ? 0 : middle);
    result.times_s.push_back(centre / options.rate_hz);
  }
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    const auto plan = fft_plan(layout.fft);
    const auto y = extended(x[c], layout.before, layout.length);
    std::vector<double> re(static_cast<std::size_t>(layout.fft)), im(re.size());
    for (std::int64_t s = 0; s < layout.count; s += 2) {
      const bool pair = s + 1 < layout.count;
      const double* const first = y.data() + s * layout.hop;
      std::fill(re.begin(), re.end(), 0.0);
      std::fill(im.begin(), im.end(), 0.0);
      for (std::size_t t = 0; t < window.size(); ++t) {
        re[t] = first[t] * window[t];
        if (pair) im[t] = first[static_cast<std::int64_t>(t) + layout.hop] * window[t];
      }
      plan->forward(re.data(), im.data());
      separate(re, im, scale, result.z.view()[c], s, pair);
    }
  });
  return result;
}

namespace {

/// SciPy's guess from the number of bins: an odd segment that just fits was transformed at its own length.
std::int64_t inverse_length(std::int64_t bins, std::int64_t segment) {
  const std::int64_t even = 2 * (bins - 1);
  const std::int64_t length = segment == even + 1 ? segment : even;
  if (length < segment) {
    throw usage_error("istft", "shape: " + std::to_string(bins) + " frequencies are too few for segments of " +
                                   std::to_string(segment) + " samples");
  }
  return length;
}

/// The half spectra of two segments as one full spectrum, so that both come back as real and imaginary part.
void join(View<const Complex, 2> z, std::int64_t segment, bool pair, std::vector<double>& re, std::vector<double>& im) {
  const std::size_t n = re.size();
  for (std::size_t k = 0; k <= n / 2; ++k) {
    const auto bin = static_cast<std::int64_t>(k);
    Complex a = z(bin, segment), b = pair ? z(bin, segment + 1) : 0;
    const bool real_bin = k == 0 || 2 * k == n;
    if (real_bin) {
      a = a.real();
      b = b.real();
    }
    re[k] = a.real() - b.imag();
    im[k] = a.imag() + b.real();
    if (real_bin) continue;
    re[n - k] = a.real() + b.imag();
    im[n - k] = b.real() - a.imag();
  }
}

}  // namespace

Matrix istft(View<const Complex, 3> z, const InverseShortTime& options) {
  const std::string where = "istft";
  if (z.size() == 0) throw usage_error(where, "the spectra are empty");
  const std::int64_t segment = options.segment_samples, hop = hop_of(where, segment, options.overlap_samples);
  const std::int64_t fft = inverse_length(z.extent(1), segment), count = z.extent(2);
  const auto window = window_function(options.window, segment, true, where);
  const double sum = std::accumulate(window.begin(), window.end(), 0.0);
  const std::int64_t cut = options.boundary ? segment / 2 : 0, length = segment + (count - 1) * hop;
  std::vector<double> weight(static_cast<std::size_t>(length), 0.0);
  for (std::int64_t s = 0; s < count; ++s) {
    for (std::size_t t = 0; t < window.size(); ++t)
      weight[static_cast<std::size_t>(s * hop) + t] += window[t] * window[t];
  }
  if (length <= 2 * cut) throw input_error(where, "the spectra are too short: nothing is left between the boundaries");
  Matrix x({z.extent(0), length - 2 * cut}, uninitialised);
  thread_pool().parallel_for(z.extent(0), [&](std::int64_t c) {
    const auto plan = fft_plan(fft);
    std::vector<double> re(static_cast<std::size_t>(fft)), im(re.size()), y(weight.size(), 0.0);
    for (std::int64_t s = 0; s < count; s += 2) {
      const bool pair = s + 1 < count;
      join(z[c], s, pair, re, im);
      plan->inverse(re.data(), im.data());
      double* const first = y.data() + s * hop;
      for (std::size_t t = 0; t < window.size(); ++t) first[t] += re[t] * sum * window[t];
      for (std::size_t t = 0; pair && t < window.size(); ++t)
        first[static_cast<std::int64_t>(t) + hop] += im[t] * sum * window[t];
    }
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      const auto place = static_cast<std::size_t>(t + cut);
      x(c, t) = weight[place] > 1e-10 ? y[place] / weight[place] : y[place];
    }
  });
  return x;
}

namespace {

std::optional<std::int64_t> optional_count(const Arguments& args, std::string_view name) {
  if (!args.given(name)) return std::nullopt;
  return args.integer(name);
}

Tensors stft_call(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto result = stft(x, {.rate_hz = args.number("rate_hz"),
                               .window = args.text("window"),
                               .segment_samples = args.integer("segment_samples"),
                               .overlap_samples = optional_count(args, "overlap_samples"),
                               .fft_samples = optional_count(args, "fft_samples"),
                               .boundary = choice_argument<bool>(args, "boundary", {{"zeros", true}, {"none", false}}),
                               .pad = args.flag("pad")});
  return {{"z", complex_tensor<3>(result.z)},
          {"freqs", Tensor::vector(result.freqs_hz)},
          {"times", Tensor::vector(result.times_s)}};
}

const Operation stft_operation{
    .name = "stft",
    .room = "signal",
    .about = "Short-time Fourier transform (scipy.signal.stft)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "window", .type = "text", .standard = "hann"},
                  {.name = "segment_samples", .type = "integer", .standard = 256},
                  {.name = "overlap_samples", .type = "integer", .standard = Json{}, .about = "null: half a segment"},
                  {.name = "fft_samples", .type = "integer", .standard = Json{}, .about = "null: a segment"},
                  {.name = "boundary", .type = "text", .standard = "zeros", .about = "zeros, none"},
                  {.name = "pad", .type = "flag", .standard = true}},
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "z", .shape = "C F K 2"},
                {.name = "freqs", .shape = "F", .unit = "Hz"},
                {.name = "times", .shape = "K", .unit = "s"}},
    .streaming_form = "a segment leaves when its last sample is in",
    .call = stft_call,
};
CATON_REGISTER(Operation, stft_operation);

Tensors istft_call(const Arguments& args, const Tensors& in) {
  require_positive(args.operation(), "rate_hz", args.number("rate_hz"));
  const auto z = complex_port<3>(args, in, "z");
  return {{"x", Tensor::of(istft(z, {.window = args.text("window"),
                                     .segment_samples = args.integer("segment_samples"),
                                     .overlap_samples = optional_count(args, "overlap_samples"),
                                     .boundary = args.flag("boundary")}))}};
}

const Operation istft_operation{
    .name = "istft",
    .room = "signal",
    .about = "The signal of short-time spectra (scipy.signal.istft)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "window", .type = "text", .standard = "hann"},
                  {.name = "segment_samples", .type = "integer"},
                  {.name = "overlap_samples", .type = "integer", .standard = Json{}, .about = "null: half a segment"},
                  {.name = "boundary", .type = "flag", .standard = true, .about = "cut half a segment off both ends"}},
    .inputs = {{.name = "z", .shape = "C F K 2"}},
    .outputs = {{.name = "x", .shape = "C T"}},
    .streaming_form = "overlap-add, a segment late",
    .call = istft_call,
};
CATON_REGISTER(Operation, istft_operation);

}  // namespace

}  // namespace caton
