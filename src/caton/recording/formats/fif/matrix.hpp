// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/formats/fif/directory.hpp"
#include "caton/recording/stored_numbers.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton::fif {

/// The stored type behind a tag's type (its coding and flags left aside); others are refused.
[[nodiscard]] StoredType stored_type(std::uint32_t type, const std::string& where);

/// A tag that holds a dense matrix: where its numbers begin and its extents, the slowest first.
struct MatrixAbout {
  StoredType type = StoredType::float32;
  std::int64_t byte = 0;
  std::vector<std::int64_t> extents;
};
/// Refuses sparse and complex matrices, and extents that do not fit the tag's size (word `truncated`).
[[nodiscard]] MatrixAbout matrix_about(const Directory& directory, const Tag& tag);

}  // namespace caton::fif
