// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/recipe.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/datasets/study.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/decode/search.hpp"
#include "caton/evaluate/plan_choice.hpp"
#include "caton/features/feature.hpp"
#include "caton/measure/metrics.hpp"
#include "caton/prepare/prepared.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace caton {

const std::vector<RecipeTable>& recipe_tables() {
  static const std::vector<RecipeTable> tables{
      {"study",
       "what is decoded",
       {{"name", "text", Json{}, "of the study; names the run folder"},
        {"dataset", "text", Json{}, "the layout of the folder (caton datasets)"},
        {"path", "text", Json{}, "the folder; else --data DIR, else $CATON_DATA/<dataset>"},
        {"seed", "integer", 1, "of every random number of the run"},
        {"channels", "list", Json::list(), "channels to decode from; empty: those of the layout"},
        {"duplicates", "text", "leave-out",
         "what to do with two copies: leave-out (the later), leave-out-first, or keep (both)"}}},
      {"prepare",
       "what is done to each recording",
       {{"steps", "list", Json::list(), "operations, in order"},
        {"window", "any", Json{}, "{ length_s, step_s } of the features that leave it to the recipe"}}},
      {"pipeline",
       "what learns, from what",
       {{"name", "text", Json{}, "as it stands in tables and folders"},
        {"input", "any", Json{}, "the feature, with its keys"},
        {"steps", "list", Json::list(), "transforms before the decoder, fitted on training alone"},
        {"before_split", "list", Json{},
         "transforms fitted on all samples before they are split: a leak, made to be shown; needs final = false"},
        {"decoder", "any", Json{}, "the decoder, with its keys"},
        {"decide", "text", "window",
         "what one answer is given for: window, or trial (mean log probability of its windows in the fold)"},
        {"search", "any", Json{},
         "{ folds, score }: how keys of steps and decoder that hold lists are chosen, inside each training set"},
        {"series", "any", Json{},
         "{ line, at, axis }: the report draws pipelines of one line over their at, a number or a name"}}},
      {"evaluate",
       "how true it is",
       {{"plans", "list", Json::list(), "split plans: names, or tables with name and folds"},
        {"published", "text", "", "adds the plan as-published of this system"},
        {"metrics", "list", Json(Json::List{"accuracy", "balanced-accuracy", "macro-f1", "kappa"}), "figures to show"},
        {"unseen", "text", "",
         "the claim: window, trial, session or subject; empty: what each plan "
         "holds out"},
        {"explain", "flag", true, "attention, occlusion and maps"},
        {"explain_plan", "text", "",
         "the plan whose folds are explained; empty: the honest one with the "
         "widest claim"},
        {"twins", "flag", true, "run the leak-free twin of every leaky plan"},
        {"permutations", "integer", 20, "fit quick pipelines again on so many permutations of the labels; 0: not"},
        {"final", "flag", true, "fit on all samples at the end, for caton predict"},
        {"learning_curve", "list", Json::list(),
         "shares of each training set, such as [0.1, 0.25, 0.5, 1], to learn from as well; the test sets stay"}}},
      {"limits", "what the run may take of the machine; no result depends on it", run_limit_keys()},
  };
  return tables;
}

namespace {

/// Where errors of one recipe point to.
struct Source {
  std::string_view text;
  std::string where;

  [[nodiscard]] Error error(const std::string& key, const std::string& problem, const std::string& remedy = {}) const {
    return usage_error(toml_place(text, where, key), problem, remedy);
  }
  /// Runs `body`; errors of kind usage from inside get the place of `key`.
  template <class Body>
  auto at(const std::string& key, Body&& body) const {
    try {
      return body();
    } catch (const Error& inner) {
      if (inner.kind() != ErrorKind::usage) throw;
      const std::string problem = inner.where().empty() ? inner.problem() : inner.where() + ": " + inner.problem();
      throw usage_error(toml_place(text, where, key), problem, inner.remedy());
    }
  }
};

const RecipeTable& table_named(const std::string& name) {
  const auto& tables = recipe_tables();
  return *std::find_if(tables.begin(), tables.end(), [&](const RecipeTable& table) { return table.name == name; });
}

void check_tables(const Json& root, const Source& source) {
  std::vector<std::string> known;
  for (const auto& table : recipe_tables()) known.push_back(table.name);
  for (const auto& [key, value] : root.members()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw source.error(key, "unknown table \"" + key + "\"", suggestion(key, known));
    }
  }
  for (const char* const needed : {"study", "pipeline", "evaluate"}) {
    if (!root.has(needed)) throw usage_error(source.where, std::string("the table \"") + needed + "\" is missing");
  }
}

