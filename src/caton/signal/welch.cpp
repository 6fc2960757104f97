// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/welch_row.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/real_kernels.hpp"
#include "caton/signal/tapering.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

/// Zeros may follow a segment, but not without end.
constexpr std::int64_t most_fft_samples = std::int64_t{1} << 26;

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
  if (options.fft_samples > most_fft_samples)
    throw usage_error(where, "fft_samples " + std::to_string(options.fft_samples) + " is too large",
                      "use " + std::to_string(most_fft_samples) + " at most");
  if (segments.length < 2) throw input_error(where, "a segment of 1 sample is too short for a spectrum");
  if (options.overlap_samples < 0 || options.overlap_samples >= segments.length) {
    throw usage_error(where, "overlap_samples " + std::to_string(options.overlap_samples) +
                                 " must be less than the segment's " + std::to_string(segments.length));
  }
  segments.hop = segments.length - options.overlap_samples;
  segments.count = (samples - segments.length) / segments.hop + 1;
  return segments;
}

/// The spectra of one channel's segments, two of them in one transform.
class SegmentPowers {
 public:
  SegmentPowers(const Welch& options, const Segments& segments, const std::vector<double>& window)
      : segments_(segments),
        window_(window),
        detrend_(options.detrend),
        plan_(fft_plan(options.fft_samples)),
        memory_({4 * options.fft_samples}),
        row_({segments.length}, uninitialised) {
    double squares = 0;
    for (const double w : window) squares += w * w;
    scale_ = 1 / (options.rate_hz * squares);
  }

  /// Adds the one-sided densities of segment `s`, and of the next one if `second` is given, in the bins of `range`.
  void add(View<const double, 1> x, std::int64_t s, const BinRange& range, double* first, double* second) {
    const std::int64_t n = plan_->length();
    const Split<double> in{memory_.data(), memory_.data() + n};
    taper(x, s, in.re);
    if (second != nullptr)
      taper(x, s + 1, in.im);
    else
      std::fill_n(in.im, n, 0.0);
    const Split<double> z = plan_->run(in, {memory_.data() + 2 * n, memory_.data() + 3 * n});
    const auto begin = static_cast<std::int64_t>(range.begin), end = static_cast<std::int64_t>(range.end);
    const std::int64_t inner = std::max<std::int64_t>(begin, 1), last = std::max(inner, std::min(end, (n + 1) / 2));
    unused_.resize(range.end - range.begin);
    double* const other = second != nullptr ? second : unused_.data();
    add_pair_powers({z.re, z.im}, n, inner, last, 2 * scale_, first + inner - begin, other + inner - begin);
    for (const std::int64_t k : {std::int64_t{0}, n / 2}) {
      if (k < begin || k >= end || (k > 0 && 2 * k != n)) continue;
      first[k - begin] += z.re[k] * z.re[k] * scale_;
      other[k - begin] += z.im[k] * z.im[k] * scale_;
    }
  }

 private:
  void taper(View<const double, 1> x, std::int64_t s, double* out) {
    const double* values = x.data() + s * segments_.hop * x.stride(0);
    if (x.stride(0) != 1) {
      for (std::int64_t t = 0; t < segments_.length; ++t) row_.data()[t] = values[t * x.stride(0)];
      values = row_.data();
    }
    if (detrend_ == Trend::linear) {
      remove_line(View<const double, 1>(values, {segments_.length}), row_.data());
      values = row_.data();
    }
    const double mean =
        detrend_ == Trend::constant ? lane_sum(values, segments_.length) / static_cast<double>(segments_.length) : 0;
    caton::taper(values, mean, window_.data(), segments_.length, out);
    std::fill(out + segments_.length, out + plan_->length(), 0.0);
  }

  const Segments& segments_;
  const std::vector<double>& window_;
  std::optional<Trend> detrend_;
  std::shared_ptr<const Fft> plan_;
  Vector memory_, row_;
  std::vector<double> unused_;
  double scale_ = 0;
};

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

