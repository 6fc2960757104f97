// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/stopping.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

constexpr std::size_t fewest_wrong = 3;

void require_share(const char* what, double value) {
  if (!(value >= 0 && value <= 1))
    throw usage_error("stopping_bayes", std::string(what) + " " + number_text(value) + " lies outside 0 … 1");
}

double share_of_correct(std::span<const double> correct, std::span<const double> wrong) {
  return static_cast<double>(correct.size()) / static_cast<double>(correct.size() + wrong.size());
}

}  // namespace

KernelDensity::KernelDensity(std::span<const double> values) : values_(values.begin(), values.end()) {
  const auto count = static_cast<double>(values_.size());
  double sum = 0, squares = 0;
  for (const double value : values_) sum += value;
  for (const double value : values_) squares += (value - sum / count) * (value - sum / count);
  width_ = std::pow(count, -0.2) * std::sqrt(squares / (count - 1));
  if (values_.size() < 2 || !(width_ > 0) || !std::isfinite(1 / width_))
    throw input_error("stopping_bayes", "a density needs at least 2 different scores");
}

double KernelDensity::at(double x) const {
  double sum = 0;
  for (const double value : values_) sum += std::exp(-0.5 * (x - value) * (x - value) / (width_ * width_));
  return sum / (static_cast<double>(values_.size()) * width_ * std::sqrt(2 * std::numbers::pi));
}

BayesStopping::BayesStopping(std::span<const double> correct, std::span<const double> wrong,
                             std::optional<double> prior, double threshold)
    : correct_(correct), prior_(prior.value_or(share_of_correct(correct, wrong))), threshold_(threshold) {
  require_share("prior", prior_);
  require_share("threshold", threshold_);
  if (wrong.size() >= fewest_wrong) wrong_.emplace(wrong);
}

StoppingDecision BayesStopping::decide(double largest_score) const {
  StoppingDecision result{.density_correct = correct_.at(largest_score),
                          .density_wrong = wrong_ ? wrong_->at(largest_score) : 0};
  const double right = prior_ * result.density_correct, wrong = (1 - prior_) * result.density_wrong;
  // A score that neither density knows is no reason to stop.
  result.posterior = right + wrong > 0 ? right / (right + wrong) : 0;
  result.stop = result.posterior >= threshold_;
  return result;
}

StoppingCost stopping_cost(std::span<const double> score, double threshold) {
  if (score.size() < 2) throw usage_error("stopping_cost", "classes must be at least 2");
  std::vector<double> sorted(score.begin(), score.end());
  std::sort(sorted.rbegin(), sorted.rend());
  double sum = 0, exponentials = 0;
  for (const double value : score) {
    sum += value;
    exponentials += std::exp(value - sorted.front());
  }
  const double log_sum = sorted.front() + std::log(exponentials);
  StoppingCost result{.reject = sum - static_cast<double>(score.size()) * log_sum, .best = sorted[0] - sorted[1]};
  result.stop = -result.reject * threshold > -result.best;
  return result;
}

namespace {

Tensors run_bayes(const Arguments& args, const Tensors& in) {
  const auto correct = vector_port(args, in, "correct"), x = vector_port(args, in, "x");
  const auto wrong = port(in, "wrong").doubles();
  const BayesStopping model(correct, wrong, optional_number(args, "prior"), args.number("threshold"));
  std::vector<double> right, false_, posterior;
  std::vector<std::int64_t> stop;
  for (const double value : x) {
    const auto decision = model.decide(value);
    right.push_back(decision.density_correct);
    false_.push_back(decision.density_wrong);
    posterior.push_back(decision.posterior);
    stop.push_back(decision.stop ? 1 : 0);
  }
  return {{"density_correct", Tensor::vector(right)},
          {"density_wrong", Tensor::vector(false_)},
          {"posterior", Tensor::vector(posterior)},
          {"stop", Tensor::vector(stop)}};
}

Tensors run_cost(const Arguments& args, const Tensors& in) {
  const MatrixPort score(args, in, "score");
  const Matrix rows(score.view());
  std::vector<double> reject, best;
  std::vector<std::int64_t> stop;
  for (std::int64_t n = 0; n < rows.extent(0); ++n) {
    const auto cost = stopping_cost({&rows(n, 0), static_cast<std::size_t>(rows.extent(1))}, args.number("threshold"));
    reject.push_back(cost.reject);
    best.push_back(cost.best);
    stop.push_back(cost.stop ? 1 : 0);
  }
  return {{"cost_reject", Tensor::vector(reject)}, {"cost_best", Tensor::vector(best)}, {"stop", Tensor::vector(stop)}};
}

const Operation bayes_operation{
    .name = "stopping_bayes",
    .room = "decode/ssvep",
    .about = "Probability that deciding now is right, from training scores (MetaBCI dynamic_stopping bayes.py)",
    .arguments = {{.name = "prior", .type = "number", .standard = Json{}, .about = "accuracy in training"},
                  {.name = "threshold", .type = "number", .standard = 0.95}},
    .inputs = {{.name = "correct", .shape = "P", .unit = "1"},
               {.name = "wrong", .shape = "Q", .unit = "1"},
               {.name = "x", .shape = "N", .unit = "1"}},
    .outputs = {{.name = "density_correct", .shape = "N"},
                {.name = "density_wrong", .shape = "N"},
                {.name = "posterior", .shape = "N", .unit = "1"},
                {.name = "stop", .shape = "N"}},
    .call = run_bayes,
};
CATON_REGISTER(Operation, bayes_operation);

const Operation cost_operation{
    .name = "stopping_cost",
    .room = "decode/ssvep",
    .about = "Whether deciding now costs less than going on (MetaBCI dynamic_stopping ce.py)",
    .arguments = {{.name = "threshold", .type = "number"}},
    .inputs = {{.name = "score", .shape = "N K", .unit = "1"}},
    .outputs = {{.name = "cost_reject", .shape = "N"},
                {.name = "cost_best", .shape = "N"},
                {.name = "stop", .shape = "N"}},
    .call = run_cost,
};
CATON_REGISTER(Operation, cost_operation);

}  // namespace

}  // namespace caton
