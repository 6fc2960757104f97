// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace caton {

struct Referenced {
  Matrix y;
  std::vector<double> removed;  ///< what was subtracted from every channel; empty for bipolar
};

/// The mean of all channels but `exclude` subtracted from all. The rank falls by one. Refuses indices out of range and
/// when no channel is left (word `channel`).
[[nodiscard]] Referenced average_reference(Signal x, const std::vector<std::int64_t>& exclude = {});
/// The same in place, of all channels.
void subtract_average(View<double, 2> x);
void subtract_average(View<float, 2> x);
/// The mean of the given channels subtracted from all (linked mastoids).
[[nodiscard]] Referenced channel_reference(Signal x, const std::vector<std::int64_t>& channels);
/// One new channel a pair: anode minus cathode.
[[nodiscard]] Matrix bipolar_reference(Signal x, const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs);
/// The reference electrode standardisation technique: the potential at infinity estimated through the lead field
/// (channels x sources, from `sphere_leadfield`). Excluded channels take no part in the estimate.
[[nodiscard]] Referenced rest_reference(Signal x, Signal leadfield, const std::vector<std::int64_t>& exclude = {});

}  // namespace caton
