// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/decode/classical/transfer.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/spectral.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr const char* where = "transfer_rotate";

/// Σ w d(X_k, Q Y_k Qᵀ): the library minimises unsquared distances with the gradient of squared ones.
class ProcrustesLoss {
 public:
  ProcrustesLoss(Matrices target, Matrices source, Metric metric)
      : target_(std::move(target)), source_(std::move(source)), metric_(metric) {}

  [[nodiscard]] double at(Signal q) const {
    double sum = 0;
    for (const double d : spd_distance(target_, congruence(q, source_), metric_)) sum += d;
    return sum / static_cast<double>(target_.extent(0));
  }
  [[nodiscard]] Matrix gradient(Signal q) const {
    Matrix sum(q.extents(), 0.0);
    for (std::int64_t k = 0; k < target_.extent(0); ++k)
      sum = combination(1, sum, 1 / static_cast<double>(target_.extent(0)), own_gradient(q, k));
    return sum;
  }
  [[nodiscard]] Matrix start() const;

 private:
  [[nodiscard]] Matrix own_gradient(Signal q, std::int64_t k) const {
    const Matrix turned = product_transposed(product(q, source_[k]), q);
    if (metric_ == Metric::euclid) {
      const Matrix apart = combination(1, target_[k], -1, turned);
      return scaled(product(product(apart, q), source_[k]), -4);
    }
    // log(X⁻¹ Q Y Qᵀ) = X^-½ log(X^-½ Q Y Qᵀ X^-½) X^½.
    const Roots roots = roots_of(where, target_[k]);
    const Matrix inner = spd_function(congruence(roots.invsqrt, as_set(turned))[0], SpdFunction::log);
    return scaled(product(product(product(roots.invsqrt, inner), roots.sqrt), q), 4);
  }

  Matrices target_, source_;
  Metric metric_;
};

/// Eigenvectors by descending eigenvalue, signed.
Matrix signed_eigenvectors(Signal m) {
  const auto eigen = symmetric_eigen(m);
  Matrix result(eigen.vectors.extents(), uninitialised);
  for (std::int64_t i = 0; i < result.extent(0); ++i) {
    for (std::int64_t j = 0; j < result.extent(1); ++j) result(i, j) = eigen.vectors(i, result.extent(1) - 1 - j);
  }
  sign_columns(result);
  return result;
}

Matrix ProcrustesLoss::start() const {
  Matrix best;
  double least = 0;
  for (std::int64_t k = 0; k < target_.extent(0); ++k) {
    Matrix q = product_transposed(signed_eigenvectors(target_[k]), signed_eigenvectors(source_[k]));
    const double loss = at(q);
    if (k > 0 && !(loss < least)) continue;
    least = loss;
    best = std::move(q);
  }
  return best;
}

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The orthogonal factor of q + v, its triangle's diagonal positive.
Matrix retracted(Signal q, Signal v, double step) {
  const Matrix moved = combination(1, q, step, v);
  const Eigen::Map<const RowMatrix> map(moved.data(), moved.extent(0), moved.extent(1));
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(map);
  const Eigen::MatrixXd factor = qr.householderQ();
  Matrix result(moved.extents(), uninitialised);
  for (Eigen::Index i = 0; i < factor.rows(); ++i) {
    for (Eigen::Index j = 0; j < factor.cols(); ++j)
      result(i, j) = qr.matrixQR()(j, j) < 0 ? -factor(i, j) : factor(i, j);
  }
  return result;
}

/// The gradient's part along the orthogonal group.
Matrix projected(Signal q, Signal gradient) {
  const Matrix inner = transposed_product(q, gradient);
  return scaled(product(q, combination(1, inner, -1, inner.view().transposed())), 0.5);
}

struct Minimum {
  Matrix q;
  double loss = 0;
};

Minimum descend(const ProcrustesLoss& loss, Matrix q) {
  constexpr int most_rounds = 10'000, most_halvings = 32;
  constexpr double smallest_step = 1e-9, decrease = 1e-4;
  Minimum next;
  for (int round = 0; round < most_rounds; ++round) {
    const double before = loss.at(q);
    const Matrix direction = projected(q, loss.gradient(q));
    const double norm = frobenius_norm(direction);
    double step = 1;
    const auto move = [&] {
      next.q = retracted(q, direction, -step);
      next.loss = loss.at(next.q);
    };
    move();
    for (int halving = 0; halving < most_halvings; ++halving) {
      if (before - next.loss > decrease * step * norm * norm) break;
      step /= 2;
      move();
    }
    if (step * norm <= smallest_step) break;
    q = next.q;
  }
  return next;
}

void swap_first_rows(Matrix& q) {
  for (std::int64_t j = 0; j < q.extent(1); ++j) std::swap(q(0, j), q(1, j));
}

