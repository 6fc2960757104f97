// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

namespace caton {

/// The nearest rows to each query, nearest first.
struct Neighbours {
  Array<std::int64_t, 2> row;         ///< queries x k
  Array<double, 2> squared_distance;  ///< queries x k
};

/// The `k` rows of `among` (rows x features) that are nearest to each row of `query` (queries x features): Euclidean in
/// double, features added in order, equal distances by lowest row. The same bits on any processor and number of
/// threads. Refuses k < 1 or more than there are rows (word `neighbours`) and unequal widths (word `features`).
[[nodiscard]] Neighbours nearest_rows(View<const double, 2> among, View<const double, 2> query, std::int64_t k);

/// float32 rows as double.
[[nodiscard]] Array<double, 2> as_double(View<const float, 2> rows);

}  // namespace caton
