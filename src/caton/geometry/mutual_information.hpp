// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Delays `first` … `last` in samples, both included.
struct DelayRange {
  std::int64_t first = 1;
  std::int64_t last = 100;
};
/// Refuses (word `delays`) an empty or negative range, and (`samples`) one that leaves fewer than 10 samples.
void require_delays(const char* where, const DelayRange& delays, std::int64_t samples);

struct SelfMutualInformation {
  std::vector<double> mi;          ///< one a delay, in bits
  std::vector<std::int64_t> bins;  ///< how many values each cell of the axis holds
};

/// Mutual information of a series and its delayed self over cells that halve the sorted values until each is uniform
/// (DelayEmbeddings.jl `selfmutualinfo`).
[[nodiscard]] SelfMutualInformation self_mutual_information(std::span<const double> x, const DelayRange& delays);

/// The first minimum of the mutual information: the delay at which it stops falling, the last one if it never does
/// (DelayEmbeddings.jl `estimate_delay`, "mi_min").
[[nodiscard]] std::int64_t embedding_delay(std::span<const double> x, const DelayRange& delays = {});

}  // namespace caton
