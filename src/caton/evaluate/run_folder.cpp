// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/run_folder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"

#include <algorithm>

namespace caton {
namespace {

enum class Kind { text, number, whole, flag, list, object };

struct Field {
  const char* key;
  Kind kind;
};

bool is_kind(const Json& value, Kind kind) {
  switch (kind) {
    case Kind::text: return value.is_text();
    case Kind::number: return value.is_number();
    case Kind::whole: return value.is_integer();
    case Kind::flag: return value.is_flag();
    case Kind::list: return value.is_list();
    case Kind::object: return value.is_object();
  }
  return false;
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::text: return "a text";
    case Kind::number: return "a number";
    case Kind::whole: return "a whole number";
    case Kind::flag: return "true or false";
    case Kind::list: return "a list";
    case Kind::object: return "an object";
  }
  return "";
}

constexpr const char* damaged = "the run folder is damaged; compute it again with caton run --force";

void require(const Json& object, std::initializer_list<Field> fields, const std::string& where) {
  if (!object.is_object()) throw input_error(where, "must be an object", damaged);
  for (const auto& [key, kind] : fields) {
    const Json* const value = object.find(key);
    if (value == nullptr) throw input_error(where, "the key \"" + std::string(key) + "\" is missing", damaged);
    if (!is_kind(*value, kind)) {
      throw input_error(where + ": " + key, std::string("must be ") + kind_name(kind) + ", is " + value->type_name(),
                        damaged);
    }
  }
}

void require_each(const Json& list, std::initializer_list<Field> fields, const std::string& where) {
  std::size_t place = 0;
  for (const Json& item : list.items(where)) require(item, fields, where + "[" + std::to_string(place++) + "]");
}

void check_study(const Json& study, const std::string& where) {
  require(study,
          {{"name", Kind::text},
           {"dataset", Kind::text},
           {"subjects", Kind::whole},
           {"sessions", Kind::whole},
           {"trials", Kind::whole},
           {"samples", Kind::whole},
           {"classes", Kind::list},
           {"class_counts", Kind::list},
           {"channels", Kind::list},
           {"rate_hz", Kind::number},
           {"bands", Kind::list},
           {"recordings", Kind::list},
           {"excluded", Kind::list},
           {"methods", Kind::text}},
          where);
  require_each(study.at("channels"), {{"name", Kind::text}}, where + ": channels");
  require_each(study.at("recordings"), {{"id", Kind::text}}, where + ": recordings");
  require_each(study.at("excluded"), {{"what", Kind::text}, {"why", Kind::text}}, where + ": excluded");
  if (study.at("class_counts").size() != study.at("classes").size()) {
    throw input_error(where + ": class_counts",
                      "has " + std::to_string(study.at("class_counts").size()) + " counts for " +
                          std::to_string(study.at("classes").size()) + " classes",
                      damaged);
  }
}

void check_findings(const Json& findings, const std::string& where) {
  if (!findings.is_list()) throw input_error(where, "must be a list", damaged);
  require_each(findings, {{"code", Kind::text}, {"severity", Kind::text}, {"where", Kind::text}, {"what", Kind::text}},
               where);
}

void check_metrics(const Json& metrics, const std::string& where) {
  require(metrics, {{"evaluations", Kind::list}}, where);
  require_each(metrics.at("evaluations"),
               {{"pipeline", Kind::text},
                {"plan", Kind::text},
                {"leaky", Kind::flag},
                {"leaks", Kind::list},
                {"metrics", Kind::object},
                {"chance", Kind::object},
                {"subjects", Kind::object},
                {"confusion", Kind::list}},
               where + ": evaluations");
}

void check_audit(const Json& audit, const std::string& where) {
  require(audit, {{"verdict", Kind::text}, {"evaluations", Kind::list}}, where);
  require_each(audit.at("evaluations"),
               {{"pipeline", Kind::text}, {"plan", Kind::text}, {"verdict", Kind::text}, {"findings", Kind::list}},
               where + ": evaluations");
}

Path present(const Path& folder, const char* name) {
  const Path path = folder / name;
  if (!std::filesystem::exists(path)) {
    throw input_error(folder.string(), std::string(name) + " is missing: this is no complete run folder",
                      "caton run RECIPE -o FOLDER finishes one");
  }
  return path;
}

using Check = void (*)(const Json&, const std::string&);

Json read_json(const Path& folder, const char* name, Check check) {
  const Path path = present(folder, name);
  Json json = parse_json(read_text_file(path, limits::json_bytes), path.string());
  check(json, path.string());
  return json;
}

Json read_recipe(const Path& folder) {
  const Path path = present(folder, "recipe.toml");
  return parse_toml(read_text_file(path, limits::recipe_bytes), path.string());
}

Table read_predictions(const Path& folder) {
  const Path path = present(folder, "predictions.csv");
  Table table = read_table(path, ',');
  for (const char* const name : {"pipeline", "plan", "fold", "sample", "subject", "trial", "y", "label"})
    static_cast<void>(table.column(name, path.string()));
  return table;
}

}  // namespace

Table RunFolder::table(const std::string& name) const {
  const Path file = safe_join(path, "tables/" + name + ".csv", path.string());
  return std::filesystem::exists(file) ? read_table(file, ',') : Table{};
}

std::vector<std::string> RunFolder::tables() const {
  std::vector<std::string> names;
  for (const Path& entry : entries_of(path / "tables")) {
    if (std::filesystem::is_regular_file(entry) && entry.extension() == ".csv") names.push_back(entry.stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

RunFolder read_run_folder(const Path& path) {
  if (!std::filesystem::is_directory(path)) {
    throw input_error(path.string(), std::filesystem::exists(path) ? "is no folder" : "does not exist",
                      "give the folder that caton run wrote");
  }
  RunFolder run;
  run.path = path;
  run.recipe = read_recipe(path);
  run.study = read_json(path, "study.json", check_study);
  run.findings = read_json(path, "findings.json", check_findings);
  run.metrics = read_json(path, "metrics.json", check_metrics);
  run.audit = read_json(path, "audit.json", check_audit);
  run.versions =
      read_json(path, "versions.json", [](const Json& json, const std::string& where) { require(json, {}, where); });
  run.predictions = read_predictions(path);
  static_cast<void>(present(path, "tables"));
  return run;
}

std::string folder_name(const std::string& name) {
  std::string safe;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    safe += plain ? c : '-';
  }
  if (safe.empty() || safe.front() == '.') safe.insert(safe.begin(), '_');
  return safe;
}

}  // namespace caton
