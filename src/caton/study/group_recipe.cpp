// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_recipe.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/study/group_tests.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::vector<std::pair<std::string, Band>> standard_bands{
    {"delta", {1, 4}}, {"theta", {4, 8}}, {"alpha", {8, 12}}, {"low-beta", {12, 20}}, {"high-beta", {20, 30}}};

Json bands_table() {
  Json table = Json::object();
  for (const auto& [name, band] : standard_bands)
    table[name] = Json::list_of(std::vector<double>{band.low_hz, band.high_hz});
  return table;
}

struct Source {
  std::string_view text;
  std::string where;

  [[nodiscard]] Error error(const std::string& key, const std::string& problem, const std::string& remedy = {}) const {
    return usage_error(toml_place(text, where, key), problem, remedy);
  }
};

const RecipeTable& table_named(const std::string& name) {
  const auto& tables = group_recipe_tables();
  return *std::find_if(tables.begin(), tables.end(), [&](const RecipeTable& table) { return table.name == name; });
}

Json complete(const Json& root, const std::string& name, const Source& source) {
  Json given = root.has(name) ? root.at(name) : Json::object();
  std::vector<std::string> known;
  for (const auto& key : table_named(name).keys) known.push_back(key.name);
  for (const auto& [key, value] : given.members(name)) {
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw source.error(name + "." + key, "unknown key \"" + key + "\"", suggestion(key, known));
  }
  Json result = Json::object();
  auto keys = table_named(name).keys;
  if (const Json* const own = given.find("name")) result["name"] = *own;
  std::erase_if(keys, [](const RecipeKey& key) { return key.name == "name"; });
  given.erase("name");
  try {
    const Json rest = complete_options(name, keys, {}, given);
    for (const auto& [key, value] : rest.members()) result[key] = value;
  } catch (const Error& error) {
    throw source.error(name, error.problem(), error.remedy());
  }
  return result;
}

void read_study(const Json& table, const Source& source, GroupRecipe& recipe) {
  const Json* const name = table.find("name");
  if (name == nullptr || !name->is_text() || name->text().empty())
    throw source.error("study", "\"name\" is missing: it names the run folder");
  recipe.name = name->text();
  if (recipe.name.find_first_of("/\\\n") != std::string::npos || recipe.name.front() == '.')
    throw source.error("study.name", "\"" + recipe.name + "\" cannot be the name of a folder");
  recipe.dataset = table.at("dataset").text("study: dataset");
  if (recipe.dataset != "bids" && recipe.dataset != "simulated-groups") {
    throw source.error("study.dataset", "unknown layout \"" + recipe.dataset + "\"",
                       suggestion(recipe.dataset, {"bids", "simulated-groups"}));
  }
  if (!table.at("path").is_null()) recipe.path = Path(table.at("path").text());
  if (table.at("seed").integer() < 0) throw source.error("study.seed", "the seed must not be negative");
  recipe.analysis.seed = static_cast<std::uint64_t>(table.at("seed").integer());
  recipe.dataset_options = table;
  const Json& design = table.at("design");
  recipe.group_column = "group";
  if (design.is_null()) return;
  for (const auto& [key, value] : design.members("study: design")) {
    if (key == "between")
      recipe.group_column = value.text("study: design: between");
    else if (key != "within" || value.text() != "session")
      throw source.error("study.design",
                         "design knows between (a column of participants.tsv) and within = \"session\"");
  }
}

