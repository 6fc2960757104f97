// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/tensor.hpp"

#include <string>

namespace caton {

/// Tokens (windows x channels x 4, float32, bit) and labels of a whole study as the dataset classes of
/// github.com/nnilayy/RBTransformer make them: windows in the order subject, (session,) trial, start. `path`: the file
/// or folder of "dreamer", "deap" or "seed".
/// Columns: start, subject, trial, `<dimension>_binary`, `<dimension>_multi`; DREAMER counts subject and trial from 0,
/// DEAP trials from 0, SEED trials from 1; other subjects are numbered as the files are. Trials shorter than a window
/// are left out; refused (word `short`) when no window is left, and ratings as `rbt_labels`.
[[nodiscard]] Tensors rbt_dataset(const std::string& dataset, const Path& path);

}  // namespace caton
