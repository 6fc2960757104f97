// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/windows.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/checks.hpp"

#include <cmath>

namespace caton {

namespace {

std::int64_t samples_of(const std::string& where, const char* name, double seconds, double rate_hz) {
  require_positive(where, name, seconds);
  const double samples = std::nearbyint(seconds * rate_hz);
  if (!(samples >= 1 && samples < 1e15)) {
    throw usage_error(where,
                      std::string(name) + " " + number_text(seconds) + " s must be positive: at least one sample");
  }
  return static_cast<std::int64_t>(samples);
}

}  // namespace

Windows window(std::int64_t samples, const WindowPlan& plan, const std::string& where) {
  require_positive(where, "rate_hz", plan.rate_hz);
  Windows windows;
  windows.length = samples_of(where, "length_s", plan.length_s, plan.rate_hz);
  const std::int64_t step = samples_of(where, "step_s", plan.step_s, plan.rate_hz);
  if (samples < windows.length) {
    throw input_error(where, "the signal is too short: " + std::to_string(samples) + " samples, a window needs " +
                                 std::to_string(windows.length));
  }
  const std::int64_t count = (samples - windows.length) / step + 1;
  for (std::int64_t k = 0; k < count; ++k) windows.begin.push_back(k * step);
  const std::int64_t tail = samples - windows.length;
  if (plan.keep_tail && windows.begin.back() < tail) windows.begin.push_back(tail);
  return windows;
}

namespace {

const Operation window_operation{
    .name = "window",
    .room = "signal",
    .about = "Where windows of equal length begin",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "length_s", .type = "number"},
                  {.name = "step_s", .type = "number"},
                  {.name = "keep_tail", .type = "flag", .standard = false}},
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "begin", .shape = "K", .unit = "samples"},
                {.name = "length", .shape = "1", .unit = "samples"}},
    .streaming_form = "a window leaves when its last sample is in",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          const auto windows = window(x.view().extent(1), {.rate_hz = args.number("rate_hz"),
                                                           .length_s = args.number("length_s"),
                                                           .step_s = args.number("step_s"),
                                                           .keep_tail = args.flag("keep_tail")});
          return Tensors{{"begin", Tensor::vector(windows.begin)},
                         {"length", Tensor::vector(std::vector<std::int64_t>{windows.length})}};
        },
};
CATON_REGISTER(Operation, window_operation);

}  // namespace

}  // namespace caton
