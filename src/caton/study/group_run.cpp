// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_run.hpp"

#include "caton/base/error.hpp"
#include "caton/base/finding_json.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/evaluate/group_folder.hpp"
#include "caton/report/group_page.hpp"
#include "caton/report/group_report.hpp"
#include "caton/study/study_about.hpp"
#include "caton/study/versions.hpp"

#include <chrono>
#include <cstdlib>

namespace caton {

namespace {

GroupStudy open_study(const GroupRecipe& recipe, const RunOptions& options) {
  std::optional<Path> folder = options.data ? options.data : recipe.path;
  const char* const root = std::getenv("CATON_DATA");
  if (!folder && root != nullptr && recipe.dataset == "bids") folder = Path(root) / recipe.dataset;
  if (folder) {
    if (!std::filesystem::is_directory(*folder))
      throw input_error(folder->string(), "is no folder", "name the study's folder with --data DIR");
    return open_bids_groups(*folder, recipe.group_column);
  }
  if (recipe.dataset == "simulated-groups") return open_simulated_groups(recipe.dataset_options);
  throw usage_error("study", "where the data lie is not said", "use --data DIR, path in [study], or $CATON_DATA");
}

Path target_of(const GroupRecipe& recipe, const RunOptions& options) {
  if (options.output) return options.output->filename().empty() ? options.output->parent_path() : *options.output;
  return Path("runs") / (recipe.name + "-" + sha256(recipe.resolved.dump()).substr(0, 10));
}

bool complete_already(const GroupRecipe& recipe, const Path& target) {
  if (!std::filesystem::exists(target)) return false;
  const Path file = target / "recipe.toml";
  if (!std::filesystem::exists(file))
    throw usage_error(target.string(), "exists and is no run folder", "name another place with -o");
  if (read_text_file(file, limits::recipe_bytes) == to_toml(recipe.resolved)) return true;
  throw usage_error(target.string(), "holds the run of another recipe",
                    "name another place with -o, or --force to replace it");
}

void write_json(const Path& file, const Json& value) { write_file(file, value.dump(1) + "\n"); }

Table pairs_table(const GroupRecipe& recipe, const GroupConnectivity& result) {
  Table table{{"band", "from", "to"}, {}};
  for (const auto& cell : result.cells)
    for (const char* const what : {"mean_", "low_", "high_"}) table.header.push_back(what + cell);
  for (const char* const name : {"difference", "difference_low", "difference_high"}) table.header.emplace_back(name);
  for (const auto& effect : result.effects)
    for (const char* const what : {"_statistic", "_p", "_adjusted_p", "_size"})
      table.header.push_back(effect.name + what);
  if (!result.effects.front().freedoms.empty()) table.header.emplace_back("df");
  table.header.emplace_back("stars");
  for (std::size_t e = 0; e < result.edges.size(); ++e) {
    const Edge& edge = result.edges[e];
    const auto at = static_cast<std::int64_t>(e);
    std::vector<std::string> row{recipe.analysis.band_names[static_cast<std::size_t>(edge.band)],
                                 result.channels[static_cast<std::size_t>(edge.from)],
                                 result.channels[static_cast<std::size_t>(edge.to)]};
    for (std::int64_t c = 0; c < result.mean.extent(0); ++c) {
      for (const double value : {result.mean(c, at), result.low(c, at), result.high(c, at)})
        row.push_back(number_text(value));
    }
    for (const double value : {result.difference[e], result.difference_low[e], result.difference_high[e]})
      row.push_back(number_text(value));
    for (const auto& effect : result.effects) {
      for (const double value : {effect.value[e], effect.p[e], effect.adjusted[e], effect.size[e]})
        row.push_back(number_text(value));
    }
    if (!result.effects.front().freedoms.empty()) row.push_back(number_text(result.effects.front().freedoms[e]));
    row.push_back(report::stars(result.effects.front().adjusted[e]));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table links_table(const GroupConnectivity& result) {
  Table table{{"from", "to"}, {}};
  for (const auto& cell : result.cells) table.header.push_back("link_" + cell);
  for (const char* const name : {"statistic", "p", "adjusted_p", "size", "stars"}) table.header.emplace_back(name);
  for (std::size_t e = 0; e < result.links.size(); ++e) {
    std::vector<std::string> row{result.channels[static_cast<std::size_t>(result.links[e].from)],
                                 result.channels[static_cast<std::size_t>(result.links[e].to)]};
    for (std::int64_t c = 0; c < result.link_mean.extent(0); ++c)
      row.push_back(number_text(result.link_mean(c, static_cast<std::int64_t>(e))));
    const EdgeEffect& effect = result.link_effects.front();
    for (const double value : {effect.value[e], effect.p[e], effect.adjusted[e], effect.size[e]})
      row.push_back(number_text(value));
    row.push_back(report::stars(effect.adjusted[e]));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table totals_table(const GroupRecipe& recipe, const Json& totals) {
  Table table{{"participant", "group", "session"}, {}};
  for (const auto& band : recipe.analysis.band_names) table.header.push_back("total_" + band);
  for (const Json& one : totals.items()) {
    std::vector<std::string> row{one.at("participant").text(), one.at("group").text(), one.at("session").text()};
    for (const double value : one.at("total").numbers()) row.push_back(number_text(value));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table models_table(const GroupConnectivity& result) {
  Table table{{"recording", "group", "windows", "dropped", "unstable", "not_white", "best_order"}, {}};
  for (const auto& one : result.recordings) {
    table.rows.push_back({one.id, one.group, std::to_string(one.windows), std::to_string(one.dropped),
                          std::to_string(one.unstable), std::to_string(one.coloured), std::to_string(one.best_order)});
  }
  return table;
}

}  // namespace

RunResult run_group_study(const GroupRecipe& recipe, const RunOptions& options, Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  const Path target = target_of(recipe, options);
  if (!options.force && complete_already(recipe, target)) return {.folder = target, .already_complete = true};
  const GroupStudy study = open_study(recipe, options);
  const GroupConnectivity result = analyse_groups(study, recipe.analysis, &progress);
  if (options.force) {
    std::error_code ignored;
    std::filesystem::remove_all(target, ignored);
  }
  if (!target.parent_path().empty()) std::filesystem::create_directories(target.parent_path());
  FolderWriter writer(target);
  const Path& folder = writer.path();
  const Json numbers = group_result_json(recipe, study, result);
  write_file(folder / "recipe.toml", to_toml(recipe.resolved));
  write_json(folder / "connectivity.json", numbers);
  write_json(folder / "findings.json", findings_json(result.findings));
  write_json(folder / "versions.json", versions_json());
  std::filesystem::create_directories(folder / "tables");
  write_file(folder / "tables" / "pairs.csv", table_text(pairs_table(recipe, result)));
  if (!result.links.empty()) write_file(folder / "tables" / "links.csv", table_text(links_table(result)));
  write_file(folder / "tables" / "totals.csv", table_text(totals_table(recipe, numbers.at("totals"))));
  write_file(folder / "tables" / "models.csv", table_text(models_table(result)));
  write_file(folder / "report.html", group_report_html(read_group_folder(folder)));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_json(folder / "timing.json", Json::object({{"all_s", seconds}}));
  writer.commit();
  return {.folder = target};
}

}  // namespace caton
