// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/results.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>

namespace caton::report {
namespace {

constexpr const char* damaged = "the run folder is damaged; compute it again with caton run --force";

/// Reads members of one JSON object of a file; every error names the file and the place.
class Reader {
 public:
  Reader(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object_.is_object()) throw wrong("must be an object");
  }
  [[nodiscard]] const Json* member(const std::string& key) const {
    const Json* const value = object_.find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  [[nodiscard]] std::string text(const std::string& key) const {
    const Json* const value = member(key);
    if (value == nullptr) return {};
    if (!value->is_text()) throw wrong(key + " must be a text");
    return value->text();
  }
  /// A text or a number, as text.
  [[nodiscard]] std::string shown(const std::string& key) const {
    const Json* const value = member(key);
    if (value == nullptr) return {};
    return value->is_text() ? value->text() : value->is_number() ? number_text(value->number()) : value->dump();
  }
  [[nodiscard]] Maybe number(const std::string& key) const {
    const Json* const value = member(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) throw wrong(key + " must be a number");
    return value->number();
  }
  [[nodiscard]] bool flag(const std::string& key) const {
    const Json* const value = member(key);
    if (value == nullptr || !value->is_flag()) throw wrong(key + " must be true or false");
    return value->flag();
  }
  /// The members of a list, each with its place; empty when it is missing.
  [[nodiscard]] std::vector<Reader> items(const std::string& key) const {
    std::vector<Reader> readers;
    for (const Json& item : list(key))
      readers.emplace_back(item, where_ + ": " + key + "[" + std::to_string(readers.size()) + "]");
    return readers;
  }
  [[nodiscard]] std::vector<std::string> texts(const std::string& key) const {
    std::vector<std::string> texts;
    for (const Json& item : list(key)) {
      if (!item.is_text()) throw wrong(key + " must hold texts");
      texts.push_back(item.text());
    }
    return texts;
  }
  [[nodiscard]] std::vector<std::vector<double>> rows(const std::string& key) const {
    std::vector<std::vector<double>> rows;
    for (const Json& item : list(key)) {
      if (!item.is_list()) throw wrong(key + " must be a list of lists");
      std::vector<double> row;
      for (const Json& value : item.items()) {
        if (!value.is_number()) throw wrong(key + " must hold numbers");
        row.push_back(value.number());
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }
  [[nodiscard]] std::vector<std::pair<std::string, Reader>> members(const std::string& key) const {
    std::vector<std::pair<std::string, Reader>> readers;
    const Json* const value = member(key);
    if (value == nullptr) return readers;
    if (!value->is_object()) throw wrong(key + " must be an object");
    for (const auto& [name, item] : value->members())
      readers.emplace_back(name, Reader(item, where_ + ": " + key + "." + name));
    return readers;
  }
  [[nodiscard]] std::optional<Reader> object(const std::string& key) const {
    const Json* const value = member(key);
    if (value == nullptr) return std::nullopt;
    return Reader(*value, where_ + ": " + key);
  }

 private:
  [[nodiscard]] Error wrong(std::string problem) const { return input_error(where_, std::move(problem), damaged); }
  [[nodiscard]] const Json::List& list(const std::string& key) const {
    static const Json::List none;
    const Json* const value = member(key);
    if (value == nullptr) return none;
    if (!value->is_list()) throw wrong(key + " must be a list");
    return value->items();
  }

  const Json& object_;
  std::string where_;
};

Score score_of(const Reader& reader) {
  return {.value = reader.number("value"),
          .low = reader.number("low"),
          .high = reader.number("high"),
          .n = static_cast<std::int64_t>(reader.number("n").value_or(0)),
          .unit = reader.text("unit"),
          .undefined = reader.shown("undefined")};
}

Evaluation evaluation_of(const Reader& reader) {
  Evaluation evaluation{
      .pipeline = reader.text("pipeline"), .plan = reader.text("plan"), .leaky = reader.flag("leaky")};
  if (const auto decision = reader.object("decision"); decision && decision->text("unit") != "window")
    evaluation.decision = decision->text("unit");
  for (const auto& leak : reader.items("leaks"))
    evaluation.leaks.push_back({leak.text("code"), leak.text("severity"), leak.text("what")});
  for (const auto& [name, score] : reader.members("metrics")) evaluation.metrics.emplace_back(name, score_of(score));
  if (const auto chance = reader.object("chance")) {
    evaluation.chance = score_of(*chance);
    evaluation.chance_method = chance->text("method");
    evaluation.p = chance->number("p");
  }
  for (const auto& [name, score] : reader.members("subjects")) evaluation.subjects.emplace_back(name, score_of(score));
  evaluation.confusion = reader.rows("confusion");
  evaluation.claims = reader.texts("claims");
  if (const auto twin = reader.object("twin"))
    evaluation.twin =
        Twin{twin->text("plan"), twin->number("inflation_points"), twin->number("low"), twin->number("high")};
  evaluation.ilss = reader.number("ilss");
  return evaluation;
}

void add_audit(std::vector<Evaluation>& all, const Reader& audit) {
  for (const auto& item : audit.items("evaluations")) {
    for (Evaluation& evaluation : all) {
      if (evaluation.pipeline != item.text("pipeline") || evaluation.plan != item.text("plan")) continue;
      evaluation.verdict = item.text("verdict");
      evaluation.not_checked = item.texts("not_checked");
      for (const auto& finding : item.items("findings"))
        evaluation.findings.push_back({finding.text("code"), finding.text("severity"), finding.shown("fold"),
                                       finding.shown("size"), finding.text("what")});
    }
  }
}

std::vector<std::string> distinct(const std::vector<Evaluation>& all, std::string Evaluation::*name) {
  std::vector<std::string> names;
  for (const auto& evaluation : all) {
    if (std::find(names.begin(), names.end(), evaluation.*name) == names.end()) names.push_back(evaluation.*name);
  }
  return names;
}

}  // namespace

std::string Evaluation::shown_plan() const {
  return decision.empty() ? plan : plan + ", one decision per " + decision;
}

Score Evaluation::metric(const std::string& name) const {
  for (const auto& [known, score] : metrics) {
    if (known == name) return score;
  }
  return Score{.value = {}, .low = {}, .high = {}, .n = 0, .unit = {}, .undefined = "not computed"};
}

Reading Evaluation::reading() const {
  const Score score = accuracy();
  if (!score.value || !score.low || !score.high || !chance.value) return Reading::unknown;
  if (*score.low > *chance.value && p.value_or(0) < 0.05) return Reading::above;
  if (*score.high < *chance.value) return Reading::below;
  return Reading::at;
}

std::vector<Evaluation> evaluations_of(const RunFolder& run) {
  std::vector<Evaluation> all;
  for (const auto& item : Reader(run.metrics, (run.path / "metrics.json").string()).items("evaluations"))
    all.push_back(evaluation_of(item));
  add_audit(all, Reader(run.audit, (run.path / "audit.json").string()));
  for (Evaluation& evaluation : all) {
    if (evaluation.verdict.empty()) evaluation.verdict = evaluation.leaky ? "leaks" : "cannot tell";
  }
  return all;
}

std::vector<Compared> comparisons_of(const RunFolder& run) {
  std::vector<Compared> all;
  for (const auto& item : Reader(run.metrics, (run.path / "metrics.json").string()).items("comparisons")) {
    all.push_back({.plan = item.text("plan"),
                   .a = item.text("a"),
                   .b = item.text("b"),
                   .unit = item.text("unit"),
                   .test = item.text("test"),
                   .points = item.number("difference_points"),
                   .low = item.number("low"),
                   .high = item.number("high"),
                   .p = item.number("p"),
                   .p_holm = item.number("p_holm"),
                   .n = static_cast<std::int64_t>(item.number("n").value_or(0))});
  }
  return all;
}

const Evaluation* find_evaluation(const std::vector<Evaluation>& all, const std::string& pipeline,
                                  const std::string& plan) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Evaluation& evaluation) {
    return evaluation.pipeline == pipeline && evaluation.plan == plan;
  });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> pipelines_of(const std::vector<Evaluation>& all) {
  return distinct(all, &Evaluation::pipeline);
}
std::vector<std::string> plans_of(const std::vector<Evaluation>& all) { return distinct(all, &Evaluation::plan); }

std::string score_text(const Score& score) {
  if (!score.value) return "undefined" + (score.undefined.empty() ? "" : " (" + score.undefined + ")");
  std::string text = percent(*score.value);
  const std::string range = percent_range(score.low, score.high);
  std::string about = range.empty() ? "no interval" : "95\xC2\xA0% interval " + range;
  if (score.n > 0) about += ", " + unit_count(score.n, score.unit);
  return text + " (" + about + ")";
}

std::string reading_text(Reading reading) {
  switch (reading) {
    case Reading::above: return "above chance";
    case Reading::at: return "no difference from chance shown";
    case Reading::below: return "below chance: a sign of a confound";
    case Reading::unknown: return "cannot be told";
  }
  return {};
}

}  // namespace caton::report
