// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/dataset_comparison.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace caton {
namespace {

std::string run_name(const RunFolder& run) { return run.study.at("name").text(); }

/// Of each plan of a run: its pipelines, and whether it leaks for any of them.
struct PlanAbout {
  std::set<std::string> pipelines;
  bool leaky = false;
};

std::vector<std::pair<std::string, PlanAbout>> plans_of(const RunFolder& run) {
  std::vector<std::pair<std::string, PlanAbout>> plans;
  for (const Json& block : run.metrics.at("evaluations").items()) {
    const std::string& name = block.at("plan").text();
    auto found = std::find_if(plans.begin(), plans.end(), [&](const auto& plan) { return plan.first == name; });
    if (found == plans.end()) found = plans.insert(plans.end(), {name, {}});
    found->second.pipelines.insert(block.at("pipeline").text());
    found->second.leaky = found->second.leaky || block.at("leaky").flag();
  }
  return plans;
}

const PlanAbout* find_plan(const std::vector<std::pair<std::string, PlanAbout>>& plans, const std::string& name) {
  for (const auto& [plan, about] : plans) {
    if (plan == name) return &about;
  }
  return nullptr;
}

/// What all runs share under one plan.
struct Shared {
  std::string plan;
  bool leaky = false;
  std::vector<std::string> pipelines;
};

Shared shared_under(const std::vector<RunFolder>& runs, const std::string& plan) {
  Shared shared{plan, false, {}};
  std::map<std::string, std::size_t> count;
  for (const RunFolder& run : runs) {
    const auto plans = plans_of(run);
    const PlanAbout* const about = find_plan(plans, plan);
    if (about == nullptr) return {};
    shared.leaky = shared.leaky || about->leaky;
    for (const auto& pipeline : about->pipelines) ++count[pipeline];
  }
  for (const auto& [pipeline, times] : count) {
    if (times == runs.size()) shared.pipelines.push_back(pipeline);
  }
  return shared;
}

Shared chosen(const std::vector<RunFolder>& runs, const std::string& wanted) {
  if (!wanted.empty()) {
    Shared shared = shared_under(runs, wanted);
    if (shared.plan.empty()) throw usage_error("--plan", "not every run has the plan \"" + printable(wanted) + "\"");
    return shared;
  }
  std::optional<Shared> leaky;
  for (const auto& [plan, about] : plans_of(runs.front())) {
    Shared shared = shared_under(runs, plan);
    if (shared.plan.empty()) continue;
    if (!shared.leaky) return shared;
    if (!leaky) leaky = std::move(shared);
  }
  if (!leaky) throw usage_error("compare", "the runs share no plan", "run the same recipe on each data set");
  return *leaky;
}

struct Scores {
  ScoreTable table;
  /// Sum and number of scores by data set and pipeline.
  std::map<std::pair<std::int64_t, std::int64_t>, std::pair<double, double>> means;
};

void add_scores(const RunFolder& run, std::int64_t dataset, const Shared& shared, std::optional<SessionScoreKind> kind,
                Scores& scores) {
  std::map<std::string, std::int64_t> subjects, sessions;
  const auto id = [](std::map<std::string, std::int64_t>& names, const std::string& name) {
    return names.emplace(name, static_cast<std::int64_t>(names.size())).first->second;
  };
  for (const Answers& answers : answers_of(run.predictions, (run.path / "predictions.csv").string())) {
    const auto place = std::lower_bound(shared.pipelines.begin(), shared.pipelines.end(), answers.pipeline);
    if (answers.plan != shared.plan || place == shared.pipelines.end() || *place != answers.pipeline) continue;
    const auto pipeline = static_cast<std::int64_t>(place - shared.pipelines.begin());
    for (const SessionScore& one : session_scores(answers, kind.value_or(usual_score(answers)))) {
      if (std::isnan(one.score))
        throw usage_error("compare", run_name(run) + ": the score of " + printable(one.subject) + " is undefined",
                          "use --score accuracy");
      scores.table.dataset.push_back(dataset);
      scores.table.subject.push_back(id(subjects, one.study + "\n" + one.subject));
      scores.table.session.push_back(id(sessions, one.session));
      scores.table.pipeline.push_back(pipeline);
      scores.table.score.push_back(one.score);
      auto& [sum, count] = scores.means[{dataset, pipeline}];
      sum += one.score;
      count += 1;
    }
  }
}

PipelineComparison comparison(const std::vector<RunFolder>& runs, const Shared& shared, const Scores& scores,
                              const MetaAnalysis& meta, std::int64_t a, std::int64_t b) {
  PipelineComparison pair{shared.pipelines[static_cast<std::size_t>(a)],
                          shared.pipelines[static_cast<std::size_t>(b)],
                          {},
                          meta.combined_effect(a, b),
                          meta.combined_p(a, b)};
  for (std::size_t d = 0; d < runs.size(); ++d) {
    const auto dataset = static_cast<std::int64_t>(d);
    const auto mean = [&](std::int64_t pipeline) {
      const auto& [sum, count] = scores.means.at({dataset, pipeline});
      return sum / count;
    };
    DatasetEffect effect{
        .dataset = run_name(runs[d]), .subjects = meta.subjects[d], .first = mean(a), .second = mean(b)};
    effect.effect = meta.effect(dataset, a, b);
    effect.p = meta.p(dataset, a, b);
    const auto people = static_cast<double>(effect.subjects);
    const double reach = student_t_quantile(0.95, people - 1) / std::sqrt(people);
    effect.low = effect.effect - reach;
    effect.high = effect.effect + reach;
    pair.datasets.push_back(effect);
  }
  return pair;
}

}  // namespace

DatasetComparison compare_datasets(const std::vector<RunFolder>& runs, const std::string& plan,
                                   std::optional<SessionScoreKind> kind) {
  if (runs.empty()) throw usage_error("compare", "at least one run is needed");
  std::set<std::string> names;
  for (const RunFolder& run : runs) {
    if (!names.insert(run_name(run)).second)
      throw usage_error(run.path.string(), "is a second run of \"" + printable(run_name(run)) + "\"",
                        "name one run for each data set");
  }
  const Shared shared = chosen(runs, plan);
  if (shared.pipelines.size() < 2)
    throw usage_error("compare", "under " + shared.plan + " the runs share fewer than two pipelines",
                      "run the same pipelines on each data set");
  Scores scores;
  for (std::size_t d = 0; d < runs.size(); ++d) add_scores(runs[d], static_cast<std::int64_t>(d), shared, kind, scores);
  const MetaAnalysis meta = meta_analysis(scores.table, {}, {}, RandomStream(0, "compare data sets"));
  DatasetComparison result{shared.plan, shared.leaky, {}};
  const auto count = static_cast<std::int64_t>(shared.pipelines.size());
  for (std::int64_t a = 0; a < count; ++a) {
    for (std::int64_t b = a + 1; b < count; ++b) result.pairs.push_back(comparison(runs, shared, scores, meta, a, b));
  }
  return result;
}

}  // namespace caton
