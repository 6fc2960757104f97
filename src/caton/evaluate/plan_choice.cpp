// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/plan_choice.hpp"

#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/text.hpp"

#include <algorithm>

namespace caton {
namespace {

const std::vector<RecipeKey>& plan_keys() {
  static const std::vector<RecipeKey> keys{
      {"folds", "integer", 0, "0: the plan's own number"},
      {"gap_samples", "integer", 0,
       "blocked-k-fold: training windows closer than this to a test block are "
       "unused"},
      {"shuffle", "flag", false,
       "k-fold, stratified-k-fold, within-session: in a random order of "
       "samples"},
      {"group", "text", "trial", "group-k-fold, stratified-group-k-fold: what stays together"},
  };
  return keys;
}

/// A published protocol: windows shuffled once, a share thrown away, k folds
/// over the rest.
struct Published {
  std::string system;
  std::int64_t folds, seed;
  double drop;
};
const std::vector<Published>& published() {
  static const std::vector<Published> list{{"rbtransformer", 5, 23, 0.1}};
  return list;
}

Unit unit_named(const std::string& name) {
  const std::vector<std::string> known{"trial", "recording", "session", "subject", "study"};
  for (const Unit unit : {Unit::trial, Unit::recording, Unit::session, Unit::subject, Unit::study}) {
    if (name == unit_name(unit)) return unit;
  }
  throw usage_error("plan: group", "unknown group \"" + name + "\"", suggestion(name, known));
}

PlanOptions options_of(const Json& plan) {
  PlanOptions options;
  options.name = plan.at("name").text();
  options.folds = plan.at("folds").integer();
  options.gap_samples = plan.at("gap_samples").integer();
  options.shuffle = plan.at("shuffle").flag();
  options.group = unit_named(plan.at("group").text());
  return options;
}

Json table_of(const PlanOptions& options) {
  return Json::object({{"name", options.name},
                       {"folds", options.folds},
                       {"gap_samples", options.gap_samples},
                       {"shuffle", options.shuffle},
                       {"group", unit_name(options.group)}});
}

/// The samples of each data set, in order; all together unless the plan splits within studies.
std::vector<std::vector<std::int64_t>> parts_of(const Columns& columns, const Json& plan) {
  const Json* const within = plan.find("within");
  const bool by_study = within != nullptr && within->text() == "study";
  const auto unit = by_study ? numbered_units(columns, Unit::study)
                             : std::vector<std::int64_t>(static_cast<std::size_t>(columns.size()), 0);
  std::vector<std::vector<std::int64_t>> parts;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const auto part = static_cast<std::size_t>(unit[i]);
    if (part >= parts.size()) parts.resize(part + 1);
    parts[part].push_back(static_cast<std::int64_t>(i));
  }
  return parts;
}

std::vector<std::int64_t> picked(const std::vector<std::int64_t>& column, const std::vector<std::int64_t>& samples) {
  std::vector<std::int64_t> values;
  if (column.empty()) return values;
  for (const auto sample : samples) values.push_back(column[static_cast<std::size_t>(sample)]);
  return values;
}

Columns columns_at(const Columns& all, const std::vector<std::int64_t>& samples) {
  Columns part;
  for (auto column : {&Columns::label, &Columns::study, &Columns::subject, &Columns::session, &Columns::recording,
                      &Columns::trial, &Columns::begin, &Columns::end, &Columns::group}) {
    part.*column = picked(all.*column, samples);
  }
  return part;
}

bool is_published(const Json& plan) { return plan.at("name").text() == "as-published"; }

std::vector<Fold> published_folds(const Json& plan, std::int64_t samples) {
  const Json args =
      Json::object({{"n", samples}, {"k", plan.at("folds")}, {"seed", plan.at("seed")}, {"drop", plan.at("drop")}});
  const Tensors split = run_operation("rbt_published_split", args, {});
  const auto kept = split.at("kept").integers("kept"), fold = split.at("fold").integers("fold");
  std::vector<Fold> folds(static_cast<std::size_t>(plan.at("folds").integer()));
  for (std::size_t i = 0; i < kept.size(); ++i) {
    for (std::size_t f = 0; f < folds.size(); ++f) {
      (static_cast<std::size_t>(fold[i]) == f ? folds[f].test : folds[f].train).push_back(kept[i]);
    }
  }
  for (Fold& one : folds) {
    std::sort(one.train.begin(), one.train.end());
    std::sort(one.test.begin(), one.test.end());
  }
  return folds;
}

}  // namespace

Json complete_plan(const Json& plan) {
  const std::string name = plan.is_text() ? plan.text() : plan.at("name", "plan").text("plan: name");
  if (name == "as-published") {
    return published_plan(plan.is_text() ? std::string("rbtransformer")
                                         : plan.at("system", "plan as-published").text("system"));
  }
  const PlanEntry& entry = plan_named(name);
  Json complete = Json::object({{"name", entry.name}});
  const Json options = complete_options("plan " + entry.name, plan_keys(), {}, plan.is_text() ? Json::object() : plan);
  for (const auto& [key, value] : options.members()) complete[key] = value;
  static_cast<void>(options_of(complete));
  return complete;
}

Json published_plan(const std::string& system) {
  std::vector<std::string> known;
  for (const auto& entry : published()) {
    known.push_back(entry.system);
    if (entry.system != system) continue;
    return Json::object({{"name", "as-published"},
                         {"system", system},
                         {"folds", entry.folds},
                         {"seed", entry.seed},
                         {"drop", entry.drop},
                         {"within", ""}});
  }
  throw usage_error("evaluate: published", "no published protocol of \"" + system + "\"", suggestion(system, known));
}

std::vector<Fold> folds_of(const Columns& columns, const Json& plan, const RandomStream& random) {
  std::vector<Fold> folds;
  std::uint64_t index = 0;
  for (const auto& part : parts_of(columns, plan)) {
    const auto own = is_published(plan)
                         ? published_folds(plan, static_cast<std::int64_t>(part.size()))
                         : make_folds(columns_at(columns, part), options_of(plan), random.derive("part", {index++}));
    for (const Fold& fold : own) folds.push_back({picked(part, fold.train), picked(part, fold.test)});
  }
  return folds;
}

Unit claim_of_plan(const Json& plan) { return is_published(plan) ? Unit::sample : claim_of(options_of(plan)); }

std::vector<Json> honest_twins(const Json& plan) {
  PlanOptions options;
  if (is_published(plan)) {
    options.name = "random-windows";
    options.folds = plan.at("folds").integer();
  } else {
    options = options_of(plan);
  }
  std::vector<Json> twins;
  for (const PlanOptions& twin : leak_free_twins(options)) twins.push_back(table_of(twin));
  return twins;
}

}  // namespace caton
