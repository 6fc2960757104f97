// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace caton {

/// Which vectors of consecutive samples count as alike.
struct TemplateMatch {
  std::int64_t length = 2;  ///< samples in a vector
  double tolerance = 0;     ///< largest |difference| of any of them
  bool closed = false;      ///< the tolerance itself still counts
};

/// Memory of `count_matches`, that one call after the other may use: those of one length ask for none after the first.
struct TemplateMemory {
  std::vector<std::int64_t> counts;        ///< the result
  std::vector<std::int64_t> origin;        ///< of the sorted vectors: where each begins in the signal
  std::vector<std::int64_t> bucket;        ///< of each sorted vector
  std::vector<std::int64_t> bucket_begin;  ///< of each bucket, and the end of the last
  std::vector<double> columns;             ///< places x sorted vectors
};

/// For the vectors that begin at samples 0 … templates-1 of x: how many of them are alike, itself among them where a
/// difference of 0 counts. Exact: every comparison is the one of the definition, but only between vectors whose first
/// value lies in the same or a neighbouring bucket and whose second within the tolerance.
[[nodiscard]] std::vector<std::int64_t> count_matches(std::span<const double> x, std::int64_t templates,
                                                      const TemplateMatch& match);
/// The same in memory of the caller.
void count_matches(std::span<const double> x, std::int64_t templates, const TemplateMatch& match,
                   TemplateMemory& memory);

}  // namespace caton
