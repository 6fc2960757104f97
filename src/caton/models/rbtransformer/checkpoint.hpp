// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/models/rbtransformer/config.hpp"

namespace caton::rbtransformer {

/// A network as the authors publish it.
struct Checkpoint {
  Config config;
  Tensors parameters;  ///< under the authors' keys
};

/// Reads a folder with `config.json` (constructor arguments) and `model.safetensors`, strictly: a key that is missing,
/// surplus or of another shape is refused (kind `input`) by name. The ablations are told by their keys.
[[nodiscard]] Checkpoint read_checkpoint_folder(const Path& folder);
/// Writes such a folder, whole or not at all; refuses (kind `usage`) one that exists.
void write_checkpoint_folder(const Path& folder, const Checkpoint& checkpoint);

}  // namespace caton::rbtransformer
