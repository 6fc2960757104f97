// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/model_spectrum.hpp"
#include "caton/features/connectivity/mvar_connectivity.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// The frequencies of a model's spectrum and the bins of each band.
struct BandGrid {
  Circle circle;
  std::vector<BinSpan> bands;

  /// True when one of the eight bins from `first` on belongs to a band.
  [[nodiscard]] bool touches(std::int64_t first) const noexcept;
};

/// Direct directed transfer function of one model, mean over the bins of each band: bands x to x from, added to `out`.
void model_ddtf(const std::string& where, const MvarModel& model, const BandGrid& grid, View<double, 3> out);

}  // namespace caton
