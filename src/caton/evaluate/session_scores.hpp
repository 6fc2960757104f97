// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/answers.hpp"
#include "caton/evaluate/run_folder.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

enum class SessionScoreKind { accuracy, roc_auc };
/// "accuracy" or "roc-auc"; others are refused (kind `usage`).
[[nodiscard]] SessionScoreKind session_score_named(std::string_view name);
/// MOABB's choice: the area under the ROC curve for two classes with probabilities, else accuracy.
[[nodiscard]] SessionScoreKind usual_score(const Answers& answers);

/// How well one pipeline did on one session of one person, over all test folds that held it.
struct SessionScore {
  std::string pipeline, plan, study, subject, session;
  double score = 0;  ///< NaN where it is undefined: one class only
  std::int64_t samples = 0;
};
/// Sorted by study, subject, session.
[[nodiscard]] std::vector<SessionScore> session_scores(const Answers& answers, SessionScoreKind kind);

/// MOABB's table of results (score, time, samples, subject, session, channels, n_sessions, dataset, pipeline) and,
/// behind it, the plan and what the audit says of it. `time` is empty: a run does not keep it by session. `kind`:
/// nothing for the usual one of each evaluation.
[[nodiscard]] Table moabb_table(const RunFolder& run, std::optional<SessionScoreKind> kind);

}  // namespace caton
