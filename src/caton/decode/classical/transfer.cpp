// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/transfer.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace caton {

std::vector<std::int64_t> domains_of(std::span<const std::int64_t> domain, std::int64_t samples,
                                     const std::int64_t* target) {
  if (static_cast<std::int64_t>(domain.size()) != samples)
    throw usage_error(
        "transfer", "shape: " + std::to_string(domain.size()) + " domains for " + std::to_string(samples) + " samples");
  const std::set<std::int64_t> different(domain.begin(), domain.end());
  if (target != nullptr && different.count(*target) == 0)
    throw usage_error("transfer", "no sample belongs to the target domain " + std::to_string(*target));
  return {different.begin(), different.end()};
}

std::vector<std::int64_t> members_of(std::span<const std::int64_t> domain, std::int64_t which) {
  std::vector<std::int64_t> members;
  for (std::size_t n = 0; n < domain.size(); ++n) {
    if (domain[n] == which) members.push_back(static_cast<std::int64_t>(n));
  }
  return members;
}

Matrices chosen_matrices(MatricesView c, const std::vector<std::int64_t>& places) {
  Matrices result({static_cast<std::int64_t>(places.size()), c.extent(1), c.extent(2)}, uninitialised);
  for (std::size_t i = 0; i < places.size(); ++i) put(c[places[i]], result[static_cast<std::int64_t>(i)]);
  return result;
}

namespace {

/// Distances of equal matrices are rounding only.
constexpr double least_dispersion = 1e-20;

void put_back(const Matrices& part, const std::vector<std::int64_t>& places, Matrices& whole) {
  for (std::size_t i = 0; i < places.size(); ++i) put(part[static_cast<std::int64_t>(i)], whole[places[i]]);
}

double norm_of(Signal rows, std::int64_t n) {
  double squares = 0;
  for (std::int64_t j = 0; j < rows.extent(1); ++j) squares += rows(n, j) * rows(n, j);
  return std::sqrt(squares);
}

/// One domain stretched; gives its dispersion before.
double stretch_domain(Matrices& part, const StretchOptions& options) {
  const Matrix mean = options.centered ? identity(part.extent(1)) : spd_mean(part, Metric::riemann);
  double dispersion = 0;
  for (const double d : spd_distance(part, as_set(mean), options.metric)) dispersion += d * d;
  dispersion /= static_cast<double>(part.extent(0));
  if (!(dispersion > least_dispersion))
    throw input_error("transfer_scale", "the dispersion of a domain is 0: its matrices are equal");
  const double power = std::sqrt(options.dispersion / dispersion);
  if (options.centered) {
    part = spd_function(part, SpdFunction::power, power);
  } else {
    const Roots roots = roots_of("transfer_scale", mean);
    part = congruence(roots.sqrt, spd_function(congruence(roots.invsqrt, part), SpdFunction::power, power));
  }
  return dispersion;
}

}  // namespace

Matrices recentred(MatricesView c, std::span<const std::int64_t> domain, Metric metric) {
  Matrices result(c.extents(), uninitialised);
  for (const std::int64_t which : domains_of(domain, c.extent(0))) {
    const auto members = members_of(domain, which);
    const Matrices part = chosen_matrices(c, members);
    put_back(congruence(roots_of("transfer_recenter", spd_mean(part, metric)).invsqrt, part), members, result);
  }
  return result;
}

Matrix recentred(Signal t, std::span<const std::int64_t> domain) {
  Matrix result(t);
  for (const std::int64_t which : domains_of(domain, t.extent(0))) {
    const auto members = members_of(domain, which);
    for (std::int64_t j = 0; j < t.extent(1); ++j) {
      double sum = 0;
      for (const std::int64_t n : members) sum += t(n, j);
      for (const std::int64_t n : members) result(n, j) -= sum / static_cast<double>(members.size());
    }
  }
  return result;
}

Stretched stretched(MatricesView c, std::span<const std::int64_t> domain, const StretchOptions& options) {
  if (!(options.dispersion > 0 && std::isfinite(options.dispersion)))
    throw usage_error("transfer_scale", "dispersion must be positive, got " + number_text(options.dispersion));
  Stretched result{Matrices(c.extents(), uninitialised), {}};
  for (const std::int64_t which : domains_of(domain, c.extent(0))) {
    const auto members = members_of(domain, which);
    Matrices part = chosen_matrices(c, members);
    result.dispersion.push_back(stretch_domain(part, options));
    put_back(part, members, result.c);
  }
  return result;
}

Matrix stretched(Signal t, std::span<const std::int64_t> domain) {
  Matrix result(t);
  for (const std::int64_t which : domains_of(domain, t.extent(0))) {
    const auto members = members_of(domain, which);
    double sum = 0;
    for (const std::int64_t n : members) sum += norm_of(t, n);
    if (!(sum > 0)) throw input_error("transfer_scale", "the dispersion of a domain is 0: its vectors are all 0");
    for (const std::int64_t n : members) {
      for (std::int64_t j = 0; j < t.extent(1); ++j) result(n, j) /= sum / static_cast<double>(members.size());
    }
  }
  return result;
}

}  // namespace caton
