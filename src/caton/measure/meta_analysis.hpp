// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// One score a row; ids are any numbers. Sessions of a subject are averaged first.
struct ScoreTable {
  std::vector<std::int64_t> dataset, subject, session, pipeline;
  std::vector<double> score;
};

struct MetaOptions {
  std::int64_t permutation_cutoff = 20;  ///< from so many subjects on: Wilcoxon
  std::int64_t exact_up_to = 13;         ///< up to so many subjects: all sign flips
  std::int64_t permutations = 10000;     ///< between: so many random flips
};

/// Matrices over pipelines (row better than column), in ascending order of ids; diagonals are 0.
struct MetaAnalysis {
  Array<double, 3> p = {}, effect = {};   ///< datasets x K x K: one-sided p, mean/std of paired differences
  Array<double, 2> combined_p = {};       ///< K x K: Stouffer with weights sqrt(subjects)
  Array<double, 2> combined_effect = {};  ///< K x K: mean effect weighted by sqrt(subjects)
  std::vector<std::int64_t> dataset_id = {}, pipeline_id = {}, subjects = {};
};

/// MOABB's comparison of pipelines over data sets (meta_analysis.py at commit 1d8a6382). sign_bits, where not empty,
/// holds the random flips: bit s of draw r set = +1 for subject s. Refuses a subject without a score of some pipeline
/// (`pipeline`), fewer than 2 subjects or pipelines, other lengths, too few draws (`sign_bits`).
[[nodiscard]] MetaAnalysis meta_analysis(const ScoreTable& table, const MetaOptions& options,
                                         const std::vector<std::int64_t>& sign_bits, const RandomStream& random);

}  // namespace caton
