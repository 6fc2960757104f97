// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/trial_power.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/checks.hpp"

#include <cmath>

namespace caton {

std::int64_t windows_in_trial(const TrialWindows& options) {
  const std::string where = "windows_to_trials";
  require_positive(where, "trial_s", options.trial_s);
  require_positive(where, "window_s", options.window_s);
  require_positive(where, "shift_s", options.shift_s);
  const double shifts = std::floor((options.trial_s - options.window_s) / options.shift_s);
  if (!(shifts >= 0)) {
    throw usage_error(where, "a window of " + number_text(options.window_s) + " s does not fit a trial of " +
                                 number_text(options.trial_s) + " s");
  }
  if (!(shifts < 1e9)) throw usage_error(where, "shift_s is too small: more than 1e9 windows");
  return static_cast<std::int64_t>(shifts) + 1;
}

TrialPower windows_to_trials(Signal rows, const TrialWindows& options) {
  const std::string where = "windows_to_trials";
  require_signal(where, rows);
  const std::int64_t windows = windows_in_trial(options), channels = options.channels, bins = options.bins;
  if (channels < 1 || bins < 1) throw usage_error(where, "channels and bins must be positive");
  if (rows.extent(1) / channels != bins || rows.extent(1) % channels != 0) {
    throw usage_error(where, "shape: " + std::to_string(rows.extent(1)) + " columns are not " +
                                 std::to_string(channels) + " channels x " + std::to_string(bins) + " bins");
  }
  const std::int64_t trials = rows.extent(0) / windows;
  if (trials < 1) {
    throw input_error(where, "too short: " + std::to_string(rows.extent(0)) + " rows, a trial has " +
                                 std::to_string(windows) + " windows");
  }
  TrialPower result{Array<double, 3>({trials, channels, bins}), Array<double, 4>({trials, channels, windows, bins})};
  for (std::int64_t n = 0; n < trials; ++n) {
    for (std::int64_t w = 0; w < windows; ++w) {
      for (std::int64_t column = 0; column < channels * bins; ++column) {
        const double value = rows(n * windows + w, column);
        result.time_frequency(n, column / bins, w, column % bins) = value;
        result.power(n, column / bins, column % bins) += value;
      }
    }
    for (std::int64_t column = 0; column < channels * bins; ++column)
      result.power(n, column / bins, column % bins) /= static_cast<double>(windows);
  }
  return result;
}

Array<double, 3> erd_percent_map(View<const double, 4> time_frequency, View<const double, 3> baseline) {
  const std::string where = "erd_percent_map";
  if (time_frequency.empty() || baseline.empty()) throw input_error(where, "no trials: the input is empty");
  const std::int64_t channels = time_frequency.extent(1), windows = time_frequency.extent(2),
                     bins = time_frequency.extent(3);
  if (baseline.extent(1) != channels || baseline.extent(2) != bins) {
    throw usage_error(where, "shape: trials of " + std::to_string(channels) + " channels x " + std::to_string(bins) +
                                 " bins, a baseline of " + std::to_string(baseline.extent(1)) + " x " +
                                 std::to_string(baseline.extent(2)));
  }
  Array<double, 3> percent({channels, windows, bins});
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t f = 0; f < bins; ++f) {
      double rest = 0;
      for (std::int64_t m = 0; m < baseline.extent(0); ++m) rest += baseline(m, c, f);
      rest /= static_cast<double>(baseline.extent(0));
      for (std::int64_t w = 0; w < windows; ++w) {
        double mean = 0;
        for (std::int64_t n = 0; n < time_frequency.extent(0); ++n) mean += time_frequency(n, c, w, f);
        mean /= static_cast<double>(time_frequency.extent(0));
        percent(c, w, f) = (mean - rest) / rest * 100;
        if (!std::isfinite(percent(c, w, f)))
          throw input_error(where, "the baseline of channel " + std::to_string(c) + ", bin " + std::to_string(f) +
                                       " is flat: nothing to compare with");
      }
    }
  }
  return percent;
}

namespace {

const Operation windows_operation{
    .name = "windows_to_trials",
    .room = "features",
    .about = "Windows of an extraction put together as trials, and their mean over each trial",
    .arguments = {{.name = "trial_s", .type = "number"},
                  {.name = "window_s", .type = "number"},
                  {.name = "shift_s", .type = "number"},
                  {.name = "channels", .type = "integer"},
                  {.name = "bins", .type = "integer"}},
    .inputs = {{.name = "x", .shape = "rows (C F)"}},
    .outputs = {{.name = "power", .shape = "N C F"}, {.name = "time_frequency", .shape = "N C W F"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto result = windows_to_trials(MatrixPort(args, in, "x"), {.trial_s = args.number("trial_s"),
                                                                        .window_s = args.number("window_s"),
                                                                        .shift_s = args.number("shift_s"),
                                                                        .channels = args.integer("channels"),
                                                                        .bins = args.integer("bins")});
      return {{"power", Tensor::of(result.power)}, {"time_frequency", Tensor::of(result.time_frequency)}};
    },
};
CATON_REGISTER(Operation, windows_operation);

const Operation erd_operation{
    .name = "erd_percent_map",
    .room = "features",
    .about = "Event-related change of power in percent of a baseline, for each channel, window and bin",
    .inputs = {{.name = "time_frequency", .shape = "N C W F"}, {.name = "baseline", .shape = "M C F"}},
    .outputs = {{.name = "percent", .shape = "C W F", .unit = "%"}},
    .call = [](const Arguments&, const Tensors& in) -> Tensors {
      const auto trials = port(in, "time_frequency").array<4>("time_frequency");
      return {{"percent", Tensor::of(erd_percent_map(trials, port(in, "baseline").array<3>("baseline")))}};
    },
};
CATON_REGISTER(Operation, erd_operation);

}  // namespace

}  // namespace caton
