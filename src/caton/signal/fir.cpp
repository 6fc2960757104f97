// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fir.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/convolution.hpp"

#include <algorithm>

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

template <class T>
Array<T, 2> applied(View<const T, 2> x, const std::vector<double>& h, FirPhase phase, Pad pad) {
  const std::string where = "fir_apply";
  if (x.empty()) require_signal(where, Signal(nullptr, x.extents()));
  if (h.empty()) throw usage_error(where, "the filter is empty");
  if (phase == FirPhase::zero && h.size() % 2 == 0) {
    throw usage_error(where, "a zero-phase filter needs an odd number of taps, got " + std::to_string(h.size()));
  }
  if (h.size() == 1) return scaled(x, phase == FirPhase::zero_double ? h[0] * h[0] : h[0]);
  const std::int64_t edge = std::min(static_cast<std::int64_t>(h.size()), x.extent(1)) - 1;
  const auto taps = phase == FirPhase::zero_double ? twice(h) : h;
  const bool delay_removed = phase == FirPhase::zero || phase == FirPhase::zero_double;
  const std::int64_t shift = delay_removed ? (static_cast<std::int64_t>(taps.size()) - 1) / 2 : 0;
  const ConvolutionOf<T> convolution(taps, x.extent(1));
  Array<T, 2> y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    convolution.apply_padded(x[c], pad, edge, shift, {y[c].data(), static_cast<std::size_t>(x.extent(1))});
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

FirStream::FirStream(std::vector<double> h, std::int64_t channels) : h_(std::move(h)) {
  if (h_.empty()) throw usage_error("fir_stream", "the filter is empty");
  history_ = Matrix({channels, static_cast<std::int64_t>(h_.size()) - 1});
}

void FirStream::reset() { history_.fill(0); }

namespace {

/// y[t] = sum over k of h[k] x[t - k], each output added up in the same order whether alone or beside seven others.
struct DirectForm {
  static inline __attribute__((always_inline)) void run(const double* x, const double* h, std::int64_t taps, double* y,
                                                        std::int64_t count) {
    std::int64_t t = 0;
    for (; t + lane_count <= count; t += lane_count) {
      Lanes sum = {}, in;
      for (std::int64_t k = 0; k < taps; ++k) {
        load_lanes(in, x + t - k);
        sum = sum + in * h[k];
      }
      store_lanes(sum, y + t);
    }
    for (; t < count; ++t) {
      double sum = 0;
      for (std::int64_t k = 0; k < taps; ++k) sum = sum + x[t - k] * h[k];
      y[t] = sum;
    }
  }
};

}  // namespace

void FirStream::process(Signal x, View<double, 2> y) {
  if (x.extent(0) != history_.extent(0) || y.extents() != x.extents()) {
    throw usage_error("fir_stream", "shape: a block has " + std::to_string(x.extent(0)) + " channels, the filter " +
                                        std::to_string(history_.extent(0)));
  }
  const auto taps = static_cast<std::int64_t>(h_.size());
  const std::int64_t past = taps - 1, count = x.extent(1);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    std::vector<double> line(static_cast<std::size_t>(past + count)), out(static_cast<std::size_t>(count));
    std::copy_n(history_.data() + c * past, past, line.data());
    for (std::int64_t t = 0; t < count; ++t) line[static_cast<std::size_t>(past + t)] = x(c, t);
    run_on<DirectForm>(processor(), static_cast<const double*>(line.data() + past),
                       static_cast<const double*>(h_.data()), taps, out.data(), count);
    for (std::int64_t t = 0; t < count; ++t) y(c, t) = out[static_cast<std::size_t>(t)];
    std::copy_n(line.data() + count, past, history_.data() + c * past);
  });
}

}  // namespace caton
