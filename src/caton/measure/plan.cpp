// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/plan.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/measure/assign.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

namespace caton {
namespace {

constexpr double mix_limit = 0.20;

using Ids = std::vector<std::int64_t>;

const Ids& labels_of(const Columns& columns, const std::string& plan) {
  if (columns.label.empty())
    throw usage_error(plan, "the labels are missing", "a stratified plan needs the column \"label\"");
  return columns.label;
}

std::int64_t count_of(const Ids& numbers) {
  return numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1;
}

/// Folds in which each sample is tested in its own fold and trains in all others.
std::vector<Fold> folds_from(const Ids& fold_of, std::int64_t folds) {
  std::vector<Fold> result(static_cast<std::size_t>(folds));
  for (std::size_t i = 0; i < fold_of.size(); ++i) {
    for (std::int64_t f = 0; f < folds; ++f)
      (fold_of[i] == f ? result[f].test : result[f].train).push_back(static_cast<std::int64_t>(i));
  }
  return result;
}

Ids grouping(const Columns& columns, Unit unit) {
  if (!columns.group.empty()) return numbered_units(Columns{.study = columns.group}, Unit::study);
  return numbered_units(columns, unit);
}

Ids sample_order(std::int64_t count, const PlanOptions& options, const RandomStream& random) {
  if (!options.order.empty()) {
    check_order(options.order, count, options.name);
    return options.order;
  }
  if (options.shuffle) return random.derive("order").permutation(count);
  Ids order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::vector<Fold> leave_one_out(const Ids& units, const std::string& plan, Unit unit) {
  if (count_of(units) < 2)
    throw input_error(plan, std::string("there is one ") + unit_name(unit) + " only: no groups to hold out",
                      "choose a plan within it");
  return folds_from(units, count_of(units));
}

/// Folds made within each part of the data; what lies outside the part is unused.
template <class Make>
std::vector<Fold> within_parts(const Ids& part_of, const Make& make) {
  std::vector<Ids> members(static_cast<std::size_t>(count_of(part_of)));
  for (std::size_t i = 0; i < part_of.size(); ++i) members[part_of[i]].push_back(static_cast<std::int64_t>(i));
  std::vector<Fold> result;
  for (std::size_t part = 0; part < members.size(); ++part) {
    for (Fold fold : make(members[part], part)) {
      for (auto* const side : {&fold.train, &fold.test}) {
        for (auto& sample : *side) sample = members[part][sample];
      }
      result.push_back(std::move(fold));
    }
  }
  return result;
}

Ids taken(const Ids& column, const Ids& members) {
  Ids result;
  result.reserve(members.size());
  for (const auto i : members) result.push_back(column[i]);
  return result;
}

std::vector<Fold> within_session(const Columns& columns, const PlanOptions& options, const RandomStream& random) {
  const auto& labels = labels_of(columns, options.name);
  return within_parts(numbered_units(columns, Unit::session), [&](const Ids& members, std::size_t part) {
    const auto own = taken(labels, members);
    PlanOptions inner = options;
    inner.order.clear();
    const auto order = sample_order(static_cast<std::int64_t>(own.size()), inner, random.derive("session", {part}));
    return folds_from(stratified_folds(own, options.folds, order, options.name), options.folds);
  });
}

std::vector<Fold> by_session(const Columns& columns, const PlanOptions& options, bool forward) {
  const auto sessions = numbered_units(columns, Unit::session);
  auto result = within_parts(numbered_units(columns, Unit::subject), [&](const Ids& members, std::size_t) {
    const auto own = numbered_units(Columns{.study = taken(sessions, members)}, Unit::study);
    auto folds = count_of(own) < 2 ? std::vector<Fold>{} : folds_from(own, count_of(own));
    if (!forward || folds.empty()) return folds;
    folds.erase(folds.begin());
    for (std::size_t f = 0; f < folds.size(); ++f)
      std::erase_if(folds[f].train, [&](auto i) { return own[i] > static_cast<std::int64_t>(f); });
    return folds;
  });
  if (result.empty())
    throw input_error(options.name, "every subject has one session only", "choose a plan within the session");
  return result;
}

/// Time-contiguous blocks of one recording: the test fold of each of its windows.
Ids blocks_of(const Columns& columns, const Ids& members, std::int64_t folds) {
  Ids order(members.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return columns.begin[members[a]] < columns.begin[members[b]]; });
  const auto block = contiguous_folds(static_cast<std::int64_t>(members.size()), folds);
  Ids result(members.size());
  for (std::size_t i = 0; i < order.size(); ++i) result[order[i]] = block[i];
  return result;
}

std::vector<Fold> blocked(const Columns& columns, const PlanOptions& options) {
  if (columns.begin.empty() || columns.end.empty())
    throw usage_error(options.name, "the columns \"begin\" and \"end\" are missing");
  const auto recordings = numbered_units(columns, Unit::recording);
  std::vector<Ids> members(static_cast<std::size_t>(count_of(recordings)));
  for (std::size_t i = 0; i < recordings.size(); ++i) members[recordings[i]].push_back(static_cast<std::int64_t>(i));
  std::vector<Fold> result(static_cast<std::size_t>(options.folds));
  for (const auto& windows : members) {
    const auto block = blocks_of(columns, windows, options.folds);
    for (std::int64_t f = 0; f < options.folds; ++f) {
      std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
      for (std::size_t i = 0; i < windows.size(); ++i) {
        if (block[i] != f) continue;
        first = std::min(first, columns.begin[windows[i]]);
        last = std::max(last, columns.end[windows[i]]);
      }
      for (std::size_t i = 0; i < windows.size(); ++i) {
        const auto w = windows[i];
        const bool far = first > last || columns.begin[w] - options.gap_samples >= last ||
                         columns.end[w] + options.gap_samples <= first;
        if (block[i] == f)
          result[f].test.push_back(w);
        else if (far)
          result[f].train.push_back(w);
      }
    }
  }
  for (Fold& fold : result) {
    std::sort(fold.train.begin(), fold.train.end());
    std::sort(fold.test.begin(), fold.test.end());
  }
  return result;
}

/// Place of each group in the order of its first sample: session, recording, time, as far as they are known.
Ids ranks_in_time(const Columns& columns, const Ids& group) {
  const auto value = [&](const Ids& column, std::int64_t i) { return column.empty() ? 0 : column[i]; };
  const auto time = [&](std::int64_t i) {
    return std::tuple(value(columns.session, i), value(columns.recording, i), value(columns.begin, i), i);
  };
  const auto groups = static_cast<std::size_t>(count_of(group));
  Ids first(groups, -1), order(groups), rank(groups);
  for (std::size_t i = 0; i < group.size(); ++i) {
    auto& own = first[group[i]];
    const auto here = static_cast<std::int64_t>(i);
    if (own < 0 || time(here) < time(own)) own = here;
  }
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return time(first[a]) < time(first[b]); });
  for (std::size_t place = 0; place < groups; ++place) rank[order[place]] = static_cast<std::int64_t>(place);
  return rank;
}

