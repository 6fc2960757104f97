// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit/origin_rules.hpp"
#include "caton/base/operation.hpp"
#include "caton/evaluate/audit/intervals.hpp"

#include <algorithm>

namespace caton::leak {
namespace {

using Ids = std::vector<std::int64_t>;
using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

void sort_distinct(auto& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

Tensor as_table(const Pairs& pairs) {
  Ids flat;
  for (const auto& [first, second] : pairs) {
    flat.push_back(first);
    flat.push_back(second);
  }
  return Tensor({static_cast<std::int64_t>(pairs.size()), 2}, flat);
}

bool has_parent(const std::array<std::int64_t, 2>& parents) { return parents[0] >= 0 || parents[1] >= 0; }

}  // namespace

Ids shared_units(std::span<const std::int64_t> unit, std::span<const std::int64_t> side) {
  std::int64_t largest = -1;
  for (const auto number : unit) largest = std::max(largest, number);
  std::vector<std::array<bool, 2>> has(static_cast<std::size_t>(largest + 1), {false, false});
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (unit[i] >= 0 && (side[i] == training || side[i] == test)) has[unit[i]][side[i]] = true;
  }
  Ids shared;
  for (std::size_t u = 0; u < has.size(); ++u) {
    if (has[u][training] && has[u][test]) shared.push_back(static_cast<std::int64_t>(u));
  }
  return shared;
}

std::vector<Ids> ancestors_of(std::span<const std::array<std::int64_t, 2>> parents) {
  const auto count = static_cast<std::int64_t>(parents.size());
  std::vector<Ids> ancestors(parents.size());
  // Depth first, as parents may stand behind their children.
  enum class State : char { unseen, open, done };
  std::vector<State> state(parents.size(), State::unseen);
  std::vector<std::int64_t> stack;
  for (std::int64_t start = 0; start < count; ++start) {
    if (state[start] == State::done || !has_parent(parents[start])) continue;
    stack.push_back(start);
    while (!stack.empty()) {
      const auto sample = stack.back();
      const bool first_visit = state[sample] == State::unseen;
      state[sample] = State::open;
      bool waits = false;
      for (const auto parent : parents[sample]) {
        if (parent < 0 || state[parent] == State::done || !has_parent(parents[parent])) continue;
        if (state[parent] == State::open && first_visit)
          throw input_error("audit_resampling", "sample " + std::to_string(parent) + " is its own ancestor");
        if (state[parent] == State::unseen) {
          stack.push_back(parent);
          waits = true;
        }
      }
      if (waits) continue;
      for (const auto parent : parents[sample]) {
        if (parent < 0) continue;
        ancestors[sample].push_back(parent);
        ancestors[sample].insert(ancestors[sample].end(), ancestors[parent].begin(), ancestors[parent].end());
      }
      sort_distinct(ancestors[sample]);
      state[sample] = State::done;
      stack.pop_back();
    }
  }
  return ancestors;
}

Resampling resampling_across(std::span<const std::array<std::int64_t, 2>> parents, std::span<const std::int64_t> side) {
  const auto count = static_cast<std::int64_t>(parents.size());
  for (const auto& pair : parents) {
    for (const auto parent : pair) {
      if (parent < -1 || parent >= count)
        throw input_error("audit_resampling", "parent " + std::to_string(parent) + " names no sample");
    }
  }
  const auto ancestors = ancestors_of(parents);
  const auto apart = [&](auto a, auto b) {
    return (side[a] == training && side[b] == test) || (side[a] == test && side[b] == training);
  };
  Resampling result;
  std::vector<Ids> descendants(parents.size());
  for (std::int64_t i = 0; i < count; ++i) {
    for (const auto ancestor : ancestors[i]) {
      if (apart(i, ancestor)) result.child_ancestor.emplace_back(i, ancestor);
      descendants[ancestor].push_back(i);
    }
    if (has_parent(parents[i]) && side[i] == test) result.synthetic_in_test.push_back(i);
  }
  const auto related = [&](auto a, auto b) {
    return std::binary_search(ancestors[a].begin(), ancestors[a].end(), b) ||
           std::binary_search(ancestors[b].begin(), ancestors[b].end(), a);
  };
  for (const auto& children : descendants) {
    Ids tested, train;
    for (const auto child : children) {
      if (side[child] == test) tested.push_back(child);
      if (side[child] == training) train.push_back(child);
    }
    for (const auto a : tested) {
      for (const auto b : train) {
        if (!related(a, b)) result.siblings.emplace_back(std::min(a, b), std::max(a, b));
      }
    }
  }
  sort_distinct(result.child_ancestor);
  sort_distinct(result.siblings);
  return result;
}

namespace {

void check_lengths(const Arguments& args, const Tensors& in, const std::vector<std::string>& ports) {
  const auto count = port(in, ports.front()).size();
  for (const auto& name : ports) {
    if (port(in, name).size() != count) throw args.refuse("the lengths of the columns differ (shape)");
  }
}

Tensors call_trials(const Arguments& args, const Tensors& in) {
  check_lengths(args, in, {"subject", "trial", "split"});
  const auto subject = port(in, "subject").integers("subject"), trial = port(in, "trial").integers("trial");
  const auto split = port(in, "split").integers("split");
  Pairs train, tested, shared;
  for (std::size_t i = 0; i < split.size(); ++i) {
    if (split[i] == training) train.emplace_back(subject[i], trial[i]);
    if (split[i] == test) tested.emplace_back(subject[i], trial[i]);
  }
  sort_distinct(train);
  sort_distinct(tested);
  std::set_intersection(train.begin(), train.end(), tested.begin(), tested.end(), std::back_inserter(shared));
  return {{"trials", as_table(shared)}};
}

const Operation shared_trials{.name = "audit_shared_trials",
                              .room = "evaluate",
                              .about = "trials with windows on both sides of a split",
                              .inputs = {{"subject", "N"}, {"trial", "N"}, {"split", "N", "0 train, 1 test"}},
                              .outputs = {{"trials", "k 2", "subject, trial"}},
                              .call = call_trials};
CATON_REGISTER(Operation, shared_trials);

Tensors call_fitted(const Arguments& args, const Tensors& in) {
  check_lengths(args, in, {"fitted_on", "split"});
  const auto seen = port(in, "fitted_on").integers("fitted_on"), split = port(in, "split").integers("split");
  Ids samples;
  for (std::size_t i = 0; i < split.size(); ++i) {
    if (split[i] == test && seen[i] != 0) samples.push_back(static_cast<std::int64_t>(i));
  }
  return {{"samples", Tensor::vector(samples)}};
}

const Operation fitted_statistics{.name = "audit_fitted_statistics",
                                  .room = "evaluate",
                                  .about = "test samples that a fitted statistic has seen",
                                  .inputs = {{"fitted_on", "N", "0 or 1"}, {"split", "N", "0 train, 1 test"}},
                                  .outputs = {{"samples", "k"}},
                                  .call = call_fitted};
CATON_REGISTER(Operation, fitted_statistics);

Tensors call_selection(const Arguments& args, const Tensors& in) {
  const auto split = port(in, "split").integers("split");
  const auto scored = port(in, "scored_on").view<std::int64_t, 2>("scored_on");
  if (scored.extent(1) != static_cast<std::int64_t>(split.size()))
    throw args.refuse("the lengths of scored_on and split differ (shape)");
  Ids decisions, counts;
  for (std::int64_t d = 0; d < scored.extent(0); ++d) {
    std::int64_t tested = 0;
    for (std::int64_t i = 0; i < scored.extent(1); ++i) tested += scored(d, i) != 0 && split[i] == test;
    if (tested == 0) continue;
    decisions.push_back(d);
    counts.push_back(tested);
  }
  return {{"decisions", Tensor::vector(decisions)}, {"test_samples", Tensor::vector(counts)}};
}

const Operation selection{.name = "audit_selection",
                          .room = "evaluate",
                          .about = "decisions that were scored on test samples",
                          .inputs = {{"scored_on", "D N", "0 or 1"}, {"split", "N", "0 train, 1 test"}},
                          .outputs = {{"decisions", "k"}, {"test_samples", "k", "count"}},
                          .call = call_selection};
CATON_REGISTER(Operation, selection);

Tensors call_resampling(const Arguments& args, const Tensors& in) {
  const auto split = port(in, "split").integers("split");
  const auto table = port(in, "parent").view<std::int64_t, 2>("parent");
  if (table.extent(1) != 2 || table.extent(0) != static_cast<std::int64_t>(split.size()))
    throw args.refuse("\"parent\" has the wrong shape, N x 2 is wanted (lengths differ)");
  std::vector<std::array<std::int64_t, 2>> parents;
  for (std::int64_t i = 0; i < table.extent(0); ++i) parents.push_back({table(i, 0), table(i, 1)});
  const auto found = resampling_across(parents, split);
  return {{"child_ancestor", as_table(found.child_ancestor)},
          {"siblings", as_table(found.siblings)},
          {"synthetic_in_test", Tensor::vector(found.synthetic_in_test)}};
}

const Operation resampling{.name = "audit_resampling",
                           .room = "evaluate",
                           .about = "made samples whose parents, children or siblings are on the other side",
                           .inputs = {{"parent", "N 2", "sample, -1: none"}, {"split", "N", "0 train, 1 test"}},
                           .outputs = {{"child_ancestor", "k 2"}, {"siblings", "k 2"}, {"synthetic_in_test", "k"}},
                           .call = call_resampling};
CATON_REGISTER(Operation, resampling);

Tensors call_pretraining(const Arguments& args, const Tensors& in) {
  check_lengths(args, in, {"pretrain_study", "pretrain_subject"});
  check_lengths(args, in, {"test_study", "test_subject"});
  const auto people = [&](const std::string& which) {
    const auto study = port(in, which + "_study").integers(), subject = port(in, which + "_subject").integers();
    Pairs pairs;
    for (std::size_t i = 0; i < study.size(); ++i) pairs.emplace_back(study[i], subject[i]);
    sort_distinct(pairs);
    return pairs;
  };
  const auto before = people("pretrain"), tested = people("test");
  Pairs seen;
  std::set_intersection(before.begin(), before.end(), tested.begin(), tested.end(), std::back_inserter(seen));
  return {{"seen", as_table(seen)}};
}

const Operation pretraining{
    .name = "audit_pretraining",
    .room = "evaluate",
    .about = "people of the test set that a checkpoint was trained on",
    .inputs = {{"pretrain_study", "P"}, {"pretrain_subject", "P"}, {"test_study", "N"}, {"test_subject", "N"}},
    .outputs = {{"seen", "k 2", "study, subject"}},
    .call = call_pretraining};
CATON_REGISTER(Operation, pretraining);

}  // namespace
}  // namespace caton::leak
