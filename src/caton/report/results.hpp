// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/run_folder.hpp"
#include "caton/report/numbers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What metrics.json and audit.json say, as the sections of a report read it.
namespace caton::report {

struct Score {
  Maybe value, low, high;  ///< shares of 1
  std::int64_t n = 0;      ///< units of inference
  std::string unit;        ///< "subjects"
  std::string undefined;   ///< why there is no value
};

struct Leak {
  std::string code, severity, what;
};

struct AuditFinding {
  std::string code, severity, fold, size, what;
};

struct Twin {
  std::string plan;
  Maybe points, low, high;  ///< how much the leak is worth
};

/// How an accuracy compares to chance.
enum class Reading { above, at, below, unknown };

/// One pipeline under one plan.
struct Evaluation {
  std::string pipeline, plan;
  std::string decision = {};  ///< what an answer is for where it is no window: "trial"
  bool leaky = false;
  std::string verdict;  ///< of the audit: "clean", "leaks", "cannot tell"
  std::vector<Leak> leaks;
  std::vector<AuditFinding> findings;
  std::vector<std::string> not_checked;
  std::vector<std::pair<std::string, Score>> metrics;
  Score chance;
  std::string chance_method;
  Maybe p;
  std::vector<std::pair<std::string, Score>> subjects;
  std::vector<std::vector<double>> confusion;
  std::vector<std::string> claims;
  std::optional<Twin> twin;
  Maybe ilss;

  /// The plan and, where answers are for more than a window, for what: "cross-subject, one decision per trial".
  [[nodiscard]] std::string shown_plan() const;
  /// The metric, or an undefined score.
  [[nodiscard]] Score metric(const std::string& name) const;
  [[nodiscard]] Score accuracy() const { return metric("accuracy"); }
  /// Above: the interval lies above chance and p < 0.05 where there is one; below: it lies below chance; at: neither,
  /// no difference from chance shown; unknown: without accuracy, interval or chance.
  [[nodiscard]] Reading reading() const;
};

/// Two pipelines under one plan, paired over units.
struct Compared {
  std::string plan, a, b, unit, test;
  Maybe points, low, high, p, p_holm;
  std::int64_t n = 0;
};
[[nodiscard]] std::vector<Compared> comparisons_of(const RunFolder& run);

/// All evaluations in the order of metrics.json. Refused (kind `input`) naming file, place and key where damaged.
[[nodiscard]] std::vector<Evaluation> evaluations_of(const RunFolder& run);
/// The evaluation of this pipeline and plan, or nothing.
[[nodiscard]] const Evaluation* find_evaluation(const std::vector<Evaluation>& all, const std::string& pipeline,
                                                const std::string& plan);
/// Pipelines (or plans) in order of first appearance.
[[nodiscard]] std::vector<std::string> pipelines_of(const std::vector<Evaluation>& all);
[[nodiscard]] std::vector<std::string> plans_of(const std::vector<Evaluation>& all);

/// "61.2 % (95 % interval 54.0–68.1 %, 8 subjects)"; "undefined (why)" where there is no value.
[[nodiscard]] std::string score_text(const Score& score);
/// "above chance", "no difference from chance shown", "below chance", "cannot be told".
[[nodiscard]] std::string reading_text(Reading reading);

}  // namespace caton::report
