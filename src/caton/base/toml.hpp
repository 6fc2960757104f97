// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <string>
#include <string_view>

namespace caton {

/// Reads TOML text as a table of plain values; dates are refused. Errors (kind `usage`) name file, line and column.
[[nodiscard]] Json parse_toml(std::string_view text, const std::string& where);
/// Writes a table as TOML that `parse_toml` reads back as the same table; null members are left out.
[[nodiscard]] std::string to_toml(const Json& table);
/// "file.toml: line 7" for the place of a dotted key such as `pipeline.0.decoder`; the file alone when it is not found.
[[nodiscard]] std::string toml_place(std::string_view text, const std::string& where, const std::string& key);

}  // namespace caton