/// Window i of its recording to fold i mod folds, windows in order of time.
Ids dealt_in_recordings(const Columns& columns, const PlanOptions& options) {
  const auto count = columns.size();
  check_folds(options.folds, count, options.name);
  Ids order(static_cast<std::size_t>(count)), fold(order.size());
  std::iota(order.begin(), order.end(), 0);
  if (!columns.begin.empty())
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return columns.begin[a] < columns.begin[b]; });
  std::map<std::int64_t, std::int64_t> dealt;  // windows of each recording so far
  const Ids recording = columns.recording.empty() ? Ids(order.size()) : numbered_units(columns, Unit::recording);
  for (const auto i : order) fold[i] = dealt[recording[i]]++ % options.folds;
  return fold;
}

std::vector<Fold> grouped(const Columns& columns, const PlanOptions& options) {
  const bool stratified = options.name == "stratified-group-k-fold";
  const Ids none, group = grouping(columns, options.group);
  const Ids& labels = stratified ? labels_of(columns, options.name) : none;
  if (options.in_turn)
    return folds_from(dealt_group_folds(labels, group, ranks_in_time(columns, group), options.folds, options.name),
                      options.folds);
  return folds_from(stratified ? stratified_group_folds(labels, group, options.folds, options.name)
                               : group_folds(group, options.folds, options.name),
                    options.folds);
}

