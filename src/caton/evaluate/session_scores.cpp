// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/session_scores.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/measure/metrics.hpp"

#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace caton {
namespace {

using Place = std::tuple<std::string, std::string, std::string>;

double score_of(const Answers& answers, const std::vector<std::int64_t>& rows, SessionScoreKind kind) {
  if (kind == SessionScoreKind::accuracy) {
    double right = 0;
    for (const auto row : rows) {
      const auto i = static_cast<std::size_t>(row);
      right += answers.label[i] == answers.predicted[i] ? 1 : 0;
    }
    return right / static_cast<double>(rows.size());
  }
  std::vector<double> score;
  std::vector<std::int64_t> positive;
  for (const auto row : rows) {
    score.push_back(answers.probability(row, 1));
    positive.push_back(answers.label[static_cast<std::size_t>(row)] == 1 ? 1 : 0);
  }
  const Measure area = auroc(score, positive);
  return area.defined() ? area.value : std::nan("");
}

std::map<Place, std::vector<std::int64_t>> rows_by_session(const Answers& answers) {
  std::map<Place, std::vector<std::int64_t>> rows;
  for (std::int64_t i = 0; i < answers.size(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    rows[{answers.study[k], answers.subject[k], answers.session[k]}].push_back(i);
  }
  return rows;
}

/// What the audit said of each pipeline under each plan.
std::map<std::pair<std::string, std::string>, bool> leaky_plans(const RunFolder& run) {
  std::map<std::pair<std::string, std::string>, bool> leaky;
  for (const Json& block : run.metrics.at("evaluations").items())
    leaky[{block.at("pipeline").text(), block.at("plan").text()}] = block.at("leaky").flag();
  return leaky;
}

}  // namespace

SessionScoreKind session_score_named(std::string_view name) {
  if (name == "accuracy") return SessionScoreKind::accuracy;
  if (name == "roc-auc") return SessionScoreKind::roc_auc;
  throw usage_error("score", "\"" + printable(name) + "\" is not known", "use accuracy or roc-auc");
}

SessionScoreKind usual_score(const Answers& answers) {
  return answers.classes.size() == 2 && !answers.probability.empty() ? SessionScoreKind::roc_auc
                                                                     : SessionScoreKind::accuracy;
}

std::vector<SessionScore> session_scores(const Answers& answers, SessionScoreKind kind) {
  if (kind == SessionScoreKind::roc_auc && usual_score(answers) != SessionScoreKind::roc_auc)
    throw usage_error("score",
                      "roc-auc needs two classes and their probabilities, " + answers.pipeline + " has " +
                          std::to_string(answers.classes.size()) + " classes",
                      "use accuracy");
  std::vector<SessionScore> scores;
  for (const auto& [place, rows] : rows_by_session(answers)) {
    const auto& [study, subject, session] = place;
    scores.push_back({answers.pipeline, answers.plan, study, subject, session, score_of(answers, rows, kind),
                      static_cast<std::int64_t>(rows.size())});
  }
  return scores;
}

Table moabb_table(const RunFolder& run, std::optional<SessionScoreKind> kind) {
  Table table{{"score", "time", "samples", "subject", "session", "channels", "n_sessions", "dataset", "pipeline",
               "plan", "leaky"},
              {}};
  const auto leaky = leaky_plans(run);
  const std::string channels = std::to_string(run.study.at("channels").size());
  for (const Answers& answers : answers_of(run.predictions, (run.path / "predictions.csv").string())) {
    const auto scores = session_scores(answers, kind.value_or(usual_score(answers)));
    std::map<std::string, std::set<std::string>> sessions;
    for (const SessionScore& score : scores) sessions[score.subject].insert(score.session);
    const auto found = leaky.find({answers.pipeline, answers.plan});
    for (const SessionScore& score : scores) {
      table.rows.push_back({std::isnan(score.score) ? "" : number_text(score.score), "", std::to_string(score.samples),
                            score.subject, score.session, channels, std::to_string(sessions.at(score.subject).size()),
                            score.study, score.pipeline, score.plan,
                            found != leaky.end() && found->second ? "true" : "false"});
    }
  }
  return table;
}

}  // namespace caton