double determinant(const Matrix& q) {
  return Eigen::Map<const RowMatrix>(q.data(), q.extent(0), q.extent(1)).determinant();
}

Matrix best_rotation(const ProcrustesLoss& loss) {
  Matrix q = loss.start();
  if (q.extent(0) < 2) return q;
  if (determinant(q) < 0) swap_first_rows(q);
  auto rotation = descend(loss, q);
  swap_first_rows(q);
  auto reflection = descend(loss, q);
  return rotation.loss < reflection.loss ? std::move(rotation.q) : std::move(reflection.q);
}

std::vector<std::int64_t> labels_at(std::span<const std::int64_t> y, const std::vector<std::int64_t>& places) {
  std::vector<std::int64_t> result;
  for (const std::int64_t n : places) result.push_back(y[static_cast<std::size_t>(n)]);
  return result;
}

/// Refuses domains in which a class is missing.
std::int64_t classes_everywhere(std::span<const std::int64_t> y, std::span<const std::int64_t> domain,
                                const std::vector<std::int64_t>& domains) {
  const std::int64_t classes = y.empty() ? 0 : *std::max_element(y.begin(), y.end()) + 1;
  for (const std::int64_t which : domains) {
    const auto own = labels_at(y, members_of(domain, which));
    for (std::int64_t k = 0; k < classes; ++k) {
      if (std::count(own.begin(), own.end(), k) == 0)
        throw input_error(where, "domain " + std::to_string(which) + " has no sample of class " + std::to_string(k));
    }
  }
  return classes;
}

Matrix rows_at(Signal t, const std::vector<std::int64_t>& places) {
  Matrix result({static_cast<std::int64_t>(places.size()), t.extent(1)}, uninitialised);
  for (std::size_t i = 0; i < places.size(); ++i)
    put(t.slice(0, places[i], 1), result.view().slice(0, static_cast<std::int64_t>(i), 1));
  return result;
}

Matrix mean_row(Signal rows) {
  Matrix mean({1, rows.extent(1)}, 0.0);
  for (std::int64_t n = 0; n < rows.extent(0); ++n) mean = combination(1, mean, 1, rows.slice(0, n, 1));
  return scaled(mean, 1 / static_cast<double>(rows.extent(0)));
}

/// Principal directions of rows, those of scikit-learn's PCA with its signs: the score of largest magnitude positive.
struct Principal {
  Matrix mean;        ///< 1 x features
  Matrix directions;  ///< features x components
};
Principal principal(Signal rows, std::int64_t components) {
  if (components < 1 || components > std::min(rows.extent(0), rows.extent(1)))
    throw usage_error(where, "components must lie in 1 … " + std::to_string(std::min(rows.extent(0), rows.extent(1))));
  Principal result{mean_row(rows), {}};
  Matrix centred(rows);
  for (std::int64_t n = 0; n < rows.extent(0); ++n) {
    for (std::int64_t j = 0; j < rows.extent(1); ++j) centred(n, j) -= result.mean(0, j);
  }
  Svd parts = svd(centred);
  const auto signs = sign_columns(parts.u);
  result.directions = Matrix(parts.v.view().slice(1, 0, components));
  for (std::int64_t j = 0; j < components; ++j) {
    for (std::int64_t i = 0; i < rows.extent(1); ++i) result.directions(i, j) *= signs[static_cast<std::size_t>(j)];
  }
  return result;
}

/// Means of `clusters` parts of equal size along each direction, one below the other.
void add_anchors(Signal rows, const Principal& along, std::int64_t clusters, std::vector<Matrix>& anchors) {
  const Matrix scores = product(rows, along.directions);
  const double each = static_cast<double>(rows.extent(0)) / static_cast<double>(clusters);
  for (std::int64_t j = 0; j < scores.extent(1); ++j) {
    std::vector<double> score;
    for (std::int64_t n = 0; n < rows.extent(0); ++n) score.push_back(-scores(n, j));
    const auto order = descending(score);
    for (std::int64_t k = 0; k < clusters; ++k) {
      const auto first = std::lrint(static_cast<double>(k) * each), end = std::lrint(static_cast<double>(k + 1) * each);
      anchors.push_back(mean_row(rows_at(rows, {order.begin() + first, order.begin() + end})));
    }
  }
}

Matrix below(const std::vector<Matrix>& rows, std::size_t count) {
  Matrix all({static_cast<std::int64_t>(count), rows.front().extent(1)}, uninitialised);
  for (std::size_t i = 0; i < count; ++i) put(rows[i], all.view().slice(0, static_cast<std::int64_t>(i), 1));
  return all;
}

