// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/permuted_labels.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/evaluate/answers.hpp"
#include "caton/measure/chance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {
namespace {

Exchange exchange_of(const SampleSet& samples) {
  const Columns columns = columns_of(samples.origins, samples.label);
  return exchangeable(samples.label, numbered_units(columns, Unit::trial), numbered_units(columns, Unit::subject));
}

/// Trials of the test set that are decided rightly, and all of them.
void add_decided(const SampleSet& test, const Prediction& prediction, double& right, double& all) {
  const auto trial = numbered_units(columns_of(test.origins, test.label), Unit::trial);
  const Decided trials = decided(trial, prediction.probability.view());
  const Prediction answers = prediction_of(trials.probability);
  for (std::size_t u = 0; u < trials.first.size(); ++u)
    right += answers.label[u] == test.label[static_cast<std::size_t>(trials.first[u])] ? 1 : 0;
  all += static_cast<double>(trials.first.size());
}

/// One permutation: every fold fitted and tested. A fold whose training lost a class by chance is left out.
double accuracy_of(const PermutedRequest& request, const Exchange& exchange, std::int64_t permutation) {
  const RandomStream random(request.seed, "permuted/" + request.pipeline->name + "/" + request.plan,
                            {static_cast<std::uint64_t>(permutation)});
  RandomStream order = random.derive("labels");
  SampleSet samples = *request.pipeline->samples;
  samples.label = permuted_labels(exchange, order);
  double right = 0, all = 0;
  for (std::size_t f = 0; f < request.folds->size(); ++f) {
    check_interrupted();
    const Fold& fold = (*request.folds)[f];
    const SampleSet test = samples.selected(fold.test);
    FitRecord record;
    FitContext context{.random = random.derive("fit", {f}), .record = &record, .held_out = request.held_out};
    const auto decoder = make_pipeline(request.pipeline->recipe);
    try {
      decoder->fit(samples.selected(fold.train), context);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      continue;
    }
    const Prediction prediction = decoder->predict(test);
    if (request.pipeline->decide_by_trial) {
      add_decided(test, prediction, right, all);
      continue;
    }
    for (std::size_t i = 0; i < fold.test.size(); ++i) right += prediction.label[i] == test.label[i] ? 1 : 0;
    all += static_cast<double>(fold.test.size());
  }
  return all > 0 ? right / all : std::nan("");
}

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<double> accuracy_on_permuted_labels(const PermutedRequest& request) {
  const Exchange exchange = exchange_of(*request.pipeline->samples);
  if (!exchange.possible) return {};
  std::vector<double> accuracy(static_cast<std::size_t>(request.permutations));
  thread_pool().parallel_for(request.permutations, [&](std::int64_t p) {
    accuracy[static_cast<std::size_t>(p)] = accuracy_of(request, exchange, p);
  });
  std::erase_if(accuracy, [](double value) { return std::isnan(value); });
  return accuracy;
}

Json permuted_json(std::vector<double> accuracy) {
  if (accuracy.empty()) return Json{};
  std::sort(accuracy.begin(), accuracy.end());
  const double mean = std::accumulate(accuracy.begin(), accuracy.end(), 0.0) / static_cast<double>(accuracy.size());
  return Json::object({{"permutations", accuracy.size()},
                       {"mean", mean},
                       {"low", quantile(accuracy, 0.025)},
                       {"high", quantile(accuracy, 0.975)},
                       {"refitted", true}});
}

}  // namespace caton
