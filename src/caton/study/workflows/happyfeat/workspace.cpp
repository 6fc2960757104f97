// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/happyfeat/workspace.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace caton::happyfeat {
namespace {

const std::array<const char*, 4> tables{"workbench", "extract", "select", "train"};

const std::map<std::string, std::vector<RecipeKey>>& all_keys() {
  static const std::map<std::string, std::vector<RecipeKey>> keys{
      {"workbench",
       {{"recordings", "list", Json{}, "files of the runs, in order"},
        {"classes", "list", Json::list_of(std::vector<std::string>{"REST", "MI"}), "texts of the annotations"},
        {"channels", "list", Json::list(), "to look at; empty: all EEG channels"},
        {"reference", "text", "average", "average or none, over all EEG channels"},
        {"montage", "text", "standard_1005", "positions for the maps"}}},
      {"extract",
       {{"epoch_s", "number", 3.0, "length of the epoch of interest"},
        {"offset_s", "number", 1.0, "from the annotation to the epoch"},
        {"window_s", "number", 0.25, "length of a window"},
        {"shift_s", "number", 0.161, "from one window to the next"},
        {"ar_s", "number", 0.038, "order of the autoregressive model, in seconds"},
        {"resolution_hz", "number", 1.0, "from one frequency to the next"},
        {"spectrum", "text", "unit-variance", "unit-variance (shape only, as published) or density"},
        {"connectivity", "text", "none", "none, coherence or abs-imaginary-coherence"},
        {"connectivity_window_s", "number", 0.25, "length of a window"},
        {"connectivity_overlap_percent", "number", 36.0, "of the windows"},
        {"strength_diagonal", "flag", true, "whether the diagonal counts in node strength, as published"}}},
      {"select",
       {{"count", "integer", 3, "features to choose"},
        {"channels", "list", Json::list(), "to choose from; empty: all"},
        {"low_hz", "number", 4.0, "lowest frequency to choose"},
        {"high_hz", "number", 40.0, "highest"},
        {"rule", "text", "one-per-channel", "one-per-channel or best-cells"},
        {"pairing", "text", "first-common", "first-common (as published) or all"},
        {"of", "text", "power", "power or node-strength"},
        {"log", "flag", false, "log10 of the power: lighter tails than the raw power"}}},
      {"train",
       {{"partitions", "integer", 10, "contiguous parts of the file"},
        {"shrinkage", "number", 0.0, "of the covariance; below 0: automatic"},
        {"shuffles", "integer", 20, "draws with shuffled labels that show the optimism; 0: none"}}}};
  return keys;
}

Path attempt_file(const Path& folder, std::int64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return folder / "attempts" / (digits + ".json");
}

std::vector<Path> files_in(const Path& folder, bool folders) {
  std::vector<Path> found;
  if (!std::filesystem::is_directory(folder)) return found;
  for (const Path& entry : entries_of(folder))
    if (std::filesystem::is_directory(entry) == folders) found.push_back(entry);
  return found;
}

}  // namespace

const std::vector<RecipeKey>& keys_of(const std::string& table) {
  const auto found = all_keys().find(table);
  if (found == all_keys().end())
    throw usage_error("workbench.toml", "there is no table \"" + table + "\"",
                      "tables: workbench, extract, select, train");
  return found->second;
}

Json complete_table(const std::string& table, const Json& given) {
  Json complete = complete_options(table, keys_of(table), {}, given);
  complete.erase("name");
  complete.erase("preset");
  // TOML writes 3.0 as it likes: the same parameters must be the same session.
  for (const RecipeKey& key : keys_of(table))
    if (key.type == "number") complete[key.name] = complete.at(key.name).number(key.name);
  return complete;
}

