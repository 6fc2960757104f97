// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/dataset_comparison.hpp"

#include <string>

namespace caton {

/// One self-contained page: for every two pipelines the effect on each data set and over all (the meta-effect plot).
[[nodiscard]] std::string comparison_html(const DatasetComparison& comparison);

}  // namespace caton
