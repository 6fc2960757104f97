// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <span>

namespace caton {

/// Where an electrode sits, in millimetres: x to the right, y to the front, z up.
struct ElectrodePlace {
  const char* name;
  double x_mm, y_mm, z_mm;
};

/// 10-20, 10-10 and 10-5 names, the old T3 T4 T5 T6, and the fiducials nasion, lpa, rpa.
[[nodiscard]] std::span<const ElectrodePlace> standard_1005_places() noexcept;
[[nodiscard]] std::span<const ElectrodePlace> gsn_hydrocel_128_places() noexcept;
[[nodiscard]] std::span<const ElectrodePlace> biosemi64_places() noexcept;

}  // namespace caton
