// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/checkpoint.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/models/rbtransformer/parameter_shapes.hpp"

namespace caton::rbtransformer {
namespace {

constexpr const char* config_file = "config.json";
constexpr const char* weights_file = "model.safetensors";

}  // namespace

Checkpoint read_checkpoint_folder(const Path& folder) {
  const Path about = folder / config_file, weights = folder / weights_file;
  const Json table = parse_json(read_text_file(about, limits::json_bytes), about.string());
  Checkpoint result{config_from(table, about.string()), {}};
  result.parameters = read_safetensors(weights).tensors;
  // The ablations' folders say nothing of what they leave out: without the blocks' sizes there are no blocks.
  result.config.intercortical_attention = table.has("depth");
  if (result.config.intercortical_attention)
    result.config.electrode_identity = result.parameters.contains(identity_key);
  nn::check_parameters(parameter_shapes(result.config), result.parameters, weights.string());
  return result;
}

void write_checkpoint_folder(const Path& folder, const Checkpoint& checkpoint) {
  nn::check_parameters(parameter_shapes(checkpoint.config), checkpoint.parameters, folder.string());
  FolderWriter writer(folder);
  write_file(writer.path() / config_file, to_json(checkpoint.config).dump(2) + "\n");
  write_safetensors(writer.path() / weights_file, {{{"format", "pt"}}, checkpoint.parameters});
  writer.commit();
}

}  // namespace caton::rbtransformer
