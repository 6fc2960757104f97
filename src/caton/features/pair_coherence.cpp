// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/pair_coherence.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/burg_spectrum.hpp"
#include "caton/features/channelwise.hpp"
#include "caton/features/multivariate_burg.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/window_function.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {

namespace {

void require_pairs(const std::string& where, Signal x) {
  require_signal(where, x);
  require_finite(where, x);
  if (x.extent(0) < 2) throw usage_error(where, "at least two channels are needed: a pair");
}

double measured(CoherenceMeasure measure, Complex cross, double power_x, double power_y) {
  const double size = measure == CoherenceMeasure::coherence ? std::abs(cross) : std::abs(cross.imag());
  return size / std::sqrt(power_x * power_y);
}

Array<double, 3> with_diagonal(std::int64_t frequencies, std::int64_t channels, CoherenceMeasure measure) {
  Array<double, 3> result({frequencies, channels, channels});
  for (std::int64_t f = 0; f < frequencies; ++f)
    for (std::int64_t c = 0; c < channels; ++c) result(f, c, c) = measure == CoherenceMeasure::coherence ? 1 : 0;
  return result;
}

std::vector<std::array<std::int64_t, 2>> pairs_of(std::int64_t channels) {
  std::vector<std::array<std::int64_t, 2>> pairs;
  for (std::int64_t i = 0; i < channels; ++i)
    for (std::int64_t j = i + 1; j < channels; ++j) pairs.push_back({i, j});
  return pairs;
}

}  // namespace

Array<double, 3> connectivity_burg(Signal x, const BurgCoherence& options) {
  const std::string where = "connectivity_burg";
  require_pairs(where, x);
  if (options.size < 2 || options.size > largest_spectrum_size / (x.extent(0) * x.extent(0))) {
    throw usage_error(where, "size " + std::to_string(options.size) + " must be at least 2 and small enough for a " +
                                 "matrix of all channels at each frequency");
  }
  const auto pairs = pairs_of(x.extent(0));
  auto result = with_diagonal(options.size / 2 + 1, x.extent(0), options.measure);
  thread_pool().parallel_for(static_cast<std::int64_t>(pairs.size()), [&](std::int64_t index) {
    const auto [i, j] = pairs[static_cast<std::size_t>(index)];
    Matrix pair({2, x.extent(1)}, uninitialised);
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      pair(0, t) = x(i, t);
      pair(1, t) = x(j, t);
    }
    const auto model = multivariate_burg(pair, options.order, where);
    const auto s = multivariate_ar_spectrum(model.ar, model.variance, options.size, where);
    for (std::int64_t f = 0; f < s.extent(0); ++f) {
      result(f, i, j) = measured(options.measure, s(f, 0, 1), s(f, 0, 0).real(), s(f, 1, 1).real());
      result(f, j, i) = result(f, i, j);
    }
  });
  return result;
}

namespace {

struct Segments {
  std::vector<double> window;
  std::int64_t hop = 0, count = 0;
};

Segments segments_of(const std::string& where, std::int64_t samples, const WelchCoherence& options) {
  require_positive(where, "rate_hz", options.rate_hz);
  if (options.length < 2) throw usage_error(where, "length must be at least 2 samples: it is too short");
  if (options.overlap < 0 || options.overlap >= options.length)
    throw usage_error(where, "overlap " + std::to_string(options.overlap) + " must be below the segment's " +
                                 std::to_string(options.length));
  if (options.size < options.length || options.size > largest_spectrum_size)
    throw usage_error(where, "size " + std::to_string(options.size) + " must not be below length");
  Segments segments{{}, options.length - options.overlap, 0};
  if (samples >= options.length) segments.count = (samples - options.length) / segments.hop + 1;
  if (segments.count < 2) {
    throw input_error(where, "the signal is too short: " + std::to_string(samples) +
                                 " samples do not hold two segments of " + std::to_string(options.length));
  }
  segments.window = window_function(options.window, options.length, true, where);
  return segments;
}

/// Bins of each windowed, mean-free segment one after another.
std::vector<Complex> segment_bins(View<const double, 1> x, const Segments& segments, std::int64_t size) {
  std::vector<Complex> all;
  const auto length = static_cast<std::int64_t>(segments.window.size());
  std::vector<double> padded(static_cast<std::size_t>(size), 0.0);
  for (std::int64_t s = 0; s < segments.count; ++s) {
    double mean = 0;
    for (std::int64_t t = 0; t < length; ++t) mean += x[s * segments.hop + t];
    mean /= static_cast<double>(length);
    for (std::int64_t t = 0; t < length; ++t)
      padded[static_cast<std::size_t>(t)] =
          (x[s * segments.hop + t] - mean) * segments.window[static_cast<std::size_t>(t)];
    const auto bins = real_fft(padded);
    all.insert(all.end(), bins.begin(), bins.end());
  }
  return all;
}

}  // namespace

