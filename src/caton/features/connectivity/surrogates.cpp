// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/surrogates.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

Matrix surrogate_phase(Signal x, Signal phases) {
  const std::string where = "surrogate_phase";
  require_signal(where, x);
  const std::int64_t samples = x.extent(1), bins = samples / 2 + 1;
  if (phases.extent(1) != bins || (phases.extent(0) != 1 && phases.extent(0) != x.extent(0))) {
    throw usage_error(where, "shape: phases are " + std::to_string(phases.extent(0)) + " x " +
                                 std::to_string(phases.extent(1)) + ", wanted are 1 or " + std::to_string(x.extent(0)) +
                                 " x " + std::to_string(bins));
  }
  Matrix y(x.extents(), uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    std::vector<double> row(static_cast<std::size_t>(samples));
    for (std::int64_t t = 0; t < samples; ++t) row[static_cast<std::size_t>(t)] = x(c, t);
    auto spectrum = real_fft(row);
    const auto turn = phases[phases.extent(0) == 1 ? 0 : c];
    for (std::int64_t k = 1; k < (samples + 1) / 2; ++k)
      spectrum[static_cast<std::size_t>(k)] *= std::polar(1.0, turn[k]);
    const auto back = inverse_real_fft(spectrum, samples);
    std::copy(back.begin(), back.end(), &y(c, 0));
  });
  return y;
}

Matrix surrogate_shift(Signal x, std::span<const std::int64_t> shift) {
  const std::string where = "surrogate_shift";
  require_signal(where, x);
  if (static_cast<std::int64_t>(shift.size()) != x.extent(0)) {
    throw usage_error(
        where, "shape: " + std::to_string(shift.size()) + " shifts for " + std::to_string(x.extent(0)) + " channels");
  }
  const std::int64_t samples = x.extent(1);
  Matrix y(x.extents(), uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const std::int64_t by = (shift[static_cast<std::size_t>(c)] % samples + samples) % samples;
    double* const row = &y(c, 0);
    const auto from = x[c];
    if (x.stride(1) == 1) {
      std::copy_n(from.data(), samples - by, row + by);
      std::copy_n(from.data() + samples - by, by, row);
      continue;
    }
    for (std::int64_t t = 0; t < samples; ++t) row[t < samples - by ? t + by : t + by - samples] = from[t];
  }
  return y;
}

std::vector<double> surrogate_p_value(std::span<const double> observed, Signal surrogates, Tail tail) {
  const std::string where = "surrogate_p_value";
  if (observed.empty()) throw input_error(where, "observed is empty");
  if (surrogates.extent(0) == 0) throw input_error(where, "surrogates is empty", "make some first");
  if (surrogates.extent(1) != static_cast<std::int64_t>(observed.size())) {
    throw usage_error(where, "shape: a surrogate has " + std::to_string(surrogates.extent(1)) +
                                 " values, observed are " + std::to_string(observed.size()));
  }
  std::vector<double> above(observed.size(), 1.0), below(observed.size(), 1.0), p;
  for (std::int64_t s = 0; s < surrogates.extent(0); ++s) {
    for (std::size_t i = 0; i < observed.size(); ++i) {
      const double value = surrogates(s, static_cast<std::int64_t>(i));
      above[i] += value >= observed[i] ? 1 : 0;
      below[i] += value <= observed[i] ? 1 : 0;
    }
  }
  const auto count = static_cast<double>(surrogates.extent(0));
  for (std::size_t i = 0; i < observed.size(); ++i) {
    const double one = above[i] / (1 + count), both = std::min(1.0, 2 * std::min(above[i], below[i]) / (1 + count));
    p.push_back(tail == Tail::upper ? one : both);
  }
  return p;
}

namespace {

Tensors by_phase(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x"), phases(args, in, "phases");
  return {{"y", Tensor::of(surrogate_phase(x, phases))}};
}

const Operation phase_operation{.name = "surrogate_phase",
                                .room = "features/connectivity",
                                .about = "A signal of the same spectrum with other phases",
                                .inputs = {{.name = "x", .shape = "C T", .unit = "V"},
                                           {.name = "phases", .shape = "C T/2+1 or 1 T/2+1", .unit = "rad"}},
                                .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
                                .call = by_phase};
CATON_REGISTER(Operation, phase_operation);

Tensors by_shift(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto whole = vector_port(args, in, "shift");
  std::vector<std::int64_t> shift;
  for (const double value : whole) {
    if (!(std::abs(value) < 1e15) || value != std::floor(value)) throw args.refuse("shift must be whole samples");
    shift.push_back(static_cast<std::int64_t>(value));
  }
  return {{"y", Tensor::of(surrogate_shift(x, shift))}};
}

const Operation shift_operation{
    .name = "surrogate_shift",
    .room = "features/connectivity",
    .about = "Each channel turned round in time",
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "shift", .shape = "C", .unit = "samples"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .call = by_shift};
CATON_REGISTER(Operation, shift_operation);

Tensors p_value(const Arguments& args, const Tensors& in) {
  const Tensor &observed = port(in, "observed"), &surrogates = port(in, "surrogates");
  if (surrogates.rank() != observed.rank() + 1 ||
      !std::equal(observed.shape().begin(), observed.shape().end(), surrogates.shape().begin() + 1)) {
    throw args.refuse("shape: surrogates are " + surrogates.about() + ", wanted are N of " + observed.about());
  }
  const auto values = surrogates.doubles();
  const Signal rows(values.data(), {surrogates.extent(0), observed.size()});
  const auto p =
      surrogate_p_value(observed.doubles(), rows,
                        choice_argument<Tail>(args, "tail", {{"upper", Tail::upper}, {"two-sided", Tail::two_sided}}));
  return {{"p", Tensor(observed.shape(), p)}};
}

const Operation p_value_operation{
    .name = "surrogate_p_value",
    .room = "features/connectivity",
    .about = "How often surrogates reach what was observed: (1 + count) / (1 + N)",
    .arguments = {{.name = "tail", .type = "text", .standard = "upper", .about = "upper, two-sided"}},
    .inputs = {{.name = "observed", .shape = "..."}, {.name = "surrogates", .shape = "N ..."}},
    .outputs = {{.name = "p", .shape = "..."}},
    .call = p_value};
CATON_REGISTER(Operation, p_value_operation);

}  // namespace

}  // namespace caton
