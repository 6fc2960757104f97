// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/decoder.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Choosing among candidates while a pipeline is fitted: keys of its steps and its decoder that hold lists.
namespace caton {

/// Whether any key of the pipeline's steps or decoder holds candidates.
[[nodiscard]] bool has_candidates(const Json& pipeline);
/// How many combinations they make.
[[nodiscard]] std::int64_t candidate_count(const Json& pipeline);

/// The keys of `search` in a pipeline: {folds, score}.
[[nodiscard]] Json complete_search(const Json& given);

/// One combination with its mean score over the inner folds.
struct SearchScore {
  Json pipeline;       ///< `steps` and `decoder`, one value a key
  std::string values;  ///< "c 0.5, kernel linear"
  double score = 0;    ///< NaN where no inner fold had one
};
struct SearchResult {
  std::vector<SearchScore> tried;  ///< steps in order, their keys in the entry's order, the last varying fastest
  std::size_t chosen = 0;          ///< the first best within 1e-9
  std::string metric, kept_together;
  std::int64_t folds = 0;
};

/// Tries every combination on folds of the training set that keep together what the outer plan holds out. Steps before
/// a searched key are fitted once a fold and shared by what follows; `share` = false fits them anew for every
/// combination, to the same bits. Same result for any number of threads.
[[nodiscard]] SearchResult search_candidates(const Json& pipeline, const SampleSet& training, const FitContext& context,
                                             bool share = true);

/// A pipeline that searches in `fit`, fits the chosen combination on the whole training set, and tells the record what
/// was chosen, by what score, on which samples.
[[nodiscard]] std::unique_ptr<Decoder> make_searched_pipeline(const Json& pipeline);

}  // namespace caton
