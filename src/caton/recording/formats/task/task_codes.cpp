// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/task/task_codes.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>

namespace caton {
namespace {

std::vector<std::string> split_words(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.emplace_back(trim(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

/// "left fist (R03 R04)" → the name and what stands in the bracket that ends it.
std::pair<std::string, std::string> split_bracket(const std::string& text) {
  const auto open = text.find('(');
  if (open == std::string::npos || text.back() != ')' || open == 0) return {text, ""};
  return {std::string(trim(std::string_view(text).substr(0, open))), text.substr(open + 1, text.size() - open - 2)};
}

/// Whether a bracket lists runs and nothing else; at least one of them is a run of this study.
bool lists_runs(const std::string& bracket, const std::vector<std::string>& runs) {
  bool known = false;
  for (const std::string& word : split(bracket, ' ')) {
    if (word.empty() || !parse_integer(word.substr(1))) return false;
    known = known || std::find(runs.begin(), runs.end(), word) != runs.end();
  }
  return known;
}

std::string run_of(const Json& record) {
  const Json* const run = record.find("run");
  return run != nullptr && run->is_text() ? run->text() : std::string();
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

TaskCodes::TaskCodes(const Json& task, const std::string& where) : where_(where) {
  std::vector<std::string> runs;
  for (const Json& record : task.at("records", where).items(where)) {
    add_once(runs, run_of(record));
    if (const Json* const own = record.find("codes"))
      for (const auto& [code, text] : own->members(where)) add_once(of_records_, text.text(where));
  }
  const Json* const codes = task.find("codes");
  if (codes == nullptr) return;
  std::map<std::int64_t, std::string> texts;
  for (const auto& [code, text] : codes->members(where)) {
    const auto number = parse_integer(code);
    if (!number) throw input_error(where, "the code \"" + printable(code) + "\" is no whole number");
    texts[*number] = text.text(where);
  }
  for (const auto& [code, text] : texts) split_by_run(code, text, runs);
  for (const auto& [code, text] : texts) {
    if (meanings_.count(code) != 0) continue;
    auto parts = split_words(text, " or ");
    if (!alternative_of_run_.empty() && parts.size() > 1) {
      const std::string likewise = ", likewise";
      std::string& last = parts.back();
      if (last.size() > likewise.size() && last.ends_with(likewise)) last.resize(last.size() - likewise.size());
      meanings_[code] = parts;
      continue;
    }
    const auto [name, remark] = split_bracket(text);
    meanings_[code] = {name};
    if (!remark.empty()) remarks_[name] = remark;
  }
}

void TaskCodes::split_by_run(std::int64_t code, const std::string& text, const std::vector<std::string>& runs) {
  const auto parts = split_words(text, " or ");
  std::vector<std::string> names;
  for (const std::string& part : parts) {
    const auto [name, bracket] = split_bracket(part);
    if (parts.size() < 2 || !lists_runs(bracket, runs)) return;
    for (const std::string& run : split(bracket, ' ')) {
      const auto [place, made] = alternative_of_run_.try_emplace(run, names.size());
      if (!made && place->second != names.size())
        throw input_error(where_, "the codes do not agree on what run " + printable(run) + " is");
    }
    names.push_back(name);
  }
  meanings_[code] = names;
}

std::string TaskCodes::meaning(std::int64_t code, const Json& record) const {
  if (const Json* const own = record.find("codes"))
    if (const Json* const text = own->find(std::to_string(code))) return text->text(where_);
  const auto found = meanings_.find(code);
  if (found == meanings_.end()) return std::to_string(code);
  const auto& names = found->second;
  if (names.size() == 1) return names.front();
  const auto run = alternative_of_run_.find(run_of(record));
  if (run == alternative_of_run_.end() || run->second >= names.size()) return join(names, " or ");
  return names[run->second];
}

std::vector<std::string> TaskCodes::all() const {
  std::vector<std::string> names;
  for (const auto& [code, meanings] : meanings_)
    for (const std::string& name : meanings) add_once(names, name);
  for (const std::string& name : of_records_) add_once(names, name);
  return names;
}

}  // namespace caton
