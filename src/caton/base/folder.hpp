// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"

#include <vector>

namespace caton {

/// Everything in a folder, by name. Refuses (kind `input`) one that cannot be read. The iterators of the standard
/// library are not used because they end the program when memory runs out between two entries.
[[nodiscard]] std::vector<Path> entries_of(const Path& folder);

/// The same with what lies in the folders below, links not followed.
[[nodiscard]] std::vector<Path> all_entries_of(const Path& folder);

}  // namespace caton
