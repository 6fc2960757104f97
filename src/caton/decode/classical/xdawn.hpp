// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/spatial_filters.hpp"
#include "caton/geometry/covariance.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Covariances that know what an event-related potential looks like.
namespace caton {

/// Class means one below the other: (classes · channels) x samples; with `components` only their first singular
/// directions, signed by the entry of largest magnitude.
[[nodiscard]] Matrix erp_prototypes(Epochs x, std::span<const std::int64_t> y, const std::vector<std::int64_t>& classes,
                                    std::int64_t components = 0);
/// Covariance of every epoch below the prototypes (pyRiemann `covariances_EP`).
[[nodiscard]] Matrices covariances_with(Signal prototypes, Epochs x, const CovarianceOptions& options = {});

/// xDAWN: filters under which a class' mean stands out from all that is recorded.
struct Xdawn {
  SpatialFilters spatial;  ///< (classes · filters) x channels
  Matrix evoked;           ///< (classes · filters) x samples: filtered class means
};
/// Generalised eigenvectors of (covariance of the class mean, covariance of all epochs side by side), unit norm, for
/// each class. Refuses dependent channels (word `rank`). Equals pyRiemann `Xdawn`.
[[nodiscard]] Xdawn fit_xdawn(Epochs x, std::span<const std::int64_t> y, std::int64_t classes, std::int64_t filters = 4,
                              const CovarianceOptions& options = {});
/// filters · x of every epoch.
[[nodiscard]] Array<double, 3> filtered_epochs(Signal filters, Epochs x);

}  // namespace caton
