// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/benchmark.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/study/recipe.hpp"
#include "caton/study/run.hpp"

#include <algorithm>

namespace caton {
namespace {

const std::vector<RecipeKey>& task_keys() {
  static const std::vector<RecipeKey> keys{
      {"task", "text", "", "in words"},
      {"recipe", "text", "", "file beside the table"},
      {"data", "text", "", "folder below the data folder"},
      {"reference", "text", "", "the pipeline that the others are held against"},
      {"score", "text", "accuracy", "accuracy or roc-auc"},
  };
  return keys;
}

BenchmarkTask task_of(const Json& given, const std::string& where) {
  const Json task = complete_options(where, task_keys(), {}, given);
  const auto text = [&](const char* key) {
    const std::string value = task.at(key).text(where);
    if (value.empty()) throw usage_error(where, std::string("\"") + key + "\" is missing");
    return value;
  };
  return {text("task"), text("recipe"), text("data"), text("reference"), session_score_named(text("score"))};
}

bool leaks(const RunFolder& run, const std::string& pipeline, const std::string& plan) {
  const auto& evaluations = run.metrics.at("evaluations").items();
  return std::any_of(evaluations.begin(), evaluations.end(), [&](const Json& one) {
    return one.at("pipeline").text() == pipeline && one.at("plan").text() == plan && one.at("leaky").flag();
  });
}

/// Answers by plan, in the order in which plans first stand.
std::vector<std::vector<Answers>> by_plan(const RunFolder& run) {
  std::vector<std::vector<Answers>> plans;
  for (Answers& answers : answers_of(run.predictions, (run.path / "predictions.csv").string())) {
    auto found =
        std::find_if(plans.begin(), plans.end(), [&](const auto& plan) { return plan.front().plan == answers.plan; });
    if (found == plans.end()) found = plans.insert(plans.end(), std::vector<Answers>{});
    found->push_back(std::move(answers));
  }
  return plans;
}

/// The recipe's own name; where several tasks run it, with that of the recordings.
std::string run_name(const BenchmarkTask& task, const std::vector<BenchmarkTask>& tasks) {
  const std::string name = Path(task.recipe).stem().string();
  const auto same = std::count_if(tasks.begin(), tasks.end(),
                                  [&](const BenchmarkTask& other) { return other.recipe == task.recipe; });
  return same == 1 ? name : folder_name(name + "-" + task.data);
}

std::string span_text(const Interval& interval, double factor, int digits) {
  return "[" + fixed_text(factor * interval.low, digits) + ", " + fixed_text(factor * interval.high, digits) + "]";
}

std::string p_text(const std::optional<double>& p) {
  if (!p) return "–";
  return *p < 0.001 ? "< 0.001" : fixed_text(*p, 3);
}

std::string number_cell(const std::optional<double>& value) { return value ? number_text(*value) : ""; }

}  // namespace

std::vector<BenchmarkTask> read_benchmark(const Path& file) {
  const std::string where = file.string();
  const Json table = parse_toml(read_text_file(file, limits::json_bytes), where);
  std::vector<BenchmarkTask> tasks;
  for (const Json& task : table.at("task", where).items(where))
    tasks.push_back(task_of(task, where + ": task " + std::to_string(tasks.size() + 1)));
  return tasks;
}

std::vector<BenchmarkRow> run_benchmark(const std::vector<BenchmarkTask>& tasks, const Path& recipes, const Path& data,
                                        const Path& output, Progress& progress) {
  std::vector<BenchmarkRow> rows;
  for (const BenchmarkTask& task : tasks) {
    const Recipe recipe = read_recipe(safe_join(recipes, task.recipe, "recipe"));
    const RunOptions options{.data = safe_join(data, task.data, "data"), .output = output / run_name(task, tasks)};
    const RunFolder run = read_run_folder(run_study(recipe, options, progress).folder);
    for (const auto& plan : by_plan(run)) {
      const RandomStream random(recipe.seed, "benchmark/" + plan.front().plan);
      for (BenchmarkRow& row : benchmark_rows(plan, task.reference, task.score, random)) {
        row.task = task.name;
        row.leaky = leaks(run, row.pipeline, row.plan);
        rows.push_back(std::move(row));
      }
    }
  }
  adjust_for_number(rows);
  return rows;
}

Table benchmark_table(const std::vector<BenchmarkRow>& rows) {
  Table table;
  table.header = {"task",   "plan",       "pipeline",    "leaky", "people", "trials", "score",    "low",      "high",
                  "points", "points_low", "points_high", "test",  "p",      "p_holm", "p_people", "by_person"};
  for (const BenchmarkRow& row : rows) {
    std::string people;
    for (const double score : row.by_person) people += (people.empty() ? "" : " ") + number_text(score);
    std::vector<std::string> cells{row.task,
                                   row.plan,
                                   row.pipeline,
                                   row.leaky ? "yes" : "no",
                                   std::to_string(row.by_person.size()),
                                   std::to_string(row.trials),
                                   number_text(row.score),
                                   number_text(row.interval.low),
                                   number_text(row.interval.high)};
    if (const auto& other = row.difference) {
      for (const std::string& cell :
           {number_text(other->points), number_text(other->interval.low), number_text(other->interval.high),
            other->test, number_cell(other->p), number_cell(other->p_holm), number_cell(other->p_people)})
        cells.push_back(cell);
    } else {
      cells.resize(cells.size() + 7);
    }
    cells.push_back(people);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string benchmark_text(const std::vector<BenchmarkRow>& rows) {
  std::string text, open;
  for (const BenchmarkRow& row : rows) {
    const std::string head = row.task + ", " + row.plan;
    const bool area = std::any_of(rows.begin(), rows.end(), [&](const BenchmarkRow& other) {
      return other.task == row.task && other.difference && other.difference->test == "DeLong";
    });
    if (head != open) {
      open = head;
      text += (text.empty() ? "### " : "\n### ") + head + " (" + std::to_string(row.by_person.size()) +
              (row.by_person.size() == 1 ? " person, " : " people, ") + std::to_string(row.trials) + " trials)\n";
      text += std::string("| pipeline | ") + (area ? "AUC" : "accuracy, %") +
              " [95 %] | less the reference, points [95 %] | p | Holm | p over people |\n|---|---|---|---|---|---|\n";
    }
    text += "| " + row.pipeline + (row.leaky ? " (LEAKS)" : "") + " | ";
    text += area ? fixed_text(row.score, 3) + " " + span_text(row.interval, 1, 3)
                 : fixed_text(100 * row.score, 1) + " " + span_text(row.interval, 100, 1);
    if (const auto& other = row.difference) {
      text += " | " + fixed_text(other->points, 1) + " " + span_text(other->interval, 1, 1) + " | " + p_text(other->p) +
              " | " + p_text(other->p_holm) + " | " + p_text(other->p_people) + " |\n";
    } else {
      text += " | | | | |\n";
    }
  }
  return text;
}

}  // namespace caton
