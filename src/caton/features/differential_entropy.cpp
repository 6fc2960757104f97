// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/differential_entropy.hpp"

#include "caton/base/lanes.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/band_bank.hpp"
#include "caton/signal/bin_bands.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/window_function.hpp"
#include "caton/signal/windows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace caton {

std::vector<Band> eeg_bands() { return {{1, 4}, {4, 8}, {8, 14}, {14, 31}, {31, 50}}; }

namespace {

const std::string where = "differential_entropy";

double entropy(double variance, EntropyBase base) {
  const double nats = 0.5 * std::log(2 * std::numbers::pi * std::numbers::e * variance);
  return base == EntropyBase::e ? nats : nats / std::numbers::ln2;
}

/// Population variances of eight lanes over `count` samples.
struct LaneVariance {
  static inline __attribute__((always_inline)) void run(const double* lanes, std::int64_t count, double* variance) {
    const double share = 1.0 / static_cast<double>(count);
    Lanes sum = {}, squares = {}, value;
    for (std::int64_t t = 0; t < count; ++t) {
      load_lanes(value, lanes + 8 * t);
      sum = sum + value;
    }
    const Lanes mean = sum * share;
    for (std::int64_t t = 0; t < count; ++t) {
      load_lanes(value, lanes + 8 * t);
      value = value - mean;
      squares = squares + value * value;
    }
    store_lanes(squares * share, variance);
  }
};

/// One value of a channel mirrored through its end values, `t` counted from its first sample.
double extended_at(View<const double, 1> row, std::int64_t t) {
  const std::int64_t samples = row.extent(0);
  if (t < 0) return 2 * row[0] - row[-t];
  return t < samples ? row[t] : 2 * row[samples - 1] - row[2 * samples - 2 - t];
}

constexpr std::int64_t tile_samples = 256;

/// The channels of a group of filters side by side, mirrored by `pad` samples and filtered forward, tile by tile.
void run_forward(Signal x, BandBank::Group& group, std::int64_t pad, double* lanes) {
  const std::int64_t extended = x.extent(1) + 2 * pad;
  for (std::int64_t begin = 0; begin < extended; begin += tile_samples) {
    const std::int64_t count = std::min(tile_samples, extended - begin);
    double* const tile = lanes + lane_count * begin;
    const bool inside = begin >= pad && begin + count <= pad + x.extent(1);
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      const std::int64_t c = group.channel(lane);
      for (std::int64_t t = 0; t < count; ++t) {
        double value = 0;
        if (c >= 0) value = inside ? x(c, begin - pad + t) : extended_at(x[c], begin - pad + t);
        tile[lane_count * t + lane] = value;
      }
    }
    if (begin == 0) group.settle(tile);
    group.run(tile, count);
  }
}

/// Variances of all windows after each band's zero-phase filter.
void bandpass_variances(Signal x, std::span<const std::int64_t> begins, std::int64_t length,
                        const DifferentialEntropy& options, Array<double, 3>& variance) {
  const BandBank bank(where, options.bands, options.order, options.rate_hz);
  const std::int64_t samples = x.extent(1), pad = 3 * (2 * bank.sections() + 1);
  if (samples <= pad) {
    throw input_error(where, "the signal is too short: " + std::to_string(samples) +
                                 " samples, the zero-phase filter needs " + std::to_string(pad + 1));
  }
  std::vector<std::size_t> latest_first(begins.size());
  std::iota(latest_first.begin(), latest_first.end(), std::size_t{0});
  std::stable_sort(latest_first.begin(), latest_first.end(),
                   [&](std::size_t a, std::size_t b) { return begins[a] > begins[b]; });
  thread_pool().parallel_for(bank.groups(x.extent(0)), [&](std::int64_t g) {
    BandBank::Group group(bank, g, x.extent(0));
    const std::int64_t extended = samples + 2 * pad;
    Vector lanes({extended * lane_count}, uninitialised);
    run_forward(x, group, pad, lanes.data());
    group.settle(lanes.data() + lane_count * (extended - 1));
    // Backward just as far as the next window needs, so that its variance is taken while it is in the cache.
    std::int64_t left = extended;
    std::array<double, lane_count> values{};
    for (const std::size_t w : latest_first) {
      const std::int64_t first = pad + begins[w];
      if (first < left) group.run(lanes.data() + lane_count * (left - 1), left - first, -lane_count);
      left = std::min(left, first);
      run_on<LaneVariance>(processor(), static_cast<const double*>(lanes.data() + lane_count * first), length,
                           values.data());
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        if (group.channel(lane) < 0) continue;
        const double gain = group.gain(lane) * group.gain(lane);
        variance(group.channel(lane), group.band(lane), w) = values[static_cast<std::size_t>(lane)] * gain * gain;
      }
    }
  });
}

