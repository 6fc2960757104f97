// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/envelope_correlation.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/hilbert.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace caton {

namespace {

constexpr std::int64_t most_iterations = 100000;
constexpr const char* envelope_name = "envelope_correlation";

/// Mean taken away; gives the norm of what is left, 1 where that is nothing.
double centre(std::span<double> values) {
  double mean = 0, squares = 0;
  for (const double value : values) mean += value;
  mean /= static_cast<double>(values.size());
  for (double& value : values) {
    value -= mean;
    squares += value * value;
  }
  return squares > 0 ? std::sqrt(squares) : 1;
}

double log_of_square(double magnitude) { return std::log(magnitude * magnitude); }

}  // namespace

struct RepeatedEnvelopes::State {
  State(std::int64_t channels, std::int64_t samples, const EnvelopeCorrelation& given)
      : options(given),
        analytic(channels, samples, next_hilbert_length(samples), where),
        envelopes({channels, samples}),
        norms(static_cast<std::size_t>(channels)),
        rest(static_cast<std::size_t>(samples)),
        directed({channels, channels}),
        result({channels, channels}) {}

  void take_envelopes(const Array<Complex, 2>& z);
  /// The correlation of the envelope of i, without what is in phase with j, with that of j.
  double correlation(const Array<Complex, 2>& z, std::int64_t i, std::int64_t j);

  std::string where = envelope_name;
  EnvelopeCorrelation options;
  RepeatedAnalytic analytic;
  Matrix envelopes;  ///< without their means
  std::vector<double> norms, rest;
  Matrix directed, result;
};

void RepeatedEnvelopes::State::take_envelopes(const Array<Complex, 2>& z) {
  for (std::int64_t c = 0; c < z.extent(0); ++c) {
    for (std::int64_t t = 0; t < z.extent(1); ++t) {
      const double magnitude = std::abs(z(c, t));
      if (!(magnitude > 0)) throw input_error(where, "channel " + std::to_string(c) + " is flat: its envelope is 0");
      envelopes(c, t) = options.log ? log_of_square(magnitude) : magnitude;
    }
    norms[static_cast<std::size_t>(c)] = centre({&envelopes(c, 0), static_cast<std::size_t>(z.extent(1))});
  }
}

double RepeatedEnvelopes::State::correlation(const Array<Complex, 2>& z, std::int64_t i, std::int64_t j) {
  const std::int64_t samples = z.extent(1);
  for (std::int64_t t = 0; t < samples; ++t) {
    auto& value = rest[static_cast<std::size_t>(t)];
    if (!options.orthogonalize) {
      value = envelopes(i, t);
      continue;
    }
    value = std::abs((z(i, t) * (std::conj(z(j, t)) / std::abs(z(j, t)))).imag());
    if (options.log) value = log_of_square(std::max(value, std::numeric_limits<double>::min()));
  }
  const double norm = centre(rest);
  double sum = 0;
  for (std::int64_t t = 0; t < samples; ++t) sum += rest[static_cast<std::size_t>(t)] * envelopes(j, t);
  return sum / norms[static_cast<std::size_t>(j)] / norm;
}

RepeatedEnvelopes::RepeatedEnvelopes(std::int64_t channels, std::int64_t samples, const EnvelopeCorrelation& options)
    : state_(std::make_unique<State>(channels, samples, options)) {}
RepeatedEnvelopes::~RepeatedEnvelopes() = default;
RepeatedEnvelopes::RepeatedEnvelopes(RepeatedEnvelopes&& other) noexcept = default;

const Matrix& RepeatedEnvelopes::run(Signal x) {
  State& s = *state_;
  const std::int64_t channels = x.extent(0);
  const auto& z = s.analytic.run(x);
  s.take_envelopes(z);
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j)
      s.directed(i, j) = s.options.orthogonalize && i == j ? 0 : s.correlation(z, i, j);
  }
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j) {
      const double a = s.directed(i, j), b = s.directed(j, i);
      s.result(i, j) = !s.options.orthogonalize ? a : (s.options.absolute ? std::abs(a) + std::abs(b) : a + b) / 2;
    }
  }
  return s.result;
}

Array<double, 3> envelope_correlation(Epochs epochs, const EnvelopeCorrelation& options) {
  const std::string where = envelope_name;
  if (epochs.empty()) throw input_error(where, "the epochs are empty");
  if (epochs.extent(2) < 2) throw input_error(where, "epochs of 1 sample are too short for a correlation");
  require_variation(where, epochs);
  const std::int64_t channels = epochs.extent(1);
  Array<double, 3> result({epochs.extent(0), channels, channels}, uninitialised);
  thread_pool().parallel_for(epochs.extent(0), [&](std::int64_t e) {
    RepeatedEnvelopes envelopes(channels, epochs.extent(2), options);
    const Matrix& values = envelopes.run(epochs[e]);
    std::copy(values.begin(), values.end(), result[e].data());
  });
  return result;
}