void Workspace::make(const Path& folder, const Json& settings) {
  for (const auto& [name, value] : settings.members("settings")) (void)keys_of(name);
  Json complete = Json::object();
  for (const char* const name : tables)
    complete[name] = complete_table(name, settings.has(name) ? settings.at(name) : Json::object());
  const Json& about = complete.at("workbench");
  if (about.at("recordings").is_null() || about.at("recordings").size() == 0)
    throw usage_error("recordings", "no run is named", "name the recordings of the runs");
  const auto classes = about.at("classes").texts("classes");
  if (classes.size() != 2 || classes[0] == classes[1])
    throw usage_error("classes", "two different classes are needed", "name them as their annotations do: REST,MI");
  FolderWriter writer(folder);
  std::filesystem::create_directory(writer.path() / "sessions");
  std::filesystem::create_directory(writer.path() / "attempts");
  std::filesystem::create_directory(writer.path() / "cache");
  write_file(writer.path() / "workbench.toml", to_toml(complete));
  writer.commit();
}

Workspace::Workspace(Path folder) : folder_(std::move(folder)) {
  const Path file = folder_ / "workbench.toml";
  if (!std::filesystem::is_regular_file(file))
    throw usage_error(folder_.string(), "is no workspace: it has no workbench.toml",
                      "make one: caton workbench new FOLDER --recordings RUN1,RUN2");
  const Json given = parse_toml(read_text_file(file, limits::recipe_bytes), file.string());
  for (const auto& [name, value] : given.members(file.string())) (void)keys_of(name);
  settings_ = Json::object();
  for (const char* const name : tables)
    settings_[name] = complete_table(name, given.has(name) ? given.at(name) : Json::object());
  if (classes().size() != 2) throw usage_error(file.string(), "classes: two are needed");
}

std::vector<std::string> Workspace::recordings() const {
  return table("workbench").at("recordings").texts("recordings");
}
std::vector<std::string> Workspace::classes() const { return table("workbench").at("classes").texts("classes"); }

std::vector<Session> Workspace::sessions() const {
  std::vector<Session> all;
  for (const Path& folder : files_in(folder_ / "sessions", true)) {
    const auto number = parse_integer(folder.filename().string());
    if (!number || *number < 1) continue;
    const Path file = folder / "session.toml";
    all.push_back({*number,
                   complete_table("extract", parse_toml(read_text_file(file, limits::recipe_bytes), file.string())),
                   folder});
  }
  std::sort(all.begin(), all.end(), [](const Session& a, const Session& b) { return a.number < b.number; });
  return all;
}

Session Workspace::session_of(const Json& extract) const {
  const Json complete = complete_table("extract", extract);
  const auto all = sessions();
  for (const Session& known : all)
    if (known.extract == complete) return known;
  const std::int64_t number = all.empty() ? 1 : all.back().number + 1;
  Session made{number, complete, folder_ / "sessions" / std::to_string(number)};
  FolderWriter writer(made.folder);
  write_file(writer.path() / "session.toml", to_toml(complete));
  writer.commit();
  return made;
}

Session Workspace::session(std::int64_t number) const {
  const auto all = sessions();
  if (all.empty())
    throw usage_error(folder_.string(), "nothing was extracted yet", "caton workbench extract " + folder_.string());
  if (number == 0) return all.back();
  for (const Session& known : all)
    if (known.number == number) return known;
  throw usage_error("--session", "there is no session " + std::to_string(number),
                    "there are 1 to " + std::to_string(all.back().number));
}

std::vector<Json> Workspace::attempts() const {
  std::vector<Json> all;
  for (const Path& file : files_in(folder_ / "attempts", false))
    if (file.extension() == ".json") all.push_back(parse_json(read_text_file(file, limits::json_bytes), file.string()));
  return all;
}

Json Workspace::keep_attempt(Json attempt) const {
  std::int64_t last = 0;
  for (const Json& known : attempts()) {
    if (known.at("digest") == attempt.at("digest")) return known;
    last = std::max(last, known.at("number").integer("number"));
  }
  attempt["number"] = last + 1;
  write_file(attempt_file(folder_, last + 1), attempt.dump(1) + "\n");
  return attempt;
}

}  // namespace caton::happyfeat
