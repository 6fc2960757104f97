// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/audit/duplicate_signal.hpp"

#include <utility>

namespace caton::leak {

/// A test window that may be a copy, shifted by `lag`.
struct Candidate {
  std::int64_t test = 0, lag = 0;
  auto operator<=>(const Candidate&) const = default;
};

/// Runs of 64 samples of the first channel, known by the 63 signs of their successive differences: a key that neither
/// gain > 0 nor offset changes. Flat and clipped runs have none.
class SignKeys {
 public:
  /// Keys of these windows: every run, of much data every eighth.
  SignKeys(const SignalWindows& windows, std::span<const std::int64_t> which);

  /// Appends the windows that share a run with `window`, each with its lag.
  void add_matches(View<const float, 2> window, std::vector<Candidate>& candidates) const;

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::int64_t window = 0, place = 0;
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<Entry> entries_;  ///< by key
  std::vector<std::uint64_t> filter_;
};

}  // namespace caton::leak
