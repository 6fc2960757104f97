// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// The scaling filter of Daubechies' wavelets "db1" (also "haar") to "db10", of unit norm (`scipy.signal.daub`).
/// Refuses other names (word `unknown`).
[[nodiscard]] const std::vector<double>& daubechies(std::string_view name, const std::string& where);

}  // namespace caton
