// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/study/measured_study.hpp"
#include "caton/study/run.hpp"

#include <cmath>

namespace caton {
namespace {

Path pipeline_folder(const Path& run, const std::string& wanted) {
  const RunFolder folder = read_run_folder(run);
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

}  // namespace

SavedPipeline saved_pipeline(const Path& run_folder, const std::string& pipeline) {
  const Path folder = pipeline_folder(run_folder, pipeline);
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

FittedPipeline fitted_pipeline(const Path& run_folder, const std::string& pipeline, const Path& recording_file) {
  SavedPipeline saved = saved_pipeline(run_folder, pipeline);
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
  fitted.samples = measure_recording(*recording, request, feature_choice(saved.input));
  fitted.samples.classes = saved.classes;
  fitted.decoder = std::move(saved.decoder);
  return fitted;
}

}  // namespace caton
