// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/file.hpp"
#include "caton/base/tensor.hpp"

#include <map>
#include <string>

namespace caton {

/// What a .safetensors file holds.
struct Safetensors {
  std::map<std::string, std::string> metadata;
  Tensors tensors;

  /// The tensor of this name; an `Error` of kind `input` naming it when it is missing.
  [[nodiscard]] const Tensor& at(const std::string& name, const std::string& where) const;
};

/// Reads strictly (RELIABILITY R12): header within limits, offsets that tile the buffer without hole or overlap, sizes
/// that match the shapes, no duplicate names, no unknown type, text-only metadata. Anything else is refused.
[[nodiscard]] Safetensors parse_safetensors(Bytes bytes, const std::string& where);
[[nodiscard]] Safetensors read_safetensors(const Path& path);

/// The file's bytes: header keys sorted, padded to 8 bytes with spaces, tensors in order of their names.
[[nodiscard]] std::string safetensors_bytes(const Safetensors& content);
void write_safetensors(const Path& path, const Safetensors& content);

}  // namespace caton
