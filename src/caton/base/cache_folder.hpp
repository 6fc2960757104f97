// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"

namespace caton {

/// Where a user's programs keep what can be made again: $XDG_CACHE_HOME/caton, else ~/.cache/caton, else beside other
/// temporary files. The folder need not exist.
[[nodiscard]] Path cache_folder();

}  // namespace caton
