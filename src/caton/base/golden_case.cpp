// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/golden_case.hpp"

#include "caton/base/error.hpp"

namespace caton {

const std::string& GoldenCase::metadata(const std::string& key) const {
  const auto found = content.metadata.find(key);
  if (found == content.metadata.end())
    throw input_error(path.string(), "the metadata \"" + key + "\" is missing", "this is no golden case");
  return found->second;
}

std::string GoldenCase::metadata_or(const std::string& key, const std::string& otherwise) const {
  const auto found = content.metadata.find(key);
  return found == content.metadata.end() ? otherwise : found->second;
}

Json GoldenCase::json(const std::string& key) const { return parse_json(metadata(key), path.string() + ": " + key); }

GoldenCase read_golden_case(const Path& path) {
  GoldenCase golden{path, read_safetensors(path)};
  if (golden.metadata("format") != "caton-golden-1") {
    throw input_error(path.string(), "the format \"" + golden.metadata("format") + "\" is not known",
                      "caton-golden-1 is read");
  }
  return golden;
}

}  // namespace caton
