// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/group_folder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/toml.hpp"

namespace caton {

namespace {

Json read_json(const Path& file) { return parse_json(read_text_file(file, limits::json_bytes), file.string()); }

}  // namespace

bool is_group_folder(const Path& path) { return std::filesystem::exists(path / "connectivity.json"); }

GroupFolder read_group_folder(const Path& path) {
  GroupFolder folder{.path = path};
  const Path recipe = path / "recipe.toml";
  folder.recipe = parse_toml(read_text_file(recipe, limits::recipe_bytes), recipe.string());
  folder.result = read_json(path / "connectivity.json");
  folder.findings = read_json(path / "findings.json");
  folder.versions = read_json(path / "versions.json");
  const Json* const format = folder.result.is_object() ? folder.result.find("format") : nullptr;
  if (format == nullptr || !format->is_text() || format->text() != "caton-groups-1")
    throw input_error((path / "connectivity.json").string(), "is not what a run of groups writes",
                      "compute it again with caton run --force");
  return folder;
}

}  // namespace caton
