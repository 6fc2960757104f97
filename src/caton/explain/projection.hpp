// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <array>

namespace caton {

/// Samples in the plane of their two strongest principal components.
struct PrincipalPlane {
  Array<double, 2> points;              ///< samples x 2
  std::array<double, 2> share{{0, 0}};  ///< of the variance that each component carries
};

/// Principal components of samples x features, centred and not scaled. The sign of each component makes its largest
/// loading positive, so that the picture is the same every time. Refuses (kind `usage`) fewer than 2 samples
/// (`samples`) and values that are not finite (`finite`). A single feature gives a second axis of zeros.
[[nodiscard]] PrincipalPlane principal_plane(View<const float, 2> features);

}  // namespace caton
