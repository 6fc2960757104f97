// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/hilbert.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/complex_port.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace caton {

namespace {

/// Transforms longer than this serve nobody and would only fill the memory.
constexpr std::int64_t longest_padded = std::int64_t{1} << 24;

/// Turns every frequency a quarter back. Two real signals ride in one transform, because the result of each is real.
void quarter_turn(const Split<double>& z, std::int64_t n) {
  z.re[0] = z.im[0] = 0;
  for (std::int64_t k = 1; k < n; ++k) {
    const double r = z.re[k], i = z.im[k];
    const bool nyquist = 2 * k == n, positive = 2 * k < n;
    z.re[k] = nyquist ? 0 : positive ? i : -i;
    z.im[k] = nyquist ? 0 : positive ? -r : r;
  }
}

/// Channels `first` and, where there is one, first + 1; `work` has four times the transform's length.
void analytic_pair(const Fft& plan, Signal x, std::int64_t first, double* work, Array<Complex, 2>& result) {
  const std::int64_t samples = x.extent(1), length = plan.length(), second = first + 1;
  const bool both = second < x.extent(0);
  const Split<double> in{work, work + length}, spare{work + 2 * length, work + 3 * length};
  std::fill_n(work, 2 * length, 0.0);
  for (std::int64_t t = 0; t < samples; ++t) {
    in.re[t] = x(first, t);
    if (both) in.im[t] = x(second, t);
  }
  const Split<double> bins = plan.run(in, spare);
  quarter_turn(bins, length);
  const Split<double> rest = bins.re == in.re ? spare : in;
  const Split<double> back = plan.run({bins.im, bins.re}, {rest.im, rest.re});
  const double scale = 1 / static_cast<double>(length);
  for (std::int64_t t = 0; t < samples; ++t) {
    result(first, t) = {x(first, t), back.im[t] * scale};
    if (both) result(second, t) = {x(second, t), back.re[t] * scale};
  }
}

std::int64_t length_of(const std::string& where, std::int64_t samples, std::optional<std::int64_t> fft_samples) {
  const std::int64_t length = fft_samples.value_or(samples);
  if (length < samples) {
    throw usage_error(
        where, "fft_samples " + std::to_string(length) + " is too short for " + std::to_string(samples) + " samples");
  }
  if (length > std::max(samples, longest_padded))
    throw usage_error(where, "fft_samples " + std::to_string(length) + " is above " + std::to_string(longest_padded));
  return length;
}

template <class Value>
Matrix each_value(View<const Complex, 2> z, const Value& value) {
  Matrix y(z.extents(), uninitialised);
  thread_pool().parallel_for(z.extent(0), [&](std::int64_t c) {
    for (std::int64_t t = 0; t < z.extent(1); ++t) y(c, t) = value(z(c, t));
  });
  return y;
}

}  // namespace

Array<Complex, 2> analytic_signal(Signal x, std::optional<std::int64_t> fft_samples, const std::string& where) {
  require_signal(where, x);
  require_finite(where, x);
  const std::int64_t channels = x.extent(0), samples = x.extent(1), length = length_of(where, samples, fft_samples);
  Array<Complex, 2> result({channels, samples}, uninitialised);
  thread_pool().parallel_for((channels + 1) / 2, [&](std::int64_t pair) {
    Array<double, 1> work({4 * length}, uninitialised);
    analytic_pair(*fft_plan(length), x, 2 * pair, work.data(), result);
  });
  return result;
}

struct RepeatedAnalytic::State {
  std::string where;
  std::shared_ptr<const Fft> plan;
  Array<double, 1> work;
  Array<Complex, 2> result;
};

RepeatedAnalytic::RepeatedAnalytic(std::int64_t channels, std::int64_t samples, std::int64_t fft_samples,
                                   std::string where) {
  const std::int64_t length = length_of(where, samples, fft_samples);
  state_ = std::make_unique<State>(State{std::move(where), fft_plan(length), Array<double, 1>({4 * length}),
                                         Array<Complex, 2>({channels, samples})});
}
RepeatedAnalytic::~RepeatedAnalytic() = default;

const Array<Complex, 2>& RepeatedAnalytic::run(Signal x) {
  require_finite(state_->where, x);
  for (std::int64_t first = 0; first < x.extent(0); first += 2)
    analytic_pair(*state_->plan, x, first, state_->work.data(), state_->result);
  return state_->result;
}

Matrix envelope(View<const Complex, 2> analytic) {
  return each_value(analytic, [](Complex z) { return std::hypot(z.real(), z.imag()); });
}

std::int64_t next_hilbert_length(std::int64_t length) {
  for (std::int64_t candidate = std::max<std::int64_t>(length, 1);; ++candidate) {
    std::int64_t left = candidate;
    for (const int prime : {2, 3, 5}) {
      while (left % prime == 0) left /= prime;
    }
    if (left == 1) return candidate;
  }
}

Matrix phase(View<const Complex, 2> analytic) {
  return each_value(analytic, [](Complex z) { return std::atan2(z.imag(), z.real()); });
}

Matrix unwrapped(Signal phase) {
  constexpr double pi = std::numbers::pi;
  Matrix y(phase.extents(), uninitialised);
  for (std::int64_t c = 0; c < phase.extent(0); ++c) {
    double correction = 0;
    for (std::int64_t t = 0; t < phase.extent(1); ++t) {
      const double step = t > 0 ? phase(c, t) - phase(c, t - 1) : 0;
      if (std::abs(step) >= pi) {
        double rest = step + pi - 2 * pi * std::floor((step + pi) / (2 * pi)) - pi;
        if (rest == -pi && step > 0) rest = pi;
        correction += rest - step;
      }
      y(c, t) = phase(c, t) + correction;
    }
  }
  return y;
}

namespace {

Tensors hilbert(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  std::optional<std::int64_t> fft_samples;
  const Json& wanted = args.value("fft_samples");
  if (wanted.is_text()) {
    if (args.text("fft_samples") != "auto") throw args.refuse("fft_samples is a number of samples or \"auto\"");
    fft_samples = next_hilbert_length(x.view().extent(1));
  } else if (args.given("fft_samples")) {
    fft_samples = args.integer("fft_samples");
  }
  const auto analytic = analytic_signal(x, fft_samples);
  const Matrix angle = phase(analytic);
  return {{"analytic", complex_tensor<2>(analytic)},
          {"envelope", Tensor::of(envelope(analytic))},
          {"phase", Tensor::of(angle)},
          {"unwrapped", Tensor::of(unwrapped(angle))}};
}

const Operation hilbert_operation{
    .name = "hilbert",
    .room = "signal",
    .about = "Analytic signal, its envelope and phase (scipy.signal.hilbert, numpy.angle, numpy.unwrap)",
    .arguments = {{.name = "fft_samples",
                   .type = "any",
                   .standard = Json{},
                   .about = "null: as many as the signal; \"auto\": the next fast length; or a number"}},
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "analytic", .shape = "C T 2"},
                {.name = "envelope", .shape = "C T"},
                {.name = "phase", .shape = "C T", .unit = "rad"},
                {.name = "unwrapped", .shape = "C T", .unit = "rad"}},
    .streaming_form = "a band-pass and a 90 degree FIR filter of the same length, (N-1)/2 samples late, approximate",
    .call = hilbert,
};
CATON_REGISTER(Operation, hilbert_operation);

}  // namespace

}  // namespace caton
