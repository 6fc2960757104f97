// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/decoder.hpp"

namespace caton {

/// What `NetworkDecoderEntry` is for decoders, for steps: filled when libcaton_nn is opened. A `TransformEntry` without
/// a `make` of its own is made by the one of its name here.
struct NetworkTransformEntry {
  std::string name;
  std::unique_ptr<Transform> (*make)(const Json& options) = nullptr;
};

}  // namespace caton
