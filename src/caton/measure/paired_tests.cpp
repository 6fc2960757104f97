// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/distributions.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/text.hpp"
#include "caton/measure/comparison.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr double equal_sums = 1e-12;
constexpr std::size_t most_exact = 20;

bool as_far(double sum, double observed, Alternative alternative) {
  if (alternative == Alternative::greater) return sum >= observed - equal_sums;
  if (alternative == Alternative::less) return sum <= observed + equal_sums;
  return std::abs(sum) >= std::abs(observed) - equal_sums;
}

double sum_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

}  // namespace

double sign_flip_exact(std::span<const double> differences, Alternative alternative, bool moabb) {
  if (differences.empty()) throw input_error("paired_permutation", "there are no pairs: the input is empty");
  if (differences.size() > most_exact)
    throw usage_error("paired_permutation",
                      "the exact test of " + std::to_string(differences.size()) + " units is not made (2^n flips)",
                      "use given flips, or wilcoxon_signed_rank");
  const double observed = sum_of(differences);
  const auto flips = std::int64_t{1} << differences.size();
  std::int64_t reached = 0;
  for (std::int64_t flip = 0; flip < flips; ++flip) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) sum += (flip >> i & 1) != 0 ? differences[i] : -differences[i];
    reached += as_far(sum, observed, alternative);
  }
  if (moabb) reached = std::min(reached, flips - 1);
  return static_cast<double>(reached) / static_cast<double>(flips);
}

double sign_flip_given(std::span<const double> differences, View<const std::int64_t, 2> signs, Alternative alternative,
                       bool moabb) {
  const auto draws = signs.extent(0);
  if (signs.extent(1) != static_cast<std::int64_t>(differences.size()) || draws < 1)
    throw usage_error("paired_permutation", "the table of signs has " + std::to_string(signs.extent(1)) +
                                                " columns for " + std::to_string(differences.size()) + " pairs");
  const double observed = sum_of(differences);
  std::int64_t reached = 1;
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    double sum = 0;
    for (std::int64_t i = 0; i < signs.extent(1); ++i) {
      if (signs(draw, i) != 1 && signs(draw, i) != -1)
        throw input_error("paired_permutation", "signs are -1 or 1, not " + std::to_string(signs(draw, i)));
      sum += static_cast<double>(signs(draw, i)) * differences[i];
    }
    reached += as_far(sum, observed, alternative);
  }
  if (!moabb) return static_cast<double>(reached) / static_cast<double>(draws + 1);
  return static_cast<double>(std::min(reached, draws - 1)) / static_cast<double>(draws);
}

McNemar mcnemar(std::span<const std::int64_t> a, std::span<const std::int64_t> b, bool exact, bool correction) {
  if (a.size() != b.size()) throw usage_error("mcnemar", "there are no pairs: the lengths differ");
  if (a.empty()) throw input_error("mcnemar", "there are no items: the input is empty");
  McNemar result;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] | b[i]) & ~std::int64_t{1}) throw input_error("mcnemar", "items are right (1) or wrong (0)");
    ++result.table[(a[i] == 0) * 2 + (b[i] == 0)];
  }
  const auto only_a = result.table[1], only_b = result.table[2], discordant = only_a + only_b;
  if (exact) {
    result.statistic = static_cast<double>(std::min(only_a, only_b));
    result.p = std::min(1.0, 2 * binomial_cdf(std::min(only_a, only_b), discordant, 0.5));
    return result;
  }
  if (discordant == 0) throw input_error("mcnemar", "no item is told apart: there are no differences", "use exact");
  const double gap = std::abs(static_cast<double>(only_a - only_b)) - (correction ? 1 : 0);
  result.statistic = gap * gap / static_cast<double>(discordant);
  result.p = chi_square_sf(result.statistic, 1);
  return result;
}

