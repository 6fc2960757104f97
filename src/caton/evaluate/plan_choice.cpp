// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/plan_choice.hpp"

#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <set>

namespace caton {
namespace {

const RecipeKey within_key{"within", "text", "", "study, subject or session: each is split and decoded by itself"};

const std::vector<RecipeKey>& plan_keys() {
  static const std::vector<RecipeKey> keys{
      {"folds", "integer", 0, "0: the plan's own number"},
      {"gap_samples", "integer", 0, "blocked-k-fold: training windows closer than this to a test block are unused"},
      {"shuffle", "flag", false, "k-fold, stratified-k-fold, within-session: in a random order of samples"},
      {"group", "text", "trial", "group-k-fold, stratified-group-k-fold: what stays together"},
      {"deal", "text", "balanced",
       "in-turn: k-fold deals window i of a recording to fold i mod folds, grouped plans whole groups in order of time "
       "(within each "
       "class where stratified)"},
      {"train_share", "number", 0.5, "chronological: the first share of each recording trains, the rest is tested"},
      {"pooled", "flag", false, "cross-session: a session of all people is left out at once, by its name"},
      within_key,
  };
  return keys;
}

/// A published protocol: windows shuffled once, a share thrown away, k folds over the rest.
struct Published {
  std::string system;
  std::int64_t folds, seed;
  double drop;
};
const std::vector<Published>& published() {
  static const std::vector<Published> list{{"rbtransformer", 5, 23, 0.1}};
  return list;
}
std::vector<RecipeKey> published_keys(const Published& entry) {
  return {{"system", "text", entry.system, "whose protocol"},
          {"folds", "integer", entry.folds, "folds over the windows that are kept"},
          {"seed", "integer", entry.seed, "of the legacy NumPy generator"},
          {"drop", "number", entry.drop, "share of windows thrown away first"},
          within_key};
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
  const std::string& deal = plan.at("deal").text("plan: deal");
  if (deal != "balanced" && deal != "in-turn")
    throw usage_error("plan: deal", "\"" + deal + "\" is not known", "known: balanced, in-turn");
  options.in_turn = deal == "in-turn";
  options.train_share = plan.at("train_share").number("plan: train_share");
  if (!(options.train_share > 0 && options.train_share < 1))
    throw usage_error("plan: train_share", "must lie between 0 and 1");
  return options;
}

Json table_of(const PlanOptions& options, const Json& within) {
  return Json::object({{"name", options.name},
                       {"folds", options.folds},
                       {"gap_samples", options.gap_samples},
                       {"shuffle", options.shuffle},
                       {"group", unit_name(options.group)},
                       {"deal", options.in_turn ? "in-turn" : "balanced"},
                       {"train_share", options.train_share},
                       {"pooled", false},
                       {"within", within}});
}

bool is_published(const Json& plan) { return plan.at("name").text() == "as-published"; }
bool is_pooled(const Json& plan) { return !is_published(plan) && plan.at("pooled").flag(); }

/// The samples of each data set or person, in order; all together unless the plan splits within them.
std::vector<std::vector<std::int64_t>> parts_of(const Columns& columns, const Json& plan) {
  const std::string& within = plan.at("within").text();
  const auto unit = within.empty() ? std::vector<std::int64_t>(static_cast<std::size_t>(columns.size()), 0)
                                   : numbered_units(columns, unit_named(within));
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

/// One fold for each session name: everybody's recordings of that name are tested together.
std::vector<Fold> pooled_sessions(const Columns& columns) {
  const std::set<std::int64_t> sessions(columns.session.begin(), columns.session.end());
  if (sessions.size() < 2) {
    throw usage_error("plan cross-session", "there is only one session",
                      "use cross-subject or stratified-group-k-fold");
  }
  std::vector<Fold> folds;
  for (const auto session : sessions) {
    Fold fold;
    for (std::size_t i = 0; i < columns.session.size(); ++i) {
      (columns.session[i] == session ? fold.test : fold.train).push_back(static_cast<std::int64_t>(i));
    }
    folds.push_back(std::move(fold));
  }
  return folds;
}

std::vector<Fold> folds_of_part(const Columns& columns, const Json& plan, const RandomStream& random) {
  if (is_published(plan)) return published_folds(plan, columns.size());
  return is_pooled(plan) ? pooled_sessions(columns) : make_folds(columns, options_of(plan), random);
}

Json complete(const std::string& name, const std::vector<RecipeKey>& keys, const Json& given) {
  const Json options = complete_options("plan " + name, keys, {}, given.is_text() ? Json::object() : given);
  Json plan = Json::object({{"name", name}});
  for (const auto& [key, value] : options.members()) plan[key] = value;
  const std::string& within = plan.at("within").text();
  if (!within.empty() && within != "study" && within != "subject" && within != "session") {
    throw usage_error("plan " + name, "within = \"" + within + "\" is not known",
                      "study, subject, session, or nothing");
  }
  return plan;
}

const Published& published_of(const std::string& system) {
  std::vector<std::string> known;
  for (const Published& entry : published()) {
    if (entry.system == system) return entry;
    known.push_back(entry.system);
  }
  throw usage_error("evaluate: published", "no published protocol of \"" + system + "\"", suggestion(system, known));
}

}  // namespace

Json complete_plan(const Json& plan) {
  const std::string name = plan.is_text() ? plan.text() : plan.at("name", "plan").text("plan: name");
  if (name == "as-published") {
    const Json* const system = plan.find("system");
    if (system == nullptr) throw usage_error("plan as-published", "\"system\" is missing", "say whose protocol");
    return complete(name, published_keys(published_of(system->text("system"))), plan);
  }
  const PlanEntry& entry = plan_named(name);
  const Json made = complete(entry.name, plan_keys(), plan);
  static_cast<void>(options_of(made));
  if (is_pooled(made) && entry.name != "cross-session") {
    throw usage_error("plan " + entry.name, "pooled is for cross-session only");
  }
  return made;
}

Json published_plan(const std::string& system) {
  return complete("as-published", published_keys(published_of(system)), Json::object());
}

std::vector<Fold> folds_of(const Columns& columns, const Json& plan, const RandomStream& random) {
  std::vector<Fold> folds;
  std::uint64_t index = 0;
  for (const auto& part : parts_of(columns, plan)) {
    for (const Fold& fold : folds_of_part(columns_at(columns, part), plan, random.derive("part", {index++}))) {
      folds.push_back({picked(part, fold.train), picked(part, fold.test)});
    }
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
  for (const PlanOptions& twin : leak_free_twins(options)) twins.push_back(table_of(twin, plan.at("within")));
  return twins;
}

}  // namespace caton
