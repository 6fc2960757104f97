// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <string>
#include <vector>

namespace caton {

/// Lengths between each point (rows) and its nearest `neighbours` (Euclid, ties by index), both ways; components are
/// joined by the shortest link until all points hang together. Refuses (word `neighbours`) fewer points than
/// neighbours + 1, and (`identical`) points that coincide, since a length of 0 would be no edge.
[[nodiscard]] Matrix neighbour_lengths(Signal points, std::int64_t neighbours);

struct Eigenmap {
  Matrix affinity;                  ///< exp(-length² / s²) on edges, s the median of all lengths
  std::vector<double> eigenvalues;  ///< of the normalised Laplacian, the first components + 1, ascending
  Matrix embedding;                 ///< points x components
};

/// Laplacian eigenmap over `neighbour_lengths`: eigenvectors 2 … components + 1 of the normalised Laplacian over the
/// root of the degree, each signed so that its largest entry is positive (scikit-learn spectral_embedding up to scale).
[[nodiscard]] Eigenmap laplacian_eigenmap(Signal features, std::int64_t neighbours, std::int64_t components);

}  // namespace caton