namespace {

/// What a call needs once for all channels.
struct Work {
  Work(std::int64_t samples, const Welch& options) : segments(segments_of(samples, options)) {
    window = window_function(options.window, segments.length, true, where);
    freqs_hz = spectrum_freqs(options.rate_hz, options.fft_samples);
    range = bins_between(freqs_hz, options.low_hz, options.high_hz.value_or(std::numeric_limits<double>::infinity()));
    if (range.begin == range.end) throw usage_error(where, "the band from low_hz to high_hz holds no bin");
    freqs_hz = {freqs_hz.begin() + static_cast<std::ptrdiff_t>(range.begin),
                freqs_hz.begin() + static_cast<std::ptrdiff_t>(range.end)};
  }

  Segments segments;
  std::vector<double> window, freqs_hz;
  BinRange range;
};

/// Mean over the segments of one channel; `odd` and `psd` have a value for each bin.
void mean_of_segments(SegmentPowers& powers, const Work& work, View<const double, 1> x, std::span<double> odd,
                      std::span<double> psd) {
  const std::int64_t count = work.segments.count;
  std::fill(odd.begin(), odd.end(), 0.0);
  std::fill(psd.begin(), psd.end(), 0.0);
  for (std::int64_t s = 0; s < count; s += 2)
    powers.add(x, s, work.range, psd.data(), s + 1 < count ? odd.data() : nullptr);
  for (std::size_t k = 0; k < psd.size(); ++k) psd[k] = (psd[k] + odd[k]) / static_cast<double>(count);
}

}  // namespace

SegmentSpectra welch_segments(Signal x, const Welch& options) {
  require_signal(where, x);
  const Work work(x.extent(1), options);
  const auto bins = static_cast<std::int64_t>(work.freqs_hz.size()), count = work.segments.count;
  SegmentSpectra result{Array<double, 3>({x.extent(0), bins, count}, uninitialised), work.freqs_hz};
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    SegmentPowers powers(options, work.segments, work.window);
    Matrix pair({2, bins}, uninitialised);
    for (std::int64_t s = 0; s < count; s += 2) {
      pair.fill(0);
      powers.add(x[c], s, work.range, pair[0].data(), s + 1 < count ? pair[1].data() : nullptr);
      for (std::int64_t k = 0; k < bins; ++k) {
        for (std::int64_t i = 0; i < std::min<std::int64_t>(2, count - s); ++i) result.psd(c, k, s + i) = pair(i, k);
      }
    }
  });
  return result;
}

namespace {

Spectrum median_welch(Signal x, const Welch& options) {
  auto segments = welch_segments(x, options);
  const auto count = segments.psd.extent(2);
  Spectrum result{Matrix({segments.psd.extent(0), segments.psd.extent(1)}, uninitialised), segments.freqs_hz};
  for (std::int64_t c = 0; c < result.psd.extent(0); ++c) {
    for (std::int64_t k = 0; k < result.psd.extent(1); ++k) {
      const double* const values = &segments.psd(c, k, 0);
      result.psd(c, k) = median(std::vector<double>(values, values + count)) / median_bias(count);
    }
  }
  return result;
}

}  // namespace

Spectrum welch(Signal x, const Welch& options) {
  if (options.average == Average::median) return median_welch(x, options);
  require_signal(where, x);
  const Work work(x.extent(1), options);
  Spectrum result{Matrix({x.extent(0), static_cast<std::int64_t>(work.freqs_hz.size())}), work.freqs_hz};
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    SegmentPowers powers(options, work.segments, work.window);
    std::vector<double> odd(work.freqs_hz.size());
    mean_of_segments(powers, work, x[c], odd, {result.psd[c].data(), odd.size()});
  });
  return result;
}

struct WelchRow::State {
  State(std::int64_t samples, const Welch& given)
      : options(given),
        work(samples, options),
        powers(options, work.segments, work.window),
        odd(work.freqs_hz.size()) {}

  Welch options;
  Work work;
  SegmentPowers powers;
  std::vector<double> odd;
};

WelchRow::WelchRow(std::int64_t samples, const Welch& options) : state_(std::make_unique<State>(samples, options)) {}
WelchRow::~WelchRow() = default;
const std::vector<double>& WelchRow::freqs_hz() const noexcept { return state_->work.freqs_hz; }
void WelchRow::run(View<const double, 1> x, std::span<double> psd) {
  mean_of_segments(state_->powers, state_->work, x, state_->odd, psd);
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
    .aliases = {"welch_psd"},
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
