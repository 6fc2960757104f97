// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/distributions.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/measure/comparison.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

double mean_of(std::span<const double> values) { return ordered_sum(values) / static_cast<double>(values.size()); }

double sum_of_squares(std::span<const double> values, double mean) {
  std::vector<double> squares(values.size());
  std::transform(values.begin(), values.end(), squares.begin(), [mean](double v) { return (v - mean) * (v - mean); });
  return ordered_sum(squares);
}

double variance_of(std::span<const double> values) {
  return sum_of_squares(values, mean_of(values)) / static_cast<double>(values.size() - 1);
}

std::vector<double> paired_differences(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size())
    throw usage_error("paired test", "there are no pairs: the lengths are " + std::to_string(a.size()) + " and " +
                                         std::to_string(b.size()));
  if (a.size() < 2) throw input_error("paired test", "fewer than 2 pairs", "a test needs more units");
  std::vector<double> differences(a.size());
  std::transform(a.begin(), a.end(), b.begin(), differences.begin(), [](double x, double y) { return x - y; });
  return differences;
}

double tail_of_t(double t, double freedom, Alternative alternative) {
  if (alternative == Alternative::greater) return student_t_sf(t, freedom);
  if (alternative == Alternative::less) return student_t_cdf(t, freedom);
  return 2 * student_t_sf(std::abs(t), freedom);
}

void check_spread(double variance) {
  if (!(variance > 0))
    throw input_error("t test",
                      "the differences do not vary, so there is no spread to judge by (all differences are "
                      "equal)");
}

void check_groups(std::span<const double> a, std::span<const double> b) {
  if (a.size() < 2 || b.size() < 2)
    throw input_error(
        "t_test",
        std::string(a.empty() || b.empty() ? "a group is empty: it" : "a group") + " has fewer than 2 subjects",
        "a test needs more units");
}

double pooled_variance(std::span<const double> a, std::span<const double> b) {
  return (sum_of_squares(a, mean_of(a)) + sum_of_squares(b, mean_of(b))) / static_cast<double>(a.size() + b.size() - 2);
}

}  // namespace

Alternative alternative_named(std::string_view name) {
  if (name == "two-sided") return Alternative::two_sided;
  if (name == "less") return Alternative::less;
  if (name == "greater") return Alternative::greater;
  throw usage_error("test", "unknown alternative \"" + std::string(name) + "\"", "known: greater, less, two-sided");
}

StudentTest paired_t(std::span<const double> a, std::span<const double> b, Alternative alternative) {
  const auto differences = paired_differences(a, b);
  const double variance = variance_of(differences), mean = mean_of(differences);
  check_spread(variance);
  const auto n = static_cast<double>(differences.size());
  StudentTest result{.t = mean / std::sqrt(variance / n), .freedom = n - 1, .cohen_d = mean / std::sqrt(variance)};
  result.p = tail_of_t(result.t, result.freedom, alternative);
  return result;
}

StudentTest independent_t(std::span<const double> a, std::span<const double> b, bool equal_variance,
                          Alternative alternative) {
  check_groups(a, b);
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  const double pooled = pooled_variance(a, b), difference = mean_of(a) - mean_of(b);
  check_spread(pooled);
  StudentTest result{.freedom = n + m - 2, .cohen_d = difference / std::sqrt(pooled)};
  if (equal_variance) {
    result.t = difference / std::sqrt(pooled * (1 / n + 1 / m));
  } else {
    const double in_a = variance_of(a) / n, in_b = variance_of(b) / m, both = in_a + in_b;
    result.t = difference / std::sqrt(both);
    result.freedom = both * both / (in_a * in_a / (n - 1) + in_b * in_b / (m - 1));
  }
  result.p = tail_of_t(result.t, result.freedom, alternative);
  return result;
}

StudentTest corrected_resampled_t(std::span<const double> a, std::span<const double> b, double train, double test,
                                  Alternative alternative) {
  if (!(train > 0) || !(test > 0))
    throw usage_error("corrected_resampled_t", "sizes of training and test must be above 0");
  const auto differences = paired_differences(a, b);
  const double variance = variance_of(differences), mean = mean_of(differences);
  check_spread(variance);
  const auto k = static_cast<double>(differences.size());
  StudentTest result{.t = mean / std::sqrt(variance * (1 / k + test / train)),
                     .freedom = k - 1,
                     .cohen_d = mean / std::sqrt(variance)};
  result.p = tail_of_t(result.t, result.freedom, alternative);
  return result;
}

namespace {

double rank_biserial(std::span<const double> a, std::span<const double> b) {
  const double u = mann_whitney(a, b, Alternative::two_sided, RankMode::normal, false).statistic;
  return 2 * u / static_cast<double>(a.size() * b.size()) - 1;
}

}  // namespace

