// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/search.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/inner_folds.hpp"
#include "caton/measure/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr double tie = 1e-9;
constexpr std::int64_t most_combinations = 100000;

/// One member of a pipeline with each of its combinations.
struct Stage {
  std::vector<Json> tables;         ///< one value a key
  std::vector<std::string> values;  ///< of the searched keys, in words; empty: none
};

std::string value_text(const Json& value) { return value.is_text() ? value.text() : value.dump(); }

Stage stage_of(const Json& table, const std::vector<std::string>& keys) {
  Stage stage{{table}, {""}};
  for (const std::string& key : keys) {
    Stage next;
    for (std::size_t i = 0; i < stage.tables.size(); ++i) {
      for (const Json& value : table.at(key).items()) {
        Json one = stage.tables[i];
        one[key] = value;
        next.tables.push_back(one);
        next.values.push_back(stage.values[i] + (stage.values[i].empty() ? "" : ", ") + key + " " + value_text(value));
      }
    }
    stage = std::move(next);
    if (static_cast<std::int64_t>(stage.tables.size()) > most_combinations)
      throw usage_error("search", "more than " + std::to_string(most_combinations) + " combinations");
  }
  return stage;
}

/// The steps, and the decoder last.
std::vector<Stage> stages_of(const Json& pipeline) {
  std::vector<Stage> stages;
  if (const Json* const steps = pipeline.find("steps"); steps != nullptr && !steps->is_null()) {
    for (const Json& step : steps->items("pipeline: steps")) {
      const Json table = complete_transform(step);
      stages.push_back(stage_of(table, transform_candidates(table)));
    }
  }
  const Json decoder = complete_decoder(pipeline.at("decoder", "pipeline"));
  stages.push_back(stage_of(decoder, decoder_candidates(decoder)));
  return stages;
}

std::int64_t combinations_of(const std::vector<Stage>& stages) {
  std::int64_t count = 1;
  for (const Stage& stage : stages) {
    count *= static_cast<std::int64_t>(stage.tables.size());
    if (count > most_combinations)
      throw usage_error("search", "more than " + std::to_string(most_combinations) + " combinations");
  }
  return count;
}

/// Which table of each stage a combination takes.
std::vector<std::size_t> places_of(const std::vector<Stage>& stages, std::int64_t combination) {
  std::vector<std::size_t> places(stages.size());
  for (std::size_t s = stages.size(); s-- > 0;) {
    const auto count = static_cast<std::int64_t>(stages[s].tables.size());
    places[s] = static_cast<std::size_t>(combination % count);
    combination /= count;
  }
  return places;
}

SearchScore combination_of(const std::vector<Stage>& stages, std::int64_t combination) {
  const auto places = places_of(stages, combination);
  Json steps = Json::list();
  SearchScore one;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    if (s + 1 < stages.size()) steps.push(stages[s].tables[places[s]]);
    const std::string& values = stages[s].values[places[s]];
    if (!values.empty()) one.values += (one.values.empty() ? "" : ", ") + values;
  }
  one.pipeline = Json::object({{"steps", steps}, {"decoder", stages.back().tables[places.back()]}});
  return one;
}

struct Scoring {
  bool area = false;

  [[nodiscard]] double operator()(const Prediction& prediction, const SampleSet& test) const {
    const auto metrics =
        evaluate_predictions(test.label, prediction.label, prediction.probability, prediction.probability.extent(1));
    const Measure& score = area ? metrics.auroc : metrics.counted.accuracy;
    return score.defined() ? score.value : std::nan("");
  }
};

/// Training and test side of an inner fold, as they come out of the steps so far.
struct Sides {
  SampleSet train, test;
};

/// Scores of all combinations on one inner fold.
class FoldSearch {
 public:
  FoldSearch(const std::vector<Stage>& stages, const Scoring& scoring, const RandomStream& random)
      : stages_(stages), scoring_(scoring), random_(random) {}

  /// A tree of steps, each fitted once for all that follow it.
  void shared(const Sides& sides, std::vector<double>& scores) const {
    std::int64_t next = 0;
    walk(0, sides, next, scores);
  }
  [[nodiscard]] double alone(const Sides& sides, std::int64_t combination) const {
    const auto places = places_of(stages_, combination);
    Sides now = sides;
    for (std::size_t s = 0; s + 1 < stages_.size(); ++s) now = after(s, places[s], now);
    return score(places.back(), now);
  }

