// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// How symmetric positive definite matrices are compared. Not every function knows every metric; the ones of a function
/// stand at its declaration.
enum class Metric {
  euclid,
  logeuclid,
  riemann,
  wasserstein,
  kullback,
  kullback_right,
  kullback_sym,
  logdet,
  logchol,
  chol,
  harmonic,
  thompson,
  poweuclid,
  ale,
  alm,
  power,
};

[[nodiscard]] const std::string& metric_name(Metric metric);
/// Refuses (word `metric`) a name that is not among `known`, listing those.
[[nodiscard]] Metric metric_named(const std::string& where, std::string_view name, const std::vector<Metric>& known);
/// The error for a metric that a function does not have.
[[nodiscard]] class Error unknown_metric(const std::string& where, std::string_view name,
                                         const std::vector<Metric>& known);

}  // namespace caton
