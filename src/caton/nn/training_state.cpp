// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/training_state.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/safetensors.hpp"

#include <system_error>

namespace caton::nn {
namespace {

constexpr const char* format = "caton-training-1";

Path file_in(const Path& folder) { return folder / "training.safetensors"; }

/// A process that was killed while it wrote leaves its unfinished file beside the state.
void remove_unfinished(const Path& folder) {
  const std::string prefix = ".training.safetensors.partial";
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) return;
  for (const Path& entry : entries_of(folder)) {
    if (entry.filename().string().starts_with(prefix)) std::filesystem::remove(entry, failed);
  }
}

Json progress_of(const TrainingState& state) {
  return Json::object({{"epoch", state.epoch},
                       {"step", state.step},
                       {"adam_steps", state.adam.steps},
                       {"loss_sum", state.loss_sum},
                       {"correct", state.correct},
                       {"learning_rate", state.learning_rate},
                       {"best_loss", state.best_loss},
                       {"bad_epochs", state.bad_epochs},
                       {"curve", Json(Json::List(state.curve))}});
}

std::vector<float> floats(const Safetensors& content, const std::string& name, const std::string& where) {
  const auto values = content.at(name, where).values<float>(name);
  return {values.begin(), values.end()};
}

TrainingState parsed(const Safetensors& content, const std::string& where) {
  const Json progress = parse_json(content.metadata.at("progress"), where);
  TrainingState state;
  state.epoch = progress.at("epoch", where).integer(where);
  state.step = progress.at("step", where).integer(where);
  state.adam.steps = progress.at("adam_steps", where).integer(where);
  state.loss_sum = progress.at("loss_sum", where).number(where);
  state.correct = progress.at("correct", where).integer(where);
  state.learning_rate = progress.at("learning_rate", where).number(where);
  state.best_loss = progress.at("best_loss", where).number(where);
  state.bad_epochs = progress.at("bad_epochs", where).integer(where);
  state.curve = progress.at("curve", where).items(where);
  state.parameters = floats(content, "parameters", where);
  state.average = floats(content, "average", where);
  state.adam.first_moment = floats(content, "first_moment", where);
  state.adam.second_moment = floats(content, "second_moment", where);
  return state;
}

}  // namespace

void write_training_state(const Path& folder, const std::string& key, const TrainingState& state) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw machine_error(folder.string(), "the folder cannot be made: " + failed.message());
  Safetensors content;
  content.metadata = {{"format", format}, {"key", key}, {"progress", progress_of(state).dump()}};
  content.tensors.emplace("parameters", Tensor::vector(state.parameters));
  content.tensors.emplace("average", Tensor::vector(state.average));
  content.tensors.emplace("first_moment", Tensor::vector(state.adam.first_moment));
  content.tensors.emplace("second_moment", Tensor::vector(state.adam.second_moment));
  write_safetensors(file_in(folder), content);
}

std::optional<TrainingState> read_training_state(const Path& folder, const std::string& key, std::size_t parameters) {
  const Path file = file_in(folder);
  std::error_code failed;
  remove_unfinished(folder);
  if (!std::filesystem::exists(file, failed)) return std::nullopt;
  try {
    const Safetensors content = read_safetensors(file);
    const auto is = [&](const char* name, const std::string& wanted) {
      const auto found = content.metadata.find(name);
      return found != content.metadata.end() && found->second == wanted;
    };
    if (!is("format", format) || !is("key", key) || !content.metadata.contains("progress")) return std::nullopt;
    TrainingState state = parsed(content, file.string());
    const bool fits = state.parameters.size() == parameters && state.adam.first_moment.size() == parameters &&
                      state.adam.second_moment.size() == parameters && state.epoch >= 0 && state.step >= 0 &&
                      (state.average.empty() || state.average.size() == parameters);
    if (!fits) return std::nullopt;
    return state;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace caton::nn