 private:
  void walk(std::size_t stage, const Sides& sides, std::int64_t& next, std::vector<double>& scores) const {
    check_interrupted();
    for (std::size_t t = 0; t < stages_[stage].tables.size(); ++t) {
      if (stage + 1 == stages_.size())
        scores[static_cast<std::size_t>(next++)] = score(t, sides);
      else
        walk(stage + 1, after(stage, t, sides), next, scores);
    }
  }
  [[nodiscard]] FitContext context(std::size_t stage, FitRecord& record) const {
    return {.random = random_.derive("stage", {static_cast<std::uint64_t>(stage)}), .record = &record};
  }
  [[nodiscard]] Sides after(std::size_t stage, std::size_t table, const Sides& sides) const {
    FitRecord record;
    FitContext own = context(stage, record);
    const auto step = make_transform(stages_[stage].tables[table]);
    step->fit(sides.train, own);
    Sides result;
    result.train = step->apply_to_training(sides.train);
    result.test = step->apply(sides.test);
    return result;
  }
  [[nodiscard]] double score(std::size_t table, const Sides& sides) const {
    FitRecord record;
    FitContext own = context(stages_.size() - 1, record);
    const auto decoder = make_decoder(stages_.back().tables[table]);
    decoder->fit(sides.train, own);
    return scoring_(decoder->predict(sides.test), sides.test);
  }

  const std::vector<Stage>& stages_;
  Scoring scoring_;
  RandomStream random_;
};

/// Mean over the folds that have a score.
double mean_score(const std::vector<std::vector<double>>& folds, std::size_t combination) {
  double sum = 0, count = 0;
  for (const auto& scores : folds) {
    if (std::isnan(scores[combination])) continue;
    sum += scores[combination];
    count += 1;
  }
  return count > 0 ? sum / count : std::nan("");
}

std::size_t first_best(const std::vector<SearchScore>& tried) {
  double best = -1;
  for (const SearchScore& one : tried) {
    if (one.score > best) best = one.score;
  }
  const auto found =
      std::find_if(tried.begin(), tried.end(), [&](const SearchScore& one) { return one.score >= best - tie; });
  return found == tried.end() ? 0 : static_cast<std::size_t>(found - tried.begin());
}

Json search_options(const Json& pipeline) {
  const Json* const given = pipeline.find("search");
  return complete_search(given == nullptr ? Json{} : *given);
}

}  // namespace

Json complete_search(const Json& given) {
  const Json complete =
      complete_options("search",
                       {{"folds", "integer", 3, "inner folds of each training set"},
                        {"score", "text", "auto", "accuracy, roc-auc, or auto: roc-auc of two classes"}},
                       {}, given);
  const std::string& score = complete.at("score").text();
  if (score != "auto" && score != "accuracy" && score != "roc-auc")
    throw usage_error("search", "unknown score \"" + score + "\"", "known: accuracy, roc-auc, auto");
  const std::int64_t folds = complete.at("folds").integer();
  if (folds < 2 || folds > 1000) throw usage_error("search", "folds must be 2 to 1000, got " + std::to_string(folds));
  return complete;
}

bool has_candidates(const Json& pipeline) {
  if (const Json* const steps = pipeline.find("steps"); steps != nullptr && !steps->is_null()) {
    for (const Json& step : steps->items("pipeline: steps")) {
      if (!transform_candidates(step).empty()) return true;
    }
  }
  return !decoder_candidates(pipeline.at("decoder", "pipeline")).empty();
}

std::int64_t candidate_count(const Json& pipeline) { return combinations_of(stages_of(pipeline)); }

SearchResult search_candidates(const Json& pipeline, const SampleSet& training, const FitContext& context, bool share) {
  const auto stages = stages_of(pipeline);
  const Json options = search_options(pipeline);
  const auto count = static_cast<std::size_t>(combinations_of(stages));
  const RandomStream random = context.random.derive("search");
  const InnerFolds inner =
      inner_folds(training, context.held_out, options.at("folds").integer(), random.derive("folds"));
  const std::string& wanted = options.at("score").text();
  const Scoring scoring{wanted == "roc-auc" || (wanted == "auto" && training.classes.size() == 2)};
  std::vector<std::vector<double>> scores(inner.folds.size(), std::vector<double>(count));
  thread_pool().parallel_for(static_cast<std::int64_t>(inner.folds.size()), [&](std::int64_t f) {
    const Fold& fold = inner.folds[static_cast<std::size_t>(f)];
    const Sides sides{training.selected(fold.train), training.selected(fold.test)};
    const FoldSearch search(stages, scoring, random.derive("fold", {static_cast<std::uint64_t>(f)}));
    auto& own = scores[static_cast<std::size_t>(f)];
    if (share) return search.shared(sides, own);
    for (std::size_t c = 0; c < count; ++c) own[c] = search.alone(sides, static_cast<std::int64_t>(c));
  });
  SearchResult result{.metric = scoring.area ? "roc-auc" : "accuracy",
                      .kept_together = inner.kept_together,
                      .folds = static_cast<std::int64_t>(inner.folds.size())};
  for (std::size_t c = 0; c < count; ++c) {
    result.tried.push_back(combination_of(stages, static_cast<std::int64_t>(c)));
    result.tried.back().score = mean_score(scores, c);
  }
  result.chosen = first_best(result.tried);
  return result;
}

}  // namespace caton
