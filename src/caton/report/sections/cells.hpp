// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace caton::report {

/// Rows of numbers; NaN where there is none.
using Cells = std::vector<std::vector<double>>;

[[nodiscard]] inline Cells empty_cells(std::size_t rows, std::size_t columns) {
  return Cells(rows, std::vector<double>(columns, std::nan("")));
}

/// Where `name` stands; the number of names where it does not.
[[nodiscard]] inline std::size_t place_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace caton::report
