// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/image.hpp"

#include "caton/report/figures/heat_map.hpp"
#include "caton/report/numbers.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

/// `count` means over neighbours, in order.
std::vector<double> fewer(const std::vector<double>& values, std::size_t count) {
  if (values.size() <= count) return values;
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * values.size() / count, end = (i + 1) * values.size() / count;
    double sum = 0;
    for (std::size_t k = begin; k < end; ++k) sum += values[k];
    result.push_back(sum / static_cast<double>(end - begin));
  }
  return result;
}

std::vector<std::vector<double>> fewer_rows(const std::vector<std::vector<double>>& rows, std::size_t count) {
  if (rows.size() <= count) return rows;
  std::vector<std::vector<double>> result;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * rows.size() / count, end = (i + 1) * rows.size() / count;
    std::vector<double> mean(rows[0].size(), 0.0);
    for (std::size_t r = begin; r < end; ++r) {
      for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += rows[r][k] / static_cast<double>(end - begin);
    }
    result.push_back(std::move(mean));
  }
  return result;
}

}  // namespace

void draw_image(Svg& svg, const Panel& panel, const std::vector<std::vector<double>>& values,
                const ColourScale& scale) {
  if (values.empty() || values[0].empty()) return;
  const double width = panel.across.end - panel.across.begin, height = panel.up.begin - panel.up.end;
  auto rows = fewer_rows(values, static_cast<std::size_t>(height / 1.5));
  for (auto& row : rows) row = fewer(row, static_cast<std::size_t>(width / 2));
  std::reverse(rows.begin(), rows.end());
  draw_cells(svg, rows, scale, {panel.across.begin, panel.up.end}, width / static_cast<double>(rows[0].size()),
             height / static_cast<double>(rows.size()));
  svg.frame({panel.across.begin, panel.up.end}, width, height, {.width = 0.8});
}

void draw_upright_bar(Svg& svg, Point top, double height, const ColourScale& scale, const std::string& unit) {
  constexpr int steps = 40;
  for (int i = 0; i < steps; ++i) {
    const double y = height * i / steps;
    svg.rectangle({top.x, top.y + y}, 11, height - y, colour_of(scale.palette, 1 - (i + 0.5) / steps));
  }
  svg.frame(top, 11, height, {.width = 0.6});
  const TextStyle small{.size = 10.5, .colour = ink::faint};
  svg.text({top.x + 15, top.y + 9}, three_digits(scale.high), small);
  svg.text({top.x + 15, top.y + height}, three_digits(scale.low), small);
  TextStyle turned = small;
  turned.anchor = "middle";
  turned.turned_degrees = -90;
  svg.text({top.x + 27, top.y + height / 2}, unit, turned);
}

double reach_of(const std::vector<std::vector<double>>& values, double share) {
  std::vector<double> sizes;
  for (const auto& row : values) {
    for (const double value : row) {
      if (std::isfinite(value)) sizes.push_back(std::abs(value));
    }
  }
  if (sizes.empty()) return 1;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(place), sizes.end());
  return sizes[place] > 0 ? sizes[place] : 1;
}

}  // namespace caton::report
