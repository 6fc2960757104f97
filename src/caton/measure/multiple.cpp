// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/multiple.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

void check_p(std::span<const double> p) {
  if (p.empty()) throw input_error("p values", "there are none: the input is empty");
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!(p[i] >= 0 && p[i] <= 1))
      throw input_error("p values",
                        "value " + std::to_string(i) + ", " + number_text(p[i]) +
                            (std::isfinite(p[i]) ? ", is no probability" : ", is not finite: no probability"));
  }
}

/// p_(i) n/i times `factor`, running minimum from the largest.
void step_up(std::span<const double> p, const std::vector<std::int64_t>& order, double factor,
             std::vector<double>& adjusted) {
  const auto n = static_cast<double>(p.size());
  double smallest = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    smallest = std::min(smallest, p[order[i]] * factor / (static_cast<double>(i + 1) / n));
    adjusted[order[i]] = smallest;
  }
}

/// p_(i) (n-i+1), running maximum from the smallest.
void step_down(std::span<const double> p, const std::vector<std::int64_t>& order, std::vector<double>& adjusted) {
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, p[order[i]] * static_cast<double>(order.size() - i));
    adjusted[order[i]] = std::min(largest, 1.0);
  }
}

}  // namespace

Correction correction_named(std::string_view name) {
  if (name == "bonferroni") return Correction::bonferroni;
  if (name == "holm") return Correction::holm;
  if (name == "bh" || name == "benjamini-hochberg") return Correction::benjamini_hochberg;
  if (name == "by" || name == "benjamini-yekutieli") return Correction::benjamini_yekutieli;
  throw usage_error("multiple_testing", "unknown method \"" + std::string(name) + "\"",
                    "known: bonferroni, holm, bh, by");
}

std::vector<double> adjusted_p(std::span<const double> p, Correction correction) {
  check_p(p);
  const auto order = ascending(p);
  std::vector<double> adjusted(p.size());
  double harmonic = 0;
  for (std::size_t i = 1; i <= p.size(); ++i) harmonic += 1 / static_cast<double>(i);
  switch (correction) {
    case Correction::bonferroni:
      for (std::size_t i = 0; i < p.size(); ++i) adjusted[i] = std::min(1.0, p[i] * static_cast<double>(p.size()));
      break;
    case Correction::holm: step_down(p, order, adjusted); break;
    case Correction::benjamini_hochberg: step_up(p, order, 1, adjusted); break;
    case Correction::benjamini_yekutieli: step_up(p, order, harmonic, adjusted); break;
  }
  return adjusted;
}

double combined_p_stouffer(std::span<const double> p, std::span<const double> weights) {
  check_p(p);
  if (!weights.empty() && weights.size() != p.size())
    throw usage_error("combine_p", "the lengths of \"p\" and \"weights\" differ (shape)");
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    sum -= weight * normal_quantile(p[i]);
    squares += weight * weight;
  }
  if (!(squares > 0)) throw input_error("combine_p", "all weights are 0");
  if (std::isnan(sum)) throw input_error("combine_p", "p values of 0 and of 1 cannot be combined");
  return normal_sf(sum / std::sqrt(squares));
}

double combined_p_fisher(std::span<const double> p) {
  check_p(p);
  double statistic = 0;
  for (const double one : p) statistic -= 2 * std::log(one);
  return std::isinf(statistic) ? 0 : chi_square_sf(statistic, 2 * static_cast<double>(p.size()));
}

namespace {

Tensors adjust(const Arguments& args, const Tensors& in) {
  const double alpha = args.number("alpha");
  if (!(alpha > 0 && alpha < 1)) throw args.refuse("alpha " + number_text(alpha) + " is no level");
  const auto adjusted = adjusted_p(port(in, "p").doubles(), correction_named(args.text("method")));
  std::vector<std::int64_t> reject(adjusted.size());
  std::transform(adjusted.begin(), adjusted.end(), reject.begin(),
                 [alpha](double p) { return std::int64_t{p <= alpha}; });
  return {{"adjusted", Tensor::vector(adjusted)}, {"p", Tensor::vector(adjusted)}, {"reject", Tensor::vector(reject)}};
}

const Operation multiple_testing{
    .name = "multiple_testing",
    .aliases = {"adjust_p_values"},
    .room = "measure",
    .about = "p values adjusted for their number (statsmodels multipletests); port p is the same as adjusted",
    .arguments = {{"method", "text", "bh", "bh, by, bonferroni or holm; benjamini-hochberg, benjamini-yekutieli"},
                  {"alpha", "number", 0.05, "level of the column reject"}},
    .inputs = {{"p", "N"}},
    .outputs = {{"adjusted", "N"}, {"p", "N"}, {"reject", "N", "0 or 1"}},
    .nan_policy = NanPolicy::handle,
    .call = adjust};
CATON_REGISTER(Operation, multiple_testing);

Tensors combine(const Arguments& args, const Tensors& in) {
  const auto p = port(in, "p").doubles();
  const std::string& method = args.text("method");
  if (method == "fisher") return {{"p", Tensor::scalar(combined_p_fisher(p))}};
  if (method != "stouffer") throw args.refuse("unknown method \"" + method + "\"", "known: fisher, stouffer");
  const auto weights = in.count("weights") ? port(in, "weights").doubles() : std::vector<double>{};
  return {{"p", Tensor::scalar(combined_p_stouffer(p, weights))}};
}

const Operation combine_p{.name = "combine_p",
                          .room = "measure",
                          .about = "one p from independent ones (scipy.stats.combine_pvalues)",
                          .arguments = {{"method", "text", "stouffer", "stouffer or fisher"}},
                          .inputs = {{"p", "n"}, {"weights", "n", "", true}},
                          .outputs = {{"p", ""}},
                          .call = combine};
CATON_REGISTER(Operation, combine_p);

}  // namespace
}  // namespace caton
