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

/// The decoder's channels in its own order; refused when one is missing or of
/// another rate or unit.
std::vector<std::string> matched_channels(const Json& input, const Recording& recording, const std::string& where) {
  std::vector<std::string> names;
  const double rate_hz = input.at("rate_hz").number();
  for (const auto& expected : input.at("channels").items()) {
    const std::string& name = expected.at("name").text();
    const Channel& channel = recording.channels()[static_cast<std::size_t>(recording.channel_index(name))];
    if (std::abs(channel.rate_hz - rate_hz) > 1e-9 * rate_hz) {
      throw input_error(
          where + ": channel " + name,
          "has " + number_text(channel.rate_hz) + " Hz, the decoder was trained at " + number_text(rate_hz) + " Hz",
          "resample the recording first");
    }
    if ((channel.unit != "unknown") != expected.at("unit_known").flag()) {
      throw input_error(where + ": channel " + name,
                        expected.at("unit_known").flag() ? "has no known unit, the training had volts"
                                                         : "has a unit, the training had none",
                        "say the unit with a format that stores it");
    }
    names.push_back(name);
  }
  return names;
}

}  // namespace

FittedPipeline fitted_pipeline(const Path& run_folder, const std::string& pipeline, const Path& recording_file) {
  const Path folder = pipeline_folder(run_folder, pipeline);
  const Path file = folder / "input.json";
  const Json input = parse_json(read_text_file(file, limits::json_bytes), file.string());
  require_known_format(input, file);
  const auto recording = open_recording(recording_file);
  FittedPipeline fitted;
  fitted.name = input.at("pipeline").text();
  fitted.rate_hz = input.at("rate_hz").number();
  MeasureRequest request;
  request.channels = matched_channels(input, *recording, recording_file.string());
  request.steps = prepare_steps(input.at("prepare"));
  request.window_length_s = input.at("window_length_s").number();
  request.window_step_s = input.at("window_step_s").number();
  fitted.samples = measure_recording(*recording, request, feature_choice(input.at("input")));
  fitted.samples.classes = input.at("classes").texts();
  fitted.decoder = make_pipeline(Json::object({{"steps", input.at("steps")}, {"decoder", input.at("decoder")}}));
  fitted.decoder->restore(read_safetensors(folder / "model.safetensors"));
  return fitted;
}

}  // namespace caton
