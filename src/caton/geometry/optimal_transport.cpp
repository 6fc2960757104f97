// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/optimal_transport.hpp"

#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace caton {

namespace {

const std::string where = "optimal_transport";
constexpr double infinity = std::numeric_limits<double>::infinity();
/// Masses below this are rounding.
constexpr double dust = 1e-15;

void require_mass(const char* name, std::span<const double> mass) {
  double sum = 0;
  for (const double value : mass) {
    if (!(value >= 0)) throw usage_error(where, "the mass " + std::string(name) + " has a negative entry");
    sum += value;
  }
  if (!(std::abs(sum - 1) <= 1e-9))
    throw usage_error(where, "the mass " + std::string(name) + " sums to " + number_text(sum) + ", not to 1");
}

/// Flow from sources (rows) to sinks (columns), made optimal path by path: potentials keep reduced costs from falling
/// below 0, so that every search is Dijkstra's over a dense bipartite graph.
class Transport {
 public:
  Transport(std::span<const double> a, std::span<const double> b, Signal cost)
      : rows_(a.size()),
        columns_(b.size()),
        supply_(a.begin(), a.end()),
        demand_(b.begin(), b.end()),
        cost_(cost),
        flow_(rows_ * columns_, 0.0),
        row_potential_(rows_, infinity),
        column_potential_(columns_, 0.0) {
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t j = 0; j < columns_; ++j) row_potential_[i] = std::min(row_potential_[i], cost_(i, j));
    }
  }

  double solve() {
    const std::size_t most_paths = 64 * (rows_ + columns_) * (rows_ + columns_);
    for (std::size_t path = 0; path < most_paths; ++path) {
      const auto end = search();
      if (!end) return total();
      augment(*end);
    }
    throw input_error(where,
                      "no optimum after " + std::to_string(most_paths) + " paths: the masses differ too much in size");
  }

 private:
  [[nodiscard]] double reduced(std::size_t i, std::size_t j) const {
    return std::max(cost_(i, j) - row_potential_[i] - column_potential_[j], 0.0);
  }

  /// Distances from all sources with supply; the nearest sink with demand.
  std::optional<std::size_t> search() {
    row_distance_.assign(rows_, infinity);
    column_distance_.assign(columns_, infinity);
    row_parent_.assign(rows_, columns_);
    column_parent_.assign(columns_, rows_);
    row_done_.assign(rows_, false);
    column_done_.assign(columns_, false);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (supply_[i] > dust) row_distance_[i] = 0;
    }
    for (;;) {
      const auto [row, row_length] = nearest(row_distance_, row_done_);
      const auto [column, column_length] = nearest(column_distance_, column_done_);
      if (row_length == infinity && column_length == infinity) return std::nullopt;
      if (row_length <= column_length) {
        leave_row(row);
      } else if (demand_[column] > dust) {
        shift_potentials(column_length);
        return column;
      } else {
        leave_column(column);
      }
    }
  }

  static std::pair<std::size_t, double> nearest(const std::vector<double>& distance, const std::vector<bool>& done) {
    std::pair<std::size_t, double> best{0, infinity};
    for (std::size_t k = 0; k < distance.size(); ++k) {
      if (!done[k] && distance[k] < best.second) best = {k, distance[k]};
    }
    return best;
  }

  void leave_row(std::size_t i) {
    row_done_[i] = true;
    for (std::size_t j = 0; j < columns_; ++j) {
      const double length = row_distance_[i] + reduced(i, j);
      if (column_done_[j] || length >= column_distance_[j]) continue;
      column_distance_[j] = length;
      column_parent_[j] = i;
    }
  }

  /// Flow that came to a column may go back: its reduced cost is 0.
  void leave_column(std::size_t j) {
    column_done_[j] = true;
    for (std::size_t i = 0; i < rows_; ++i) {
      if (row_done_[i] || !(flow_[i * columns_ + j] > 0) || column_distance_[j] >= row_distance_[i]) continue;
      row_distance_[i] = column_distance_[j];
      row_parent_[i] = j;
    }
  }

  void shift_potentials(double length) {
    for (std::size_t i = 0; i < rows_; ++i) row_potential_[i] += length - std::min(row_distance_[i], length);
    for (std::size_t j = 0; j < columns_; ++j) column_potential_[j] -= length - std::min(column_distance_[j], length);
  }

  void augment(std::size_t end) {
    double amount = demand_[end];
    for (std::size_t j = end;;) {
      const std::size_t i = column_parent_[j];
      if (row_parent_[i] == columns_) {
        amount = std::min(amount, supply_[i]);
        break;
      }
      j = row_parent_[i];
      amount = std::min(amount, flow_[i * columns_ + j]);
    }
    demand_[end] -= amount;
    for (std::size_t j = end;;) {
      const std::size_t i = column_parent_[j];
      flow_[i * columns_ + j] += amount;
      if (row_parent_[i] == columns_) {
        supply_[i] -= amount;
        return;
      }
      j = row_parent_[i];
      double& back = flow_[i * columns_ + j];
      back = back - amount > dust ? back - amount : 0;
    }
  }

  [[nodiscard]] double total() const {
    double sum = 0;
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t j = 0; j < columns_; ++j) sum += flow_[i * columns_ + j] * cost_(i, j);
    }
    return sum;
  }

  std::size_t rows_, columns_;
  std::vector<double> supply_, demand_;
  Signal cost_;
  std::vector<double> flow_, row_potential_, column_potential_, row_distance_, column_distance_;
  std::vector<std::size_t> row_parent_, column_parent_;
  std::vector<bool> row_done_, column_done_;
};

}  // namespace

double optimal_transport(std::span<const double> a, std::span<const double> b, Signal cost) {
  if (static_cast<std::int64_t>(a.size()) != cost.extent(0) || static_cast<std::int64_t>(b.size()) != cost.extent(1)) {
    throw usage_error(where, "shape: " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                                 " masses, costs " + std::to_string(cost.extent(0)) + " x " +
                                 std::to_string(cost.extent(1)));
  }
  if (a.empty() || b.empty()) throw usage_error(where, "there is no mass: a side is empty");
  require_mass("a", a);
  require_mass("b", b);
  for (std::int64_t i = 0; i < cost.extent(0); ++i) {
    for (std::int64_t j = 0; j < cost.extent(1); ++j) {
      if (!std::isfinite(cost(i, j))) throw input_error(where, "a cost is not finite");
    }
  }
  return Transport(a, b, cost).solve();
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const MatrixPort cost(args, in, "cost");
  return {
      {"distance", Tensor::scalar(optimal_transport(vector_port(args, in, "a"), vector_port(args, in, "b"), cost))}};
}

const Operation operation{.name = "optimal_transport",
                          .room = "geometry",
                          .about = "the least cost of moving one mass to another (Wasserstein distance, exact)",
                          .inputs = {{"a", "n"}, {"b", "m"}, {"cost", "n m"}},
                          .outputs = {{"distance", ""}},
                          .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
