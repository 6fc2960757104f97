// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fir.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/convolution.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace caton {

namespace {

/// h forward and backward: h convolved with its own mirror image.
std::vector<double> twice(const std::vector<double>& h) {
  std::vector<double> result(2 * h.size() - 1, 0.0);
  const Convolution convolution(h, static_cast<std::int64_t>(h.size()));
  if (h.size() > 512) {
    const std::vector<double> mirrored(h.rbegin(), h.rend());
    convolution.apply(View<const double, 1>(mirrored.data(), {static_cast<std::int64_t>(mirrored.size())}), 0, result);
    return result;
  }
  for (std::size_t i = 0; i < h.size(); ++i) {
    for (std::size_t j = 0; j < h.size(); ++j) result[i + j] += h[i] * h[h.size() - 1 - j];
  }
  return result;
}

template <class T>
Array<T, 2> scaled(View<const T, 2> x, double factor) {
  Array<T, 2> y(x);
  for (T& value : y) value = static_cast<T>(value * factor);
  return y;
}

/// How a filter runs over a signal: its taps, how far the signal goes on at both ends, where the output begins.
struct FirRun {
  std::vector<double> taps;
  std::int64_t edge = 0, shift = 0;
};

FirRun fir_run(const std::vector<double>& h, FirPhase phase, std::int64_t samples) {
  const std::string where = "fir_apply";
  if (h.empty()) throw usage_error(where, "the filter is empty");
  if (phase == FirPhase::zero && h.size() % 2 == 0) {
    throw usage_error(where, "a zero-phase filter needs an odd number of taps, got " + std::to_string(h.size()));
  }
  FirRun run{.taps = phase == FirPhase::zero_double ? twice(h) : h,
             .edge = std::min(static_cast<std::int64_t>(h.size()), samples) - 1};
  const bool delay_removed = phase == FirPhase::zero || phase == FirPhase::zero_double;
  if (delay_removed) run.shift = (static_cast<std::int64_t>(run.taps.size()) - 1) / 2;
  return run;
}

template <class T>
Array<T, 2> applied(View<const T, 2> x, const std::vector<double>& h, FirPhase phase, Pad pad) {
  if (x.empty()) require_signal("fir_apply", Signal(nullptr, x.extents()));
  const FirRun run = fir_run(h, phase, x.extent(1));
  if (h.size() == 1) return scaled(x, phase == FirPhase::zero_double ? h[0] * h[0] : h[0]);
  const ConvolutionOf<T> convolution(run.taps, x.extent(1));
  Array<T, 2> y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    convolution.apply_padded(x[c], pad, run.edge, run.shift, {y[c].data(), static_cast<std::size_t>(x.extent(1))});
  });
  return y;
}

}  // namespace

Matrix fir_apply(Signal x, const std::vector<double>& h, FirPhase phase, Pad pad) { return applied(x, h, phase, pad); }

Array<float, 2> fir_apply(FloatSignal x, const std::vector<double>& h, FirPhase phase, Pad pad) {
  return applied(x, h, phase, pad);
}

Matrix fir_filter(Signal x, const FirDesign& design, Pad pad) {
  require_signal("fir_filter", x);
  require_finite("fir_filter", x);
  return fir_apply(x, fir_design(design), design.phase, pad);
}

struct RepeatedFir::State {
  State(const FirRun& fir, std::int64_t channels, std::int64_t samples)
      : edge(fir.edge),
        shift(fir.shift),
        factor(fir.taps.size() == 1 ? std::optional<double>(fir.taps[0]) : std::nullopt),
        convolution(fir.taps, samples),
        row(static_cast<std::size_t>(samples + 2 * edge)),
        work(static_cast<std::size_t>(convolution.work_values())),
        y({channels, samples}) {}

  std::int64_t edge, shift;
  std::optional<double> factor;  ///< of a filter of one tap
  Convolution convolution;
  std::vector<double> row, work;  ///< a channel with what lies beyond its ends
  Matrix y;
};

RepeatedFir::RepeatedFir(const FirDesign& design, std::int64_t channels, std::int64_t samples)
    : state_(std::make_unique<State>(fir_run(fir_design(design), design.phase, samples), channels, samples)) {}
RepeatedFir::~RepeatedFir() = default;
RepeatedFir::RepeatedFir(RepeatedFir&& other) noexcept = default;

