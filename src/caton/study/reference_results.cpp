// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/reference_results.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/measure/area_interval.hpp"
#include "caton/study/recipe.hpp"
#include "caton/study/run.hpp"

#include <algorithm>
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
      {"trial", "text", "", "only predictions of trials whose name holds this text"},
      {"fold", "integer", Json{}, "only predictions of this fold"},
      {"correct", "integer", 0, "right predictions"},
      {"total", "integer", 0, "predictions"},
      {"auc", "number", Json{}, "area under the receiver operating characteristic"},
      {"auc_interval", "list", Json{}, "[low, high] of the reference's area"},
      {"positive", "text", "", "the class whose probability counts for the area"},
      {"tolerance", "number", 0.0, "in predictions, or in area"},
      {"rule", "text", "tolerance", "tolerance; or interval: ours must lie in the reference's"},
      {"leak", "flag", false, "made to show a leak"},
      {"reason", "text", "", "code of the audit that a leak must be called by"},
      {"told", "text", "", "code that the audit must name without calling it a leak"},
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
  result.trial = text("trial");
  result.reason = text("reason");
  result.told = text("told");
  if (!line.at("fold").is_null()) result.fold = line.at("fold").integer(where);
  if (const Json& given_interval = line.at("auc_interval"); !given_interval.is_null()) {
    const auto edges = given_interval.numbers(where);
    if (edges.size() != 2) throw usage_error(where, "auc_interval is [low, high]");
    result.area_interval = Interval{edges[0], edges[1]};
  }
  const std::string rule = text("rule");
  if (rule != "tolerance" && rule != "interval") throw usage_error(where, "rule is tolerance or interval");
  result.by_interval = rule == "interval";
  if (result.leak && result.reason.empty()) throw usage_error(where, "a leak needs its reason, a code of the audit");
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

/// What is run on what.
struct Task {
  std::string recipe, data;
};

Run run_recipe(const Task& task, const Path& recipes, const Path& data, const Path& output, Progress& progress) {
  try {
    const std::string name = Path(task.recipe).stem().string();
    const Recipe recipe = read_recipe(safe_join(recipes, task.recipe, "recipe"));
    const RunResult result =
        run_study(recipe, {.data = safe_join(data, task.data, "data"), .output = output / name}, progress);
    return {std::make_unique<RunFolder>(read_run_folder(result.folder)), ""};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return {nullptr, error.what()};
  }
}

void add_audit(const ReferenceLine& line, const RunFolder& run, ReferenceOutcome& outcome) {
  for (const Json& evaluation : run.audit.at("evaluations").items()) {
    if (evaluation.at("pipeline").text() != line.pipeline || evaluation.at("plan").text() != line.plan) continue;
    outcome.leaky = evaluation.at("verdict").text() == "leaks";
    for (const Json& finding : evaluation.at("findings").items()) {
      outcome.codes.push_back(finding.at("code").text());
      if (finding.at("severity").text() == "stop") outcome.stops.push_back(outcome.codes.back());
    }
  }
}

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

ReferenceFinding finding_of(const Json& given, const std::string& where) {
  const Json table = complete_options(where,
                                      {{"about", "text", "", "for a person"},
                                       {"recipe", "text", "", "file beside the table"},
                                       {"data", "text", "", "folder below the data folder"},
                                       {"code", "text", "", "of the finding"},
                                       {"says", "list", Json::list(), "texts that its place or sentence hold"}},
                                      {}, given);
  const auto text = [&](const char* key) { return table.at(key).text(where); };
  ReferenceFinding finding{text("about"), text("recipe"), text("data"), text("code"), table.at("says").texts(where)};
  if (finding.recipe.empty() || finding.code.empty()) throw usage_error(where, "recipe and code are needed");
  return finding;
}

}  // namespace

ReferenceTable read_reference_table(const Path& file) {
  const std::string where = file.string();
  const Json given = parse_toml(read_text_file(file, limits::json_bytes), where);
  ReferenceTable table;
  for (const Json& line : given.at("line", where).items(where))
    table.lines.push_back(line_of(line, where + ": line " + std::to_string(table.lines.size() + 1)));
  if (const Json* const findings = given.find("finding"))
    for (const Json& finding : findings->items(where))
      table.findings.push_back(finding_of(finding, where + ": finding " + std::to_string(table.findings.size() + 1)));
  return table;
}

