// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/ddtf_surrogates.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/random.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/model_ddtf.hpp"
#include "caton/features/connectivity/surrogates.hpp"
#include "caton/signal/windows.hpp"

#include <algorithm>
#include <numbers>

namespace caton {

namespace {

const std::string where = "ddtf_surrogates";
constexpr std::int64_t most_surrogates = 1'000'000;
constexpr std::int64_t surrogates_together = 4;  // use the same memory

}  // namespace

SurrogateMaker phase_surrogates(std::uint64_t seed) {
  return [seed](Signal x, std::int64_t index) {
    Matrix phases({x.extent(0), x.extent(1) / 2 + 1}, uninitialised);
    for (std::int64_t c = 0; c < x.extent(0); ++c) {
      RandomStream random(seed, "surrogate phases", {static_cast<std::uint64_t>(index), static_cast<std::uint64_t>(c)});
      for (std::int64_t k = 0; k < phases.extent(1); ++k) phases(c, k) = 2 * std::numbers::pi * random.uniform();
    }
    return surrogate_phase(x, phases);
  };
}

SurrogateMaker shift_surrogates(std::uint64_t seed) {
  return [seed](Signal x, std::int64_t index) {
    RandomStream random(seed, "surrogate shifts", {static_cast<std::uint64_t>(index)});
    std::vector<std::int64_t> shift;
    for (std::int64_t c = 0; c < x.extent(0); ++c)
      shift.push_back(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(x.extent(1)))));
    return surrogate_shift(x, shift);
  };
}

DdtfTest ddtf_surrogates(Signal x, const DdtfWindows& options, std::int64_t count, const SurrogateMaker& surrogate) {
  if (count < 1 || count > most_surrogates)
    throw usage_error(where, "surrogates must be 1 to a million, got " + std::to_string(count));
  require_signal(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  const Windows windows =
      window(x.extent(1), {.rate_hz = options.rate_hz, .length_s = options.window_s, .step_s = options.step_s}, where);
  DdtfTest result{mean_ddtf(x, windows.begin, windows.length, options), {}};
  Matrix means({count, result.mean.size()}, uninitialised);
  const std::int64_t tasks = (count + surrogates_together - 1) / surrogates_together;
  thread_pool().parallel_for(tasks, [&](std::int64_t task) {
    ModelDdtf direct;
    for (std::int64_t s = task * surrogates_together; s < std::min(count, (task + 1) * surrogates_together); ++s) {
      const auto mean = mean_ddtf(surrogate(x, s), windows.begin, windows.length, options, direct);
      std::copy(mean.begin(), mean.end(), &means(s, 0));
    }
  });
  const auto p = surrogate_p_value({result.mean.begin(), result.mean.end()}, means);
  result.p_value = Array<double, 3>(result.mean.extents(), uninitialised);
  std::copy(p.begin(), p.end(), result.p_value.begin());
  return result;
}

namespace {

Tensors tested(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto make = choice_argument<SurrogateMaker (*)(std::uint64_t)>(
      args, "kind", {{"phase", phase_surrogates}, {"shift", shift_surrogates}});
  const std::int64_t seed = args.integer("seed");
  if (seed < 0) throw usage_error(where, "seed must not be negative");
  const auto result =
      ddtf_surrogates(x, ddtf_options(args), args.integer("surrogates"), make(static_cast<std::uint64_t>(seed)));
  return {{"mean", Tensor::of(result.mean)}, {"p_value", Tensor::of(result.p_value)}};
}

std::vector<Argument> arguments() {
  auto all = ddtf_arguments();
  all.push_back({.name = "surrogates", .type = "integer", .standard = 200});
  all.push_back({.name = "kind", .type = "text", .standard = "phase"});
  all.push_back({.name = "seed", .type = "integer", .standard = 0});
  return all;
}

const Operation surrogates_operation{
    .name = "ddtf_surrogates",
    .room = "features/connectivity",
    .about = "Mean dDTF over windows with p values from surrogates whose channels are not coupled",
    .arguments = arguments(),
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "mean", .shape = "B C C"}, {.name = "p_value", .shape = "B C C"}},
    .streaming_form = "none: surrogates are made of the whole recording",
    .call = tested};
CATON_REGISTER(Operation, surrogates_operation);

}  // namespace

}  // namespace caton
