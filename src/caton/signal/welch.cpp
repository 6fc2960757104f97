// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/welch.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

const std::string where = "welch";

struct Segments {
  std::int64_t length = 0, hop = 0, count = 0;
};

Segments segments_of(std::int64_t samples, const Welch& options) {
  require_positive(where, "rate_hz", options.rate_hz);
  if (options.fft_samples < 1) throw usage_error(where, "fft_samples must be positive");
  Segments segments;
  segments.length = options.segment_samples.value_or(options.fft_samples);
  if (segments.length < 1) throw usage_error(where, "segment_samples must be positive");
  if (segments.length > options.fft_samples) {
    throw usage_error(where, "segment_samples " + std::to_string(segments.length) + " is longer than fft_samples " +
                                 std::to_string(options.fft_samples));
  }
  if (segments.length > samples) {
    throw input_error(where,
                      "the signal is too short: " + std::to_string(samples) + " samples, a segment needs " +
                          std::to_string(segments.length),
                      "give shorter segments");
  }
  if (segments.length < 2) throw input_error(where, "a segment of 1 sample is too short for a spectrum");
  if (options.overlap_samples < 0 || options.overlap_samples >= segments.length) {
    throw usage_error(where, "overlap_samples " + std::to_string(options.overlap_samples) +
                                 " must be less than the segment's " + std::to_string(segments.length));
  }
  segments.hop = segments.length - options.overlap_samples;
  segments.count = (samples - segments.length) / segments.hop + 1;
  return segments;
}

/// A segment without its mean, tapered, in `out` (longer than the segment: zeros follow).
void taper_segment(View<const double, 1> x, const std::vector<double>& window, std::vector<double>& out) {
  const double* const values = x.data();
  const std::int64_t stride = x.stride(0);
  double mean = 0;
  for (std::int64_t t = 0; t < x.extent(0); ++t) mean += values[t * stride];
  mean /= static_cast<double>(x.extent(0));
  for (std::size_t t = 0; t < window.size(); ++t)
    out[t] = (values[static_cast<std::int64_t>(t) * stride] - mean) * window[t];
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(window.size()), out.end(), 0.0);
}

double median_bias(std::int64_t count) {
  double bias = 1;
  for (std::int64_t k = 1; k <= (count - 1) / 2; ++k)
    bias += 1 / (2 * static_cast<double>(k) + 1) - 1 / (2 * static_cast<double>(k));
  return bias;
}

}  // namespace

void separate_powers(const std::vector<double>& re, const std::vector<double>& im, double scale, double* first,
                     double* second, std::int64_t step, const BinRange& range) {
  const std::size_t n = re.size();
  for (std::size_t k = range.begin; k < range.end; ++k) {
    const std::size_t mirror = (n - k) % n;
    const double ar = (re[k] + re[mirror]) / 2, ai = (im[k] - im[mirror]) / 2;
    const double br = (im[k] + im[mirror]) / 2, bi = (re[mirror] - re[k]) / 2;
    const double factor = scale * (k == 0 || 2 * k == n ? 1 : 2);
    const auto place = static_cast<std::int64_t>(k - range.begin) * step;
    first[place] = (ar * ar + ai * ai) * factor;
    if (second != nullptr) second[place] = (br * br + bi * bi) * factor;
  }
}

std::vector<double> spectrum_freqs(double rate_hz, std::int64_t samples) {
  std::vector<double> freqs;
  for (std::int64_t k = 0; k <= samples / 2; ++k)
    freqs.push_back(static_cast<double>(k) * rate_hz / static_cast<double>(samples));
  return freqs;
}

BinRange bins_between(const std::vector<double>& freqs_hz, double low_hz, double high_hz) {
  const double slack = freqs_hz.size() > 1 ? 1e-6 * (freqs_hz[1] - freqs_hz[0]) : 0;
  BinRange range{0, freqs_hz.size()};
  while (range.begin < freqs_hz.size() && freqs_hz[range.begin] < low_hz - slack) ++range.begin;
  while (range.end > range.begin && freqs_hz[range.end - 1] > high_hz + slack) --range.end;
  return range;
}

