// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"

#include <cstdint>

namespace caton {

/// Granger causality in time: how much better x_i is predicted with the past of x_j than without. [to, from];
/// the diagonal is 0, its p 1.
struct Granger {
  Matrix gc;       ///< ln(variance without / variance with)
  Matrix f;        ///< ((RSS0 - RSS1) / p) / (RSS1 / (n - m p)), m channels in the full model
  Matrix p_value;  ///< of f with p and n - m p degrees of freedom
};
/// Least squares on the same samples of all epochs. Conditional: all other channels stay in both models; else pairs.
/// Refuses fewer than two channels (word `channel`) and what `mvar_fit` refuses.
[[nodiscard]] Granger granger(Epochs x, std::int64_t order, bool conditional = true);

/// Geweke's decomposition over frequency of a model of two channels: 2 x 2 x bins, [to, from], on the grid of
/// `mvar_connectivity`: -ln(1 - (S_jj - S_ij^2/S_ii) |H_ij|^2 / P_ii). Refuses other numbers of channels (`channel`).
[[nodiscard]] Array<double, 3> granger_spectral(Coefficients a, Signal noise, std::int64_t bins = 129);

}  // namespace caton
