// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"
#include "caton/measure/columns.hpp"
#include "caton/samples/fit_context.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The leak audit: whether an evaluation can be believed, decided from where samples came from, on which side of each
/// fold they were, and what fits recorded. What a plan is called plays no part: the same split read from a table gets
/// the same verdict. Codes and severities: RELIABILITY 14.2.
namespace caton {

/// One fold: places in the origins (not ids), and what its fit recorded.
struct AuditFold {
  std::int64_t number = 0;
  std::vector<std::int64_t> train = {}, test = {};
  const FitRecord* record = nullptr;  ///< nothing: what the fit saw is not known
};

/// What the figure is said to hold for: test sets hold new windows, trials, sessions, people.
struct Claim {
  Unit unseen = Unit::sample;
};
/// "window", "trial", "session", "recording", "subject", "study"; others are refused (`claim`).
[[nodiscard]] Claim claim_named(const std::string& name);

/// The same evaluation on permuted labels.
struct PermutationControl {
  double score = 0;          ///< accuracy with the true labels
  double chance = 0.5;       ///< accuracy that guessing reaches
  double low = 0, high = 1;  ///< 95 % of the accuracies on permuted labels
  bool refitted = false;     ///< the whole pipeline was fitted again for each permutation
  double p_below = 1;        ///< share of permutations that do as badly
};

struct AuditInputs {
  /// Recordings that hold the same signal, by name. Nothing: signals were not compared.
  std::optional<std::vector<std::pair<std::string, std::string>>> copies = {};
  /// How far filters smeared the signal to either side, in samples of the recording.
  std::int64_t filter_reach_samples = 0;
  std::optional<PermutationControl> permutation = {};
};

struct AuditFinding {
  std::string code;
  Severity severity = Severity::note;
  std::vector<std::int64_t> folds = {};    ///< those concerned, ascending
  std::int64_t size = 0;                   ///< cases in all folds, counted in full
  std::string what = {};                   ///< for a person, with numbers
  std::vector<std::string> examples = {};  ///< a few of them
};

enum class Verdict { clean, leaks, cannot_tell };
/// "clean", "leaks", "cannot tell".
[[nodiscard]] const char* verdict_name(Verdict verdict) noexcept;

struct AuditReport {
  Verdict verdict = Verdict::clean;
  std::vector<AuditFinding> findings = {};
  std::vector<std::string> missing = {};      ///< what would have to be known for a verdict
  std::vector<std::string> not_checked = {};  ///< codes of RELIABILITY 14.2 that nothing was said about
  std::optional<Unit> new_in_test = {};       ///< the widest unit of which no one is on both sides; nothing: not even
                                              ///< windows
};

/// labels: class of each sample (may be empty). Refuses folds that name samples outside the origins.
[[nodiscard]] AuditReport audit(const Origins& origins, std::span<const std::int64_t> labels,
                                const std::vector<AuditFold>& folds, const Claim& claim, const AuditInputs& inputs);

/// {verdict, new_in_test, findings: [{code, severity, fold, folds, size, what, examples}], missing, not_checked}:
/// an entry of audit.json without its pipeline and plan.
[[nodiscard]] Json to_json(const AuditReport& report);

/// All codes of RELIABILITY 14.2, in its order.
[[nodiscard]] const std::vector<std::string>& audit_codes();

}  // namespace caton