double effect_size(std::span<const double> a, std::span<const double> b, std::string_view kind) {
  if (kind == "standardised-paired-difference") return paired_t(a, b, Alternative::two_sided).cohen_d;
  if (kind == "rank-biserial") return rank_biserial(a, b);
  if (kind == "cohen-d" || kind == "hedges-g") {
    const double d = independent_t(a, b, true, Alternative::two_sided).cohen_d;
    const auto freedom = static_cast<double>(a.size() + b.size() - 2);
    return kind == "cohen-d" ? d : d * (1 - 3 / (4 * freedom - 1));
  }
  if (kind == "glass-delta") {
    check_groups(a, b);
    check_spread(variance_of(b));
    return (mean_of(a) - mean_of(b)) / std::sqrt(variance_of(b));
  }
  throw usage_error(
      "effect_size", "unknown kind \"" + std::string(kind) + "\"",
      suggestion(kind, {"standardised-paired-difference", "cohen-d", "hedges-g", "glass-delta", "rank-biserial"}));
}

namespace {

Tensors student(const Arguments& args, const Tensors& in) {
  const auto x = port(in, "x").doubles(), y = port(in, "y").doubles();
  const auto alternative = alternative_named(args.text("alternative"));
  const auto result =
      args.flag("paired") ? paired_t(x, y, alternative) : independent_t(x, y, args.flag("equal_variance"), alternative);
  const auto one = [](double value) { return Tensor::vector(std::vector<double>{value}); };
  return {
      {"t", one(result.t)}, {"df", one(result.freedom)}, {"p_value", one(result.p)}, {"cohen_d", one(result.cohen_d)}};
}

const Operation t_test{.name = "t_test",
                       .room = "measure",
                       .about = "Student's or Welch's t test (scipy.stats.ttest_ind, ttest_rel) with Cohen's d",
                       .arguments = {{"paired", "flag", false, "differences of pairs"},
                                     {"equal_variance", "flag", true, "false: Welch"},
                                     {"alternative", "text", "two-sided", "two-sided, less or greater"}},
                       .inputs = {{"x", "N"}, {"y", "M"}},
                       .outputs = {{"t", "1"}, {"df", "1"}, {"p_value", "1"}, {"cohen_d", "1"}},
                       .call = student};
CATON_REGISTER(Operation, t_test);

Tensors paired(const Arguments& args, const Tensors& in) {
  const auto result =
      paired_t(port(in, "a").doubles(), port(in, "b").doubles(), alternative_named(args.text("alternative")));
  return {{"t", Tensor::scalar(result.t)}, {"p", Tensor::scalar(result.p)}};
}

const Operation paired_t_operation{.name = "paired_t",
                                   .room = "measure",
                                   .about = "t_test with paired = true under other port names",
                                   .arguments = {{"alternative", "text", "two-sided", "two-sided, less or greater"}},
                                   .inputs = {{"a", "n"}, {"b", "n"}},
                                   .outputs = {{"t", ""}, {"p", ""}},
                                   .call = paired};
CATON_REGISTER(Operation, paired_t_operation);

Tensors corrected(const Arguments& args, const Tensors& in) {
  const auto result = corrected_resampled_t(port(in, "a").doubles(), port(in, "b").doubles(), args.number("train"),
                                            args.number("test"), alternative_named(args.text("alternative")));
  return {{"t", Tensor::scalar(result.t)}, {"p", Tensor::scalar(result.p)}};
}

const Operation corrected_operation{.name = "corrected_resampled_t",
                                    .room = "measure",
                                    .about = "t test for folds that share training data (Nadeau and Bengio 2003)",
                                    .arguments = {{"train", "number", {}, "samples in training"},
                                                  {"test", "number", {}, "samples in test"},
                                                  {"alternative", "text", "two-sided", "two-sided, less or greater"}},
                                    .inputs = {{"a", "k"}, {"b", "k"}},
                                    .outputs = {{"t", ""}, {"p", ""}},
                                    .call = corrected};
CATON_REGISTER(Operation, corrected_operation);

Tensors effect(const Arguments& args, const Tensors& in) {
  return {{"d", Tensor::scalar(effect_size(port(in, "a").doubles(), port(in, "b").doubles(), args.text("kind")))}};
}

const Operation effect_operation{
    .name = "effect_size",
    .room = "measure",
    .about = "size of a difference in standard deviations",
    .arguments = {{"kind", "text", "standardised-paired-difference",
                   "standardised-paired-difference, cohen-d, hedges-g, glass-delta or rank-biserial"}},
    .inputs = {{"a", "n"}, {"b", "m"}},
    .outputs = {{"d", ""}},
    .call = effect};
CATON_REGISTER(Operation, effect_operation);

}  // namespace
}  // namespace caton