/// The keys of one table, complete. Keys of another owner (the layout's) are
/// taken out first.
Json complete_table(const std::string& name, const std::string& place, const Json& given, const Source& source) {
  for (const auto& [key, value] : given.members(name)) {
    const auto& keys = table_named(name).keys;
    if (std::none_of(keys.begin(), keys.end(), [&, k = key](const RecipeKey& known) { return known.name == k; })) {
      std::vector<std::string> known;
      for (const auto& entry : keys) known.push_back(entry.name);
      throw source.error(place + "." + key, "unknown key \"" + key + "\"", suggestion(key, known));
    }
  }
  Json complete = source.at(place, [&] {
    Json without_name = given;
    without_name.erase("name");
    auto keys = table_named(name).keys;
    std::erase_if(keys, [](const RecipeKey& key) { return key.name == "name"; });
    return complete_options(name, keys, {}, without_name);
  });
  return complete;
}

const DatasetEntry& dataset_named(const std::string& name) {
  const auto& registry = Registry<DatasetEntry>::instance();
  const DatasetEntry* const entry = registry.find(name);
  if (entry == nullptr)
    throw usage_error("study: dataset", "unknown layout \"" + name + "\"", suggestion(name, registry.names()));
  return *entry;
}

std::string required_text(const Json& table, const std::string& key, const std::string& place, const Source& source) {
  const Json* const value = table.find(key);
  if (value == nullptr || value->is_null()) throw source.error(place, "\"" + key + "\" is missing");
  if (!value->is_text() || value->text().empty())
    throw source.error(place + "." + key, "\"" + key + "\" must be a text");
  return value->text();
}

void read_study(const Json& given, const Source& source, Recipe& recipe) {
  recipe.name = required_text(given, "name", "study", source);
  if (recipe.name.find_first_of("/\\\n") != std::string::npos || recipe.name.front() == '.') {
    throw source.error("study.name", "\"" + recipe.name + "\" cannot be the name of a folder");
  }
  recipe.dataset = required_text(given, "dataset", "study", source);
  const DatasetEntry& entry =
      source.at("study.dataset", [&]() -> const DatasetEntry& { return dataset_named(recipe.dataset); });
  recipe.dataset = entry.name;
  Json own = given, layout = Json::object();
  for (const auto& key : entry.keys) {
    if (const Json* const value = given.find(key.name)) {
      layout[key.name] = *value;
      own.erase(key.name);
    }
  }
  own.erase("name");
  std::vector<std::string> known;
  for (const auto& key : entry.keys) known.push_back(key.name);
  for (const auto& key : table_named("study").keys) known.push_back(key.name);
  for (const auto& [key, value] : own.members()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw source.error("study." + key, "unknown key \"" + key + "\"", suggestion(key, known));
    }
  }
  recipe.dataset_options = source.at("study", [&] { return complete_options("study", entry.keys, {}, layout); });
  const Json complete = complete_table("study", "study", own, source);
  if (!complete.at("path").is_null()) recipe.path = Path(complete.at("path").text());
  const auto seed = complete.at("seed").integer();
  if (seed < 0) throw source.error("study.seed", "the seed must not be negative");
  recipe.seed = static_cast<std::uint64_t>(seed);
  recipe.channels = source.at("study.channels", [&] { return complete.at("channels").texts("channels"); });
  recipe.duplicates = complete.at("duplicates").text();
  if (recipe.duplicates != "leave-out" && recipe.duplicates != "leave-out-first" && recipe.duplicates != "keep") {
    throw source.error("study.duplicates", "\"" + recipe.duplicates + "\" is not known",
                       "known: leave-out, leave-out-first, keep");
  }
  Json resolved = Json::object({{"name", recipe.name}});
  for (const auto& [key, value] : complete.members()) resolved[key] = value;
  for (const auto& [key, value] : recipe.dataset_options.members()) resolved[key] = value;
  // Where the data lie is not part of what was computed.
  resolved.erase("path");
  recipe.resolved["study"] = resolved;
}

