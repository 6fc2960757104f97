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
#include <vector>

namespace caton {

namespace {

/// Transforms longer than this serve nobody and would only fill the memory.
constexpr std::int64_t longest_padded = std::int64_t{1} << 24;

/// Turns every frequency a quarter back. Two real signals ride in one transform, because the result of each is real.
void quarter_turn(std::vector<double>& re, std::vector<double>& im) {
  const std::size_t n = re.size();
  re[0] = im[0] = 0;
  for (std::size_t k = 1; k < n; ++k) {
    const double r = re[k], i = im[k];
    const bool nyquist = 2 * k == n, positive = 2 * k < n;
    re[k] = nyquist ? 0 : positive ? i : -i;
    im[k] = nyquist ? 0 : positive ? -r : r;
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
  const std::int64_t channels = x.extent(0), samples = x.extent(1);
  const auto length = static_cast<std::size_t>(length_of(where, samples, fft_samples));
  Array<Complex, 2> result({channels, samples}, uninitialised);
  thread_pool().parallel_for((channels + 1) / 2, [&](std::int64_t pair) {
    const auto plan = fft_plan(static_cast<std::int64_t>(length));
    const std::int64_t first = 2 * pair, second = first + 1;
    std::vector<double> re(length, 0.0), im(length, 0.0);
    for (std::int64_t t = 0; t < samples; ++t) {
      re[static_cast<std::size_t>(t)] = x(first, t);
      if (second < channels) im[static_cast<std::size_t>(t)] = x(second, t);
    }
    plan->forward(re.data(), im.data());
    quarter_turn(re, im);
    plan->inverse(re.data(), im.data());
    for (std::int64_t t = 0; t < samples; ++t) {
      result(first, t) = {x(first, t), re[static_cast<std::size_t>(t)]};
      if (second < channels) result(second, t) = {x(second, t), im[static_cast<std::size_t>(t)]};
    }
  });
  return result;
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
