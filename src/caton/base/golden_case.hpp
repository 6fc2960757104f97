// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/registry.hpp"
#include "caton/base/safetensors.hpp"

#include <string>
#include <vector>

namespace caton {

/// One golden case: inputs, parameters and the outputs that a reference gave. Knows no network and no operation.
struct GoldenCase {
  Path path;
  Safetensors content;

  [[nodiscard]] const std::string& metadata(const std::string& key) const;  ///< refused when missing
  [[nodiscard]] std::string metadata_or(const std::string& key, const std::string& otherwise) const;
  [[nodiscard]] Json json(const std::string& key) const;
};

[[nodiscard]] GoldenCase read_golden_case(const Path& path);

/// Replays network cases. `replay` gets the case and returns tensors named as in the file (`out.*`, `grad.*`,
/// `after.*`); free of libtorch here, registered by the library of networks.
struct NetworkEntry {
  std::string name;  ///< the case's `network`
  std::vector<std::string> aliases = {};
  Tensors (*replay)(const GoldenCase& golden) = nullptr;
};

}  // namespace caton