Array<double, 3> connectivity_welch(Signal x, const WelchCoherence& options) {
  const std::string where = "connectivity_welch";
  require_pairs(where, x);
  const Segments segments = segments_of(where, x.extent(1), options);
  const std::int64_t frequencies = options.size / 2 + 1, channels = x.extent(0);
  if (frequencies * segments.count > (std::int64_t{1} << 28) / channels ||
      frequencies > (std::int64_t{1} << 28) / (channels * channels))
    throw usage_error(where,
                      "size " + std::to_string(options.size) + " is too large for so many segments and channels");
  std::vector<std::vector<Complex>> bins(static_cast<std::size_t>(channels));
  thread_pool().parallel_for(channels, [&](std::int64_t c) {
    bins[static_cast<std::size_t>(c)] = segment_bins(x[c], segments, options.size);
  });
  const auto cross = [&](std::int64_t i, std::int64_t j, std::int64_t f) {
    Complex sum = 0;
    for (std::int64_t s = 0; s < segments.count; ++s) {
      const auto at = static_cast<std::size_t>(s * frequencies + f);
      sum += std::conj(bins[static_cast<std::size_t>(i)][at]) * bins[static_cast<std::size_t>(j)][at];
    }
    return sum;
  };
  auto result = with_diagonal(frequencies, channels, options.measure);
  const auto pairs = pairs_of(channels);
  thread_pool().parallel_for(frequencies, [&](std::int64_t f) {
    std::vector<double> power;
    for (std::int64_t c = 0; c < channels; ++c) power.push_back(cross(c, c, f).real());
    for (const auto& [i, j] : pairs) {
      const double value = measured(options.measure, cross(i, j, f), power[static_cast<std::size_t>(i)],
                                    power[static_cast<std::size_t>(j)]);
      if (!std::isfinite(value)) throw flat_channel(where, power[static_cast<std::size_t>(i)] > 0 ? j : i);
      result(f, i, j) = value;
      result(f, j, i) = value;
    }
  });
  return result;
}

Matrix node_strength(View<const double, 3> connectivity, bool diagonal) {
  const std::string where = "node_strength";
  const std::int64_t channels = connectivity.extent(1);
  if (connectivity.empty()) throw input_error(where, "the connectivity is empty");
  if (connectivity.extent(2) != channels)
    throw usage_error(where, "shape: " + std::to_string(channels) + " x " + std::to_string(connectivity.extent(2)) +
                                 " is no matrix of channels");
  if (!diagonal && channels < 2) throw usage_error(where, "at least two channels are needed without the diagonal");
  Matrix strength({connectivity.extent(0), channels});
  for (std::int64_t f = 0; f < strength.extent(0); ++f) {
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t other = 0; other < channels; ++other)
        if (diagonal || other != c) strength(f, c) += connectivity(f, c, other);
      strength(f, c) /= static_cast<double>(diagonal ? channels : channels - 1);
    }
  }
  return strength;
}