/// One fold: of each recording the first share trains and the rest is tested.
std::vector<Fold> chronological(const Columns& columns, const PlanOptions& options) {
  if (columns.begin.empty()) throw usage_error(options.name, "the column \"begin\" is missing");
  if (!(options.train_share > 0 && options.train_share < 1))
    throw usage_error(options.name, "train_share must lie between 0 and 1");
  const auto recordings = numbered_units(columns, Unit::recording);
  std::vector<Ids> members(static_cast<std::size_t>(count_of(recordings)));
  for (std::size_t i = 0; i < recordings.size(); ++i) members[recordings[i]].push_back(static_cast<std::int64_t>(i));
  Fold fold;
  for (auto& samples : members) {
    std::stable_sort(samples.begin(), samples.end(),
                     [&](auto a, auto b) { return columns.begin[a] < columns.begin[b]; });
    const auto train = static_cast<std::size_t>(options.train_share * static_cast<double>(samples.size()));
    for (std::size_t i = 0; i < samples.size(); ++i) (i < train ? fold.train : fold.test).push_back(samples[i]);
  }
  std::sort(fold.train.begin(), fold.train.end());
  std::sort(fold.test.begin(), fold.test.end());
  return {fold};
}

std::vector<Fold> cross_subject(const Columns& columns, const PlanOptions& options) {
  const auto subjects = numbered_units(columns, Unit::subject);
  if (options.folds == 0) return leave_one_out(subjects, options.name, Unit::subject);
  return folds_from(group_folds(subjects, options.folds, options.name), options.folds);
}

std::vector<Fold> made(const Columns& columns, const PlanOptions& options, const RandomStream& random) {
  const std::string& plan = options.name;
  const auto count = columns.size();
  if (plan == "k-fold" || plan == "random-windows") {
    PlanOptions shuffled = options;
    shuffled.shuffle = options.shuffle || plan == "random-windows";
    const auto order = sample_order(count, shuffled, random);
    check_folds(options.folds, count, plan);
    const auto place = options.in_turn ? dealt_in_recordings(columns, options) : contiguous_folds(count, options.folds);
    Ids fold_of(place.size());
    for (std::size_t i = 0; i < place.size(); ++i) fold_of[order[i]] = place[i];
    return folds_from(fold_of, options.folds);
  }
  if (plan == "stratified-k-fold") {
    const auto order = sample_order(count, options, random);
    return folds_from(stratified_folds(labels_of(columns, plan), options.folds, order, plan), options.folds);
  }
  if (plan == "group-k-fold" || plan == "stratified-group-k-fold") return grouped(columns, options);
  if (plan == "within-session") return within_session(columns, options, random);
  if (plan == "cross-session") return by_session(columns, options, false);
  if (plan == "forward") return by_session(columns, options, true);
  if (plan == "cross-subject") return cross_subject(columns, options);
  if (plan == "blocked-k-fold") return blocked(columns, options);
  if (plan == "chronological") return chronological(columns, options);
  const Unit unit = plan_named(plan).unseen;
  return leave_one_out(grouping(columns, unit), plan, unit);
}

/// Share of each class among `samples`.
std::map<std::int64_t, double> class_shares(const Columns& columns, const Ids& samples) {
  std::map<std::int64_t, double> shares;
  for (const auto i : samples) shares[columns.label[i]] += 1 / static_cast<double>(samples.size());
  return shares;
}

}  // namespace

const std::vector<PlanEntry>& plans() {
  static const std::vector<PlanEntry> all{
      {"k-fold", {}, "contiguous blocks in sample order", Unit::sample, 5},
      {"stratified-k-fold", {}, "the same share of each class in every fold", Unit::sample, 5},
      {"group-k-fold", {}, "whole groups, balanced in size", Unit::trial, 5},
      {"stratified-group-k-fold", {}, "whole groups, balanced in classes", Unit::trial, 5},
      {"within-session", {}, "stratified folds within each session of each subject", Unit::sample, 5},
      {"cross-session", {}, "per subject, each session held out once", Unit::session, 0},
      {"cross-subject",
       {"leave-one-subject-out"},
       "each subject held out once; `folds`: groups of them",
       Unit::subject,
       0},
      {"leave-one-trial-out", {}, "each trial held out once", Unit::trial, 0},
      {"leave-one-recording-out", {}, "each recording held out once", Unit::recording, 0},
      {"leave-one-study-out", {}, "each study held out once", Unit::study, 0},
      {"blocked-k-fold", {}, "blocks of time within each recording, with a gap to training", Unit::sample, 5},
      {"chronological", {}, "the first share of each recording trains, the rest is tested", Unit::sample, 0},
      {"forward", {}, "per subject, trained on earlier sessions, tested on the next", Unit::session, 0},
      {"random-windows", {}, "windows dealt at random; kept only to reproduce papers", Unit::sample, 5},
  };
  return all;
}

