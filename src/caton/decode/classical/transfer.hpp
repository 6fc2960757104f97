// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/spatial_filters.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Bringing matrices or tangent vectors of several domains (people, sessions) together: Riemannian Procrustes analysis.
/// `domain` holds the domain of each sample. All refuse another number of domains than of samples (word `shape`) and a
/// `target` that no sample belongs to (word `target`).
namespace caton {

/// Every domain moved to the identity by its own mean (pyRiemann `TLCenter`).
[[nodiscard]] Matrices recentred(MatricesView c, std::span<const std::int64_t> domain, Metric metric = Metric::riemann);
/// Every domain's mean vector subtracted.
[[nodiscard]] Matrix recentred(Signal t, std::span<const std::int64_t> domain);

struct Stretched {
  Matrices c;
  std::vector<double> dispersion;  ///< before, of each domain in ascending order: mean squared distance to its mean
};
struct StretchOptions {
  double dispersion = 1;  ///< wanted
  bool centered = false;  ///< the domains' means are the identity already
  Metric metric = Metric::riemann;
};
/// Every domain stretched around its mean to the same dispersion (pyRiemann `TLScale`). Refuses a domain that does not
/// spread (word `dispersion`).
[[nodiscard]] Stretched stretched(MatricesView c, std::span<const std::int64_t> domain,
                                  const StretchOptions& options = {});
/// Every domain's vectors divided by the mean of their norms.
[[nodiscard]] Matrix stretched(Signal t, std::span<const std::int64_t> domain);

struct Rotated {
  Matrices c;
  Matrices rotation;  ///< one a source domain, in ascending order
};
/// Source domains rotated so that their class means come close to those of the target: descent over the orthogonal
/// group from the better of the classes' own solutions, rotations and reflections both tried (pyRiemann `TLRotate`;
/// eigenvectors of the start are signed by the entry of largest magnitude). metric: euclid or riemann. Refuses (word
/// `class`) a domain that lacks a class.
[[nodiscard]] Rotated rotated(MatricesView c, std::span<const std::int64_t> y, std::span<const std::int64_t> domain,
                              std::int64_t target, Metric metric = Metric::euclid);

struct TangentRotation {
  std::int64_t components = 1;  ///< principal components of each class along which anchors are taken
  std::int64_t clusters = 3;    ///< anchors along each
  double explained = 0.999;     ///< share of the cross product kept; above 1 a number of directions
  bool as_published = true;     ///< the library's transpose of the Procrustes solution
};
/// The same for tangent vectors by anchors: class means, and means of equal parts along each class' first principal
/// components (pyRiemann `TLRotate`). Where a class has fewer vectors than clusters, the class means alone.
[[nodiscard]] Matrix rotated(Signal t, std::span<const std::int64_t> y, std::span<const std::int64_t> domain,
                             std::int64_t target, const TangentRotation& options = {});

/// The different domains, ascending; refuses as said above where `target` is given.
[[nodiscard]] std::vector<std::int64_t> domains_of(std::span<const std::int64_t> domain, std::int64_t samples,
                                                   const std::int64_t* target = nullptr);
/// Places of the samples of one domain.
[[nodiscard]] std::vector<std::int64_t> members_of(std::span<const std::int64_t> domain, std::int64_t which);
[[nodiscard]] Matrices chosen_matrices(MatricesView c, const std::vector<std::int64_t>& places);

}  // namespace caton
