// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// Tests between decoders, groups and conditions. Lengths that differ are refused (`lengths`, paired: `pairs`), an
/// unknown alternative or mode too. `a` greater than `b` is what `greater` asks.
namespace caton {

enum class Alternative { two_sided, less, greater };
/// "two-sided", "less", "greater"; anything else is refused (`alternative`).
[[nodiscard]] Alternative alternative_named(std::string_view name);

struct TestResult {
  double statistic = 0, p = 1;
};

struct StudentTest {
  double t = 0, freedom = 0, p = 1;
  double cohen_d = 0;  ///< paired: mean/std of differences; else over the pooled deviation (ddof 1)
};
/// scipy.stats.ttest_rel; refuses fewer than 2 pairs and differences without variance (`differences`).
[[nodiscard]] StudentTest paired_t(std::span<const double> a, std::span<const double> b, Alternative alternative);
/// scipy.stats.ttest_ind, pooled or Welch.
[[nodiscard]] StudentTest independent_t(std::span<const double> a, std::span<const double> b, bool equal_variance,
                                        Alternative alternative);
/// Nadeau and Bengio: scores of one subject's folds share training data, so the variance is widened by
/// 1/k + test/train instead of 1/k.
[[nodiscard]] StudentTest corrected_resampled_t(std::span<const double> a, std::span<const double> b, double train,
                                                double test, Alternative alternative);

enum class Zeros { wilcox, pratt, zsplit };
enum class RankMode { automatic, exact, normal };
struct WilcoxonOptions {
  Alternative alternative = Alternative::two_sided;
  RankMode mode = RankMode::automatic;
  Zeros zeros = Zeros::wilcox;
  bool correction = false;
  int round_digits = -1;  ///< differences are rounded to so many digits before ties and zeros are judged; -1: not
};
struct Wilcoxon {
  double w = 0, p = 1;
  bool exact = false;  ///< which distribution was used
};
/// scipy.stats.wilcoxon 1.10: exact up to 50 pairs without zeros, else normal with tie correction. Statistic: smaller
/// rank sum (two-sided) or that of positive differences. All differences zero is refused (`differences`).
[[nodiscard]] Wilcoxon wilcoxon_signed_rank(std::span<const double> a, std::span<const double> b,
                                            const WilcoxonOptions& options);

/// p of the sum of differences among all 2^n sign flips (n <= 20). Sums within 1e-12 of the observed one count as
/// equal. `moabb`: p = 1 becomes 1 - 2^-n, as Stouffer's method needs.
[[nodiscard]] double sign_flip_exact(std::span<const double> differences, Alternative alternative, bool moabb);
/// The same among given flips (draws x n of -1 and 1): (1 + #{at least as far}) / (draws + 1), with `moabb`
/// (1 + #)/draws, at most (draws-1)/draws.
[[nodiscard]] double sign_flip_given(std::span<const double> differences, View<const std::int64_t, 2> signs,
                                     Alternative alternative, bool moabb);

struct McNemar {
  std::array<std::int64_t, 4> table{};  ///< row major: both right, only a right; only b right, both wrong
  double statistic = 0, p = 1;
};
/// a, b: right (1) or wrong (0) on the same items. Exact: binomial on the discordant pairs (statsmodels).
[[nodiscard]] McNemar mcnemar(std::span<const std::int64_t> a, std::span<const std::int64_t> b, bool exact,
                              bool correction);

struct Friedman {
  double statistic = 0, p = 1;
  std::vector<double> mean_rank = {};  ///< 1 = best (highest score)
};
/// score: units x decoders (at least 3). scipy.stats.friedmanchisquare with tie correction.
[[nodiscard]] Friedman friedman(View<const double, 2> score);

/// scipy.stats.mannwhitneyu; statistic: U of `a`.
[[nodiscard]] TestResult mann_whitney(std::span<const double> a, std::span<const double> b, Alternative alternative,
                                      RankMode mode, bool continuity);
/// scipy.stats.ranksums; statistic: z, without tie correction.
[[nodiscard]] TestResult rank_sum(std::span<const double> a, std::span<const double> b, Alternative alternative);

/// "standardised-paired-difference", "cohen-d" (pooled), "hedges-g", "glass-delta" (deviation of b), "rank-biserial".
[[nodiscard]] double effect_size(std::span<const double> a, std::span<const double> b, std::string_view kind);

}  // namespace caton
