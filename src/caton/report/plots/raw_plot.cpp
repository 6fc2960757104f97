// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/panel.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton::report {
namespace {

constexpr double width = 1100, default_seconds = 10;

struct Rows {
  std::vector<double> middle, spread;
  double per_row = 1;  ///< value of the height of a row
};

std::vector<double> finite_values(Signal x, std::int64_t row) {
  std::vector<double> values;
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    if (std::isfinite(x(row, t))) values.push_back(x(row, t));
  }
  return values;
}

/// 1, 2 or 5 times a power of ten, not below `value`.
double round_up(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= value * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

Rows rows_of(const PlotSignals& signals) {
  Rows rows;
  std::vector<double> spreads;
  for (std::int64_t c = 0; c < signals.x.extent(0); ++c) {
    const auto values = finite_values(signals.x, c);
    rows.middle.push_back(values.empty() ? 0 : median(values));
    rows.spread.push_back(values.empty() ? 0 : robust_deviation(values));
    if (rows.spread.back() > 0) spreads.push_back(rows.spread.back());
  }
  rows.per_row = spreads.empty() ? 1 : round_up(3.5 * median(spreads));
  return rows;
}

/// Annotations within the part shown: a line or a shade, and their words where there is room above.
void draw_annotations(Svg& svg, const PlotSignals& signals, const Panel& panel) {
  std::map<std::string, std::size_t> colours;
  std::vector<double> taken(3, 0);
  for (const Annotation& annotation : signals.recording->annotations()) {
    const double begin = annotation.onset_s, end = begin + annotation.duration_s;
    if (end < panel.across.low || begin > panel.across.high) continue;
    const std::string text = printable(annotation.text);
    const Colour colour = category(1 + colours.emplace(text, colours.size()).first->second % 6);
    const double x = panel.across.at(std::max(begin, panel.across.low));
    const double right = panel.across.at(std::min(end, panel.across.high));
    if (right - x > 1) svg.rectangle({x, panel.up.end}, right - x, panel.up.begin - panel.up.end, colour, 0.12);
    svg.line({x, panel.up.end}, {x, panel.up.begin}, {.colour = colour, .opacity = 0.8});
    const double words = std::min(text_width(text, 10.5), 160.0);
    for (std::size_t level = 0; level < taken.size(); ++level) {
      if (taken[level] > x) continue;
      svg.text({x + 2, panel.up.end - 4 - 12 * static_cast<double>(level)}, fitted(text, 160, 10.5),
               {.size = 10.5, .colour = colour});
      taken[level] = x + words + 8;
      break;
    }
  }
}

void draw_gaps(Svg& svg, const PlotSignals& signals, const Panel& panel) {
  for (const Segment& segment : signals.recording->segments()) {
    if (segment.first <= signals.first || segment.first >= signals.first + signals.x.extent(1)) continue;
    const double x = panel.across.at(segment.onset_s);
    svg.line({x, panel.up.end}, {x, panel.up.begin}, {.colour = ink::faint, .width = 1.5, .dash = "5 4"});
  }
}

/// One channel, piece by piece where the recording has gaps. Neighbours differ in colour where they overlap.
void draw_row(Svg& svg, const PlotSignals& signals, std::int64_t c, const Panel& row, double middle, Colour colour) {
  const std::int64_t end = signals.first + signals.x.extent(1);
  std::int64_t from = signals.first;
  std::vector<std::int64_t> cuts;
  for (const Segment& segment : signals.recording->segments()) {
    if (segment.first > from && segment.first < end) cuts.push_back(segment.first);
  }
  cuts.push_back(end);
  for (const std::int64_t to : cuts) {
    std::vector<double> y;
    for (std::int64_t t = from; t < to; ++t) y.push_back(signals.x(c, t - signals.first) - middle);
    draw_curve(svg, row, signals.time_of(from), 1 / signals.rate_hz, y, {.colour = colour, .width = 0.9});
    from = to;
  }
}

void draw_scale(Svg& svg, const PlotSignals& signals, Point top, double height, double per_row) {
  svg.line(top, {top.x, top.y + height}, {.colour = ink::text, .width = 2});
  for (const double y : {top.y, top.y + height}) svg.line({top.x - 3, y}, {top.x + 3, y}, {.colour = ink::text});
  svg.text({top.x + 6, top.y + height / 2 + 4}, number_text(per_row) + " " + signals.unit, {.size = 11.5});
}

PlotPicture draw(const PlotRequest& request) {
  const PlotSignals signals = plot_signals(request, default_seconds);
  const Rows rows = rows_of(signals);
  const auto channels = signals.x.extent(0);
  const double count = static_cast<double>(channels);
  const double row_height = std::clamp(720 / count, 9.5, channels == 1 ? 200.0 : 60.0);
  const double name_size = std::clamp(row_height * 0.8, 8.0, 12.0);
  double left = 0;
  for (const auto& name : signals.names) left = std::max(left, std::min(120.0, text_width(name, name_size)));
  const double top = 88, plot_height = row_height * (count + 1), right = width - 92;
  PlotPicture picture{.title = file_name(request) + ": recording"};
  Svg svg(width, top + plot_height + 44, picture.title);
  draw_title(svg, picture.title, signals.about());
  const double begin = signals.time_of(signals.first), end = signals.time_of(signals.first + signals.x.extent(1) - 1);
  const Panel panel = draw_panel(svg, {.corner = {left + 12, top},
                                       .width = right - left - 12,
                                       .height = plot_height,
                                       .x_low = begin,
                                       .x_high = end + 1 / signals.rate_hz,
                                       .x_label = "time, s",
                                       .y_ticks = false});
  draw_annotations(svg, signals, panel);
  draw_gaps(svg, signals, panel);
  std::vector<std::string> flat;
  for (std::int64_t c = 0; c < channels; ++c) {
    const double middle = top + row_height * (static_cast<double>(c) + 1);
    // A wild channel reaches into its neighbours, but not over the whole page.
    const double reach = channels == 1 ? 1.6 : 1.8;
    const Panel row{
        panel.across,
        {-reach * rows.per_row, reach * rows.per_row, middle + reach * row_height, middle - reach * row_height}};
    const auto i = static_cast<std::size_t>(c);
    const bool is_flat = rows.spread[i] == 0;
    if (is_flat) flat.push_back(signals.names[i]);
    draw_row(svg, signals, c, row, rows.middle[i], channels > 8 && c % 2 == 1 ? ink::text : ink::accent);
    svg.text({left + 6, middle + name_size * 0.36}, fitted(signals.names[i], 120, name_size),
             {.anchor = "end", .size = name_size, .colour = is_flat ? ink::leaky : ink::text});
  }
  draw_scale(svg, signals, {right + 10, top + row_height / 2}, row_height, rows.per_row);
  picture.svg = svg.finished();
  picture.caption = "Each row is a channel around its median; the bar at the right is " + number_text(rows.per_row) +
                    " " + signals.unit +
                    (signals.filter.empty() ? ". Nothing was filtered." : ". Filtered " + signals.filter + ".");
  picture.numbers.emplace_back("height of a row", number_text(rows.per_row) + " " + signals.unit);
  if (!flat.empty()) picture.numbers.emplace_back("channels that do not move", join(flat, ", "));
  for (std::size_t i = 0; i < rows.spread.size(); ++i)
    picture.numbers.emplace_back("spread of " + signals.names[i], three_digits(rows.spread[i]) + " " + signals.unit);
  return picture;
}

const PlotKind raw_kind{.name = "raw", .about = "the channels over time, with annotations and gaps", .draw = draw};
CATON_REGISTER(PlotKind, raw_kind);

}  // namespace
}  // namespace caton::report
