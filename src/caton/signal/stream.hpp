// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"

namespace caton {

/// The lengths of the argument `chunks`; refused unless they are positive and add up to `samples`.
[[nodiscard]] std::vector<std::int64_t> chunks_argument(const Arguments& args, std::int64_t samples);

/// Feeds a signal to a causal filter in the pieces of the argument `chunks` and puts the results together.
template <class Filter>
[[nodiscard]] Matrix in_chunks(const Arguments& args, Signal x, Filter& filter) {
  Matrix y(x.extents(), uninitialised);
  std::int64_t begin = 0;
  for (const std::int64_t length : chunks_argument(args, x.extent(1))) {
    filter.process(x.slice(1, begin, length), y.view().slice(1, begin, length));
    begin += length;
  }
  return y;
}

}  // namespace caton
