// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"

namespace caton {

/// A list of {code, severity, where, what}, as findings.json and kept results hold it.
[[nodiscard]] Json findings_json(const Findings& findings);
/// The same back; refuses (kind `input`) what is no such list.
[[nodiscard]] Findings findings_of(const Json& list, const std::string& where);

}  // namespace caton