void read_connectivity(const Json& table, const Source& source, GroupRecipe& recipe) {
  GroupAnalysis& analysis = recipe.analysis;
  const PairMeasure* measure = nullptr;
  try {
    measure = &pair_measure_named("connectivity", table.at("measure").text());
  } catch (const Error& error) {
    throw source.error("connectivity.measure", error.problem(), error.remedy());
  }
  analysis.measure = measure->name;
  analysis.epoch_s = table.at("epoch_s").number();
  if (!(analysis.epoch_s > 0)) throw source.error("connectivity.epoch_s", "epoch_s must be positive");
  const std::string& normalize = table.at("normalize").text();
  if (normalize != "scot" && normalize != "korzeniewska")
    throw source.error("connectivity.normalize", "unknown normalisation \"" + normalize + "\"",
                       "known: scot, korzeniewska");
  analysis.by_bins = normalize == "korzeniewska";
  if (analysis.by_bins && measure->name != "ddtf" && measure->name != "ffdtf")
    throw source.error("connectivity.normalize", "korzeniewska is a normalisation of ddtf and ffdtf");
  const Json& order = table.at("order");
  if (order.is_text() && order.text() != "bic")
    throw source.error("connectivity.order", "order is a number or \"bic\"");
  if (!order.is_text()) {
    analysis.order = order.integer("connectivity: order");
    if (*analysis.order < 1) throw source.error("connectivity.order", "order must be at least 1");
  }
  analysis.max_order = table.at("max_order").integer();
  if (analysis.max_order < 1) throw source.error("connectivity.max_order", "max_order must be at least 1");
  analysis.window_s = table.at("window_s").number();
  analysis.step_s = table.at("step_s").number();
  if (!(analysis.window_s > 0) || !(analysis.step_s > 0))
    throw source.error("connectivity", "window_s and step_s must be positive");
  analysis.bins = table.at("bins").integer();
  analysis.equalize = table.at("equalize").flag();
  // Models are asked for where the measure has one, unless the recipe says otherwise.
  analysis.links = table.at("links").is_null() ? measure->model : table.at("links").flag();
  analysis.reversed = table.at("reversed").flag();
  if (!table.at("reject_v").is_null()) analysis.reject_v = table.at("reject_v").number();
  for (const auto& [name, edges] : table.at("bands_hz").members("connectivity: bands_hz")) {
    const auto values = edges.numbers("connectivity: bands_hz: " + name);
    if (values.size() != 2 || !(values[0] < values[1]))
      throw source.error("connectivity.bands_hz", "the band " + name + " is [low, high] in Hz");
    analysis.band_names.push_back(name);
    analysis.bands.push_back({values[0], values[1]});
  }
  if (analysis.bands.empty()) throw source.error("connectivity.bands_hz", "no band is given");
}

void read_statistics(const Json& table, const Source& source, GroupRecipe& recipe) {
  try {
    recipe.analysis.design = group_design_named(table.at("test").text());
    recipe.analysis.correction = correction_named(table.at("correction").text());
  } catch (const Error& error) {
    throw source.error("statistics", error.problem(), error.remedy());
  }
  recipe.analysis.alpha = table.at("alpha").number();
  if (!(recipe.analysis.alpha > 0 && recipe.analysis.alpha < 1))
    throw source.error("statistics.alpha", "alpha is a level between 0 and 1");
  recipe.analysis.welch = table.at("welch").flag();
  if (recipe.analysis.welch && recipe.analysis.design != GroupDesign::t_independent)
    throw source.error("statistics.welch", "welch is an option of test = \"t_independent\"");
  recipe.analysis.permutations = table.at("permutations").integer();
  recipe.analysis.bootstraps = table.at("bootstraps").integer();
  for (const auto& [what, count] : {std::pair<const char*, std::int64_t>{"permutations", recipe.analysis.permutations},
                                    {"bootstraps", recipe.analysis.bootstraps}}) {
    if (count < 100 || count > 1000000)
      throw source.error(std::string("statistics.") + what, std::string(what) + " must be 100 to 1000000");
  }
}

}  // namespace

