// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/table.hpp"
#include "caton/evaluate/fold_store.hpp"
#include "caton/samples/fit_context.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace caton {

/// A pipeline with the samples it learns from; `recipe` is a table of `steps` and `decoder`.
struct PipelineSpec {
  std::string name;
  std::shared_ptr<const SampleSet> samples;
  Json recipe;
  bool quick = true;  ///< fits take moments; slow ones are started first
  /// What had been fitted on all samples before any split: part of the record of every fold.
  std::vector<FitRecord::Statistic> fitted_before = {};
  bool learns = true;            ///< otherwise its answers do not depend on training: nothing of it can leak
  bool decide_by_trial = false;  ///< one answer for all windows of a trial in a fold (`decided_by_trial`)
};

/// A split plan with its complete options (`study/plan_choice.hpp`).
struct PlanSpec {
  std::string name;
  Json options;
};

/// One process among several that share a run folder (`mpirun`, `srun`).
struct Rank {
  int rank = 0, size = 1;
};
/// From OMPI_COMM_WORLD_RANK, PMI_RANK or SLURM_PROCID and their sizes; 0 of 1 without them.
[[nodiscard]] Rank rank_of_environment();

struct RunSpec {
  std::uint64_t seed = 0;
  std::string key;  ///< digest of recipe, inputs and version: folds of another run are not taken
  std::vector<PipelineSpec> pipelines;
  std::vector<PlanSpec> plans;
  std::string unseen;  ///< the claim; empty: what each plan holds out
  bool label_of_person = false;
  bool twins = true;              ///< run the leak-free twin of every leaky plan
  std::int64_t permutations = 0;  ///< quick pipelines are fitted again on so many permutations of the labels
  bool final_fit = true;
  std::vector<double> learning_curve = {};  ///< shares of each training set to learn from as well, ascending
  std::vector<std::pair<std::string, std::string>> copies;  ///< recordings in the study that are copies of each other
  std::vector<std::string> metrics;
  std::string explain_plan;  ///< empty: the honest plan with the widest claim
  Rank rank;
  /// Explains a fitted decoder on the samples of a fold's test side; nothing: no explanations.
  std::function<std::vector<Explanation>(const Decoder& decoder, const SampleSet& training, const SampleSet& test)>
      explain;
};

/// What the folds came to, ready to be written.
struct RunOutcome {
  Json metrics;       ///< metrics.json
  Json audit;         ///< audit.json
  Table predictions;  ///< predictions.csv
  std::vector<FoldTask> folds;
  std::string explained_plan;
  Findings findings;  ///< of plans (class mix of folds)
};

/// What a run is going to do, known before anything is fitted.
struct RunNeed {
  struct Planned {
    std::string pipeline, plan;
    std::int64_t samples = 0, folds = 0;
    bool leaky = false, twin = false;  ///< a twin was added to judge a leaky plan by
  };
  std::vector<Planned> evaluations;
  std::int64_t fits = 0;          ///< folds, final fits, and refits on permuted labels of quick pipelines
  std::int64_t memory_bytes = 0;  ///< sample sets, and what fits side by side copy of them
};
[[nodiscard]] RunNeed need_of(const RunSpec& spec);

/// Fits and predicts all folds that are not finished yet, in parallel and shared over ranks, then measures and audits.
/// The result does not depend on threads, ranks or on how often it was interrupted. Ranks other than 0 return without
/// an outcome once their folds are done.
[[nodiscard]] std::optional<RunOutcome> run_folds(const RunSpec& spec, const Path& folder, Progress& progress);

/// Where the final fit of a pipeline is kept.
[[nodiscard]] FoldTask final_task(const PipelineSpec& pipeline);

}  // namespace caton