const Matrix& RepeatedFir::run(Signal x) {
  State& s = *state_;
  require_finite("fir_filter", x);
  const std::int64_t samples = x.extent(1);
  if (s.factor) {
    for (std::int64_t c = 0; c < x.extent(0); ++c)
      for (std::int64_t t = 0; t < samples; ++t) s.y(c, t) = x(c, t) * *s.factor;
    return s.y;
  }
  const auto edge = static_cast<std::size_t>(s.edge);
  const std::span<double> row(s.row);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    padding_before(x[c], Pad::reflect_limited, row.first(edge));
    for (std::int64_t t = 0; t < samples; ++t) row[edge + static_cast<std::size_t>(t)] = x(c, t);
    padding_after(x[c], Pad::reflect_limited, row.last(edge));
    s.convolution.apply(View<const double, 1>(row.data(), {samples + 2 * s.edge}), s.edge + s.shift,
                        {s.y[c].data(), static_cast<std::size_t>(samples)}, s.work);
  }
  return s.y;
}

namespace {

constexpr std::int64_t stream_tile = 256;

/// y[t] = sum over k of h[k] x[t - k] of eight channels side by side, each output added up in the order of k.
template <int outputs>
struct DirectForm {
  static inline __attribute__((always_inline)) void run(const double* x, const double* h, std::int64_t taps,
                                                        double* y) {
    Lanes sum[outputs] = {};
    for (std::int64_t k = 0; k < taps; ++k) {
      const double weight = h[k];
#pragma GCC unroll 4
      for (int t = 0; t < outputs; ++t) {
        Lanes in;
        load_lanes(in, x + lane_count * (t - k));
        sum[t] = sum[t] + in * weight;
      }
    }
    for (int t = 0; t < outputs; ++t) store_lanes(sum[t], y + lane_count * t);
  }
};

}  // namespace

FirStream::FirStream(std::vector<double> h, std::int64_t channels) : h_(std::move(h)), channels_(channels) {
  if (h_.empty()) throw usage_error("fir_stream", "the filter is empty");
  const auto past = static_cast<std::int64_t>(h_.size()) - 1;
  room_ = past + std::max<std::int64_t>(stream_tile, past / 2);
  lines_ = Vector({(channels + lane_count - 1) / lane_count * room_ * lane_count});
  end_ = past;
}

void FirStream::reset() {
  lines_.fill(0);
  end_ = static_cast<std::int64_t>(h_.size()) - 1;
}

void FirStream::run_group(std::int64_t group, std::int64_t end, Signal x, View<double, 2> y) {
  const auto taps = static_cast<std::int64_t>(h_.size());
  const std::int64_t first = group * lane_count, lanes = std::min(lane_count, channels_ - first), count = x.extent(1);
  double* const line = lines_.data() + group * room_ * lane_count;
  const double* const h = h_.data();
  for (std::int64_t lane = 0; lane < lanes; ++lane) {
    for (std::int64_t t = 0; t < count; ++t) line[(end + t) * lane_count + lane] = x(first + lane, t);
  }
  alignas(64) std::array<double, 4 * lane_count> out;
  for (std::int64_t t = 0; t < count;) {
    const double* const from = line + (end + t) * lane_count;
    const std::int64_t now = count - t >= 4 ? 4 : 1;
    if (now == 4)
      run_on<DirectForm<4>>(processor(), from, h, taps, out.data());
    else
      run_on<DirectForm<1>>(processor(), from, h, taps, out.data());
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      for (std::int64_t i = 0; i < now; ++i)
        y(first + lane, t + i) = out[static_cast<std::size_t>(i * lane_count + lane)];
    }
    t += now;
  }
}

void FirStream::process(Signal x, View<double, 2> y) {
  if (x.extent(0) != channels_ || y.extents() != x.extents()) {
    throw usage_error("fir_stream", "shape: a block has " + std::to_string(x.extent(0)) + " channels, the filter " +
                                        std::to_string(channels_));
  }
  const std::int64_t past = static_cast<std::int64_t>(h_.size()) - 1,
                     groups = (channels_ + lane_count - 1) / lane_count;
  for (std::int64_t begin = 0; begin < x.extent(1); begin += stream_tile) {
    const std::int64_t count = std::min(stream_tile, x.extent(1) - begin);
    if (end_ + count > room_) {
      for (std::int64_t g = 0; g < groups; ++g) {
        double* const line = lines_.data() + g * room_ * lane_count;
        std::copy(line + (end_ - past) * lane_count, line + end_ * lane_count, line);
      }
      end_ = past;
    }
    const Signal in = x.slice(1, begin, count);
    const View<double, 2> out = y.slice(1, begin, count);
    if (x.extent(1) <= stream_tile) {
      for (std::int64_t g = 0; g < groups; ++g) run_group(g, end_, in, out);
    } else {
      thread_pool().parallel_for(groups, [&](std::int64_t g) { run_group(g, end_, in, out); });
    }
    end_ += count;
  }
}

}  // namespace caton
