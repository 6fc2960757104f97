// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit/sign_keys.hpp"

#include "caton/base/threads.hpp"

#include <algorithm>
#include <bit>

namespace caton::leak {
namespace {

constexpr std::int64_t run = 64;
constexpr std::int64_t sparse_step = 8;
constexpr std::int64_t many_runs = 4'000'000;
constexpr int filter_bits = 26;

/// Calls `found(place, key)` for each run with a key.
template <class Found>
void for_each_key(View<const float, 1> channel, const Found& found) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << (run - 1)) - 1;
  std::uint64_t rises = 0, changes = 0;
  for (std::int64_t t = 1; t < channel.extent(0); ++t) {
    rises = (rises << 1 | std::uint64_t{channel[t] > channel[t - 1]}) & mask;
    changes = (changes << 1 | std::uint64_t{channel[t] != channel[t - 1]}) & mask;
    if (t < run - 1) continue;
    // Mostly flat runs, and those that only rise or only fall, are found in any signal.
    const bool tells = std::popcount(changes) > (run - 1) / 2 && rises != 0 && rises != mask;
    if (tells) found(t - (run - 1), rises);
  }
}

std::uint64_t slot(std::uint64_t key) { return key * 0x9E3779B97F4A7C15ULL >> (64 - filter_bits); }

}  // namespace

SignKeys::SignKeys(const SignalWindows& windows, std::span<const std::int64_t> which) {
  if (windows.channels == 0 || windows.samples < run) return;
  const auto runs = static_cast<std::int64_t>(which.size()) * (windows.samples - run + 1);
  const std::int64_t step = runs > many_runs ? sparse_step : 1;
  for (const auto w : which)
    for_each_key(windows.at(w)[0], [&](std::int64_t place, std::uint64_t key) {
      if (place % step == 0) entries_.push_back({key, w, place});
    });
  std::sort(entries_.begin(), entries_.end());
  filter_.resize((std::size_t{1} << filter_bits) / 64);
  for (const Entry& entry : entries_) filter_[slot(entry.key) / 64] |= std::uint64_t{1} << slot(entry.key) % 64;
}

void SignKeys::add_matches(View<const float, 2> window, std::vector<Candidate>& candidates) const {
  if (entries_.empty()) return;
  for_each_key(window[0], [&](std::int64_t place, std::uint64_t key) {
    if ((filter_[slot(key) / 64] >> slot(key) % 64 & 1) == 0) return;
    auto entry = std::lower_bound(entries_.begin(), entries_.end(), key,
                                  [](const Entry& other, std::uint64_t wanted) { return other.key < wanted; });
    for (; entry != entries_.end() && entry->key == key; ++entry)
      candidates.push_back({entry->window, place - entry->place});
  });
}

}  // namespace caton::leak
