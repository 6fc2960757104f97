// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/distributions.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/measure/comparison.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

double sum_of_ties(std::span<const double> values) {
  double sum = 0;
  for (const auto count : tie_counts(values)) {
    const auto n = static_cast<double>(count);
    sum += n * (n * n - 1);
  }
  return sum;
}

/// Probability of each sum of positive ranks 0 … n(n+1)/2 of n untied differences.
std::vector<double> signed_rank_distribution(std::int64_t n) {
  std::vector<double> mass{1};
  for (std::int64_t k = 1; k <= n; ++k) {
    const auto before = mass;
    mass.assign(static_cast<std::size_t>(k * (k + 1) / 2 + 1), 0);
    for (std::size_t i = 0; i < before.size(); ++i) mass[i] += before[i] / 2;
    const auto shift = mass.size() - before.size();
    for (std::size_t i = 0; i < before.size(); ++i) mass[i + shift] += before[i] / 2;
  }
  return mass;
}

double sum_from(const std::vector<double>& mass, std::size_t first, std::size_t last) {
  return ordered_sum(std::span(mass).subspan(first, last - first));
}

double exact_signed_rank(double plus, std::int64_t n, Alternative alternative) {
  const auto mass = signed_rank_distribution(n);
  const auto place = static_cast<std::size_t>(plus);
  const double below = sum_from(mass, 0, place + 1), above = sum_from(mass, place, mass.size());
  if (alternative == Alternative::greater) return std::clamp(above, 0.0, 1.0);
  if (alternative == Alternative::less) return std::clamp(below, 0.0, 1.0);
  return std::clamp(2 * std::min(below, above), 0.0, 1.0);
}

double normal_tail(double z, Alternative alternative) {
  if (alternative == Alternative::greater) return normal_sf(z);
  if (alternative == Alternative::less) return normal_cdf(z);
  return std::min(1.0, 2 * normal_sf(std::abs(z)));
}

double continuity_of(double deviation, Alternative alternative) {
  if (alternative == Alternative::less) return -0.5;
  if (alternative == Alternative::greater) return 0.5;
  return deviation > 0 ? 0.5 : deviation < 0 ? -0.5 : 0;
}

std::vector<double> judged_differences(std::span<const double> a, std::span<const double> b, int digits) {
  if (a.size() != b.size()) throw usage_error("wilcoxon_signed_rank", "there are no pairs: the lengths differ");
  if (a.empty()) throw input_error("wilcoxon_signed_rank", "there are no pairs: the input is empty");
  std::vector<double> differences(a.size());
  const double scale = digits < 0 ? 1 : std::pow(10.0, digits);
  for (std::size_t i = 0; i < a.size(); ++i) {
    differences[i] = a[i] - b[i];
    if (digits >= 0) differences[i] = std::nearbyint(differences[i] * scale) / scale;
  }
  return differences;
}

struct SignedRanks {
  std::vector<double> ranks = {};  ///< of absolute differences
  double plus = 0, minus = 0;
};

SignedRanks signed_ranks(const std::vector<double>& differences, Zeros zeros) {
  std::vector<double> sizes(differences.size());
  std::transform(differences.begin(), differences.end(), sizes.begin(), [](double d) { return std::abs(d); });
  SignedRanks result{.ranks = average_ranks(sizes)};
  double zero = 0;
  for (std::size_t i = 0; i < differences.size(); ++i)
    (differences[i] > 0 ? result.plus : differences[i] < 0 ? result.minus : zero) += result.ranks[i];
  if (zeros == Zeros::zsplit) {
    result.plus += zero / 2;
    result.minus += zero / 2;
  }
  return result;
}

double normal_signed_rank(double w, const std::vector<double>& differences, SignedRanks ranks, std::int64_t zero_count,
                          const WilcoxonOptions& options) {
  const auto n = static_cast<double>(differences.size()), z = static_cast<double>(zero_count);
  double mean = n * (n + 1) / 4, spread = n * (n + 1) * (2 * n + 1);
  if (options.zeros == Zeros::pratt) {
    std::vector<double> kept;
    for (std::size_t i = 0; i < differences.size(); ++i) {
      if (differences[i] != 0) kept.push_back(ranks.ranks[i]);
    }
    ranks.ranks = kept;
    mean -= z * (z + 1) / 4;
    spread -= z * (z + 1) * (2 * z + 1);
  }
  spread = std::sqrt((spread - sum_of_ties(ranks.ranks) / 2) / 24);
  const double shift = options.correction ? continuity_of(w - mean, options.alternative) : 0;
  return normal_tail((w - mean - shift) / spread, options.alternative);
}

