// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// From one time to another, both belonging to it; nothing: the edge of the data.
struct TimeSpan {
  std::optional<double> begin_s = {}, end_s = {};
};

/// Indices begin … end - 1.
struct IndexRange {
  std::int64_t begin = 0, end = 0;
};

/// The samples with begin <= t <= end, with a slack of 1e-6 of a sample. Refuses spans without a sample, naming the
/// argument.
[[nodiscard]] IndexRange samples_within(const std::string& where, std::string_view argument, const TimeSpan& span,
                                        const std::vector<double>& times_s);
/// Refuses (word `baseline`) a span that reaches more than one sample outside of the times.
void require_inside(const std::string& where, const TimeSpan& span, const std::vector<double>& times_s, double rate_hz);
/// Times of `samples` samples from `start_s` on.
[[nodiscard]] std::vector<double> times_from(double start_s, double rate_hz, std::int64_t samples);
/// `[a, b]` where null means the edge; nothing where the argument is null.
[[nodiscard]] std::optional<TimeSpan> time_span_argument(const Arguments& args, std::string_view name);

enum class BaselineMode { mean, ratio, logratio, percent, zscore, zlogratio };

/// Rescales each row by its own values in the baseline (`mne.baseline.rescale`), m being their mean: x - m, x / m,
/// log10(x / m), (x - m) / m (a fraction: ERD and ERS when x is power), (x - m) / standard deviation (ddof 0), and
/// log10(x / m) / standard deviation of the same. Refuses rows whose result is not finite: baseline without mean or
/// variance (word `flat`), values not above 0 where a logarithm is taken (`positive`).
[[nodiscard]] Matrix baseline(Signal x, const IndexRange& range, BaselineMode mode);

}  // namespace caton