/// First bin and one past the last of low <= f < high.
std::pair<std::size_t, std::size_t> bins_of(const Band& band, std::int64_t length, double rate_hz) {
  const double width = rate_hz / static_cast<double>(length);
  const auto from = [&](double hz) { return static_cast<std::size_t>(std::max(0.0, std::ceil(hz / width - 1e-6))); };
  const std::size_t all = static_cast<std::size_t>(length / 2 + 1);
  const std::pair<std::size_t, std::size_t> bins{std::min(from(band.low_hz), all), std::min(from(band.high_hz), all)};
  if (bins.first < bins.second) return bins;
  throw usage_error(where, "the band " + number_text(band.low_hz) + " to " + number_text(band.high_hz) +
                               " Hz holds no bin of a window of " + std::to_string(length) + " samples");
}

void stft_variances(Signal x, std::span<const std::int64_t> begins, std::int64_t length,
                    const DifferentialEntropy& options, Array<double, 3>& variance) {
  require_bin_bands(where, options.bands, options.rate_hz);
  const auto taper = window_function("hann", length, true, where);
  double squares = 0;
  for (const double w : taper) squares += w * w;
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  for (const Band& band : options.bands) ranges.push_back(bins_of(band, length, options.rate_hz));
  const double scale = 2 / (static_cast<double>(length) * squares);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    std::vector<double> buffer(static_cast<std::size_t>(length));
    for (std::size_t w = 0; w < begins.size(); ++w) {
      for (std::size_t t = 0; t < buffer.size(); ++t)
        buffer[t] = x(c, begins[w] + static_cast<std::int64_t>(t)) * taper[t];
      const auto spectrum = real_fft(buffer);
      for (std::size_t b = 0; b < ranges.size(); ++b) {
        double power = 0;
        for (std::size_t k = ranges[b].first; k < ranges[b].second; ++k)
          power += std::norm(spectrum[k]) * scale * (k == 0 || 2 * k == buffer.size() ? 0.5 : 1);
        variance(c, b, w) = power;
      }
    }
  });
}

void plain_variances(Signal x, std::span<const std::int64_t> begins, std::int64_t length, Array<double, 3>& variance) {
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::size_t w = 0; w < begins.size(); ++w) {
      const auto part = x[c].slice(0, begins[w], length);
      double sum = 0, squares = 0;
      bool flat = true;
      for (std::int64_t t = 0; t < length; ++t) {
        sum += part[t];
        flat = flat && part[t] == part[0];
      }
      const double mean = sum / static_cast<double>(length);
      for (std::int64_t t = 0; t < length; ++t) squares += (part[t] - mean) * (part[t] - mean);
      variance(c, 0, w) = flat ? 0 : squares / static_cast<double>(length);
    }
  }
}

/// Refuses channels that never change: filters turn them into rounding noise, whose logarithm means nothing.
void refuse_flat(Signal x) {
  std::string flat;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    std::int64_t t = 1;
    while (t < x.extent(1) && x(c, t) == x(c, 0)) ++t;
    if (t == x.extent(1)) flat += (flat.empty() ? "" : ", ") + std::to_string(c);
  }
  if (!flat.empty()) throw input_error(where, "channel " + flat + " is flat: the entropy of a constant is not defined");
}

}  // namespace