Matrix strongest_connections(Signal connectivity, double percent) {
  const std::string where = "strongest_connections";
  require_signal(where, connectivity);
  if (!(percent > 0 && percent <= 100)) throw usage_error(where, "percent must be above 0 and at most 100");
  Matrix result(connectivity);
  std::vector<double> sorted(result.begin(), result.end());
  std::sort(sorted.begin(), sorted.end());
  const auto place = static_cast<std::size_t>(static_cast<double>(sorted.size()) * (100 - percent) / 100);
  const double weakest = sorted[std::min(place, sorted.size() - 1)];
  for (double& value : result)
    if (value < weakest) value = 0;
  return result;
}

namespace {

CoherenceMeasure measure_argument(const Arguments& args) {
  return choice_argument<CoherenceMeasure>(
      args, "measure",
      {{"coherence", CoherenceMeasure::coherence}, {"abs-imaginary-coherence", CoherenceMeasure::abs_imaginary}});
}

const Argument measure_key{
    .name = "measure", .type = "text", .standard = "coherence", .about = "coherence, abs-imaginary-coherence"};
const std::vector<Port> signal_port{{.name = "x", .shape = "C T", .unit = "V"}};
const std::vector<Port> matrix_port{{.name = "c", .shape = "F C C", .unit = "1"}};

const Operation burg_operation{
    .name = "connectivity_burg",
    .room = "features",
    .about = "Coherence of every pair from its two-channel autoregressive model (Schloegl and Supp 2006)",
    .arguments = {measure_key, {.name = "order", .type = "integer"}, {.name = "size", .type = "integer"}},
    .inputs = signal_port,
    .outputs = matrix_port,
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"c", Tensor::of(connectivity_burg(MatrixPort(args, in, "x"), {.order = args.integer("order"),
                                                                             .size = args.integer("size"),
                                                                             .measure = measure_argument(args)}))}};
    },
};
CATON_REGISTER(Operation, burg_operation);

const Operation welch_operation{
    .name = "connectivity_welch",
    .room = "features",
    .about = "Coherence of every pair from segments (scipy.signal.csd)",
    .arguments = {measure_key,
                  {.name = "window", .type = "text", .standard = "hann"},
                  {.name = "length", .type = "integer", .standard = 256, .about = "samples"},
                  {.name = "overlap", .type = "integer", .standard = Json{}, .about = "samples; null: length/2"},
                  {.name = "size", .type = "integer", .standard = Json{}, .about = "of the transform; null: length"},
                  {.name = "rate_hz", .type = "number", .standard = 1}},
    .inputs = signal_port,
    .outputs = matrix_port,
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const std::int64_t length = args.integer("length");
      const WelchCoherence options{.rate_hz = args.number("rate_hz"),
                                   .window = args.text("window"),
                                   .length = length,
                                   .overlap = args.given("overlap") ? args.integer("overlap") : length / 2,
                                   .size = args.given("size") ? args.integer("size") : length,
                                   .measure = measure_argument(args)};
      return {{"c", Tensor::of(connectivity_welch(MatrixPort(args, in, "x"), options))}};
    },
};
CATON_REGISTER(Operation, welch_operation);

const Operation strength_operation{
    .name = "node_strength",
    .room = "features",
    .about = "How strongly each channel goes with the others: mean of its row of a connectivity matrix",
    .arguments =
        {{.name = "diagonal", .type = "flag", .standard = true, .about = "whether it counts, as in HappyFeat"}},
    .inputs = matrix_port,
    .outputs = {{.name = "s", .shape = "F C", .unit = "1"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"s", Tensor::of(node_strength(port(in, "c").array<3>("c"), args.flag("diagonal")))}};
    },
};
CATON_REGISTER(Operation, strength_operation);

const Operation strongest_operation{
    .name = "strongest_connections",
    .room = "features",
    .about = "A connectivity matrix with its weaker entries set to 0",
    .arguments = {{.name = "percent", .type = "number", .about = "of all entries that stay"}},
    .inputs = {{.name = "c", .shape = "C C", .unit = "1"}},
    .outputs = {{.name = "c", .shape = "C C", .unit = "1"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"c", Tensor::of(strongest_connections(MatrixPort(args, in, "c"), args.number("percent")))}};
    },
};
CATON_REGISTER(Operation, strongest_operation);

}  // namespace

}  // namespace caton
