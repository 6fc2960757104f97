// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/reference_results.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/measure/metrics.hpp"
#include "caton/study/recipe.hpp"
#include "caton/study/run.hpp"

#include <cmath>
#include <map>
#include <memory>

namespace caton {
namespace {

const std::vector<RecipeKey>& line_keys() {
  static const std::vector<RecipeKey> keys{
      {"task", "text", "", "recordings and classes"},
      {"method", "text", "", "in words"},
      {"split", "text", "", "in words"},
      {"recipe", "text", "", "file beside the table"},
      {"data", "text", "", "folder below the data folder"},
      {"pipeline", "text", "", "of the recipe"},
      {"plan", "text", "", "of the recipe"},
      {"subject", "text", "", "only this one's predictions"},
      {"correct", "integer", 0, "right predictions"},
      {"total", "integer", 0, "predictions"},
      {"auc", "number", Json{}, "area under the receiver operating characteristic"},
      {"positive", "text", "", "the class whose probability counts for the area"},
      {"tolerance", "number", 0.0, "in predictions, or in area"},
      {"leak", "flag", false, "made to show a leak"},
  };
  return keys;
}

ReferenceLine line_of(const Json& given, const std::string& where) {
  const Json line = complete_options(where, line_keys(), {}, given);
  const auto text = [&](const char* key) { return line.at(key).text(where); };
  ReferenceLine result{.task = text("task"),
                       .method = text("method"),
                       .split = text("split"),
                       .recipe = text("recipe"),
                       .data = text("data"),
                       .pipeline = text("pipeline"),
                       .plan = text("plan"),
                       .subject = text("subject")};
  result.correct = line.at("correct").integer(where);
  result.total = line.at("total").integer(where);
  if (!line.at("auc").is_null()) result.auc = line.at("auc").number(where);
  result.positive = text("positive");
  result.tolerance = line.at("tolerance").number(where);
  result.leak = line.at("leak").flag(where);
  if (!result.auc && result.total < 1) throw usage_error(where, "neither total nor auc is given");
  if (result.recipe.empty() || result.pipeline.empty() || result.plan.empty())
    throw usage_error(where, "recipe, pipeline and plan are needed");
  return result;
}

/// One recipe's run folder, or why there is none.
struct Run {
  std::unique_ptr<RunFolder> folder;
  std::string problem;
};

Run run_recipe(const ReferenceLine& line, const Path& recipes, const Path& data, const Path& output,
               Progress& progress) {
  try {
    const std::string name = Path(line.recipe).stem().string();
    const Recipe recipe = read_recipe(safe_join(recipes, line.recipe, "recipe"));
    const RunResult result =
        run_study(recipe, {.data = safe_join(data, line.data, "data"), .output = output / name}, progress);
    return {std::make_unique<RunFolder>(read_run_folder(result.folder)), ""};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return {nullptr, error.what()};
  }
}

bool is_leaky(const ReferenceLine& line, const RunFolder& run) {
  for (const Json& evaluation : run.metrics.at("evaluations").items()) {
    if (evaluation.at("pipeline").text() == line.pipeline && evaluation.at("plan").text() == line.plan)
      return evaluation.at("leaky").flag();
  }
  return false;
}

}  // namespace

std::vector<ReferenceLine> read_reference_lines(const Path& file) {
  const std::string where = file.string();
  const Json table = parse_toml(read_text_file(file, limits::json_bytes), where);
  std::vector<ReferenceLine> lines;
  for (const Json& line : table.at("line", where).items(where))
    lines.push_back(line_of(line, where + ": line " + std::to_string(lines.size() + 1)));
  return lines;
}

ReferenceOutcome outcome_of(const ReferenceLine& line, const Table& predictions) {
  const std::string where = "predictions of " + line.recipe;
  const auto pipeline = predictions.column("pipeline", where), plan = predictions.column("plan", where),
             subject = predictions.column("subject", where), y = predictions.column("y", where),
             label = predictions.column("label", where);
  const std::size_t probability = line.auc ? predictions.column("p_" + line.positive, where) : 0;
  ReferenceOutcome outcome;
  std::vector<double> score;
  std::vector<std::int64_t> positive;
  for (const auto& row : predictions.rows) {
    if (row[pipeline] != line.pipeline || row[plan] != line.plan) continue;
    if (!line.subject.empty() && row[subject] != line.subject) continue;
    ++outcome.total;
    outcome.correct += row[y] == row[label] ? 1 : 0;
    if (!line.auc) continue;
    const auto value = parse_number(row[probability]);
    if (!value) throw input_error(where, "\"" + printable(row[probability]) + "\" is no number");
    score.push_back(*value);
    positive.push_back(row[y] == line.positive ? 1 : 0);
  }
  if (outcome.total == 0) {
    throw input_error(where, "they hold none of pipeline \"" + line.pipeline + "\", plan \"" + line.plan + "\"" +
                                 (line.subject.empty() ? "" : ", subject \"" + line.subject + "\""));
  }
  if (line.auc) {
    const Measure area = auroc(score, positive);
    if (area.defined()) outcome.auc = area.value;
  }
  return outcome;
}

bool reached(const ReferenceLine& line, const ReferenceOutcome& outcome) {
  if (!outcome.problem.empty() || outcome.leaky != line.leak) return false;
  if (line.auc) return outcome.auc && std::abs(*outcome.auc - *line.auc) <= line.tolerance + 5e-4;
  return outcome.total == line.total && std::abs(static_cast<double>(outcome.correct - line.correct)) <= line.tolerance;
}

std::vector<ReferenceOutcome> reference_outcomes(const std::vector<ReferenceLine>& lines, const Path& recipes,
                                                 const Path& data, const Path& output, Progress& progress) {
  std::map<std::string, Run> runs;
  std::vector<ReferenceOutcome> outcomes;
  for (const ReferenceLine& line : lines) {
    auto found = runs.find(line.recipe);
    if (found == runs.end()) found = runs.emplace(line.recipe, run_recipe(line, recipes, data, output, progress)).first;
    ReferenceOutcome outcome;
    try {
      if (found->second.folder == nullptr) throw input_error(line.recipe, found->second.problem);
      outcome = outcome_of(line, found->second.folder->predictions);
      outcome.leaky = is_leaky(line, *found->second.folder);
    } catch (const Error& error) {
      outcome.problem = error.what();
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace caton
