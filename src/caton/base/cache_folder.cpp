// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/cache_folder.hpp"

#include <cstdlib>

namespace caton {

Path cache_folder() {
  if (const char* const given = std::getenv("XDG_CACHE_HOME"); given != nullptr && *given != '\0')
    return Path(given) / "caton";
  if (const char* const home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return Path(home) / ".cache" / "caton";
  return std::filesystem::temp_directory_path() / "caton";
}

}  // namespace caton