Array<double, 3> differential_entropy_at(Signal x, std::span<const std::int64_t> begins, std::int64_t length,
                                         const DifferentialEntropy& options) {
  require_signal(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  if (length < 1) throw usage_error(where, "length must be positive");
  for (const std::int64_t begin : begins) {
    if (begin >= 0 && length <= x.extent(1) - begin) continue;
    throw input_error(where, "the signal is too short: the window at sample " + std::to_string(begin) + " needs " +
                                 std::to_string(length) + " samples, there are " + std::to_string(x.extent(1)));
  }
  require_finite(where, x);
  const bool whole = options.method == EntropyMethod::none;
  const auto bands = whole ? 1 : static_cast<std::int64_t>(options.bands.size());
  Array<double, 3> de({x.extent(0), bands, static_cast<std::int64_t>(begins.size())}, uninitialised);
  if (options.method == EntropyMethod::bandpass)
    bandpass_variances(x, begins, length, options, de);
  else if (options.method == EntropyMethod::stft)
    stft_variances(x, begins, length, options, de);
  else
    plain_variances(x, begins, length, de);
  refuse_flat(x);
  for (double& value : de) value = entropy(value, options.base);
  for (std::int64_t c = 0; c < de.extent(0); ++c) {
    for (std::int64_t i = 0; i < de.extent(1) * de.extent(2); ++i) {
      if (std::isfinite(de[c].data()[i])) continue;
      throw input_error(where, "channel " + std::to_string(c) + " is flat in the window at sample " +
                                   std::to_string(begins[static_cast<std::size_t>(i % de.extent(2))]) +
                                   ": the entropy of a constant is not defined");
    }
  }
  return de;
}

EntropyWindows differential_entropy(Signal x, const DifferentialEntropy& options) {
  require_signal(where, x);
  const Windows windows =
      window(x.extent(1), {.rate_hz = options.rate_hz, .length_s = options.length_s, .step_s = options.step_s}, where);
  return {differential_entropy_at(x, windows.begin, windows.length, options), windows.begin};
}

namespace {

Json eeg_bands_argument() {
  Json list = Json::list();
  for (const Band& band : eeg_bands()) list.push(Json::list_of(std::vector<double>{band.low_hz, band.high_hz}));
  return list;
}

/// The 2 may be a number or a text.
EntropyBase base_argument(const Arguments& args) {
  if (const Json& value = args.value("base"); value.is_number() && value.number("base") == 2) return EntropyBase::two;
  return choice_argument<EntropyBase>(args, "base", {{"e", EntropyBase::e}, {"2", EntropyBase::two}});
}

Tensors entropies(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  DifferentialEntropy options{.rate_hz = args.number("rate_hz"), .bands = bands_of(pairs_argument(args, "bands_hz"))};
  options.length_s = args.number("length_s");
  options.step_s = args.number("step_s");
  options.method = choice_argument<EntropyMethod>(
      args, "method",
      {{"bandpass", EntropyMethod::bandpass}, {"stft", EntropyMethod::stft}, {"none", EntropyMethod::none}});
  options.order = count_argument(args, "order");
  options.base = base_argument(args);
  const auto result = differential_entropy(x, options);
  return {{"de", Tensor::of(result.de)}, {"begin", Tensor::vector(result.begin)}};
}

const Operation entropy_operation{
    .name = "differential_entropy",
    .room = "features",
    .about = "Gaussian differential entropy 0.5 ln(2 pi e v) of windows, band by band",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "bands_hz", .type = "list", .standard = eeg_bands_argument()},
                  {.name = "length_s", .type = "number", .standard = 1},
                  {.name = "step_s", .type = "number", .standard = 1},
                  {.name = "method", .type = "text", .standard = "bandpass", .about = "bandpass, stft, none"},
                  {.name = "order", .type = "integer", .standard = 4},
                  {.name = "base", .type = "any", .standard = "e", .about = "e, 2"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "de", .shape = "C B K", .unit = "nat of V"},
                {.name = "begin", .shape = "K", .unit = "samples"}},
    .streaming_form = "with a causal filter: running sums over the window",
    .call = entropies,
};
CATON_REGISTER(Operation, entropy_operation);

}  // namespace

}  // namespace caton
