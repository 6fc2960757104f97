// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <string>

namespace caton {

/// "caton 0.1.0": part of every key of a run.
[[nodiscard]] std::string program_version();
/// What a run was computed with (RELIABILITY R27): program, compiler, processor level, libraries.
[[nodiscard]] Json versions_json();

}  // namespace caton
