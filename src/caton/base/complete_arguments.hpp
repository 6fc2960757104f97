// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/operation.hpp"

namespace caton {

/// What was given with the operation's defaults filled in. Refuses unknown and missing arguments.
[[nodiscard]] Arguments complete_arguments(const Operation& operation, const Json& given);

}  // namespace caton