const std::vector<RecipeTable>& group_recipe_tables() {
  static const std::vector<RecipeTable> tables{
      {"study",
       "whose connectivity is compared",
       {{"name", "text", Json{}, "of the study; names the run folder"},
        {"dataset", "text", "bids", "bids (participants.tsv with groups), or simulated-groups"},
        {"path", "text", Json{}, "the folder; else --data DIR, else $CATON_DATA/<dataset>"},
        {"seed", "integer", 1, "of every random number of the run"},
        {"design", "any", Json{}, "{ between = column of participants.tsv, within = \"session\" }"},
        {"groups", "integer", Json{}, "simulated-groups: number of groups (3)"},
        {"subjects", "integer", Json{}, "simulated-groups: people in each (18)"},
        {"sessions", "integer", Json{}, "simulated-groups: recordings of each (2)"},
        {"channels", "integer", Json{}, "simulated-groups: channels (8)"},
        {"seconds", "number", Json{}, "simulated-groups: length of a recording (30)"},
        {"step", "number", Json{}, "simulated-groups: how much weaker each further group's links are (0.12); 0: none"},
        {"simulation_seed", "integer", Json{}, "simulated-groups: another seed, another study (1)"}}},
      {"prepare", "what is done to each recording", {{"steps", "list", Json::list(), "operations, in order"}}},
      {"connectivity",
       "what is measured",
       {{"measure", "text", "ddtf",
         "any registered measure between channels: ddtf, dtf, pdc, gpdc, granger, wpli, plv …"},
        {"normalize", "text", "scot", "of ddtf and ffdtf: scot, or korzeniewska (divided by the number of bins)"},
        {"epoch_s", "number", 2.0, "pieces of the windows, for measures over epochs (wpli, plv, coherence …)"},
        {"order", "any", "bic", "of the models; bic: median over recordings of the order with the least BIC"},
        {"max_order", "integer", 12, "highest order that bic looks at"},
        {"window_s", "number", 16.0, "length of a window"},
        {"step_s", "number", 8.0, "from one window to the next"},
        {"bands_hz", "any", bands_table(), "name = [low, high]"},
        {"bins", "integer", 128, "frequencies between 0 and half the rate"},
        {"equalize", "flag", true, "equal number of windows in all recordings (a random subset)"},
        {"reject_v", "number", Json{}, "windows with a larger peak-to-peak value are dropped"},
        {"links", "flag", Json{},
         "the test of the models' own coefficients beside the measure; without: where it has models"},
        {"reversed", "flag", true, "the control with time reversed"}}},
      {"statistics",
       "what differs",
       {{"test", "text", "mixed", "mixed, anova_one_way, anova_repeated, t_paired, t_independent, permutation"},
        {"correction", "text", "bh", "over all pairs and bands: bh, by, holm, bonferroni"},
        {"alpha", "number", 0.05, "level of the adjusted p"},
        {"welch", "flag", false, "t_independent: the groups' variances may differ"},
        {"permutations", "integer", 1000, "of the test permutation"},
        {"bootstraps", "integer", 2000, "for the intervals of differences"}}},
      {"limits", "what the run may take of the machine; no result depends on it", run_limit_keys()},
  };
  return tables;
}

bool is_group_recipe(std::string_view text, const std::string& where) {
  return parse_toml(text, where).has("connectivity");
}

GroupRecipe parse_group_recipe(std::string_view text, const std::string& where) {
  const Source source{text, where};
  const Json root = parse_toml(text, where);
  std::vector<std::string> known;
  for (const auto& table : group_recipe_tables()) known.push_back(table.name);
  for (const auto& [key, value] : root.members()) {
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw source.error(key, "unknown table \"" + key + "\"", suggestion(key, known));
  }
  if (!root.has("study")) throw usage_error(where, "the table \"study\" is missing");
  GroupRecipe recipe;
  recipe.resolved = Json::object();
  for (const auto& name : known) recipe.resolved[name] = complete(root, name, source);
  read_study(recipe.resolved.at("study"), source, recipe);
  recipe.prepare_steps = recipe.resolved.at("prepare").at("steps");
  recipe.analysis.steps = prepare_steps(recipe.prepare_steps);
  read_connectivity(recipe.resolved.at("connectivity"), source, recipe);
  read_statistics(recipe.resolved.at("statistics"), source, recipe);
  try {
    recipe.limits = run_limits(recipe.resolved.at("limits"));
  } catch (const Error& error) {
    throw source.error("limits." + error.where(), error.problem(), error.remedy());
  }
  // Where the data lie, and what of the machine was used, is not part of what was computed.
  recipe.resolved["study"].erase("path");
  recipe.resolved.erase("limits");
  return recipe;
}

}  // namespace caton
