// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/run.hpp"

#include "caton/base/error.hpp"
#include "caton/base/finding_json.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/memory_allowance.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/base/toml.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/evaluate/runner.hpp"
#include "caton/report/report.hpp"
#include "caton/study/measured_study.hpp"
#include "caton/study/run_explain.hpp"
#include "caton/study/run_lock.hpp"
#include "caton/study/study_about.hpp"
#include "caton/study/versions.hpp"

#include <chrono>
#include <cstdlib>
#include <map>

namespace caton {
namespace {

const char* const more_memory =
    "use fewer --threads, longer window steps or fewer pipelines, or allow more with --memory GB";

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

const DatasetEntry& layout_of(const Recipe& recipe) { return *Registry<DatasetEntry>::instance().find(recipe.dataset); }

/// The study's folder: --data, the recipe's own path, $CATON_DATA/<dataset>;
/// empty where the layout needs none.
Path data_folder(const Recipe& recipe, const RunOptions& options) {
  if (options.data) return *options.data;
  if (recipe.path) return *recipe.path;
  if (const char* const root = std::getenv("CATON_DATA")) return Path(root) / recipe.dataset;
  if (layout_of(recipe).needs_folder) {
    throw usage_error("study", "where the data of \"" + recipe.dataset + "\" lie is not said",
                      "use --data DIR, path in [study], or $CATON_DATA; see caton datasets " + recipe.dataset);
  }
  return {};
}

/// Distinct inputs of the pipelines, and which each pipeline takes.
struct Inputs {
  std::vector<FeatureChoice> choices;
  std::vector<std::size_t> of_pipeline;
};

Inputs inputs_of(const Recipe& recipe) {
  Inputs inputs;
  std::vector<std::string> seen;
  for (const auto& pipeline : recipe.pipelines) {
    const std::string text = pipeline.input.dump();
    const auto found = std::find(seen.begin(), seen.end(), text);
    inputs.of_pipeline.push_back(static_cast<std::size_t>(found - seen.begin()));
    if (found != seen.end()) continue;
    seen.push_back(text);
    inputs.choices.push_back(feature_choice(pipeline.input));
  }
  return inputs;
}

MeasureRequest measure_request(const Recipe& recipe, const std::vector<std::string>& study_channels) {
  MeasureRequest request;
  request.channels = recipe.channels.empty() ? study_channels : recipe.channels;
  request.steps = prepare_steps(recipe.prepare_steps);
  request.window_length_s = recipe.window_length_s;
  request.window_step_s = recipe.window_step_s;
  request.copies = recipe.duplicates == "keep"              ? CopyRule::keep
                   : recipe.duplicates == "leave-out-first" ? CopyRule::leave_out_first
                                                            : CopyRule::leave_out_second;
  return request;
}

std::string run_key(const Recipe& recipe, const MeasuredStudy& measured) {
  std::string text = recipe.resolved.dump() + "|" + program_version();
  if (measured.recordings.empty()) text += "|" + measured.samples.front().digest();
  for (const auto& recording : measured.recordings) text += "|" + recording.digest;
  return sha256(text);
}

/// runs/<name>-<digest of the recipe>: known before any data are read.
Path run_target(const Recipe& recipe, const RunOptions& options) {
  if (options.output) return options.output->filename().empty() ? options.output->parent_path() : *options.output;
  return Path("runs") / (recipe.name + "-" + sha256(recipe.resolved.dump()).substr(0, 10));
}

std::string verdict_of(const Path& folder) {
  const Json audit =
      parse_json(read_text_file(folder / "audit.json", limits::json_bytes), (folder / "audit.json").string());
  return audit.at("verdict").text();
}

/// Whether the folder holds this recipe's finished run; another recipe's is
/// refused.
bool complete_already(const Recipe& recipe, const Path& target, bool force) {
  if (!std::filesystem::exists(target)) return false;
  const Path file = target / "recipe.toml";
  if (!std::filesystem::exists(file)) {
    throw usage_error(target.string(), "exists and is no run folder", "name another place with -o");
  }
  const std::string theirs = read_text_file(file, limits::recipe_bytes), ours = to_toml(recipe.resolved);
  if (theirs != ours && !force) {
    throw usage_error(target.string(),
                      "holds the run of another recipe (" + sha256(theirs).substr(0, 10) + ", this one is " +
                          sha256(ours).substr(0, 10) + ")",
                      "name another place with -o, or --force to replace it");
  }
  return !force;
}

/// The samples after steps that were fitted on all of them, and what these steps saw.
void fit_before_split(const Recipe& recipe, const Json& steps, PipelineSpec& spec) {
  if (recipe.final_fit)
    throw usage_error("pipeline \"" + spec.name + "\"", "before_split is made to show a leak and has no final fit",
                      "set final = false in [evaluate]");
  SampleSet samples = *spec.samples;
  FitRecord record;
  FitContext context{.random = RandomStream(recipe.seed, "before split/" + spec.name), .record = &record};
  for (const Json& step : steps.items("before_split")) {
    const auto transform = make_transform(step);
    transform->fit(samples, context);
    samples = transform->apply_to_training(samples);
  }
  spec.samples = std::make_shared<const SampleSet>(std::move(samples));
  spec.fitted_before = std::move(record.statistics);
}

std::vector<PipelineSpec> pipeline_specs(const Recipe& recipe, const Inputs& inputs, MeasuredStudy& measured) {
  std::vector<std::shared_ptr<const SampleSet>> sets;
  for (auto& set : measured.samples) sets.push_back(std::make_shared<const SampleSet>(std::move(set)));
  std::vector<PipelineSpec> specs;
  for (std::size_t p = 0; p < recipe.pipelines.size(); ++p) {
    const auto& pipeline = recipe.pipelines[p];
    const auto* const entry = Registry<DecoderEntry>::instance().find(pipeline.decoder.at("name").text());
    if (entry->needs_networks) open_networks();
    specs.push_back({pipeline.name, sets[inputs.of_pipeline[p]],
                     Json::object({{"steps", pipeline.steps}, {"decoder", pipeline.decoder}}), entry->quick});
    specs.back().decide_by_trial = pipeline.decide == "trial";
    if (!pipeline.search.is_null()) {
      specs.back().recipe["search"] = pipeline.search;
      specs.back().quick = false;
    }
    specs.back().learns = entry->learns || pipeline.steps.size() > 0 || !pipeline.before_split.is_null();
    if (!pipeline.before_split.is_null()) fit_before_split(recipe, pipeline.before_split, specs.back());
  }
  return specs;
}

RunSpec run_spec(const Recipe& recipe, const Study& study, const MeasuredStudy& measured,
                 std::vector<PipelineSpec> pipelines) {
  RunSpec spec;
  spec.seed = recipe.seed;
  spec.key = run_key(recipe, measured);
  spec.pipelines = std::move(pipelines);
  for (const auto& plan : recipe.plans) spec.plans.push_back({plan.name, plan.options});
  spec.unseen = recipe.unseen;
  spec.label_of_person = study.label_of_person;
  spec.twins = recipe.twins;
  spec.final_fit = recipe.final_fit;
  spec.permutations = recipe.permutations;
  spec.learning_curve = recipe.learning_curve;
  spec.metrics = recipe.metrics;
  spec.explain_plan = recipe.explain_plan;
  spec.rank = rank_of_environment();
  if (recipe.duplicates == "keep") {
    for (const Copy& copy : measured.copies) {
      spec.copies.emplace_back(study.recordings[static_cast<std::size_t>(copy.first)].id,
                               study.recordings[static_cast<std::size_t>(copy.second)].id);
    }
  }
  if (recipe.explain) {
    spec.explain = explain_fold;
  }
  return spec;
}

/// What the decoder expects of a recording, checked by `predict`.
Json expectation_json(const Recipe& recipe, const Recipe::Pipeline& pipeline, const MeasuredStudy& measured,
                      const SampleSet& samples) {
  if (measured.recordings.empty()) {
    return Json::object({{"format", input_format}, {"pipeline", pipeline.name}, {"input", pipeline.input}});
  }
  std::size_t kept = 0;
  while (measured.left_out.count(static_cast<std::int64_t>(kept)) != 0) ++kept;
  Json channels = Json::list();
  for (const auto& channel : measured.recordings[kept].channels) {
    channels.push(Json::object({{"name", channel.name}, {"unit_known", channel.unit != "unknown"}}));
  }
  return Json::object({{"format", input_format},
                       {"pipeline", pipeline.name},
                       {"channels", channels},
                       {"rate_hz", measured.recordings[kept].rate_hz},
                       {"classes", Json::list_of(samples.classes)},
                       {"input", pipeline.input},
                       {"prepare", recipe.prepare_steps},
                       {"window_length_s", recipe.window_length_s},
                       {"window_step_s", recipe.window_step_s},
                       {"steps", pipeline.steps},
                       {"decoder", pipeline.decoder}});
}

void write_json(const Path& file, const Json& value) { write_file(file, value.dump(1) + "\n"); }

void write_final(const Recipe& recipe, const RunSpec& spec, const MeasuredStudy& measured, const Path& folder) {
  const FoldStore store(folder);
  for (std::size_t p = 0; p < spec.pipelines.size(); ++p) {
    const PipelineSpec& pipeline = spec.pipelines[p];
    const Path from = store.folder(final_task(pipeline)), to = folder / "final" / folder_name(pipeline.name);
    std::filesystem::create_directories(to);
    std::filesystem::copy_file(from / "model.safetensors", to / "model.safetensors",
                               std::filesystem::copy_options::overwrite_existing);
    write_json(to / "input.json", expectation_json(recipe, recipe.pipelines[p], measured, *pipeline.samples));
  }
}

/// What a killed process had begun to write beside its final name.
void remove_unfinished(const Path& folder) {
  std::error_code ignored;
  for (const Path& path : all_entries_of(folder)) {
    const std::string name = path.filename().string();
    if (name.front() == '.' && name.find(".partial-") != std::string::npos) std::filesystem::remove_all(path, ignored);
  }
}

/// Puts the finished folder in its place.
void put_in_place(const Path& partial, const Path& target, bool force) {
  std::error_code problem;
  std::filesystem::remove_all(partial / "state", problem);
  remove_unfinished(partial);
  if (force) std::filesystem::remove_all(target, problem);
  std::filesystem::rename(partial, target, problem);
  if (problem)
    throw machine_error(target.string(), "cannot be put in place (" + problem.message() + ")",
                        "the results lie in " + partial.string());
}

/// A layout that makes samples itself: nothing to read, nothing to prepare.
std::pair<Study, MeasuredStudy> given_samples(const Recipe& recipe, const DatasetEntry& layout, const Inputs& inputs) {
  for (const auto& pipeline : recipe.pipelines) {
    if (pipeline.input.at("name").text() == "given") continue;
    throw usage_error("pipeline \"" + pipeline.name + "\"", "the layout " + layout.name + " makes its samples itself",
                      "use input = \"given\"");
  }
  std::pair<Study, MeasuredStudy> made;
  const SampleSet samples = layout.samples(recipe.dataset_options);
  made.first.name = recipe.dataset;
  made.first.classes = samples.classes;
  made.second.samples.assign(inputs.choices.size(), samples);
  return made;
}

std::pair<Study, MeasuredStudy> study_and_samples(const Recipe& recipe, const RunOptions& options, const Inputs& inputs,
                                                  Progress& progress) {
  const DatasetEntry& layout = layout_of(recipe);
  if (layout.samples != nullptr) return given_samples(recipe, layout, inputs);
  const Path folder = data_folder(recipe, options);
  if (!folder.empty() && !std::filesystem::is_directory(folder)) {
    throw input_error(folder.string(), "is no folder", "see caton datasets " + layout.name);
  }
  Study study = layout.open(folder, recipe.dataset_options);
  MeasureRequest request = measure_request(recipe, study.channels);
  request.inputs = inputs.choices;
  MeasuredStudy measured = measure_study(study, request, progress);
  return {std::move(study), std::move(measured)};
}

}  // namespace

RunPlan plan_run(const Recipe& recipe, const RunOptions& options, Progress& progress) {
  const Inputs inputs = inputs_of(recipe);
  auto [study, measured] = study_and_samples(recipe, options, inputs, progress);
  RunPlan plan;
  plan.recordings = static_cast<std::int64_t>(measured.recordings.size());
  for (const RecordingAbout& recording : measured.recordings) plan.signal_s += recording.duration_s;
  plan.need = need_of(run_spec(recipe, study, measured, pipeline_specs(recipe, inputs, measured)));
  return plan;
}

RunResult run_study(const Recipe& recipe, const RunOptions& options, Progress& progress) {
  const Path target = run_target(recipe, options);
  if (complete_already(recipe, target, options.force))
    return {target, true, verdict_of(target), rank_of_environment().rank == 0};
  const auto begin = Clock::now();
  const Path partial = target.string() + ".partial";
  const Rank rank = rank_of_environment();
  const RunLock lock(partial, rank.rank == 0, options.force);
  const Inputs inputs = inputs_of(recipe);
  auto [study, measured] = study_and_samples(recipe, options, inputs, progress);
  const double read_s = seconds_since(begin);
  const RunSpec spec = run_spec(recipe, study, measured, pipeline_specs(recipe, inputs, measured));
  require_memory(need_of(spec).memory_bytes, recipe.name, more_memory);
  auto outcome = run_folds(spec, partial, progress);
  if (!outcome) return {target, false, {}, false};
  const double folds_s = seconds_since(begin) - read_s;

  Findings findings = measured.findings;
  findings.insert(findings.end(), outcome->findings.begin(), outcome->findings.end());
  write_file(partial / "recipe.toml", to_toml(recipe.resolved));
  const Json about = study_json(recipe, study, measured, spec);
  write_json(partial / "study.json", about);
  write_json(partial / "findings.json", findings_json(findings));
  write_json(partial / "metrics.json", outcome->metrics);
  write_json(partial / "audit.json", outcome->audit);
  write_file(partial / "predictions.csv", table_text(outcome->predictions));
  write_json(partial / "versions.json", versions_json());
  if (recipe.final_fit) write_final(recipe, spec, measured, partial);
  write_tables(spec, *outcome, about, partial);
  write_json(partial / "timing.json", Json::object({{"reading_s", read_s},
                                                    {"recordings_from_cache", measured.from_cache},
                                                    {"folds_s", folds_s},
                                                    {"total_s", seconds_since(begin)},
                                                    {"threads", thread_count()}}));
  write_file(partial / "report.html", report_html(read_run_folder(partial)));
  lock.release();
  put_in_place(partial, target, options.force);
  return {target, false, outcome->audit.at("verdict").text(), true};
}

}  // namespace caton