void read_prepare(const Json& given, const Source& source, Recipe& recipe) {
  const Json complete = complete_table("prepare", "prepare", given, source);
  recipe.prepare_steps = complete.at("steps");
  source.at("prepare.steps", [&] { return prepare_steps(recipe.prepare_steps).size(); });
  if (const Json& window = complete.at("window"); !window.is_null()) {
    const Json spans = source.at("prepare.window", [&] {
      return complete_options("window", {{"length_s", "number", Json{}, ""}, {"step_s", "number", Json{}, ""}}, {},
                              window);
    });
    if (spans.at("length_s").is_null()) throw source.error("prepare.window", "\"length_s\" is missing");
    recipe.window_length_s = spans.at("length_s").number();
    recipe.window_step_s = spans.at("step_s").is_null() ? recipe.window_length_s : spans.at("step_s").number();
    if (!(recipe.window_length_s > 0) || !(recipe.window_step_s > 0)) {
      throw source.error("prepare.window", "length_s and step_s must be positive");
    }
  }
  recipe.resolved["prepare"] = complete;
}

Json complete_steps(const Json& steps) {
  Json complete = Json::list();
  for (const auto& step : steps.items("steps")) complete.push(complete_transform(step));
  return complete;
}

Json named(const std::string& name, const Json& options) {
  Json table = Json::object({{"name", name}});
  for (const auto& [key, value] : options.members()) table[key] = value;
  return table;
}

/// The search of a pipeline whose keys hold candidates; written back only where there is one.
void read_search(const Json& given, const std::string& place, const Source& source, Recipe::Pipeline& pipeline,
                 Json& resolved) {
  if (!has_candidates(Json::object({{"steps", pipeline.steps}, {"decoder", pipeline.decoder}}))) {
    if (!given.is_null())
      throw source.error(place + ".search", "there is nothing to search",
                         "give a key of a step or of the decoder a list of values");
    return;
  }
  pipeline.search = source.at(place + ".search", [&] { return complete_search(given); });
  resolved["search"] = pipeline.search;
}

/// Where a pipeline stands among others; written back only where it does.
void read_series(const Json& given, const std::string& place, const Source& source, Recipe::Pipeline& pipeline,
                 Json& resolved) {
  if (given.is_null()) return;
  pipeline.series = source.at(place + ".series", [&] {
    const Json complete = complete_options(
        "series", {{"line", "text", Json{}, ""}, {"at", "any", Json{}, ""}, {"axis", "text", "", ""}}, {}, given);
    if (complete.at("line").is_null()) throw usage_error("series", "\"line\" is missing");
    const Json& at = complete.at("at");
    if (!(at.is_number() && std::isfinite(at.number())) && !at.is_text())
      throw usage_error("series", "\"at\" must be a number, or the name of a condition");
    return complete;
  });
  resolved["series"] = pipeline.series;
}

void read_pipelines(const Json& given, const Source& source, Recipe& recipe) {
  if (!given.is_list() || given.size() == 0) throw source.error("pipeline", "at least one [[pipeline]] is needed");
  Json resolved = Json::list();
  std::set<std::string> names;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string place = "pipeline." + std::to_string(i);
    const Json& table = given.items()[i];
    const Json complete = complete_table("pipeline", place, table, source);
    Recipe::Pipeline pipeline;
    pipeline.name = required_text(table, "name", place, source);
    if (!names.insert(pipeline.name).second)
      throw source.error(place + ".name", "the name \"" + pipeline.name + "\" stands twice");
    for (const char* const needed : {"input", "decoder"}) {
      if (complete.at(needed).is_null()) throw source.error(place, std::string("\"") + needed + "\" is missing");
    }
    const FeatureChoice input = source.at(place + ".input", [&] { return feature_choice(complete.at("input")); });
    pipeline.input = named(input.entry->name, input.options);
    pipeline.decoder = source.at(place + ".decoder", [&] { return complete_decoder(complete.at("decoder")); });
    pipeline.steps = source.at(place + ".steps", [&] { return complete_steps(complete.at("steps")); });
    if (const Json& leaking = complete.at("before_split"); !leaking.is_null())
      pipeline.before_split = source.at(place + ".before_split", [&] { return complete_steps(leaking); });
    pipeline.decide = complete.at("decide").text();
    if (pipeline.decide != "window" && pipeline.decide != "trial")
      throw source.error(place + ".decide", "\"" + pipeline.decide + "\" is not known", "known: window, trial");
    Json whole = Json::object({{"name", pipeline.name},
                               {"input", pipeline.input},
                               {"before_split", pipeline.before_split},
                               {"steps", pipeline.steps},
                               {"decoder", pipeline.decoder},
                               {"decide", pipeline.decide}});
    read_search(complete.at("search"), place, source, pipeline, whole);
    read_series(complete.at("series"), place, source, pipeline, whole);
    resolved.push(std::move(whole));
    recipe.pipelines.push_back(std::move(pipeline));
  }
  recipe.resolved["pipeline"] = resolved;
}

