// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/progress.hpp"
#include "caton/measure/interval.hpp"
#include "caton/study/workflows/happyfeat/selection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton::happyfeat {

struct TrainingRequest {
  Selection selection;
  Json train;  ///< the complete table
};

/// An accuracy with the labels it was counted on; percent.
struct Accuracy {
  double percent = 0;
  Interval interval = {};  ///< 95 %, bootstrap over trials
  std::vector<std::int64_t> label;
};

struct Attempt {
  Accuracy published;                ///< features chosen on all trials, then cross-validated on the same trials
  double balanced_percent = 0;       ///< what HappyFeat shows: both classes counted as equally frequent
  std::optional<Accuracy> nested;    ///< the choice made anew in each training part; nothing for a manual choice
  std::optional<Accuracy> held_out;  ///< chosen and trained on the other runs; nothing with one run
  std::vector<double> combinations;  ///< percent with the first feature, the first two, … (published kind)
  double chance_limit_percent = 0;   ///< what guessing stays below in 95 of 100 studies
  std::optional<double> shuffled_published, shuffled_nested;  ///< percent, mean over draws with shuffled labels
  std::vector<std::pair<std::string, double>> stability;      ///< cell, share of the folds that chose it
};

/// Trains as HappyFeat does, and honestly beside it. Refuses fewer trials than partitions (word `partitions`), a
/// partition of one trial (`partition`).
[[nodiscard]] Attempt train(const Pool& pool, const TrainingRequest& request, Progress* progress = nullptr);

/// The attempt as it is kept: settings, figures, labels, the classifier of all trials, and the digest of what it was
/// computed from.
[[nodiscard]] Json attempt_json(const Pool& pool, const Session& session, const TrainingRequest& request,
                                const Attempt& attempt);
/// The digest alone, before anything is computed.
[[nodiscard]] std::string attempt_digest(const Pool& pool, const Session& session, const TrainingRequest& request);

/// The figure of a kept attempt that may be believed most: held-out runs, else nested; nothing: "published" only.
struct HonestFigure {
  std::string kind;  ///< "held-out runs", "choice inside the fold"
  double percent = 0, low = 0, high = 0;
  std::vector<std::int64_t> label;
};
[[nodiscard]] std::optional<HonestFigure> honest_figure(const Json& attempt);

}  // namespace caton::happyfeat
