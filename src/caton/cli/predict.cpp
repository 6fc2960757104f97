// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/fitted_choice.hpp"
#include "caton/study/run.hpp"

#include <cstdio>
#include <memory>
#include <set>
#include <span>

namespace caton::cli {
namespace {

struct Options : FittedChoice {
  std::string decide, trials;
  std::vector<std::string> events;
};

PredictOptions predict_options(const Options& options) {
  PredictOptions how;
  if (!options.decide.empty()) how.by_trial = options.decide == "trial";
  if (!options.trials.empty()) how.trials.events = Path(options.trials);
  how.trials.names = options.events;
  return how;
}

void add_answer(std::vector<std::string>& cells, const FittedPipeline& fitted, std::int64_t label,
                std::span<const double> probability) {
  cells.push_back(fitted.samples.classes[static_cast<std::size_t>(label)]);
  for (const double p : probability) cells.push_back(number_text(p));
}

std::string seconds(std::int64_t sample, const FittedPipeline& fitted) {
  return number_text(static_cast<double>(sample) / fitted.rate_hz);
}

Table window_table(const FittedPipeline& fitted, const Prediction& prediction) {
  Table table{.header = {"begin_s", "end_s", "class"}};
  const Origins& origins = fitted.samples.origins;
  const std::int64_t classes = prediction.probability.extent(1);
  for (std::int64_t i = 0; i < fitted.samples.size(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    auto& cells = table.rows.emplace_back(
        std::vector<std::string>{seconds(origins.begin[row], fitted), seconds(origins.end[row], fitted)});
    add_answer(cells, fitted, prediction.label[row],
               {prediction.probability.data() + i * classes, static_cast<std::size_t>(classes)});
  }
  return table;
}

Table trial_table(const FittedPipeline& fitted, const std::vector<TrialAnswer>& answers) {
  Table table{.header = {"trial", "event", "begin_s", "end_s", "windows", "class"}};
  for (const TrialAnswer& answer : answers) {
    const RecordingTrial& trial = fitted.trials->trials[answer.trial];
    auto& cells =
        table.rows.emplace_back(std::vector<std::string>{trial.name, trial.event, seconds(trial.begin, fitted),
                                                         seconds(trial.end, fitted), std::to_string(answer.windows)});
    add_answer(cells, fitted, answer.label, answer.probability);
  }
  return table;
}

void tell(const Finding& finding) {
  std::fprintf(stderr, "%s: %s: %s\n", severity_name(finding.severity), printable(finding.where).c_str(),
               printable(finding.what).c_str());
}

/// Every trial has an answer or a word why it has none.
void tell_unanswered(const FittedPipeline& fitted, const std::vector<TrialAnswer>& answers) {
  for (const Finding& finding : fitted.trials->findings) tell(finding);
  std::set<std::size_t> answered;
  for (const TrialAnswer& answer : answers) answered.insert(answer.trial);
  for (std::size_t t = 0; t < fitted.trials->trials.size(); ++t) {
    const RecordingTrial& trial = fitted.trials->trials[t];
    if (answered.count(t) == 0)
      std::fprintf(stderr, "warn: %s, %s s: holds no window that can be used, no answer\n", trial.name.c_str(),
                   seconds(trial.begin, fitted).c_str());
  }
}

int predict(const Options& options, const Common& /*common*/) {
  const FittedPipeline fitted = fitted_pipeline(options.run, options.pipeline, options.file, predict_options(options));
  const Prediction prediction = fitted.decoder->predict(fitted.samples);
  for (const Finding& finding : fitted.samples.findings)
    if (finding.code == "prepare/bad-windows") tell(finding);
  Table table;
  if (fitted.trials) {
    const auto answers = trial_answers(fitted, prediction);
    table = trial_table(fitted, answers);
    tell_unanswered(fitted, answers);
  } else {
    table = window_table(fitted, prediction);
  }
  for (const auto& name : fitted.samples.classes) table.header.push_back("p_" + name);
  const std::string text = table_text(table);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_fitted_choice(app, *options);
  app.add_option("--decide", options->decide, "one answer for each window or trial (default: as the run was evaluated)")
      ->check(CLI::IsMember({"window", "trial"}));
  app.add_option(
      "--trials", options->trials,
      "table with onset and duration of the trials (default: _events.tsv beside FILE, else its annotations)");
  app.add_option("--events", options->events, "names of the events that are trials, comma between")->delimiter(',');
  return [options](const Common& common) { return predict(*options, common); };
}

const Command command{.name = "predict",
                      .about = "apply a fitted pipeline to a recording: CSV, one line a window or trial",
                      .examples =
                          "  caton predict runs/demo-1a2b3c recording.edf > classes.csv\n"
                          "  caton predict runs/demo-1a2b3c recording.edf --decide trial --trials events.tsv",
                      .place = 30,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
