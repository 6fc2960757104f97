// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"
#include "caton/evaluate/audit/intervals.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace caton::leak {
namespace {

using Ids = std::vector<std::int64_t>;

struct SplitColumns {
  Ids fold, recording, trial, subject, first, end, digest;
  std::vector<std::array<std::int64_t, 2>> parents;
};

/// A made sample has parents, or comes from no recording.
bool is_made(const SplitColumns& columns, std::size_t i) {
  return columns.recording[i] < 0 || columns.parents[i][0] >= 0 || columns.parents[i][1] >= 0;
}

/// Side of each real sample in one fold; made samples are on none.
Ids sides(const SplitColumns& columns, std::int64_t fold) {
  Ids side(columns.fold.size(), unused);
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (!is_made(columns, i)) side[i] = columns.fold[i] == fold ? test : training;
  }
  return side;
}

/// Test samples whose key (known where not negative) some training sample has too.
template <class Key>
std::int64_t sharing(const Ids& side, const Key& key) {
  using Value = decltype(key(std::size_t{}));
  std::set<Value> train;
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (side[i] == training) train.insert(key(i));
  }
  std::int64_t count = 0;
  for (std::size_t i = 0; i < side.size(); ++i) count += side[i] == test && train.count(key(i)) != 0;
  return count;
}

std::array<std::int64_t, 6> counts_of(const SplitColumns& columns, const WindowOrder& order, std::int64_t fold) {
  const Ids side = sides(columns, fold);
  Ids tested;
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (side[i] == test) tested.push_back(static_cast<std::int64_t>(i));
  }
  std::int64_t made = 0;
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (!is_made(columns, i) || columns.fold[i] == fold) continue;
    made += std::any_of(columns.parents[i].begin(), columns.parents[i].end(),
                        [&](auto parent) { return parent >= 0 && side[parent] == test; });
  }
  return {static_cast<std::int64_t>(tested.size()),
          count_overlaps(order, side, tested, 0).test_windows,
          sharing(side, [&](std::size_t i) { return std::pair(columns.subject[i], columns.trial[i]); }),
          sharing(side, [&](std::size_t i) { return columns.subject[i]; }),
          sharing(side, [&](std::size_t i) { return columns.digest[i]; }),
          made};
}

Tensors call(const Arguments& args, const Tensors& in) {
  const auto column = [&](const char* name) { return port(in, name).integers(name); };
  SplitColumns columns{column("fold"),  column("recording"), column("trial"),  column("subject"),
                       column("first"), column("end"),       column("digest"), {}};
  const auto count = columns.fold.size();
  const auto parents = port(in, "parents").view<std::int64_t, 2>("parents");
  for (const Ids* const one :
       {&columns.recording, &columns.trial, &columns.subject, &columns.first, &columns.end, &columns.digest}) {
    if (one->size() != count) throw args.refuse("the lengths of the columns differ (shape)");
  }
  if (parents.extent(0) != static_cast<std::int64_t>(count) || parents.extent(1) != 2)
    throw args.refuse("\"parents\" has the wrong shape: N x 2 is wanted");
  for (std::int64_t i = 0; i < parents.extent(0); ++i) {
    columns.parents.push_back({parents(i, 0), parents(i, 1)});
    for (const auto parent : columns.parents.back()) {
      if (parent < -1 || parent >= static_cast<std::int64_t>(count))
        throw args.refuse("parent " + std::to_string(parent) + " names no sample");
    }
  }
  const WindowOrder order(Windows{columns.recording, columns.first, columns.end});
  const auto folds = count == 0 ? 0 : *std::max_element(columns.fold.begin(), columns.fold.end()) + 1;
  Ids counts;
  for (std::int64_t fold = 0; fold < folds; ++fold) {
    const auto row = counts_of(columns, order, fold);
    counts.insert(counts.end(), row.begin(), row.end());
  }
  return {{"counts", Tensor({folds, 6}, counts)}};
}

const Operation operation{
    .name = "audit_split",
    .room = "evaluate",
    .about = "what test windows of each fold share with training: time, trial, person, content, made samples",
    .inputs = {{"fold", "N"},
               {"recording", "N"},
               {"trial", "N"},
               {"subject", "N"},
               {"first", "N", "samples"},
               {"end", "N", "samples"},
               {"digest", "N"},
               {"parents", "N 2", "sample, -1: none"}},
    .outputs = {{"counts", "folds 6",
                 "tested windows; of them overlapping training, sharing a trial, a subject, a digest; made training "
                 "rows with a tested parent"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace
}  // namespace caton::leak
