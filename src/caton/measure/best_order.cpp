// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/best_order.hpp"

#include "caton/base/error.hpp"

#include <limits>
#include <numeric>

namespace caton {
namespace {

using Ids = std::vector<std::int64_t>;

/// Kuhn and Munkres by shortest augmenting paths with potentials, rows and columns numbered from 1.
class Assignment {
 public:
  explicit Assignment(View<const std::int64_t, 2> counts)
      : counts_(counts),
        size_(static_cast<std::size_t>(counts.extent(0))),
        row_potential_(size_ + 1),
        column_potential_(size_ + 1),
        row_of_(size_ + 1) {}

  Ids solve() {
    for (std::size_t row = 1; row <= size_; ++row) augment(row);
    Ids column_of(size_);
    for (std::size_t column = 1; column <= size_; ++column)
      column_of[row_of_[column] - 1] = static_cast<std::int64_t>(column) - 1;
    return column_of;
  }

 private:
  [[nodiscard]] std::int64_t cost(std::size_t row, std::size_t column) const {
    const std::int64_t count = counts_(static_cast<std::int64_t>(row) - 1, static_cast<std::int64_t>(column) - 1);
    return -count - row_potential_[row] - column_potential_[column];
  }

  void augment(std::size_t row) {
    row_of_[0] = row;
    std::size_t column = 0;
    Ids least(size_ + 1, std::numeric_limits<std::int64_t>::max());
    std::vector<std::size_t> before(size_ + 1);
    std::vector<bool> used(size_ + 1);
    do {
      used[column] = true;
      column = next_column(column, least, before, used);
    } while (row_of_[column] != 0);
    for (; column != 0; column = before[column]) row_of_[column] = row_of_[before[column]];
  }

  std::size_t next_column(std::size_t column, Ids& least, std::vector<std::size_t>& before,
                          const std::vector<bool>& used) {
    std::int64_t step = std::numeric_limits<std::int64_t>::max();
    std::size_t next = 0;
    for (std::size_t other = 1; other <= size_; ++other) {
      if (used[other]) continue;
      const std::int64_t here = cost(row_of_[column], other);
      if (here < least[other]) {
        least[other] = here;
        before[other] = column;
      }
      if (least[other] < step) {
        step = least[other];
        next = other;
      }
    }
    for (std::size_t other = 0; other <= size_; ++other) {
      if (used[other]) {
        row_potential_[row_of_[other]] += step;
        column_potential_[other] -= step;
      } else {
        least[other] -= step;
      }
    }
    return next;
  }

  View<const std::int64_t, 2> counts_;
  std::size_t size_;
  Ids row_potential_, column_potential_;
  std::vector<std::size_t> row_of_;
};

std::int64_t total(View<const std::int64_t, 2> counts, const Ids& order) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < order.size(); ++k) sum += counts(static_cast<std::int64_t>(k), order[k]);
  return sum;
}

}  // namespace

Ids best_order(View<const std::int64_t, 2> counts) {
  if (counts.extent(0) != counts.extent(1) || counts.extent(0) < 1)
    throw usage_error("best_order", "the table of counts must be square (shape)");
  const Ids found = Assignment(counts).solve();
  Ids given(found.size());
  std::iota(given.begin(), given.end(), 0);
  return total(counts, found) > total(counts, given) ? found : given;
}

}  // namespace caton
