// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/ports.hpp"

#include <span>
#include <string>
#include <vector>

/// Sets of small square matrices, one a trial: what the functions of this room take and give.
namespace caton {

using Matrices = Array<double, 3>;           ///< matrices x rows x columns
using MatricesView = View<const double, 3>;  ///< the same, owned by somebody else
using Epochs = View<const double, 3>;        ///< trials x channels x samples

/// One matrix looked at as a set of one.
[[nodiscard]] MatricesView as_set(Signal matrix);
/// Matrix `index` of a set, copied.
[[nodiscard]] Matrix copy_of(MatricesView set, std::int64_t index);
void put(Signal matrix, View<double, 2> place);
[[nodiscard]] Matrix identity(std::int64_t size);
[[nodiscard]] Matrix scaled(Signal matrix, double factor);
/// a x + b y, entry by entry.
[[nodiscard]] Matrix combination(double a, Signal x, double b, Signal y);
[[nodiscard]] double frobenius_norm(Signal matrix);
[[nodiscard]] double trace(Signal matrix);
/// (m + mᵀ) / 2: what symmetric products are but for rounding.
[[nodiscard]] Matrix symmetrised(Signal matrix);

/// Refuses what is not a set of square matrices (word `shape`), an empty one (`empty`) and NaN or infinity (`finite`).
void require_matrices(const std::string& where, MatricesView c);
/// The same, and every matrix symmetric within 1e-10 of its largest entry (word `symmetric`).
void require_symmetric(const std::string& where, MatricesView c);
/// Refuses sets whose matrices differ in size (word `shape`).
void require_same_size(const std::string& where, MatricesView a, MatricesView b);

/// Weights that sum to 1; all equal when none are given. Refuses (word `weights`) another count, a negative one, and a
/// sum of 0.
[[nodiscard]] std::vector<double> normalised_weights(const std::string& where, std::span<const double> weights,
                                                     std::int64_t count);
/// Σ w_i c_i, summed in the order of the set.
[[nodiscard]] Matrix weighted_sum(MatricesView c, std::span<const double> weights);

/// A port that holds one matrix or a set of them.
struct MatricesPort {
  MatricesPort(const Arguments& args, const Tensors& in, const std::string& name);

  Matrices values;
  bool single = false;  ///< the tensor had two axes

  operator MatricesView() const noexcept { return values; }
  [[nodiscard]] Signal matrix() const noexcept { return values.view()[0]; }
  /// Back in the form that came in.
  [[nodiscard]] Tensor like(const Matrices& result) const;
};
/// The numbers of an optional port; none when it is not connected.
[[nodiscard]] std::vector<double> optional_vector_port(const Arguments& args, const Tensors& in,
                                                       const std::string& name);

}  // namespace caton
