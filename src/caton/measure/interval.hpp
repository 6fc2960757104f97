// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace caton {

struct Interval {
  double low = 0, high = 0;
};

/// A figure of a pooled sample in which unit u stands `times[u]` times; NaN where it is undefined.
using UnitStatistic = std::function<double(std::span<const std::int32_t> times)>;

enum class BootstrapMethod { percentile, bca };

struct Bootstrap {
  double estimate = 0;
  Interval interval = {};
  double bias = 0, acceleration = 0;  ///< of BCa
  std::int64_t units = 0;
  std::int64_t undefined = 0;  ///< draws without a figure (a class missing); left out of the quantiles
};

/// Fewer units than this are called few beside every interval.
constexpr std::int64_t few_units = 10;

/// Interval by drawing units with replacement: resample is draws x units (unit indices). Percentile by linear
/// quantiles; BCa after Efron (bias from the share below the estimate, ties half; acceleration from leaving one unit
/// out). Refuses fewer than 2 units (`units`), a level outside (0, 1) (`level`), indices that name no unit.
[[nodiscard]] Bootstrap bootstrap_units(std::int64_t units, const UnitStatistic& statistic,
                                        View<const std::int64_t, 2> resample, double level, BootstrapMethod method);
/// The same with `draws` resamples from a random stream; never stores them all.
[[nodiscard]] Bootstrap bootstrap_units(std::int64_t units, const UnitStatistic& statistic, RandomStream random,
                                        std::int64_t draws = 2000, double level = 0.95,
                                        BootstrapMethod method = BootstrapMethod::percentile);

/// Several figures of one pooled sample at once, NaN where undefined.
using UnitFigures = std::function<void(std::span<const std::int32_t> times, std::span<double> figures)>;
/// Percentile intervals of `count` figures from the same draws.
[[nodiscard]] std::vector<Bootstrap> bootstrap_units(std::int64_t units, std::int64_t count, const UnitFigures& figures,
                                                     RandomStream random, std::int64_t draws = 2000,
                                                     double level = 0.95);

/// Clopper-Pearson (exact) interval of `hits` in `trials`.
[[nodiscard]] Interval clopper_pearson(std::int64_t hits, std::int64_t trials, double level = 0.95);
/// Wilson score interval.
[[nodiscard]] Interval wilson(std::int64_t hits, std::int64_t trials, double level = 0.95);

}  // namespace caton
