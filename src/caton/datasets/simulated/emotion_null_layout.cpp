// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/emotion_null_layout.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/study.hpp"

namespace caton {
namespace {

Json to_json(const EmotionNullOptions& options) {
  return Json::object({{"subjects", options.subjects},
                       {"sessions", options.sessions},
                       {"trials", options.trials},
                       {"windows", options.windows},
                       {"high_trials", options.high_trials},
                       {"effect", options.effect},
                       {"simulation_seed", static_cast<std::int64_t>(options.seed)}});
}

EmotionNullOptions options_of(const Json& json) {
  EmotionNullOptions options;
  options.subjects = json.at("subjects").integer("subjects");
  options.sessions = json.at("sessions").integer("sessions");
  options.trials = json.at("trials").integer("trials");
  options.windows = json.at("windows").integer("windows");
  options.high_trials = json.at("high_trials").integer("high_trials");
  options.effect = json.at("effect").number("effect");
  const std::int64_t seed = json.at("simulation_seed").integer("simulation_seed");
  if (seed < 0) throw usage_error("emotion-null", "simulation_seed must not be negative");
  options.seed = static_cast<std::uint64_t>(seed);
  return options;
}

/// One data set of several: names and ids that no other has.
SampleSet numbered(EmotionNullOptions options, std::int64_t number, std::int64_t first_id) {
  options.seed += static_cast<std::uint64_t>(number);
  SampleSet samples = emotion_null(options);
  const std::string prefix = "set " + std::to_string(number + 1);
  samples.origins.study.names = {prefix};
  for (auto& name : samples.origins.recording.names) name = prefix + ", " + name;
  for (auto& id : samples.origins.id) id += first_id;
  return samples;
}

SampleSet samples_of(const Json& options) {
  const EmotionNullOptions one = options_of(options);
  const std::int64_t sets = options.at("sets").integer("sets");
  if (sets < 1 || sets > 1000) throw usage_error("emotion-null", "sets must be 1 to 1000");
  if (sets == 1) return emotion_null(one);
  SampleSet all;
  for (std::int64_t number = 0; number < sets; ++number) all.append(numbered(one, number, all.size()));
  return all;
}

/// Numbers of the names, and the names themselves for the metadata.
void add_names(Safetensors& content, const std::string& column, const NameColumn& names) {
  content.tensors[column] = Tensor::vector(std::vector<std::int64_t>(names.index.begin(), names.index.end()));
  content.metadata[column + "_names"] = Json::list_of(names.names).dump();
}

const EmotionNullOptions standard{};

const DatasetEntry emotion_null_study{
    .name = "emotion-null",
    .about = "Tokens without a signal behind them, whose labels mean nothing at effect 0: the laboratory of leaks",
    .layout = "no folder: the tokens are computed from the keys",
    .apply_at = "nobody: caton makes it (CC0)",
    .traps =
        {"each trial has its own level in every token: windows of one trial resemble each other whatever the label",
         "five of the twelve trials of each subject are high: a majority guess scores 58.3 %"},
    .citation = "model of the leak in caton's specification of RBTransformer",
    .keys = {{"subjects", "integer", standard.subjects, "people"},
             {"sessions", "integer", standard.sessions, "recordings of each"},
             {"trials", "integer", standard.trials, "trials in a session"},
             {"windows", "integer", standard.windows, "windows of a trial"},
             {"high_trials", "integer", standard.high_trials, "trials of each subject with label 1"},
             {"effect", "number", standard.effect, "difference between the labels in tokens; 0: none"},
             {"simulation_seed", "integer", static_cast<std::int64_t>(standard.seed), "another seed, other tokens"},
             {"sets", "integer", 1,
              "independent data sets, to be split and decoded each by itself (within = \"study\")"}},
    .samples = samples_of,
    .needs_folder = false,
};
CATON_REGISTER(DatasetEntry, emotion_null_study);

}  // namespace

Safetensors emotion_null_file(const EmotionNullOptions& options) {
  const SampleSet samples = emotion_null(options);
  Safetensors content;
  content.metadata["about"] = "caton simulate emotion-null: tokens, windows x electrodes x bands";
  content.metadata["options"] = to_json(options).dump();
  content.metadata["channels"] = Json::list_of(samples.channels).dump();
  content.metadata["features"] = Json::list_of(samples.features).dump();
  content.metadata["classes"] = Json::list_of(samples.classes).dump();
  content.tensors["tokens"] = samples.block("tokens");
  content.tensors["label"] = Tensor::vector(samples.label);
  add_names(content, "subject", samples.origins.subject);
  add_names(content, "session", samples.origins.session);
  add_names(content, "trial", samples.origins.trial);
  content.tensors["begin"] = Tensor::vector(samples.origins.begin);
  content.tensors["end"] = Tensor::vector(samples.origins.end);
  return content;
}

}  // namespace caton