RankMode mode_named(const Arguments& args) {
  const std::string& mode = args.text("mode");
  if (mode == "auto") return RankMode::automatic;
  if (mode == "exact") return RankMode::exact;
  if (mode == "approx" || mode == "asymptotic") return RankMode::normal;
  throw args.refuse("unknown mode \"" + mode + "\"", "known: approx, auto, exact");
}

/// Probability of each U of groups of n and m untied values: p(n, m, u) by the position of the largest value.
std::vector<double> mann_whitney_distribution(std::size_t n, std::size_t m) {
  std::vector<std::vector<double>> mass(n + 1);  // of i values of the first group and j of the second
  for (std::size_t i = 0; i <= n; ++i) mass[i] = {1};
  for (std::size_t j = 1; j <= m; ++j) {
    for (std::size_t i = 1; i <= n; ++i) {
      std::vector<double> next(i * j + 1);
      const double first = static_cast<double>(i) / static_cast<double>(i + j), second = 1 - first;
      for (std::size_t u = 0; u < mass[i - 1].size(); ++u) next[u + j] += first * mass[i - 1][u];
      for (std::size_t u = 0; u < mass[i].size(); ++u) next[u] += second * mass[i][u];
      mass[i] = std::move(next);
    }
  }
  return mass[n];
}

void check_groups(const char* where, std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) throw input_error(where, "a group has no values: it is empty");
}

std::vector<double> joined(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

}  // namespace

Wilcoxon wilcoxon_signed_rank(std::span<const double> a, std::span<const double> b, const WilcoxonOptions& options) {
  auto differences = judged_differences(a, b, options.round_digits);
  const auto zeros = std::count(differences.begin(), differences.end(), 0.0);
  if (zeros == static_cast<std::int64_t>(differences.size()))
    throw input_error("wilcoxon_signed_rank", "all differences are 0: there is nothing to rank");
  const bool few = differences.size() <= 50 || options.mode == RankMode::exact;
  const bool exact = options.mode != RankMode::normal && few && zeros == 0;
  if (exact && differences.size() > 1000)
    throw usage_error("wilcoxon_signed_rank", "the exact distribution of more than 1000 pairs is not made",
                      "use mode approx");
  if (!exact && options.zeros == Zeros::wilcox) std::erase(differences, 0.0);
  const auto ranks = signed_ranks(differences, options.zeros);
  Wilcoxon result{.exact = exact};
  result.w = options.alternative == Alternative::two_sided ? std::min(ranks.plus, ranks.minus) : ranks.plus;
  result.p = exact ? exact_signed_rank(ranks.plus, static_cast<std::int64_t>(differences.size()), options.alternative)
                   : normal_signed_rank(result.w, differences, ranks, zeros, options);
  return result;
}

TestResult mann_whitney(std::span<const double> a, std::span<const double> b, Alternative alternative, RankMode mode,
                        bool continuity) {
  check_groups("mann_whitney", a, b);
  const auto all = joined(a, b);
  const auto ranks = average_ranks(all);
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  const double u = ordered_sum(std::span(ranks).first(a.size())) - n * (n + 1) / 2, other = n * m - u;
  const double ties = sum_of_ties(all);
  if (mode == RankMode::automatic)
    mode = std::min(a.size(), b.size()) <= 8 && a.size() * b.size() <= 20000 && ties == 0 ? RankMode::exact
                                                                                          : RankMode::normal;
  if (mode == RankMode::exact && a.size() * b.size() > 20000)
    throw usage_error("mann_whitney", "the exact distribution of such large groups is not made", "use mode approx");
  const double judged = alternative == Alternative::greater ? u
                        : alternative == Alternative::less  ? other
                                                            : std::max(u, other);
  double p = 0;
  if (mode == RankMode::exact) {
    const auto mass = mann_whitney_distribution(a.size(), b.size());
    p = sum_from(mass, static_cast<std::size_t>(judged), mass.size());
  } else {
    const double total = n + m;
    const double spread = std::sqrt(n * m / 12 * (total + 1 - ties / (total * (total - 1))));
    if (spread == 0) throw input_error("mann_whitney", "all values are equal: there are no differences to rank");
    p = normal_sf((judged - n * m / 2 - (continuity ? 0.5 : 0)) / spread);
  }
  return {u, std::clamp(alternative == Alternative::two_sided ? 2 * p : p, 0.0, 1.0)};
}

