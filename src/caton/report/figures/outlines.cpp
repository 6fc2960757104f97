// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/scalp_map.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace caton::report {
namespace {

/// Marching squares over a grid with one ring of lowest values around it, so that every outline is closed. Edges of
/// the cells are numbered; each edge that an outline crosses knows its two neighbours on it.
class Outliner {
 public:
  Outliner(const std::vector<std::vector<double>>& field, double level) : field_(field), level_(level) {
    rows_ = field.size() + 2;
    columns_ = rows_ == 2 ? 2 : field.front().size() + 2;
    neighbours_.assign(2 * rows_ * columns_, {none, none});
    for (std::size_t i = 0; i + 1 < rows_; ++i) {
      for (std::size_t k = 0; k + 1 < columns_; ++k) cut_cell(i, k);
    }
  }

  [[nodiscard]] std::string commands(double side) {
    const double step_x = 10 * side / static_cast<double>(columns_ - 3),
                 step_y = 10 * side / static_cast<double>(rows_ - 3);
    std::string out;
    for (std::size_t start = 0; start < neighbours_.size(); ++start) {
      if (neighbours_[start][0] == none) continue;
      std::size_t edge = start, before = none;
      long long x_before = 0, y_before = 0;
      char command = 'M';
      while (edge != none && neighbours_[edge][0] != none) {
        const auto [x, y] = crossing(edge);
        // Row 0 of the field is the bottom of the square; the ring is one step outside.
        const long long x_now = std::llround((x - 1) * step_x), y_now = std::llround(10 * side - (y - 1) * step_y);
        if (command == 'M' || x_now != x_before || y_now != y_before) {
          out += command;
          append_pair(out, x_now - x_before, y_now - y_before);
          command = 'l';
        }
        x_before = x_now;
        y_before = y_now;
        const auto next = neighbours_[edge];
        neighbours_[edge] = {none, none};
        const std::size_t onward = next[0] != before ? next[0] : next[1];
        before = edge;
        edge = onward;
      }
      out += 'z';
    }
    return out;
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  /// Two whole numbers; a minus sign parts them as well as a space.
  static void append_pair(std::string& out, long long x, long long y) {
    out += std::to_string(x);
    if (y >= 0) out += ' ';
    out += std::to_string(y);
  }
  [[nodiscard]] bool ring(std::size_t i, std::size_t k) const {
    return i == 0 || k == 0 || i + 1 == rows_ || k + 1 == columns_;
  }
  [[nodiscard]] double value(std::size_t i, std::size_t k) const {
    return ring(i, k) ? -std::numeric_limits<double>::infinity() : field_[i - 1][k - 1];
  }
  [[nodiscard]] bool inside(std::size_t i, std::size_t k) const { return value(i, k) >= level_; }
  /// Edge from (i, k) to the right (0) or upwards (1).
  [[nodiscard]] std::size_t edge(std::size_t i, std::size_t k, std::size_t direction) const {
    return 2 * (i * columns_ + k) + direction;
  }
  /// Where the level is crossed along an edge, in steps of the padded grid.
  [[nodiscard]] Point crossing(std::size_t edge) const {
    const std::size_t i = edge / 2 / columns_, k = edge / 2 % columns_;
    const bool up = edge % 2 == 1;
    const std::size_t i2 = i + (up ? 1 : 0), k2 = k + (up ? 0 : 1);
    double share = 0.5;
    if (ring(i, k))
      share = 1;
    else if (ring(i2, k2))
      share = 0;
    else if (value(i2, k2) != value(i, k))
      share = (level_ - value(i, k)) / (value(i2, k2) - value(i, k));
    return {static_cast<double>(k) + (up ? 0 : share), static_cast<double>(i) + (up ? share : 0)};
  }
  void join(std::size_t a, std::size_t b) {
    neighbours_[a][neighbours_[a][0] == none ? 0 : 1] = b;
    neighbours_[b][neighbours_[b][0] == none ? 0 : 1] = a;
  }
  void cut_cell(std::size_t i, std::size_t k) {
    const std::size_t bottom = edge(i, k, 0), right = edge(i, k + 1, 1), top = edge(i + 1, k, 0), left = edge(i, k, 1);
    const int corners = (inside(i, k) ? 1 : 0) + (inside(i, k + 1) ? 2 : 0) + (inside(i + 1, k + 1) ? 4 : 0) +
                        (inside(i + 1, k) ? 8 : 0);
    switch (corners) {
      case 1:
      case 14: join(bottom, left); break;
      case 2:
      case 13: join(bottom, right); break;
      case 4:
      case 11: join(right, top); break;
      case 8:
      case 7: join(top, left); break;
      case 3:
      case 12: join(left, right); break;
      case 6:
      case 9: join(bottom, top); break;
      case 5:
      case 10: {
        const double centre = (value(i, k) + value(i, k + 1) + value(i + 1, k) + value(i + 1, k + 1)) / 4;
        const bool connected = (centre >= level_) == (corners == 5);
        join(bottom, connected ? right : left);
        join(top, connected ? left : right);
        break;
      }
      default: break;
    }
  }

  const std::vector<std::vector<double>>& field_;
  double level_;
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<std::array<std::size_t, 2>> neighbours_;
};

}  // namespace

std::string outlines(const std::vector<std::vector<double>>& field, double level, double side) {
  if (field.size() < 2 || field.front().size() < 2) return {};
  return Outliner(field, level).commands(side);
}

}  // namespace caton::report