Interval ReferenceLine::interval() const {
  if (auc) return area_interval.value_or(Interval{*auc, *auc});
  return wilson(correct, total);
}

std::string found_in(const ReferenceFinding& wanted, const Json& findings) {
  for (const Json& finding : findings.items()) {
    if (finding.at("code").text() != wanted.code) continue;
    const std::string text = finding.at("where").text() + ": " + finding.at("what").text();
    const bool all = std::all_of(wanted.says.begin(), wanted.says.end(),
                                 [&](const std::string& part) { return text.find(part) != std::string::npos; });
    if (all) return text;
  }
  return {};
}

ReferenceOutcome outcome_of(const ReferenceLine& line, const Table& predictions) {
  const std::string where = "predictions of " + line.recipe;
  const auto pipeline = predictions.column("pipeline", where), plan = predictions.column("plan", where),
             subject = predictions.column("subject", where), y = predictions.column("y", where),
             label = predictions.column("label", where), trial = predictions.column("trial", where),
             fold = predictions.column("fold", where);
  const std::size_t probability = line.auc ? predictions.column("p_" + line.positive, where) : 0;
  ReferenceOutcome outcome;
  std::vector<double> score;
  std::vector<std::int64_t> positive;
  for (const auto& row : predictions.rows) {
    if (row[pipeline] != line.pipeline || row[plan] != line.plan) continue;
    if (!line.subject.empty() && row[subject] != line.subject) continue;
    if (row[trial].find(line.trial) == std::string::npos) continue;
    if (line.fold && row[fold] != std::to_string(*line.fold)) continue;
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
  outcome.interval = wilson(outcome.correct, outcome.total);
  if (line.auc) {
    const AreaInterval area = area_interval(score, positive);
    if (!area.defined) return outcome;
    outcome.auc = area.value;
    outcome.interval = {area.low, area.high};
  }
  return outcome;
}

bool reached(const ReferenceLine& line, const ReferenceOutcome& outcome) {
  if (!outcome.problem.empty() || outcome.leaky != line.leak) return false;
  if (line.leak && !holds(outcome.stops, line.reason)) return false;
  if (!line.told.empty() && (!holds(outcome.codes, line.told) || holds(outcome.stops, line.told))) return false;
  if (line.by_interval && !line.auc) {
    const Interval wanted = line.interval();
    const double share = static_cast<double>(outcome.correct) / static_cast<double>(outcome.total);
    return outcome.total == line.total && share >= wanted.low && share <= wanted.high;
  }
  if (line.auc) return outcome.auc && std::abs(*outcome.auc - *line.auc) <= line.tolerance + 5e-4;
  return outcome.total == line.total && std::abs(static_cast<double>(outcome.correct - line.correct)) <= line.tolerance;
}

ReferenceOutcomes reference_outcomes(const ReferenceTable& table, const Path& recipes, const Path& data,
                                     const Path& output, Progress& progress) {
  std::map<std::string, Run> runs;
  const auto run_of = [&](const std::string& recipe, const std::string& folder) -> const Run& {
    auto found = runs.find(recipe);
    if (found == runs.end())
      found = runs.emplace(recipe, run_recipe({recipe, folder}, recipes, data, output, progress)).first;
    return found->second;
  };
  ReferenceOutcomes outcomes;
  for (const ReferenceLine& line : table.lines) {
    ReferenceOutcome outcome;
    try {
      const Run& run = run_of(line.recipe, line.data);
      if (run.folder == nullptr) throw input_error(line.recipe, run.problem);
      outcome = outcome_of(line, run.folder->predictions);
      add_audit(line, *run.folder, outcome);
    } catch (const Error& error) {
      outcome.problem = error.what();
    }
    outcomes.lines.push_back(std::move(outcome));
  }
  for (const ReferenceFinding& finding : table.findings) {
    const Run& run = run_of(finding.recipe, finding.data);
    outcomes.findings.push_back(run.folder == nullptr ? "" : found_in(finding, run.folder->findings));
  }
  return outcomes;
}

}  // namespace caton
