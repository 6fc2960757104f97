// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/safetensors.hpp"
#include "caton/datasets/simulated/emotion_null.hpp"

namespace caton {

/// The token model as one file: `tokens` (windows x electrodes x bands), `label`, and for each window `subject`,
/// `session`, `trial` (numbers of their names in the metadata), `begin`, `end` [samples]. The metadata hold the
/// options.
[[nodiscard]] Safetensors emotion_null_file(const EmotionNullOptions& options);

}  // namespace caton
