// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/evaluate/answers.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/study/measured_study.hpp"
#include "caton/study/run.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

Path pipeline_folder(const Path& run, const RunFolder& folder, const std::string& wanted) {
  std::vector<std::string> names;
  for (const auto& pipeline : folder.recipe.at("pipeline").items()) names.push_back(pipeline.at("name").text());
  const std::string name = wanted.empty() ? names.front() : wanted;
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw usage_error(run.string(), "has no pipeline \"" + name + "\"", suggestion(name, names));
  }
  const Path found = run / "final" / folder_name(name);
  if (!std::filesystem::exists(found / "model.safetensors")) {
    throw usage_error(run.string(), "was run without a final fit", "run the recipe with final = true in [evaluate]");
  }
  return found;
}

void require_known_format(const Json& input, const Path& file) {
  const std::string& format = input.at("format").text();
  if (format == input_format) return;
  throw input_error(file.string(), "is of format \"" + printable(format) + "\", this caton reads " + input_format,
                    "use the version of caton that wrote it, or a newer one");
}

bool decides_by_trial(const Json& recipe, const std::string& pipeline) {
  for (const auto& one : recipe.at("pipeline").items()) {
    const Json* const decide = one.find("decide");
    if (one.at("name").text() == pipeline) return decide != nullptr && decide->text() == "trial";
  }
  return false;
}

TrialRule trial_rule(const Json& study, const std::vector<std::string>& classes) {
  TrialRule rule{.classes = classes, .column = {}, .trial_s = {}};
  if (const Json* const column = study.find("target"); column != nullptr && column->is_text())
    rule.column = column->text();
  if (const Json* const from = study.find("from_s"); from != nullptr && from->is_number()) rule.from_s = from->number();
  if (const Json* const length = study.find("trial_s"); length != nullptr && length->is_number())
    rule.trial_s = length->number();
  return rule;
}

RecordingTrials trials_to_decide(const Recording& recording, const Path& file, const SavedPipeline& saved,
                                 const TrialChoice& choice) {
  RecordingTrials found = recording_trials(recording, file, saved.trials, choice);
  if (!found.trials.empty()) return found;
  std::string why;
  for (const Finding& finding : found.findings) why += (why.empty() ? ": " : "; ") + finding.what;
  throw input_error(file.string(), "has no trials, and \"" + saved.name + "\" gives one answer for a trial" + why,
                    "say where they are with --trials EVENTS.tsv (onset, duration), or ask for windows with --decide "
                    "window");
}

}  // namespace

SavedPipeline saved_pipeline(const Path& run_folder, const std::string& pipeline) {
  const RunFolder run = read_run_folder(run_folder);
  const Path folder = pipeline_folder(run_folder, run, pipeline);
  const Path file = folder / "input.json";
  const Json input = parse_json(read_text_file(file, limits::json_bytes), file.string());
  require_known_format(input, file);
  SavedPipeline saved;
  saved.name = input.at("pipeline").text();
  saved.input = input.at("input");
  saved.steps = prepare_steps(input.at("prepare"));
  for (const auto& channel : input.at("channels").items()) {
    saved.channels.push_back(channel.at("name").text());
    saved.unit_known.push_back(channel.at("unit_known").flag());
  }
  saved.classes = input.at("classes").texts();
  saved.rate_hz = input.at("rate_hz").number();
  saved.window_length_s = input.at("window_length_s").number();
  saved.window_step_s = input.at("window_step_s").number();
  saved.decide_by_trial = decides_by_trial(run.recipe, saved.name);
  saved.trials = trial_rule(run.recipe.at("study"), saved.classes);
  saved.decoder = make_pipeline(Json::object({{"steps", input.at("steps")}, {"decoder", input.at("decoder")}}));
  saved.decoder->restore(read_safetensors(folder / "model.safetensors"));
  return saved;
}

void check_recording(const SavedPipeline& pipeline, const Recording& recording, const std::string& where) {
  for (std::size_t i = 0; i < pipeline.channels.size(); ++i) {
    const std::string& name = pipeline.channels[i];
    const Channel& channel = recording.channels()[static_cast<std::size_t>(recording.channel_index(name))];
    if (std::abs(channel.rate_hz - pipeline.rate_hz) > 1e-9 * pipeline.rate_hz) {
      throw input_error(where + ": channel " + name,
                        "has " + number_text(channel.rate_hz) + " Hz, the decoder was trained at " +
                            number_text(pipeline.rate_hz) + " Hz",
                        "resample the recording first");
    }
    if ((channel.unit != "unknown") != pipeline.unit_known[i]) {
      throw input_error(
          where + ": channel " + name,
          pipeline.unit_known[i] ? "has no known unit, the training had volts" : "has a unit, the training had none",
          "say the unit with a format that stores it");
    }
  }
}

FittedPipeline fitted_pipeline(const Path& run_folder, const std::string& pipeline, const Path& recording_file,
                               const PredictOptions& options) {
  SavedPipeline saved = saved_pipeline(run_folder, pipeline);
  const bool by_trial = options.by_trial.value_or(saved.decide_by_trial);
  if (!by_trial && (options.trials.events || !options.trials.names.empty()))
    throw usage_error("predict", "\"" + saved.name + "\" gives an answer for each window, trials are of no use to it",
                      "ask for one answer a trial with --decide trial");
  const auto recording = open_recording(recording_file);
  check_recording(saved, *recording, recording_file.string());
  MeasureRequest request;
  request.channels = saved.channels;
  request.steps = saved.steps;
  request.window_length_s = saved.window_length_s;
  request.window_step_s = saved.window_step_s;
  FittedPipeline fitted;
  fitted.name = saved.name;
  fitted.rate_hz = saved.rate_hz;
  std::vector<StudyTrial> stretches;
  if (by_trial) {
    fitted.trials = trials_to_decide(*recording, recording_file, saved, options.trials);
    for (const RecordingTrial& trial : fitted.trials->trials)
      stretches.push_back({.name = trial.name, .begin = trial.begin, .end = trial.end, .label = 0});
  }
  fitted.samples = measure_recording(*recording, request, feature_choice(saved.input), stretches);
  fitted.samples.classes = saved.classes;
  fitted.decoder = std::move(saved.decoder);
  return fitted;
}

std::vector<TrialAnswer> trial_answers(const FittedPipeline& fitted, const Prediction& windows) {
  const auto& trial = fitted.samples.origins.trial.index;
  const Decided all = decided({trial.begin(), trial.end()}, windows.probability.view());
  const Prediction together = prediction_of(Array<double, 2>(all.probability));
  std::vector<TrialAnswer> answers;
  for (std::size_t u = 0; u < all.first.size(); ++u) {
    const auto row = static_cast<std::size_t>(all.first[u]);
    const auto probability = together.probability[static_cast<std::int64_t>(u)];
    const std::string& name = fitted.samples.origins.trial.names[static_cast<std::size_t>(trial[row])];
    const auto& known = fitted.trials->trials;
    // Names of trials stand behind their session, which a bare recording does not have.
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const RecordingTrial& one) { return name == "/" + one.name; });
    answers.push_back({static_cast<std::size_t>(found - known.begin()),
                       std::count(trial.begin(), trial.end(), trial[row]),
                       together.label[u],
                       {probability.data(), probability.data() + probability.extent(0)}});
  }
  return answers;
}

}  // namespace caton
