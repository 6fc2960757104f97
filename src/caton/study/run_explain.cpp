// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/run_explain.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/explain/occlusion.hpp"
#include "caton/explain/projection.hpp"
#include "caton/explain/tables.hpp"
#include "caton/explain/truth.hpp"

#include <algorithm>
#include <map>

namespace caton {
namespace {

constexpr const char* drop_probability = "occlusion-probability";
constexpr const char* drop_accuracy = "occlusion-accuracy";
constexpr const char* pooled_features = "pooled-features";
constexpr const char* attention_name = "attention";

Explanation part_by_sample(const char* name, const Occlusion& occlusion, const Array<double, 2>& values) {
  Explanation explanation{
      .name = name, .axes = {"part", "sample"}, .ticks = {{}, {}}, .values = Tensor::of(values), .unit = "share"};
  for (const OccludedPart& part : occlusion.parts) explanation.ticks[0].push_back(part.electrode + "\t" + part.band);
  for (std::int64_t i = 0; i < values.extent(1); ++i) explanation.ticks[1].push_back(std::to_string(i));
  return explanation;
}

Occlusion occlusion_of(const Explanation& probability, const Explanation& accuracy, const SampleSet& test) {
  Occlusion occlusion;
  for (const auto& tick : probability.ticks[0]) {
    const auto parts = split(tick, '\t');
    occlusion.parts.push_back({parts.at(0), parts.at(1)});
  }
  occlusion.drop_probability = probability.values.array<2>(drop_probability);
  occlusion.drop_accuracy = accuracy.values.array<2>(drop_accuracy);
  for (std::int64_t i = 0; i < test.size(); ++i) {
    occlusion.subject.push_back(test.origins.subject.at(i));
    occlusion.trial.push_back(test.origins.subject.at(i) + "/" + test.origins.trial.at(i));
  }
  return occlusion;
}

using Named = std::map<std::string, Explanation>;

Named named(std::vector<Explanation> explanations) {
  Named map;
  for (auto& explanation : explanations) map.emplace(explanation.name, std::move(explanation));
  return map;
}

/// Explanations of all folds of one pipeline under the explained plan.
struct Explained {
  std::vector<Named> folds;
  std::vector<const FoldTask*> tasks;
};

Explained explained_of(const RunOutcome& outcome, const std::string& pipeline, const FoldStore& store) {
  Explained explained;
  for (const FoldTask& task : outcome.folds) {
    if (task.pipeline != pipeline || task.plan != outcome.explained_plan) continue;
    const auto file = store.explanation(task);
    if (!file) continue;
    explained.folds.push_back(named(explanations_of(*file)));
    explained.tasks.push_back(&task);
  }
  return explained;
}

/// Mean over folds, each weighted by its number of test samples; the folds'
/// axes are the same.
std::optional<Explanation> mean_over_folds(const Explained& explained, const std::string& name) {
  std::optional<Explanation> mean;
  double weight = 0;
  std::vector<double> sum;
  for (std::size_t f = 0; f < explained.folds.size(); ++f) {
    const auto found = explained.folds[f].find(name);
    if (found == explained.folds[f].end()) return std::nullopt;
    const auto values = found->second.values.doubles();
    const auto n = static_cast<double>(explained.tasks[f]->test.size());
    if (!mean) {
      mean = found->second;
      sum.assign(values.size(), 0);
    }
    if (values.size() != sum.size()) return std::nullopt;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += n * values[i];
    weight += n;
  }
  if (!mean) return std::nullopt;
  for (double& value : sum) value /= weight;
  mean->values = Tensor(mean->values.shape(), sum);
  return mean;
}

std::string verdict_for(const RunOutcome& outcome, const std::string& pipeline, const std::string& plan) {
  for (const auto& evaluation : outcome.audit.at("evaluations").items()) {
    if (evaluation.at("pipeline").text() == pipeline && evaluation.at("plan").text() == plan)
      return evaluation.at("verdict").text();
  }
  return "cannot tell";
}

void add_truth(const RunSpec& spec, const ExplainedResult& result, const Json& study, const Tables& own,
               Tables& tables) {
  const Json& truth = study.at("truth");
  if (truth.is_null()) return;
  std::map<std::string, double> weights;
  for (const auto& [name, weight] : truth.at("electrodes").members()) weights[name] = weight.number();
  std::vector<TruthMatch> matches;
  if (const auto found = own.find("attention_" + folder_name(result.pipeline)); found != own.end()) {
    const ElectrodeMap map = attention_received(found->second);
    matches.push_back(match_truth("attention received", map.electrodes, map.values, weights, spec.seed));
  }
  if (const auto found = own.find("occlusion_" + folder_name(result.pipeline)); found != own.end()) {
    const ElectrodeMap map = occlusion_by_electrode(found->second);
    matches.push_back(match_truth("occlusion", map.electrodes, map.values, weights, spec.seed));
  }
  if (!matches.empty()) tables["truth_" + folder_name(result.pipeline)] = truth_table(result, matches);
}

void add_features(const ExplainedResult& result, const Explained& explained, const SampleSet& samples, Tables& tables) {
  // Every fold has a space of its own; the first is shown.
  const SampleSet test = samples.selected(explained.tasks.front()->test);
  const auto found = explained.folds.front().find(pooled_features);
  PrincipalPlane plane;
  std::string space = "input features";
  if (found != explained.folds.front().end()) {
    space = "pooled features of the network";
    const auto values = found->second.values.array<2>(pooled_features);
    Array<float, 2> pooled(values.extents());
    std::transform(values.begin(), values.end(), pooled.begin(),
                   [](double value) { return static_cast<float>(value); });
    plane = principal_plane(pooled.view());
  } else {
    plane = principal_plane(test.flat());
  }
  tables["features2d_" + folder_name(result.pipeline)] =
      features_table(result, std::to_string(explained.tasks.front()->fold), space, plane, test);
}

void add_explanations(const RunSpec& spec, const PipelineSpec& pipeline, const RunOutcome& outcome, const Json& study,
                      const FoldStore& store, Tables& tables) {
  const Explained explained = explained_of(outcome, pipeline.name, store);
  if (explained.folds.empty()) return;
  const ExplainedResult result{pipeline.name, outcome.explained_plan,
                               verdict_for(outcome, pipeline.name, outcome.explained_plan)};
  const std::string name = folder_name(pipeline.name);
  for (const auto& [key, first] : explained.folds.front()) {
    if (key == drop_probability || key == drop_accuracy || key == pooled_features) continue;
    const auto mean = mean_over_folds(explained, key);
    if (!mean) continue;
    if (key == attention_name)
      tables["attention_" + name] = attention_table(result, *mean);
    else
      tables["explain_" + name + "_" + folder_name(key)] = explanation_table(result, *mean);
  }
  Occlusion all;
  for (std::size_t f = 0; f < explained.folds.size(); ++f) {
    Occlusion one = occlusion_of(explained.folds[f].at(drop_probability), explained.folds[f].at(drop_accuracy),
                                 pipeline.samples->selected(explained.tasks[f]->test));
    if (f == 0)
      all = std::move(one);
    else
      all.append(one);
  }
  tables["occlusion_" + name] = occlusion_table(result, summarise(all, spec.seed));
  add_features(result, explained, *pipeline.samples, tables);
  add_truth(spec, result, study, tables, tables);
}

/// Rows of a fold's curve.csv as named values.
std::vector<Json> curve_of(const Path& file) {
  std::vector<Json> rows;
  if (!std::filesystem::exists(file)) return rows;
  const Table table = read_table(file, ',');
  for (const auto& cells : table.rows) {
    Json row = Json::object();
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (const auto value = parse_number(cells[c])) row[table.header[c]] = *value;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void add_curves(const RunOutcome& outcome, const FoldStore& store, Tables& tables) {
  std::map<std::pair<std::string, std::string>, std::vector<std::vector<Json>>> curves;
  for (const FoldTask& task : outcome.folds)
    curves[{task.pipeline, task.plan}].push_back(curve_of(store.folder(task) / "curve.csv"));
  for (const auto& [which, folds] : curves) {
    if (std::all_of(folds.begin(), folds.end(), [](const auto& rows) { return rows.empty(); })) continue;
    const ExplainedResult result{which.first, which.second, verdict_for(outcome, which.first, which.second)};
    tables["curve_" + folder_name(which.first) + "_" + folder_name(which.second)] = curve_table(result, folds);
  }
}

}  // namespace

std::vector<Explanation> explain_fold(const Decoder& decoder, const SampleSet& training, const SampleSet& test) {
  std::vector<Explanation> explanations = decoder.explain(test);
  const Occlusion occlusion = occlude(decoder, test, training_mean(training));
  explanations.push_back(part_by_sample(drop_probability, occlusion, occlusion.drop_probability));
  explanations.push_back(part_by_sample(drop_accuracy, occlusion, occlusion.drop_accuracy));
  return explanations;
}

void write_tables(const RunSpec& spec, const RunOutcome& outcome, const Json& study, const Path& folder) {
  const FoldStore store(folder);
  Tables tables = study_tables(study);
  tables.merge(result_tables(outcome.metrics, outcome.audit, study));
  for (const PipelineSpec& pipeline : spec.pipelines) add_explanations(spec, pipeline, outcome, study, store, tables);
  add_curves(outcome, store, tables);
  for (const auto& [name, table] : tables) write_file(folder / "tables" / (name + ".csv"), table_text(table));
}

}  // namespace caton
