// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/recipe_key.hpp"

#include <optional>
#include <string>
#include <vector>

/// HappyFeat's loop as a folder: a workspace keeps the settings, what was computed, what was chosen and every attempt.
namespace caton::happyfeat {

/// One set of extraction parameters, numbered; the same parameters are always the same session.
struct Session {
  std::int64_t number = 0;
  Json extract;  ///< complete
  Path folder;
};

/// `workbench.toml`, `cache/`, `sessions/<n>/`, `attempts/<nnnn>.json` in one folder.
class Workspace {
 public:
  /// Makes the folder whole or not at all; refuses when it exists. `settings`: tables `workbench`, `extract`, `select`,
  /// `train`; unknown keys and wrong types are refused by name.
  static void make(const Path& folder, const Json& settings);
  /// Refuses a folder that is no workspace.
  explicit Workspace(Path folder);

  [[nodiscard]] const Path& folder() const noexcept { return folder_; }
  /// One table, complete.
  [[nodiscard]] const Json& table(const std::string& name) const { return settings_.at(name, "workbench.toml"); }
  [[nodiscard]] std::vector<std::string> recordings() const;
  [[nodiscard]] std::vector<std::string> classes() const;

  [[nodiscard]] std::vector<Session> sessions() const;
  /// The session of these extraction parameters, made when there is none.
  [[nodiscard]] Session session_of(const Json& extract) const;
  /// The session of this number; 0: the newest. Refused when there is none.
  [[nodiscard]] Session session(std::int64_t number) const;

  /// Attempts in order of their numbers.
  [[nodiscard]] std::vector<Json> attempts() const;
  /// Keeps an attempt under the next number, unless one of its `digest` is there; gives it with its number.
  [[nodiscard]] Json keep_attempt(Json attempt) const;

 private:
  Path folder_;
  Json settings_;
};

/// Keys of a table of `workbench.toml`: "workbench", "extract", "select", "train".
[[nodiscard]] const std::vector<RecipeKey>& keys_of(const std::string& table);
/// The table with every key, checked; `where` for messages.
[[nodiscard]] Json complete_table(const std::string& table, const Json& given);

}  // namespace caton::happyfeat
