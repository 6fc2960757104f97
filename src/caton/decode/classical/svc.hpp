// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

enum class SvcKernel { linear, rbf };
/// Refuses (word `kernel`) an unknown name.
[[nodiscard]] SvcKernel svc_kernel_named(const std::string& where, std::string_view name);

/// exp(-gamma |a - b|²) or the inner product of every row of `a` with every row of `b`.
[[nodiscard]] Matrix kernel_matrix(Signal a, Signal b, SvcKernel kernel, double gamma);
/// 1 / (features x variance of all entries), scikit-learn's "scale"; 1 where nothing varies.
[[nodiscard]] double scale_gamma(Signal rows);

/// Support vectors of each pair of classes (i, j), i < j, in this order. Decision = Σ coefficient kernel + intercept,
/// positive for class i.
struct SupportVectors {
  std::int64_t classes = 0;
  Matrix coefficients;            ///< pairs x training samples
  std::vector<double> intercept;  ///< pairs
};
/// C-support vector classification on a kernel of all training samples with each other (symmetric), one class against
/// one, solved by libsvm to a violation of 1e-10. y: 0 … classes-1, each present. Refuses c not above 0 (word `c`).
[[nodiscard]] SupportVectors fit_svc(Signal kernel, std::span<const std::int64_t> y, std::int64_t classes, double c);

/// Kernel of test samples with all training samples to decisions: samples x pairs; for two classes one column, positive
/// for class 1 (scikit-learn `decision_function`).
[[nodiscard]] Matrix svc_decision(const SupportVectors& model, Signal kernel);
/// The class with most pairs won, the lowest of equals.
[[nodiscard]] std::vector<std::int64_t> svc_label(const SupportVectors& model, Signal decision);

}  // namespace caton