TestResult rank_sum(std::span<const double> a, std::span<const double> b, Alternative alternative) {
  check_groups("rank_sum", a, b);
  const auto ranks = average_ranks(joined(a, b));
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  const double sum = ordered_sum(std::span(ranks).first(a.size()));
  const double z = (sum - n * (n + m + 1) / 2) / std::sqrt(n * m * (n + m + 1) / 12);
  return {z, normal_tail(z, alternative)};
}

namespace {

Tensors by_signed_ranks(const Arguments& args, const Tensors& in) {
  WilcoxonOptions options{.alternative = alternative_named(args.text("alternative")),
                          .mode = mode_named(args),
                          .correction = args.flag("correction")};
  const std::string& zeros = args.text("zeros");
  if (zeros != "wilcox" && zeros != "pratt" && zeros != "zsplit")
    throw args.refuse("unknown rule for zeros \"" + zeros + "\"", "known: pratt, wilcox, zsplit");
  options.zeros = zeros == "wilcox" ? Zeros::wilcox : zeros == "pratt" ? Zeros::pratt : Zeros::zsplit;
  if (args.given("round_digits")) options.round_digits = static_cast<int>(args.integer("round_digits"));
  const auto result = wilcoxon_signed_rank(port(in, "a").doubles(), port(in, "b").doubles(), options);
  return {{"w", Tensor::scalar(result.w)},
          {"p", Tensor::scalar(result.p)},
          {"exact", Tensor::vector(std::vector<std::int64_t>{result.exact})}};
}

const Operation wilcoxon_operation{
    .name = "wilcoxon_signed_rank",
    .room = "measure",
    .about = "Wilcoxon's signed rank test (scipy.stats.wilcoxon 1.10)",
    .arguments = {{"alternative", "text", "two-sided", "two-sided, less or greater"},
                  {"mode", "text", "auto", "auto (exact up to 50 pairs without zeros), exact or approx"},
                  {"zeros", "text", "wilcox", "wilcox (dropped), pratt (ranked) or zsplit"},
                  {"correction", "flag", false, "continuity, of the normal form"},
                  {"round_digits", "integer", Json{}, "round differences before judging ties and zeros"}},
    .inputs = {{"a", "n"}, {"b", "n"}},
    .outputs = {{"w", ""}, {"p", ""}, {"exact", "1"}},
    .call = by_signed_ranks};
CATON_REGISTER(Operation, wilcoxon_operation);

Tensors by_u(const Arguments& args, const Tensors& in) {
  const auto result =
      mann_whitney(port(in, "a").doubles(), port(in, "b").doubles(), alternative_named(args.text("alternative")),
                   mode_named(args), args.flag("continuity"));
  return {{"u", Tensor::scalar(result.statistic)}, {"p", Tensor::scalar(result.p)}};
}

const Operation mann_whitney_operation{
    .name = "mann_whitney",
    .room = "measure",
    .about = "Mann-Whitney U test of two groups (scipy.stats.mannwhitneyu)",
    .arguments = {{"alternative", "text", "two-sided", "two-sided, less or greater"},
                  {"mode", "text", "auto", "auto (exact where a group has at most 8 and no ties), exact or approx"},
                  {"continuity", "flag", true, "correction of the normal form"}},
    .inputs = {{"a", "n"}, {"b", "m"}},
    .outputs = {{"u", ""}, {"p", ""}},
    .call = by_u};
CATON_REGISTER(Operation, mann_whitney_operation);

Tensors by_rank_sum(const Arguments& args, const Tensors& in) {
  const auto result =
      rank_sum(port(in, "a").doubles(), port(in, "b").doubles(), alternative_named(args.text("alternative")));
  return {{"z", Tensor::scalar(result.statistic)}, {"p", Tensor::scalar(result.p)}};
}

const Operation rank_sum_operation{.name = "rank_sum",
                                   .room = "measure",
                                   .about = "Wilcoxon's rank sum test in its normal form (scipy.stats.ranksums)",
                                   .arguments = {{"alternative", "text", "two-sided", "two-sided, less or greater"}},
                                   .inputs = {{"a", "n"}, {"b", "m"}},
                                   .outputs = {{"z", ""}, {"p", ""}},
                                   .call = by_rank_sum};
CATON_REGISTER(Operation, rank_sum_operation);

}  // namespace
}  // namespace caton
