// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/tokens/trial_tokens.hpp"

#include "caton/base/error.hpp"

#include <array>

namespace caton {

namespace {

const std::string where = "rbt_trial_tokens";

/// The recording the baseline is taken from; nothing when the options ask for none.
std::optional<Signal> baseline_source(Signal x, const std::optional<Signal>& baseline,
                                      const TrialTokenOptions& options) {
  if (options.baseline_from == BaselineFrom::none || options.baseline_segments == 0) return std::nullopt;
  if (options.baseline_segments < 0 || options.baseline_length < 1) {
    throw usage_error(where, "baseline_segments and baseline_length must be positive");
  }
  if (options.baseline_from == BaselineFrom::own && !baseline) {
    throw usage_error(where, "the baseline is missing: baseline_from is \"own\"");
  }
  const Signal source = options.baseline_from == BaselineFrom::own ? *baseline : x;
  if (source.extent(0) != x.extent(0)) {
    throw input_error(where, "the baseline has " + std::to_string(source.extent(0)) + " channels, the trial has " +
                                 std::to_string(x.extent(0)));
  }
  if (source.extent(1) / options.baseline_length < options.baseline_segments) {
    throw input_error(where, "the baseline is too short: " + std::to_string(source.extent(1)) +
                                 " samples, needed are " + std::to_string(options.baseline_segments) + " segments of " +
                                 std::to_string(options.baseline_length));
  }
  return source;
}

Matrix mean_of_segments(Signal source, std::int64_t segments, std::int64_t length) {
  Matrix mean({source.extent(0), length});
  for (std::int64_t c = 0; c < source.extent(0); ++c) {
    for (std::int64_t s = 0; s < segments; ++s) {
      for (std::int64_t t = 0; t < length; ++t) mean(c, t) += source(c, s * length + t);
    }
    for (std::int64_t t = 0; t < length; ++t) mean(c, t) /= static_cast<double>(segments);
  }
  return mean;
}

void subtract(Array<double, 3>& tokens, const Matrix& baseline) {
  for (std::int64_t w = 0; w < tokens.extent(0); ++w) {
    for (std::int64_t c = 0; c < tokens.extent(1); ++c) {
      for (std::int64_t b = 0; b < tokens.extent(2); ++b) tokens(w, c, b) -= baseline(c, b);
    }
  }
}

}  // namespace

TrialTokenOptions TrialTokenOptions::for_dreamer() {
  TrialTokenOptions options;
  options.baseline_from = BaselineFrom::own;
  options.baseline_segments = 61;
  return options;
}

TrialTokenOptions TrialTokenOptions::for_deap() {
  TrialTokenOptions options;
  options.start = 384;
  options.baseline_from = BaselineFrom::start;
  options.baseline_segments = 3;
  return options;
}

std::vector<std::int64_t> trial_window_begins(std::int64_t samples, const TrialTokenOptions& options) {
  if (options.window < 1) throw usage_error(where, "window must be at least 1, got " + std::to_string(options.window));
  if (options.stride < 1) throw usage_error(where, "stride must be at least 1, got " + std::to_string(options.stride));
  if (options.start < 0) throw usage_error(where, "start must be positive or 0, got " + std::to_string(options.start));
  std::vector<std::int64_t> begins;
  if (options.start > samples) return begins;
  for (std::int64_t begin = options.start; samples - begin >= options.window; begin += options.stride) {
    begins.push_back(begin);
    if (options.stride > samples) break;
  }
  return begins;
}

TrialTokens rbt_trial_tokens(Signal x, const std::optional<Signal>& baseline, const TrialTokenOptions& options) {
  require_signal(where, x);
  TrialTokens result;
  result.start = trial_window_begins(x.extent(1), options);
  if (result.start.empty()) {
    throw input_error(where, "the trial is too short: " + std::to_string(x.extent(1)) + " samples leave no window of " +
                                 std::to_string(options.window) + " from sample " + std::to_string(options.start) +
                                 " on");
  }
  const auto source = baseline_source(x, baseline, options);
  result.tokens = window_tokens(x, result.start, options.window, options.tokens, where);
  if (!source) return result;
  require_finite(where, *source);
  result.baseline_mean = mean_of_segments(*source, options.baseline_segments, options.baseline_length);
  const std::array<std::int64_t, 1> whole{0};
  const auto tokens = window_tokens(result.baseline_mean, whole, options.baseline_length, options.tokens, where);
  result.baseline_tokens = Matrix(tokens.view()[0]);
  subtract(result.tokens, result.baseline_tokens);
  return result;
}

}  // namespace caton