/// Anchors of one domain; fewer than wanted where a class has fewer vectors than clusters.
std::vector<Matrix> anchors_of(Signal t, const std::vector<std::int64_t>& members, std::span<const std::int64_t> y,
                               const std::vector<Principal>& along, std::int64_t clusters) {
  std::vector<Matrix> anchors;
  std::vector<Matrix> rows;
  for (std::size_t k = 0; k < along.size(); ++k) {
    std::vector<std::int64_t> own;
    for (const std::int64_t n : members) {
      if (y[static_cast<std::size_t>(n)] == static_cast<std::int64_t>(k)) own.push_back(n);
    }
    rows.push_back(rows_at(t, own));
    anchors.push_back(mean_row(rows.back()));
  }
  for (std::size_t k = 0; k < along.size() && rows[k].extent(0) >= clusters; ++k)
    add_anchors(rows[k], along[k], clusters, anchors);
  return anchors;
}

/// The rotation that multiplies source vectors from the right.
Matrix tangent_rotation(const Matrix& source, const Matrix& target, const TangentRotation& options) {
  const Svd parts = svd(transposed_product(source, target));
  double sum = 0, reached = 0;
  for (const double value : parts.singular) sum += value;
  std::int64_t kept = 1;
  for (const double value : parts.singular) kept += (reached += value) < options.explained * sum ? 1 : 0;
  if (options.explained > 1) kept = static_cast<std::int64_t>(options.explained);
  kept = std::min(kept, static_cast<std::int64_t>(parts.singular.size()));
  const Signal u = parts.u.view().slice(1, 0, kept), v = parts.v.view().slice(1, 0, kept);
  return options.as_published ? product_transposed(v, u) : product_transposed(u, v);
}

}  // namespace

Rotated rotated(MatricesView c, std::span<const std::int64_t> y, std::span<const std::int64_t> domain,
                std::int64_t target, Metric metric) {
  if (metric != Metric::euclid && metric != Metric::riemann)
    throw unknown_metric(where, metric_name(metric), {Metric::euclid, Metric::riemann});
  const auto domains = domains_of(domain, c.extent(0), &target);
  const std::int64_t classes = classes_everywhere(y, domain, domains);
  const auto means_of = [&](const std::vector<std::int64_t>& members) {
    return class_means(chosen_matrices(c, members), labels_at(y, members), classes, Metric::riemann);
  };
  const Matrices wanted = means_of(members_of(domain, target));
  const auto sources = static_cast<std::int64_t>(domains.size()) - 1;
  Rotated result{Matrices(c), Matrices({sources, c.extent(1), c.extent(1)}, uninitialised)};
  std::int64_t at = 0;
  for (const std::int64_t which : domains) {
    if (which == target) continue;
    const auto members = members_of(domain, which);
    const Matrix q = best_rotation(ProcrustesLoss(wanted, means_of(members), metric));
    const Matrices turned = congruence(q, chosen_matrices(c, members));
    for (std::size_t i = 0; i < members.size(); ++i) put(turned[static_cast<std::int64_t>(i)], result.c[members[i]]);
    put(q, result.rotation[at++]);
  }
  return result;
}

Matrix rotated(Signal t, std::span<const std::int64_t> y, std::span<const std::int64_t> domain, std::int64_t target,
               const TangentRotation& options) {
  if (options.clusters < 1) throw usage_error(where, "clusters must be at least 1");
  if (!(options.explained > 0)) throw usage_error(where, "explained must be positive");
  const auto domains = domains_of(domain, t.extent(0), &target);
  const std::int64_t classes = classes_everywhere(y, domain, domains);
  const auto wanted = members_of(domain, target);
  Matrix result(t);
  for (const std::int64_t which : domains) {
    if (which == target) continue;
    const auto members = members_of(domain, which);
    std::vector<Principal> along;
    for (std::int64_t k = 0; k < classes; ++k) {
      std::vector<std::int64_t> own;
      for (const std::int64_t n : members) {
        if (y[static_cast<std::size_t>(n)] == k) own.push_back(n);
      }
      along.push_back(principal(rows_at(t, own), options.components));
    }
    const auto from = anchors_of(t, members, y, along, options.clusters);
    const auto to = anchors_of(t, wanted, y, along, options.clusters);
    const auto all = static_cast<std::size_t>(classes * (1 + options.components * options.clusters));
    const std::size_t used = from.size() == all && to.size() == all ? all : static_cast<std::size_t>(classes);
    const Matrix turned = product(rows_at(t, members), tangent_rotation(below(from, used), below(to, used), options));
    for (std::size_t i = 0; i < members.size(); ++i)
      put(turned.view().slice(0, static_cast<std::int64_t>(i), 1), result.view().slice(0, members[i], 1));
  }
  return result;
}

}  // namespace caton