const PlanEntry& plan_named(std::string_view name) {
  std::vector<std::string> known;
  for (const PlanEntry& entry : plans()) {
    if (entry.name == name || std::find(entry.aliases.begin(), entry.aliases.end(), name) != entry.aliases.end())
      return entry;
    known.push_back(entry.name);
  }
  throw usage_error("plan", "unknown plan \"" + std::string(name) + "\"",
                    "known: " + join(known, ", ") + ", as-published");
}

Unit claim_of(const PlanOptions& options) {
  const PlanEntry& entry = plan_named(options.name);
  const bool grouped = entry.name == "group-k-fold" || entry.name == "stratified-group-k-fold";
  return grouped ? options.group : entry.unseen;
}

std::vector<Fold> make_folds(const Columns& columns, const PlanOptions& options, const RandomStream& random) {
  const PlanEntry& entry = plan_named(options.name);
  PlanOptions complete = options;
  complete.name = entry.name;
  if (complete.folds == 0) complete.folds = entry.folds;
  if (columns.size() == 0) throw input_error(entry.name, "there are no samples: the columns are empty");
  if (complete.folds < 0 || complete.folds == 1)
    throw usage_error(entry.name, "folds = " + std::to_string(complete.folds), "give at least 2 folds");
  if (complete.folds != 0 && entry.folds == 0 && entry.name != "cross-subject")
    throw usage_error(entry.name, entry.name == "chronological" ? "folds cannot be set: there is one"
                                                                : "folds cannot be set: there is one for each " +
                                                                      std::string(unit_name(entry.unseen)));
  const bool dealt = entry.name == "k-fold" || entry.name == "group-k-fold" || entry.name == "stratified-group-k-fold";
  if (complete.in_turn && (!dealt || complete.shuffle))
    throw usage_error(entry.name,
                      "deal = \"in-turn\" is for k-fold, group-k-fold and stratified-group-k-fold, unshuffled");
  if (complete.gap_samples < 0) throw usage_error(entry.name, "gap_samples is negative");
  auto folds = made(columns, complete, random);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    if (folds[f].train.empty() || folds[f].test.empty())
      throw input_error(
          entry.name,
          "fold " + std::to_string(f) + " has an empty " + (folds[f].test.empty() ? "test" : "training") + " set",
          "use fewer folds or a smaller gap");
  }
  return folds;
}

std::vector<PlanOptions> leak_free_twins(const PlanOptions& options) {
  const PlanEntry& entry = plan_named(options.name);
  const Unit unseen = claim_of(options);
  if (unseen == Unit::sample)
    return {{.name = "stratified-group-k-fold", .folds = options.folds == 0 ? entry.folds : options.folds}};
  if (unseen == Unit::recording || unseen == Unit::session) return {{.name = "cross-subject"}};
  return {};
}

Findings class_mix_findings(const Columns& columns, const std::vector<Fold>& folds, const std::string& plan) {
  Findings findings;
  if (columns.label.empty()) return findings;
  Ids everyone(static_cast<std::size_t>(columns.size()));
  std::iota(everyone.begin(), everyone.end(), 0);
  const auto whole = class_shares(columns, everyone);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const auto shares = class_shares(columns, folds[f].test);
    for (const auto& [label, share] : whole) {
      const auto found = shares.find(label);
      const double here = found == shares.end() ? 0 : found->second;
      if (std::abs(here - share) <= mix_limit) continue;
      findings.push_back({"plan/class-mix", Severity::warn, plan + ", fold " + std::to_string(f),
                          "class " + std::to_string(label) + " makes up " + fixed_text(100 * here, 0) +
                              " % of the test set but " + fixed_text(100 * share, 0) +
                              " % of all samples; such folds push accuracy below chance, stratified-group-k-fold "
                              "balances them"});
      break;
    }
  }
  return findings;
}

void refuse_absent_classes(const Columns& columns, const std::vector<Fold>& folds, const std::string& plan) {
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const auto known = class_shares(columns, folds[f].train);
    for (const auto i : folds[f].test) {
      if (known.count(columns.label[i])) continue;
      throw input_error(
          plan,
          "class " + std::to_string(columns.label[i]) + " is absent from the training set of fold " + std::to_string(f),
          "use fewer folds, or stratified-group-k-fold, which balances classes");
    }
  }
}

}  // namespace caton
