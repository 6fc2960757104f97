// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/runner.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/evaluate/audit.hpp"
#include "caton/evaluate/comparisons.hpp"
#include "caton/evaluate/inflation.hpp"
#include "caton/evaluate/label_checks.hpp"
#include "caton/evaluate/learning_curve.hpp"
#include "caton/evaluate/metrics_block.hpp"
#include "caton/evaluate/permuted_labels.hpp"
#include "caton/evaluate/plan_choice.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <set>
#include <thread>

namespace caton {
namespace {

/// One pipeline under one plan.
struct Evaluation {
  const PipelineSpec* pipeline = nullptr;
  Json plan;
  std::vector<Fold> folds;
  bool leaky = false;
  std::string twin;  ///< name of the honest plan it is held against
  Json control;      ///< accuracy on permuted labels, the pipeline fitted again; null: not done
  Json curve;        ///< accuracy by the size of the training set; null: not done

  [[nodiscard]] const std::string& plan_name() const { return plan.at("name").text(); }
};

std::string fold_key(const RunSpec& spec, const FoldTask& task, const PipelineSpec& pipeline) {
  std::string text =
      spec.key + "|" + task.pipeline + "|" + task.plan + "|" + std::to_string(task.fold) + "|" + pipeline.recipe.dump();
  for (const auto sample : task.train) text += "," + std::to_string(sample);
  text += "|";
  for (const auto sample : task.test) text += "," + std::to_string(sample);
  return sha256(text);
}

/// A fit holds its training side, the same enlarged by made samples, and what its decoder makes of it.
constexpr std::int64_t copies_of_a_fit = 4;

std::int64_t value_bytes(const SampleSet& samples) {
  std::int64_t bytes = 0;
  for (const auto& [name, block] : samples.blocks) bytes += static_cast<std::int64_t>(block.bytes());
  return bytes;
}

Columns columns_for(const PipelineSpec& pipeline) {
  return columns_of(pipeline.samples->origins, pipeline.samples->label);
}

Evaluation evaluation_of(const RunSpec& spec, const PipelineSpec& pipeline, const Json& plan) {
  Evaluation evaluation;
  evaluation.pipeline = &pipeline;
  evaluation.plan = plan;
  const Columns columns = columns_for(pipeline);
  evaluation.folds = folds_of(columns, plan, RandomStream(spec.seed, "plan/" + evaluation.plan_name()));
  refuse_absent_classes(columns, evaluation.folds, evaluation.plan_name());
  return evaluation;
}

Claim claim_for(const RunSpec& spec, const Json& plan) {
  return spec.unseen.empty() ? Claim{claim_of_plan(plan)} : claim_named(spec.unseen);
}

AuditInputs audit_inputs(const RunSpec& spec, const PipelineSpec& pipeline) {
  const double reach = pipeline.samples->filter_reach_s * pipeline.samples->rate_hz;
  return {.copies = spec.copies, .filter_reach_samples = static_cast<std::int64_t>(std::ceil(reach))};
}

AuditReport audit_of(const RunSpec& spec, const Evaluation& evaluation, const std::vector<AuditFold>& folds,
                     const AuditInputs& inputs) {
  const SampleSet& samples = *evaluation.pipeline->samples;
  return audit(samples.origins, samples.label, folds, claim_for(spec, evaluation.plan), inputs);
}

/// Whether the split itself leaks, known before anything is fitted: from origins and the fold table alone.
/// What the audit takes for the training side of a fold: nothing where nothing is learned.
std::vector<std::int64_t> learned_from(const Evaluation& evaluation, std::size_t fold) {
  return evaluation.pipeline->learns ? evaluation.folds[fold].train : std::vector<std::int64_t>{};
}

bool split_leaks(const RunSpec& spec, const Evaluation& evaluation) {
  const FitRecord nothing_fitted;
  std::vector<AuditFold> folds;
  for (std::size_t f = 0; f < evaluation.folds.size(); ++f) {
    folds.push_back(
        {static_cast<std::int64_t>(f), learned_from(evaluation, f), evaluation.folds[f].test, &nothing_fitted});
  }
  return audit_of(spec, evaluation, folds, audit_inputs(spec, *evaluation.pipeline)).verdict == Verdict::leaks;
}

/// What metrics.json says of permuted labels, for the audit; of labels on which the pipeline was fitted again, if it
/// was.
std::optional<PermutationControl> permutation_control(const Json& block) {
  const Json& chance = block.at("chance");
  const Json& score = block.at("metrics").at("accuracy").at("value");
  for (const char* const needed : {"value", "low", "high", "p_below"}) {
    if (!chance.has(needed) || chance.at(needed).is_null()) return std::nullopt;
  }
  PermutationControl control{.score = score.number(),
                             .chance = chance.at("value").number(),
                             .low = chance.at("low").number(),
                             .high = chance.at("high").number(),
                             .p_below = chance.at("p_below").number()};
  if (const Json& again = block.at("control"); !again.is_null()) {
    control.refitted = true;
    control.low = again.at("low").number();
    control.high = again.at("high").number();
  }
  return control;
}

/// What of the audit stands beside the figure itself.
Json leaks_of(const AuditReport& report) {
  Json leaks = Json::list();
  for (const AuditFinding& finding : report.findings) {
    if (finding.severity == Severity::note) continue;
    leaks.push(Json::object({{"code", finding.code},
                             {"severity", severity_name(finding.severity)},
                             {"size", finding.size},
                             {"what", finding.what}}));
  }
  return leaks;
}

/// What each fold chose inside its training set, by what inner score, and how it then did on the test set.
Json choices_of(const std::vector<FoldResult>& results, const Json& block) {
  Json choices = Json::list();
  for (std::size_t f = 0; f < results.size(); ++f) {
    for (const auto& selection : results[f].record.selections) {
      if (!selection.score) continue;
      choices.push(Json::object({{"fold", f},
                                 {"what", selection.what},
                                 {"chosen", selection.chosen},
                                 {"inner_score", *selection.score},
                                 {"accuracy", block.at("folds").items().at(f).at("accuracy")}}));
    }
  }
  return choices;
}

/// A study of one person or one session has no such twin.
bool possible(const RunSpec& spec, const PipelineSpec& pipeline, const Json& plan) {
  try {
    return !evaluation_of(spec, pipeline, plan).folds.empty();
  } catch (const Error&) {
    return false;
  }
}

/// Every pipeline under every plan, and the honest twins of the leaky ones.
/// Which are leaky is known before anything is fitted: from origins and the
/// fold table.
std::vector<Evaluation> all_evaluations(const RunSpec& spec) {
  std::vector<Evaluation> evaluations;
  for (const PipelineSpec& pipeline : spec.pipelines) {
    std::vector<Json> plans;
    for (const PlanSpec& plan : spec.plans) plans.push_back(plan.options);
    for (std::size_t p = 0; p < plans.size(); ++p) {
      Evaluation evaluation = evaluation_of(spec, pipeline, plans[p]);
      evaluation.leaky = split_leaks(spec, evaluation);
      const auto twins = evaluation.leaky ? honest_twins(plans[p]) : std::vector<Json>{};
      if (!twins.empty()) evaluation.twin = twins.front().at("name").text();
      evaluations.push_back(std::move(evaluation));
      if (!spec.twins || p >= spec.plans.size()) continue;
      for (const Json& twin : twins) {
        const bool known = std::any_of(plans.begin(), plans.end(),
                                       [&](const Json& plan) { return plan.at("name") == twin.at("name"); });
        if (!known && possible(spec, pipeline, twin)) plans.push_back(twin);
      }
    }
  }
  return evaluations;
}

std::vector<FoldTask> tasks_of(const Evaluation& evaluation) {
  std::vector<FoldTask> tasks;
  for (std::size_t f = 0; f < evaluation.folds.size(); ++f) {
    tasks.push_back({evaluation.pipeline->name, evaluation.plan_name(), static_cast<std::int64_t>(f),
                     evaluation.folds[f].train, evaluation.folds[f].test});
  }
  return tasks;
}

struct Job {
  FoldTask task;
  const PipelineSpec* pipeline = nullptr;
  bool explain = false;
  std::string held_out = "trial";  ///< what the plan's test sets hold new ones of
};

/// Slow pipelines first, so that no long fit is left alone at the end.
std::vector<Job> jobs_of(const RunSpec& spec, const std::vector<Evaluation>& evaluations,
                         const std::string& explained) {
  std::vector<Job> jobs;
  for (const bool quick : {false, true}) {
    for (const Evaluation& evaluation : evaluations) {
      if (evaluation.pipeline->quick != quick) continue;
      for (auto& task : tasks_of(evaluation)) {
        jobs.push_back({std::move(task), evaluation.pipeline, spec.explain && evaluation.plan_name() == explained,
                        unit_name(claim_of_plan(evaluation.plan))});
      }
    }
    for (const PipelineSpec& pipeline : spec.pipelines) {
      if (spec.final_fit && pipeline.quick == quick) jobs.push_back({final_task(pipeline), &pipeline, false});
    }
  }
  return jobs;
}

/// A transductive statistic is taken from the tested samples when they come; a fit cannot know them.
void add_tested_ids(const std::vector<std::int64_t>& tested, FitRecord& record) {
  for (auto& statistic : record.statistics) {
    if (statistic.name.find("(transductive)") == std::string::npos) continue;
    statistic.fitted_on.insert(statistic.fitted_on.end(), tested.begin(), tested.end());
  }
}

void run_job(const RunSpec& spec, const Job& job, const FoldStore& store, const std::string& key) {
  const SampleSet training = job.pipeline->samples->selected(job.task.train);
  const SampleSet test = job.pipeline->samples->selected(job.task.test);
  FoldResult result;
  FitContext context{.random = RandomStream(spec.seed, "fit/" + job.task.pipeline + "/" + job.task.plan,
                                            {static_cast<std::uint64_t>(job.task.fold)}),
                     .record = &result.record,
                     .state_folder = store.state_folder(job.task),
                     .held_out = job.held_out};
  const auto decoder = make_pipeline(job.pipeline->recipe);
  decoder->fit(training, context);
  if (decoder->transductive()) add_tested_ids(test.origins.id, result.record);
  const auto& before = job.pipeline->fitted_before;
  result.record.statistics.insert(result.record.statistics.end(), before.begin(), before.end());
  std::optional<Safetensors> explanation;
  if (job.task.test.empty()) {
    result.prediction.probability = Array<double, 2>({0, static_cast<std::int64_t>(training.classes.size())});
  } else {
    result.prediction = decoder->predict(test);
    if (job.explain) explanation = explanations_file(spec.explain(*decoder, training, test));
  }
  store.write(job.task, key, result, decoder->save(), explanation);
}

void run_jobs(const RunSpec& spec, const std::vector<Job>& jobs, const FoldStore& store, Progress& progress) {
  std::vector<std::string> keys;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    keys.push_back(fold_key(spec, jobs[i].task, *jobs[i].pipeline));
    const bool mine = static_cast<int>(i % static_cast<std::size_t>(spec.rank.size)) == spec.rank.rank;
    if (mine && !store.finished(jobs[i].task, keys[i])) open.push_back(i);
  }
  progress.begin("fitting " + std::to_string(jobs.size()) + " folds", static_cast<double>(jobs.size()));
  progress.step(static_cast<double>(jobs.size() - open.size()));
  thread_pool().parallel_for(static_cast<std::int64_t>(open.size()), [&](std::int64_t i) {
    const std::size_t which = open[static_cast<std::size_t>(i)];
    const Job& job = jobs[which];
    try {
      run_job(spec, job, store, keys[which]);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      throw Error(error.kind(),
                  job.task.pipeline + ", " + job.task.plan + ", fold " + std::to_string(job.task.fold + 1),
                  error.where().empty() ? error.problem() : error.where() + ": " + error.problem(), error.remedy());
    }
    progress.step();
  });
  // The other ranks' folds come through the shared folder.
  while (spec.rank.rank == 0) {
    bool all = true;
    for (std::size_t i = 0; all && i < jobs.size(); ++i) all = store.finished(jobs[i].task, keys[i]);
    if (all) break;
    check_interrupted();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  progress.finish();
}

/// Fits quick pipelines again on permuted labels, once for each evaluation; kept in the run folder until it is done.
void control_by_permutation(const RunSpec& spec, const Path& folder, std::vector<Evaluation>& evaluations,
                            Progress& progress) {
  if (spec.permutations == 0) return;
  progress.begin("fitting again on permuted labels", static_cast<double>(evaluations.size()));
  for (Evaluation& evaluation : evaluations) {
    progress.step();
    if (!evaluation.pipeline->quick) continue;
    const PermutedRequest request{evaluation.pipeline, evaluation.plan_name(),
                                  &evaluation.folds,   spec.permutations,
                                  spec.seed,           unit_name(claim_of_plan(evaluation.plan))};
    const Path kept =
        folder / "state" / (sha256(spec.key + "|" + request.pipeline->name + "|" + evaluation.plan.dump()) + ".json");
    if (std::filesystem::exists(kept)) {
      evaluation.control = parse_json(read_text_file(kept, limits::json_bytes), kept.string());
      continue;
    }
    evaluation.control = permuted_json(accuracy_on_permuted_labels(request));
    write_file(kept, evaluation.control.dump());
  }
  progress.finish();
}

/// Answers of all folds of one evaluation, in the order fold, sample.
Answers fold_answers(const Evaluation& evaluation, const std::vector<FoldResult>& results) {
  const SampleSet& samples = *evaluation.pipeline->samples;
  Answers answers{.pipeline = evaluation.pipeline->name, .plan = evaluation.plan_name(), .classes = samples.classes};
  const auto classes = static_cast<std::int64_t>(samples.classes.size());
  std::int64_t count = 0, row = 0;
  for (const Fold& fold : evaluation.folds) count += static_cast<std::int64_t>(fold.test.size());
  answers.probability = Array<double, 2>({count, classes}, uninitialised);
  for (std::size_t f = 0; f < results.size(); ++f) {
    for (std::size_t i = 0; i < evaluation.folds[f].test.size(); ++i, ++row) {
      const auto sample = evaluation.folds[f].test[i];
      answers.fold.push_back(static_cast<std::int64_t>(f));
      answers.sample.push_back(samples.origins.id[static_cast<std::size_t>(sample)]);
      answers.study.push_back(samples.origins.study.at(sample));
      answers.subject.push_back(samples.origins.subject.at(sample));
      answers.session.push_back(samples.origins.session.at(sample));
      answers.trial.push_back(samples.origins.trial.at(sample));
      answers.label.push_back(samples.label[static_cast<std::size_t>(sample)]);
      answers.predicted.push_back(results[f].prediction.label[i]);
      for (std::int64_t k = 0; k < classes; ++k) {
        answers.probability(row, k) = results[f].prediction.probability(static_cast<std::int64_t>(i), k);
      }
    }
  }
  return answers;
}

FoldResult fitted_on_part(const RunSpec& spec, const Evaluation& evaluation, std::size_t fold,
                          const std::vector<std::int64_t>& part) {
  const PipelineSpec& pipeline = *evaluation.pipeline;
  FoldResult result;
  FitContext context{.random = RandomStream(spec.seed, "fit/" + pipeline.name + "/" + evaluation.plan_name(),
                                            {static_cast<std::uint64_t>(fold)}),
                     .record = &result.record,
                     .held_out = unit_name(claim_of_plan(evaluation.plan))};
  const auto decoder = make_pipeline(pipeline.recipe);
  decoder->fit(pipeline.samples->selected(part), context);
  result.prediction = decoder->predict(pipeline.samples->selected(evaluation.folds[fold].test));
  return result;
}

/// What is counted: an answer a sample, or one a trial where the pipeline decides so.
Answers decisions(const Evaluation& evaluation, const std::vector<FoldResult>& results) {
  Answers answers = fold_answers(evaluation, results);
  return evaluation.pipeline->decide_by_trial ? decided_by_trial(answers) : answers;
}

/// Accuracy on the same test sets from parts of the training sets; a part that the decoder refuses says why.
Json curve_of(const RunSpec& spec, const Evaluation& evaluation, const FoldStore& store) {
  const auto& shares = spec.learning_curve;
  const auto folds = static_cast<std::int64_t>(evaluation.folds.size());
  const auto tasks = tasks_of(evaluation);
  std::vector<NestedTraining> nested;
  for (std::size_t f = 0; f < evaluation.folds.size(); ++f)
    nested.push_back(nested_training(*evaluation.pipeline->samples, evaluation.folds[f].train,
                                     unit_name(claim_of_plan(evaluation.plan)), shares,
                                     RandomStream(spec.seed, "learning curve/" + evaluation.plan_name(), {f})));
  Json points = Json::list();
  for (std::size_t s = 0; s < shares.size(); ++s) {
    std::vector<FoldResult> results(evaluation.folds.size());
    std::vector<std::string> refused(evaluation.folds.size());
    thread_pool().parallel_for(folds, [&](std::int64_t i) {
      const auto f = static_cast<std::size_t>(i);
      const auto& part = nested[f].parts[s];
      try {
        results[f] = part.size() == evaluation.folds[f].train.size()
                         ? store.read(tasks[f], static_cast<std::int64_t>(evaluation.pipeline->samples->classes.size()))
                         : fitted_on_part(spec, evaluation, f, part);
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        refused[f] = error.what();
      }
    });
    double units = 0, samples = 0;
    for (const NestedTraining& one : nested) {
      units += static_cast<double>(one.units[s]) / static_cast<double>(folds);
      samples += static_cast<double>(one.parts[s].size()) / static_cast<double>(folds);
    }
    const auto problem = std::find_if(refused.begin(), refused.end(), [](const auto& text) { return !text.empty(); });
    Json accuracy = problem == refused.end()
                        ? metrics_block(decisions(evaluation, results)).at("metrics").at("accuracy")
                        : Json::object({{"value", Json{}}, {"low", Json{}}, {"high", Json{}}, {"undefined", *problem}});
    points.push(Json::object({{"share", shares[s]},
                              {"units", units},
                              {"unit", nested.front().unit},
                              {"samples", samples},
                              {"accuracy", std::move(accuracy)}}));
  }
  return points;
}

void add_learning_curves(const RunSpec& spec, const Path& folder, const FoldStore& store,
                         std::vector<Evaluation>& evaluations, Progress& progress) {
  if (spec.learning_curve.empty()) return;
  progress.begin("learning curves", static_cast<double>(evaluations.size()));
  for (Evaluation& evaluation : evaluations) {
    const Path kept =
        folder / "state" /
        (sha256(spec.key + "|curve|" + evaluation.pipeline->name + "|" + evaluation.plan.dump()) + ".json");
    if (std::filesystem::exists(kept)) {
      evaluation.curve = parse_json(read_text_file(kept, limits::json_bytes), kept.string());
    } else {
      evaluation.curve = curve_of(spec, evaluation, store);
      write_file(kept, evaluation.curve.dump());
    }
    progress.step();
  }
  progress.finish();
}

std::string widest_honest_plan(const std::vector<Evaluation>& evaluations) {
  std::string best;
  int widest = -1;
  for (const Evaluation& evaluation : evaluations) {
    const int width = static_cast<int>(claim_of_plan(evaluation.plan));
    if (evaluation.leaky || width <= widest) continue;
    widest = width;
    best = evaluation.plan_name();
  }
  return best;
}

std::int64_t tested_windows(const Evaluation& evaluation) {
  std::int64_t count = 0;
  for (const auto& fold : evaluation.folds) count += static_cast<std::int64_t>(fold.test.size());
  return count;
}

struct Measured {
  Json block, audit;
  Answers answers;
  Findings findings;  ///< about the labels
};

Measured measured(const RunSpec& spec, const Evaluation& evaluation, const FoldStore& store) {
  const SampleSet& samples = *evaluation.pipeline->samples;
  std::vector<FoldResult> results;
  std::vector<AuditFold> folds;
  for (const auto& task : tasks_of(evaluation))
    results.push_back(store.read(task, static_cast<std::int64_t>(samples.classes.size())));
  for (std::size_t f = 0; f < results.size(); ++f)
    folds.push_back(
        {static_cast<std::int64_t>(f), learned_from(evaluation, f), evaluation.folds[f].test, &results[f].record});
  Measured one;
  one.answers = decisions(evaluation, results);
  const bool by_trial = evaluation.pipeline->decide_by_trial;
  const std::string name = evaluation.pipeline->name, plan = evaluation.plan_name();
  one.block = metrics_block(one.answers);
  one.findings = label_findings(one.answers);
  one.block["control"] = evaluation.control;
  one.block["decision"] = Json::object(
      {{"unit", unit_name(by_trial ? Unit::trial : Unit::sample)},
       {"windows", tested_windows(evaluation)},
       {"combined", by_trial ? Json("mean log probability of the windows of a trial in the fold") : Json{}}});
  if (!evaluation.curve.is_null()) one.block["learning_curve"] = evaluation.curve;
  if (const Json choices = choices_of(results, one.block); choices.size() > 0) one.block["choices"] = choices;
  AuditInputs inputs = audit_inputs(spec, *evaluation.pipeline);
  inputs.permutation = permutation_control(one.block);
  const AuditReport report = audit_of(spec, evaluation, folds, inputs);
  one.audit = Json::object({{"pipeline", name}, {"plan", plan}});
  const Json told = to_json(report);
  for (const auto& [key, value] : told.members()) one.audit[key] = value;
  one.block["leaky"] = report.verdict == Verdict::leaks;
  one.block["leaks"] = leaks_of(report);
  one.block["unseen"] = unit_name(claim_for(spec, evaluation.plan).unseen);
  return one;
}

void add_twin(const RunSpec& spec, const Evaluation& evaluation, const std::vector<Evaluation>& evaluations,
              std::vector<Measured>& all, std::size_t which) {
  all[which].block["twin"] = Json{};
  if (evaluation.twin.empty()) return;
  for (std::size_t other = 0; other < evaluations.size(); ++other) {
    if (evaluations[other].pipeline != evaluation.pipeline || evaluations[other].plan_name() != evaluation.twin)
      continue;
    all[which].block["twin"] =
        inflation(all[which].answers, all[other].answers, evaluation.twin,
                  RandomStream(spec.seed, "inflation/" + evaluation.pipeline->name + "/" + evaluation.plan_name()));
  }
}

std::string overall_verdict(const std::vector<Measured>& all) {
  std::string verdict = "clean";
  for (const Measured& one : all) {
    const std::string& own = one.audit.at("verdict").text();
    if (own == "leaks") return own;
    if (own != "clean") verdict = own;
  }
  return verdict;
}

/// Folds whose class mix is far from the whole: told once a plan, whatever the pipelines and however many folds.
void add_class_mix(const Evaluation& evaluation, Findings& findings) {
  Findings mix = class_mix_findings(columns_for(*evaluation.pipeline), evaluation.folds, evaluation.plan_name());
  if (mix.empty()) return;
  constexpr std::size_t most = 3;
  if (mix.size() > most) {
    mix.front().what +=
        " (and " + std::to_string(mix.size() - 1) + " more of " + std::to_string(evaluation.folds.size()) + " folds)";
    mix.resize(1);
  }
  for (Finding& finding : mix) {
    if (std::find(findings.begin(), findings.end(), finding) == findings.end()) findings.push_back(std::move(finding));
  }
}

}  // namespace

Rank rank_of_environment() {
  for (const auto& [rank, size] : {std::pair{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                   {"PMI_RANK", "PMI_SIZE"},
                                   {"SLURM_PROCID", "SLURM_NTASKS"}}) {
    const char* const own = std::getenv(rank);
    const char* const all = std::getenv(size);
    if (own == nullptr || all == nullptr) continue;
    const auto r = parse_integer(own), n = parse_integer(all);
    if (r && n && *r >= 0 && *r < *n) return {static_cast<int>(*r), static_cast<int>(*n)};
  }
  return {};
}

FoldTask final_task(const PipelineSpec& pipeline) {
  FoldTask task{pipeline.name, "final", 0, {}, {}};
  for (std::int64_t i = 0; i < pipeline.samples->size(); ++i) task.train.push_back(i);
  return task;
}

RunNeed need_of(const RunSpec& spec) {
  RunNeed need;
  for (const Evaluation& evaluation : all_evaluations(spec)) {
    const bool asked = std::any_of(spec.plans.begin(), spec.plans.end(),
                                   [&](const PlanSpec& plan) { return plan.name == evaluation.plan_name(); });
    const auto folds = static_cast<std::int64_t>(evaluation.folds.size());
    need.evaluations.push_back({evaluation.pipeline->name, evaluation.plan_name(), evaluation.pipeline->samples->size(),
                                folds, evaluation.leaky, !asked});
    need.fits += folds * (evaluation.pipeline->quick ? 1 + spec.permutations : 1);
  }
  if (spec.final_fit) need.fits += static_cast<std::int64_t>(spec.pipelines.size());
  std::set<const SampleSet*> sets;
  std::int64_t largest = 0;
  for (const PipelineSpec& pipeline : spec.pipelines) {
    const std::int64_t bytes = value_bytes(*pipeline.samples);
    largest = std::max(largest, bytes);
    if (sets.insert(pipeline.samples.get()).second) need.memory_bytes += bytes;
  }
  need.memory_bytes += copies_of_a_fit * largest * thread_count();
  return need;
}

std::optional<RunOutcome> run_folds(const RunSpec& spec, const Path& folder, Progress& progress) {
  const FoldStore store(folder);
  auto evaluations = all_evaluations(spec);
  const std::string explained = spec.explain_plan.empty() ? widest_honest_plan(evaluations) : spec.explain_plan;
  run_jobs(spec, jobs_of(spec, evaluations, explained), store, progress);
  if (spec.rank.rank != 0) return std::nullopt;
  control_by_permutation(spec, folder, evaluations, progress);
  add_learning_curves(spec, folder, store, evaluations, progress);

  std::vector<Measured> all(evaluations.size());
  progress.begin("measuring and auditing", static_cast<double>(evaluations.size()));
  thread_pool().parallel_for(static_cast<std::int64_t>(all.size()), [&](std::int64_t i) {
    all[static_cast<std::size_t>(i)] = measured(spec, evaluations[static_cast<std::size_t>(i)], store);
    progress.step();
  });
  progress.finish();
  RunOutcome outcome;
  outcome.explained_plan = explained;
  Json blocks = Json::list(), audits = Json::list();
  std::vector<Answers> answers;
  for (std::size_t i = 0; i < all.size(); ++i) add_twin(spec, evaluations[i], evaluations, all, i);
  for (std::size_t i = 0; i < all.size(); ++i) {
    blocks.push(all[i].block);
    audits.push(all[i].audit);
    answers.push_back(std::move(all[i].answers));
    for (auto& task : tasks_of(evaluations[i])) outcome.folds.push_back(std::move(task));
    add_class_mix(evaluations[i], outcome.findings);
    outcome.findings.insert(outcome.findings.end(), all[i].findings.begin(), all[i].findings.end());
  }
  outcome.predictions = answers_table(answers);
  outcome.metrics = Json::object(
      {{"evaluations", blocks}, {"comparisons", comparisons(answers, RandomStream(spec.seed, "comparisons"))}});
  outcome.audit = Json::object({{"verdict", overall_verdict(all)}, {"evaluations", audits}});
  return outcome;
}

}  // namespace caton
