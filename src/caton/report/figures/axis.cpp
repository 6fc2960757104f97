// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/axis.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

double round_step(double range, int count) {
  const double rough = range / std::max(count, 1);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

std::vector<double> ticks_between(double low, double high, int count) {
  if (!(high > low)) return {low};
  const double step = round_step(high - low, count);
  std::vector<double> ticks;
  const double first = std::ceil(low / step - 1e-9);
  for (int i = 0; i < 50; ++i) {
    const double value = (first + i) * step;
    if (value > high + 1e-9 * step) break;
    ticks.push_back(value == 0 ? 0 : value);
  }
  return ticks;
}

std::vector<std::string> tick_texts(const std::vector<double>& ticks) {
  int digits = 0;
  const auto whole = [&](double value) {
    const double scaled = value * std::pow(10.0, digits);
    return std::fabs(scaled - std::round(scaled)) < 1e-6 * std::max(1.0, std::fabs(scaled));
  };
  while (digits < 6 && !std::all_of(ticks.begin(), ticks.end(), whole)) ++digits;
  std::vector<std::string> texts;
  for (const double tick : ticks) {
    std::string text = fixed_text(tick, digits);
    if (text.front() == '-') text.replace(0, 1, "\xE2\x88\x92");
    texts.push_back(text);
  }
  return texts;
}

double draw_legend(Svg& svg, Point at, double width, const std::vector<LegendEntry>& entries) {
  if (entries.empty()) return 0;
  double x = at.x, y = at.y;
  for (const auto& [name, colour] : entries) {
    const std::string shown = fitted(name, width - 18, 11.5);
    const double needed = 30 + text_width(shown, 11.5);
    if (x > at.x && x + needed > at.x + width) {
      x = at.x;
      y += 18;
    }
    svg.disc({x + 5, y + 8}, 4.5, colour);
    svg.text({x + 14, y + 12}, shown, {.size = 11.5});
    x += needed;
  }
  return y + 18 - at.y;
}

}  // namespace caton::report