/// Names as recipes and metrics.json spell them: "balanced-accuracy".
std::vector<std::string> dashed(std::vector<std::string> names) {
  for (auto& name : names) std::replace(name.begin(), name.end(), '_', '-');
  return names;
}

void read_evaluate(const Json& given, const Source& source, Recipe& recipe) {
  const Json complete = complete_table("evaluate", "evaluate", given, source);
  std::size_t index = 0;
  for (const auto& plan : complete.at("plans").items("evaluate: plans")) {
    const std::string place = "evaluate.plans." + std::to_string(index++);
    Recipe::Plan entry;
    entry.options = source.at(place, [&] { return complete_plan(plan); });
    entry.name = entry.options.at("name").text();
    recipe.plans.push_back(std::move(entry));
  }
  recipe.published = complete.at("published").text();
  if (!recipe.published.empty()) {
    source.at("evaluate.published", [&] { return published_plan(recipe.published).size(); });
    recipe.plans.insert(recipe.plans.begin(), {"as-published", published_plan(recipe.published)});
  }
  if (recipe.plans.empty())
    throw source.error("evaluate", "\"plans\" is missing", "name at least one, such as cross-subject");
  recipe.metrics = source.at("evaluate.metrics", [&] { return complete.at("metrics").texts("metrics"); });
  for (const auto& metric : recipe.metrics) {
    const auto known = dashed(metric_names());
    if (std::find(known.begin(), known.end(), metric) == known.end()) {
      throw source.error("evaluate.metrics", "unknown metric \"" + metric + "\"", suggestion(metric, known));
    }
  }
  recipe.unseen = complete.at("unseen").text();
  const std::vector<std::string> claims{"", "window", "trial", "session", "subject"};
  if (std::find(claims.begin(), claims.end(), recipe.unseen) == claims.end()) {
    throw source.error("evaluate.unseen", "\"" + recipe.unseen + "\" is no claim",
                       "known: window, trial, session, subject");
  }
  recipe.explain = complete.at("explain").flag();
  recipe.explain_plan = complete.at("explain_plan").text();
  recipe.twins = complete.at("twins").flag();
  recipe.permutations = complete.at("permutations").integer();
  if (recipe.permutations < 0 || recipe.permutations > 100000) {
    throw source.error("evaluate.permutations", "permutations must be 0 to 100000");
  }
  recipe.final_fit = complete.at("final").flag();
  if (!recipe.explain_plan.empty() &&
      std::none_of(recipe.plans.begin(), recipe.plans.end(),
                   [&](const Recipe::Plan& plan) { return plan.name == recipe.explain_plan; })) {
    throw source.error("evaluate.explain_plan", "the plan \"" + recipe.explain_plan + "\" is not among the plans");
  }
  recipe.learning_curve = source.at("evaluate.learning_curve", [&] {
    auto shares = complete.at("learning_curve").numbers("learning_curve");
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!(shares[i] > (i == 0 ? 0.0 : shares[i - 1]) && shares[i] <= 1))
        throw usage_error("learning_curve", "shares must ascend from above 0 to at most 1");
    }
    return shares;
  });
  Json resolved = complete;
  if (recipe.learning_curve.empty()) resolved.erase("learning_curve");
  Json plans = Json::list();
  for (const auto& plan : recipe.plans) plans.push(plan.options);
  resolved["plans"] = plans;
  recipe.resolved["evaluate"] = resolved;
}

}  // namespace

Recipe parse_recipe(std::string_view text, const std::string& where) {
  const Source source{text, where};
  const Json root = parse_toml(text, where);
  check_tables(root, source);
  Recipe recipe;
  recipe.resolved = Json::object();
  read_study(root.at("study"), source, recipe);
  read_prepare(root.has("prepare") ? root.at("prepare") : Json::object(), source, recipe);
  read_pipelines(root.at("pipeline"), source, recipe);
  read_evaluate(root.at("evaluate"), source, recipe);
  const Json limits =
      complete_table("limits", "limits", root.has("limits") ? root.at("limits") : Json::object(), source);
  recipe.limits = source.at("limits", [&] { return run_limits(limits); });
  return recipe;
}

Recipe read_recipe(const Path& path) { return parse_recipe(read_text_file(path, limits::recipe_bytes), path.string()); }

}  // namespace caton