Friedman friedman(View<const double, 2> score) {
  const auto units = score.extent(0), decoders = score.extent(1);
  if (decoders < 3 || units < 2)
    throw usage_error("friedman",
                      "the test needs at least 3 decoders and 2 units, there are " + std::to_string(decoders) +
                          " and " + std::to_string(units),
                      "compare two decoders with a paired test");
  Friedman result{.mean_rank = std::vector<double>(decoders)};
  double ties = 0;
  for (std::int64_t u = 0; u < units; ++u) {
    std::vector<double> row(decoders);
    for (std::int64_t k = 0; k < decoders; ++k) row[k] = -score(u, k);
    const auto ranks = average_ranks(row);
    for (std::int64_t k = 0; k < decoders; ++k) result.mean_rank[k] += ranks[k] / static_cast<double>(units);
    for (const auto count : tie_counts(row)) ties += static_cast<double>(count * (count * count - 1));
  }
  const auto k = static_cast<double>(decoders), n = static_cast<double>(units);
  const double scale = 1 - ties / (k * (k * k - 1) * n);
  if (scale == 0) throw input_error("friedman", "all decoders score alike in every unit: there are no differences");
  double squares = 0;
  for (const double rank : result.mean_rank) squares += rank * n * rank * n;
  result.statistic = (12 / (k * n * (k + 1)) * squares - 3 * n * (k + 1)) / scale;
  result.p = chi_square_sf(result.statistic, k - 1);
  return result;
}

namespace {

std::vector<double> differences_of(const Arguments& args, const Tensors& in) {
  const auto a = port(in, "a").doubles(), b = port(in, "b").doubles();
  if (a.size() != b.size()) throw args.refuse("there are no pairs: the lengths differ");
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = a[i] - b[i];
  return differences;
}

Tensors by_sign_flips(const Arguments& args, const Tensors& in) {
  const auto differences = differences_of(args, in);
  const auto alternative = alternative_named(args.text("alternative"));
  const bool moabb = args.given("rule") && args.text("rule") == "moabb";
  if (args.given("rule") && !moabb) throw args.refuse("unknown rule \"" + args.text("rule") + "\"", "known: moabb");
  const std::string& mode = args.text("mode");
  if (mode == "exact") return {{"p", Tensor::scalar(sign_flip_exact(differences, alternative, moabb))}};
  if (mode != "given") throw args.refuse("unknown mode \"" + mode + "\"", "known: exact, given");
  const Tensor& signs = port(in, "signs");
  return {
      {"p", Tensor::scalar(sign_flip_given(differences, signs.view<std::int64_t, 2>("signs"), alternative, moabb))}};
}

const Operation paired_permutation{
    .name = "paired_permutation",
    .room = "measure",
    .about = "test of paired differences by flipping their signs; rule moabb: as MOABB's meta-analysis",
    .arguments = {{"mode", "text", "exact", "exact (all flips, up to 20 units) or given (port signs)"},
                  {"rule", "text", Json{}, "moabb"},
                  {"alternative", "text", "two-sided", "two-sided, less or greater"}},
    .inputs = {{"a", "n"}, {"b", "n"}, {"signs", "P n", "-1 or 1", true}},
    .outputs = {{"p", ""}},
    .call = by_sign_flips};
CATON_REGISTER(Operation, paired_permutation);

Tensors by_discordance(const Arguments& args, const Tensors& in) {
  const auto result =
      mcnemar(port(in, "a").integers("a"), port(in, "b").integers("b"), args.flag("exact"), args.flag("correction"));
  return {{"table", Tensor({2, 2}, std::vector<std::int64_t>(result.table.begin(), result.table.end()))},
          {"statistic", Tensor::scalar(result.statistic)},
          {"p", Tensor::scalar(result.p)}};
}

const Operation mcnemar_operation{.name = "mcnemar",
                                  .room = "measure",
                                  .about = "McNemar's test of two decoders on the same items (statsmodels)",
                                  .arguments = {{"exact", "flag", true, "binomial; else chi-squared"},
                                                {"correction", "flag", true, "continuity, of the chi-squared form"}},
                                  .inputs = {{"a", "n", "0 or 1"}, {"b", "n", "0 or 1"}},
                                  .outputs = {{"table", "2 2"}, {"statistic", ""}, {"p", ""}},
                                  .call = by_discordance};
CATON_REGISTER(Operation, mcnemar_operation);

Tensors by_friedman(const Arguments& /*args*/, const Tensors& in) {
  const auto result = friedman(port(in, "score").array<2>("score"));
  return {{"statistic", Tensor::scalar(result.statistic)},
          {"p", Tensor::scalar(result.p)},
          {"mean_rank", Tensor::vector(result.mean_rank)}};
}

const Operation friedman_operation{.name = "friedman",
                                   .room = "measure",
                                   .about = "Friedman's test of several decoders over units (SciPy)",
                                   .inputs = {{"score", "n K"}},
                                   .outputs = {{"statistic", ""}, {"p", ""}, {"mean_rank", "K", "1 = best"}},
                                   .call = by_friedman};
CATON_REGISTER(Operation, friedman_operation);

}  // namespace
}  // namespace caton