Matrix symmetric_orthogonalization(Signal x, std::int64_t iterations, double tolerance) {
  const std::string where = "symmetric_orthogonalization";
  require_signal(where, x);
  const std::int64_t channels = x.extent(0), samples = x.extent(1);
  if (samples < channels) {
    throw input_error(where, "the signal is too short: " + std::to_string(samples) + " samples for " +
                                 std::to_string(channels) + " channels");
  }
  if (iterations < 1 || iterations > most_iterations)
    throw usage_error(where, "iterations must be 1 to " + std::to_string(most_iterations));
  if (!(tolerance >= 0)) throw usage_error(where, "tolerance must not be negative");
  // All steps happen in the space that the channels span: xᵀ = q r, with r channels x channels.
  const Svd parts = svd(Signal(x).transposed());
  Matrix r({channels, channels}, uninitialised);
  double power = 0;
  for (std::int64_t k = 0; k < channels; ++k) {
    for (std::int64_t c = 0; c < channels; ++c) {
      r(k, c) = parts.singular[static_cast<std::size_t>(k)] * parts.v(c, k);
      power += r(k, c) * r(k, c);
    }
  }
  if (!(power > 0)) throw input_error(where, "all channels are flat: they are 0");
  std::vector<double> magnitude(static_cast<std::size_t>(channels), 1.0);
  Matrix orthogonal;
  double last = std::numeric_limits<double>::infinity();
  for (std::int64_t round = 0; round < iterations; ++round) {
    Matrix scaled(r);
    for (std::int64_t k = 0; k < channels; ++k) {
      for (std::int64_t c = 0; c < channels; ++c) scaled(k, c) *= magnitude[static_cast<std::size_t>(c)];
    }
    const Svd turn = svd(scaled);
    orthogonal = product_transposed(turn.u, turn.v);
    double error = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
      double sum = 0;
      for (std::int64_t k = 0; k < channels; ++k) sum += r(k, c) * orthogonal(k, c);
      magnitude[static_cast<std::size_t>(c)] = sum;
      for (std::int64_t k = 0; k < channels; ++k) {
        orthogonal(k, c) *= sum;
        error += (r(k, c) - orthogonal(k, c)) * (r(k, c) - orthogonal(k, c));
      }
    }
    error /= power;
    if (error == 0 || (last - error) / error < tolerance) break;
    last = error;
  }
  return transposed_product(orthogonal, Signal(parts.u.view()).transposed());
}

namespace {

Tensors envelopes(const Arguments& args, const Tensors& in) {
  const auto epochs = cube_port(args, in, "epochs");
  const EnvelopeCorrelation options{
      .orthogonalize = choice_argument<bool>(args, "orthogonalize", {{"pairwise", true}, {"none", false}}),
      .log = args.flag("log"),
      .absolute = args.flag("absolute")};
  return {{"corr", Tensor::of(envelope_correlation(epochs.view(), options))}};
}

const Operation envelope_operation{
    .name = "envelope_correlation",
    .room = "features/connectivity",
    .about = "Correlation of envelopes, orthogonalised pair by pair (mne_connectivity.envelope_correlation)",
    .arguments = {{.name = "orthogonalize", .type = "text", .standard = "pairwise", .about = "pairwise, none"},
                  {.name = "log", .type = "flag", .standard = false},
                  {.name = "absolute", .type = "flag", .standard = true}},
    .inputs = {{.name = "epochs", .shape = "E C T", .unit = "V"}},
    .outputs = {{.name = "corr", .shape = "E C C"}},
    .call = envelopes};
CATON_REGISTER(Operation, envelope_operation);

Tensors orthogonalised(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  return {{"y", Tensor::of(symmetric_orthogonalization(x, args.integer("iterations"), args.number("tolerance")))}};
}

const Operation orthogonal_operation{.name = "symmetric_orthogonalization",
                                     .room = "features/connectivity",
                                     .about = "The nearest orthogonal signals (mne_connectivity.symmetric_orth)",
                                     .arguments = {{.name = "iterations", .type = "integer", .standard = 50},
                                                   {.name = "tolerance", .type = "number", .standard = 1e-6}},
                                     .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
                                     .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
                                     .call = orthogonalised};
CATON_REGISTER(Operation, orthogonal_operation);

}  // namespace

}  // namespace caton
