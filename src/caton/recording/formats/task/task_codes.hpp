// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caton {

/// What the codes of a study in the task form mean, record by record. A code may mean different things in different
/// runs: a record's own `codes` say so, or the text does by naming runs in brackets ("left fist (R04 R08) or both fists
/// (R06 R10)"; another code with as many alternatives follows the same runs).
class TaskCodes {
 public:
  /// Of a whole task.json; `where` names it in messages.
  TaskCodes(const Json& task, const std::string& where);

  /// Short name of a code in a record; the code itself where its meaning is not given.
  [[nodiscard]] std::string meaning(std::int64_t code, const Json& record) const;
  /// Every meaning that occurs, in the order of the codes.
  [[nodiscard]] std::vector<std::string> all() const;
  /// What the description says of a code beyond its name ("picture class 2": "houses and faces; which is which …").
  [[nodiscard]] const std::map<std::string, std::string>& remarks() const noexcept { return remarks_; }

 private:
  void split_by_run(std::int64_t code, const std::string& text, const std::vector<std::string>& runs);

  std::string where_;
  std::map<std::int64_t, std::vector<std::string>> meanings_;  ///< alternatives; one where runs do not matter
  std::map<std::string, std::size_t> alternative_of_run_;
  std::map<std::string, std::string> remarks_;
  std::vector<std::string> of_records_;  ///< meanings that records state themselves
};

}  // namespace caton