SegmentSpectra welch_segments(Signal x, const Welch& options) {
  require_signal(where, x);
  const Segments segments = segments_of(x.extent(1), options);
  const auto window = window_function(options.window, segments.length, true, where);
  double squares = 0;
  for (const double w : window) squares += w * w;
  const auto freqs = spectrum_freqs(options.rate_hz, options.fft_samples);
  const BinRange range =
      bins_between(freqs, options.low_hz, options.high_hz.value_or(std::numeric_limits<double>::infinity()));
  if (range.begin == range.end) throw usage_error(where, "the band from low_hz to high_hz holds no bin");
  const auto bins = static_cast<std::int64_t>(range.end - range.begin);
  SegmentSpectra result{Array<double, 3>({x.extent(0), bins, segments.count}, uninitialised),
                        {freqs.begin() + static_cast<std::ptrdiff_t>(range.begin),
                         freqs.begin() + static_cast<std::ptrdiff_t>(range.end)}};
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    const auto plan = fft_plan(options.fft_samples);
    std::vector<double> re(static_cast<std::size_t>(options.fft_samples)), im(re.size());
    for (std::int64_t s = 0; s < segments.count; s += 2) {
      const bool pair = s + 1 < segments.count;
      taper_segment(x[c].slice(0, s * segments.hop, segments.length), window, re);
      if (pair)
        taper_segment(x[c].slice(0, (s + 1) * segments.hop, segments.length), window, im);
      else
        std::fill(im.begin(), im.end(), 0.0);
      plan->forward(re.data(), im.data());
      separate_powers(re, im, 1 / (options.rate_hz * squares), &result.psd(c, 0, s),
                      pair ? &result.psd(c, 0, s + 1) : nullptr, segments.count, range);
    }
  });
  return result;
}

Spectrum welch(Signal x, const Welch& options) {
  auto segments = welch_segments(x, options);
  const auto count = segments.psd.extent(2);
  Spectrum result{Matrix({segments.psd.extent(0), segments.psd.extent(1)}, uninitialised), segments.freqs_hz};
  for (std::int64_t c = 0; c < result.psd.extent(0); ++c) {
    for (std::int64_t k = 0; k < result.psd.extent(1); ++k) {
      const double* const values = &segments.psd(c, k, 0);
      if (options.average == Average::median) {
        result.psd(c, k) = median(std::vector<double>(values, values + count)) / median_bias(count);
      } else {
        double sum = 0;
        for (std::int64_t s = 0; s < count; ++s) sum += values[s];
        result.psd(c, k) = sum / static_cast<double>(count);
      }
    }
  }
  return result;
}

namespace {

Tensors spectrum(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  Welch options{.rate_hz = args.number("rate_hz"),
                .low_hz = args.number("low_hz"),
                .high_hz = optional_number(args, "high_hz"),
                .fft_samples = args.integer("fft_samples")};
  if (args.given("segment_samples")) options.segment_samples = args.integer("segment_samples");
  options.overlap_samples = args.integer("overlap_samples");
  options.window = args.text("window");
  options.average = choice_argument<Average>(
      args, "average", {{"mean", Average::mean}, {"median", Average::median}, {"none", Average::none}});
  if (options.average == Average::none) {
    const auto result = welch_segments(x, options);
    return {{"psd", Tensor::of(result.psd)}, {"freqs", Tensor::vector(result.freqs_hz)}};
  }
  const auto result = welch(x, options);
  return {{"psd", Tensor::of(result.psd)}, {"freqs", Tensor::vector(result.freqs_hz)}};
}

const Operation welch_operation{
    .name = "welch",
    .room = "signal",
    .about = "Power spectral density (mne.time_frequency.psd_array_welch)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "low_hz", .type = "number", .standard = 0},
                  {.name = "high_hz", .type = "number", .standard = Json{}},
                  {.name = "fft_samples", .type = "integer", .standard = 256},
                  {.name = "segment_samples", .type = "integer", .standard = Json{}},
                  {.name = "overlap_samples", .type = "integer", .standard = 0},
                  {.name = "window", .type = "text", .standard = "hamming"},
                  {.name = "average", .type = "text", .standard = "mean", .about = "mean, median, none"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "psd", .shape = "C F", .unit = "V^2/Hz"}, {.name = "freqs", .shape = "F", .unit = "Hz"}},
    .call = spectrum,
};
CATON_REGISTER(Operation, welch_operation);

}  // namespace

}  // namespace caton
