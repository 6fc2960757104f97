// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit/intervals.hpp"

#include "caton/base/operation.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace caton::leak {
namespace {

using Ids = std::vector<std::int64_t>;

/// Windows of known time, by recording and begin.
Ids by_recording_and_begin(const Windows& windows) {
  Ids order;
  for (std::size_t i = 0; i < windows.recording.size(); ++i) {
    if (windows.recording[i] >= 0 && windows.begin[i] < windows.end[i]) order.push_back(static_cast<std::int64_t>(i));
  }
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    if (windows.recording[a] != windows.recording[b]) return windows.recording[a] < windows.recording[b];
    if (windows.begin[a] != windows.begin[b]) return windows.begin[a] < windows.begin[b];
    return a < b;
  });
  return order;
}

std::int64_t shared_samples(const Windows& windows, std::int64_t a, std::int64_t b) {
  return std::min(windows.end[a], windows.end[b]) - std::max(windows.begin[a], windows.begin[b]);
}

/// One recording's windows of one side: begins and ends in ascending order, each with its window.
struct SideOfRecording {
  Ids windows;       ///< by begin
  Ids begins, ends;  ///< ascending, each on its own
  Ids furthest;      ///< of the windows up to here, the one that ends last
};

SideOfRecording side_of(const Windows& windows, const Ids& members) {
  SideOfRecording result{.windows = members};
  for (const auto w : members) {
    result.begins.push_back(windows.begin[w]);
    result.ends.push_back(windows.end[w]);
    const bool further = result.furthest.empty() || windows.end[w] > windows.end[result.furthest.back()];
    result.furthest.push_back(further ? w : result.furthest.back());
  }
  std::sort(result.ends.begin(), result.ends.end());
  return result;
}

/// Training windows that begin before `end` less those that ended by `begin`: those that meet [begin, end).
std::int64_t meeting(const SideOfRecording& side, std::int64_t begin, std::int64_t end) {
  const auto begun = std::lower_bound(side.begins.begin(), side.begins.end(), end) - side.begins.begin();
  const auto over = std::upper_bound(side.ends.begin(), side.ends.end(), begin) - side.ends.begin();
  return begun - over;
}

/// The training window that shares most with test window `w`: among those begun by then the one that ends last, among
/// the later ones the first or the longest of those inside.
std::int64_t closest(const Windows& windows, const SideOfRecording& side, std::int64_t w, std::int64_t margin) {
  const auto begun = std::upper_bound(side.begins.begin(), side.begins.end(), windows.begin[w]) - side.begins.begin();
  std::int64_t best = begun > 0 ? side.furthest[begun - 1] : -1;
  const auto last = static_cast<std::ptrdiff_t>(side.windows.size());
  for (auto i = begun; i < last && side.begins[i] - margin < windows.end[w]; ++i) {
    if (best < 0 || shared_samples(windows, side.windows[i], w) > shared_samples(windows, best, w))
      best = side.windows[i];
    if (shared_samples(windows, best, w) >= windows.end[w] - side.begins[i]) break;
  }
  return best;
}

void add_recording(const Windows& windows, const Ids& train, const Ids& tested, std::int64_t margin,
                   OverlapCount& count) {
  const auto side = side_of(windows, train);
  for (const auto w : tested) {
    const auto pairs = meeting(side, windows.begin[w] - margin, windows.end[w] + margin);
    if (pairs == 0) continue;
    count.pairs += pairs;
    ++count.test_windows;
    const auto best = closest(windows, side, w, margin);
    const auto shared = shared_samples(windows, best, w);
    if (count.example_test >= 0 && shared <= count.largest) continue;
    count.largest = shared;
    count.example_training = best;
    count.example_test = w;
  }
}

}  // namespace

void for_each_overlap(const Windows& windows, std::span<const std::int64_t> side, std::int64_t margin,
                      const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& found) {
  std::array<Ids, 2> active;
  std::int64_t recording = -1;
  for (const auto w : by_recording_and_begin(windows)) {
    if (side[w] != training && side[w] != test) continue;
    if (windows.recording[w] != recording) active = {};
    recording = windows.recording[w];
    auto& others = active[side[w] == test ? training : test];
    std::erase_if(others, [&](auto other) { return windows.end[other] + margin <= windows.begin[w]; });
    for (const auto other : others) {
      const auto shared = shared_samples(windows, w, other);
      if (side[w] == test)
        found(other, w, shared);
      else
        found(w, other, shared);
    }
    active[side[w]].push_back(w);
  }
}

WindowOrder::WindowOrder(const Windows& windows) : windows_(windows), order_(by_recording_and_begin(windows)) {
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (i > 0 && windows.recording[order_[i]] == recordings_.back()) continue;
    recordings_.push_back(windows.recording[order_[i]]);
    first_.push_back(static_cast<std::int64_t>(i));
  }
  first_.push_back(static_cast<std::int64_t>(order_.size()));
}

std::span<const std::int64_t> WindowOrder::of(std::int64_t recording) const {
  const auto found = std::lower_bound(recordings_.begin(), recordings_.end(), recording);
  if (found == recordings_.end() || *found != recording) return {};
  const auto place = found - recordings_.begin();
  return std::span(order_).subspan(static_cast<std::size_t>(first_[place]),
                                   static_cast<std::size_t>(first_[place + 1] - first_[place]));
}

OverlapCount count_overlaps(const WindowOrder& order, std::span<const std::int64_t> side,
                            std::span<const std::int64_t> tested, std::int64_t margin) {
  Ids recordings;
  for (const auto w : tested) recordings.push_back(order.windows().recording[w]);
  std::sort(recordings.begin(), recordings.end());
  recordings.erase(std::unique(recordings.begin(), recordings.end()), recordings.end());
  OverlapCount count;
  for (const auto recording : recordings) {
    std::array<Ids, 2> members;
    for (const auto w : order.of(recording)) {
      if (side[w] == training || side[w] == test) members[side[w]].push_back(w);
    }
    if (!members[training].empty() && !members[test].empty())
      add_recording(order.windows(), members[training], members[test], margin, count);
  }
  return count;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const auto recording = port(in, "recording").integers("recording"), begin = port(in, "begin").integers("begin");
  const auto end = port(in, "end").integers("end"), split = port(in, "split").integers("split");
  if (recording.size() != split.size() || begin.size() != split.size() || end.size() != split.size())
    throw args.refuse("the lengths of the columns differ (shape)");
  struct Pair {
    std::int64_t train, tested, shared;
    auto operator<=>(const Pair&) const = default;
  };
  std::vector<Pair> pairs;
  for_each_overlap({recording, begin, end}, split, 0, [&](auto train, auto tested, auto shared) {
    pairs.push_back({train, tested, shared});
  });
  std::sort(pairs.begin(), pairs.end());
  Ids flat, shared;
  for (const Pair& pair : pairs) {
    flat.push_back(pair.train);
    flat.push_back(pair.tested);
    shared.push_back(pair.shared);
  }
  return {{"pairs", Tensor({static_cast<std::int64_t>(pairs.size()), 2}, flat)},
          {"overlap_samples", Tensor::vector(shared)}};
}

const Operation operation{.name = "audit_window_overlap",
                          .room = "evaluate",
                          .about = "windows of training and test that share time of one recording",
                          .inputs = {{"recording", "N"},
                                     {"begin", "N", "samples"},
                                     {"end", "N", "samples"},
                                     {"split", "N", "0 train, 1 test"}},
                          .outputs = {{"pairs", "k 2", "training, test"}, {"overlap_samples", "k", "samples"}},
                          .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace
}  // namespace caton::leak
