// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/interval_plot.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton::report {
namespace {

constexpr double label_size = 12, note_width_limit = 96, label_share = 0.36;

struct Frame {
  bool label_above = false;
  double row_height = 24;
  double top = 0, bottom = 0;
  Axis x;
};

Frame frame_of(const IntervalPlot& plot) {
  Frame frame;
  double label = 0, note = 0;
  for (const auto& row : plot.rows) {
    label = std::max(label, text_width(row.label, label_size));
    note = std::max(note, text_width(row.note, label_size));
  }
  frame.label_above = label > label_share * plot.width;
  std::size_t most_marks = 1;
  for (const auto& row : plot.rows) most_marks = std::max(most_marks, row.marks.size());
  const bool joined =
      std::any_of(plot.rows.begin(), plot.rows.end(), [](const IntervalRow& row) { return !row.joined.empty(); });
  frame.row_height = frame.label_above ? 42 : most_marks > 1 ? 28 : plot.rows.size() > 20 ? 17 : 22;
  if (joined) frame.row_height = frame.label_above ? 64 : 48;
  frame.x.low = plot.low;
  frame.x.high = plot.high;
  frame.x.begin = frame.label_above ? 14 : label + 16;
  frame.x.end = plot.width - 14 - (note > 0 ? std::min(note, note_width_limit) + 8 : 0);
  return frame;
}

void draw_axis(Svg& svg, const IntervalPlot& plot, const Frame& frame) {
  const auto ticks = ticks_between(plot.low, plot.high, 5);
  const auto texts = tick_texts(ticks);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double x = frame.x.at(ticks[i]);
    svg.line({x, frame.top}, {x, frame.bottom}, {.colour = ink::grid});
    svg.text({x, frame.bottom + 15}, texts[i], {.anchor = "middle", .size = 11, .colour = ink::faint});
  }
  svg.line({frame.x.begin, frame.bottom}, {frame.x.end, frame.bottom});
  svg.text({(frame.x.begin + frame.x.end) / 2, frame.bottom + 32}, plot.axis,
           {.anchor = "middle", .size = 11.5, .colour = ink::faint});
}

void draw_lines(Svg& svg, const IntervalPlot& plot, const Frame& frame) {
  for (const auto& [value, label] : plot.lines) {
    const double x = frame.x.at(value);
    svg.line({x, frame.top - 2}, {x, frame.bottom}, {.colour = ink::chance, .width = 1.4, .dash = "4 3"});
    const double half = text_width(label, 11) / 2;
    svg.text({std::clamp(x, frame.x.begin + half, plot.width - half - 4), frame.top - 7}, label,
             {.anchor = "middle", .size = 11, .colour = ink::chance});
  }
}

void draw_mark(Svg& svg, const Mark& mark, const Frame& frame, double y, bool bar) {
  const double x = frame.x.at(mark.value);
  if (bar) {
    const double zero = frame.x.at(std::clamp(0.0, frame.x.low, frame.x.high));
    const double height = std::min(14.0, frame.row_height - 6);
    svg.rectangle({std::min(x, zero), y - height / 2}, std::fabs(x - zero), height, mark.colour, 0.45);
  }
  if (mark.low && mark.high) {
    const double low = frame.x.at(std::max(*mark.low, frame.x.low)),
                 high = frame.x.at(std::min(*mark.high, frame.x.high));
    svg.line({low, y}, {high, y}, {.colour = mark.colour, .width = bar ? 1.4 : 2.4});
    if (bar) {
      svg.line({low, y - 3}, {low, y + 3}, {.colour = mark.colour, .width = 1.4});
      svg.line({high, y - 3}, {high, y + 3}, {.colour = mark.colour, .width = 1.4});
    }
  }
  if (bar) return;
  if (mark.hollow)
    svg.disc({x, y}, 4.6, ink::paper, {.colour = mark.colour, .width = 2}, "");
  else
    svg.disc({x, y}, 5, mark.colour);
}

/// An arrow from the honest to the leaky mark, with the size of the leak.
void draw_joined(Svg& svg, const IntervalRow& row, const Frame& frame, double y) {
  if (row.joined.empty() || row.marks.size() < 2) return;
  const double from = frame.x.at(row.marks[1].value), to = frame.x.at(row.marks[0].value);
  const double middle = (from + to) / 2, half = text_width(row.joined, 11.5) / 2;
  svg.line({from, y - 9}, {to, y - 9}, {.colour = row.marks[0].colour, .width = 1.2, .dash = "2 2"});
  svg.line({from, y - 12}, {from, y - 5}, {.colour = row.marks[0].colour});
  svg.line({to, y - 12}, {to, y - 5}, {.colour = row.marks[0].colour});
  svg.text({std::clamp(middle, frame.x.begin + half, frame.x.end - half), y - 14}, row.joined,
           {.anchor = "middle", .size = 11.5, .colour = row.marks[0].colour, .bold = true});
}

void draw_row(Svg& svg, const IntervalPlot& plot, const Frame& frame, std::size_t index) {
  const IntervalRow& row = plot.rows[index];
  const double top = frame.top + static_cast<double>(index) * frame.row_height;
  double y = top + frame.row_height / 2;
  if (frame.label_above) {
    svg.text({2, top + 14}, fitted(row.label, plot.width - 4, label_size), {.size = label_size, .halo = true});
    y = top + frame.row_height - 13;
  } else {
    if (!row.joined.empty()) y = top + frame.row_height - 13;
    svg.text({frame.x.begin - 8, y + 4}, row.label, {.anchor = "end", .size = label_size});
  }
  for (const double value : row.points) {
    const Colour colour = row.marks.empty() ? ink::faint : row.marks.front().colour;
    svg.disc({frame.x.at(value), y}, 2.6, colour, 0.28);
  }
  const bool stacked = row.marks.size() > 1 && row.joined.empty();
  const double step = stacked ? std::min(5.0, 14.0 / static_cast<double>(row.marks.size())) : 0;
  for (std::size_t i = 0; i < row.marks.size(); ++i) {
    const double offset = (static_cast<double>(i) - (static_cast<double>(row.marks.size()) - 1) / 2) * step;
    draw_mark(svg, row.marks[i], frame, y + offset, plot.bars);
  }
  draw_joined(svg, row, frame, y);
  if (!row.note.empty())
    svg.text({plot.width - 2, y + 4}, row.note, {.anchor = "end", .size = label_size, .colour = ink::text});
}

}  // namespace

std::string interval_plot(const IntervalPlot& plot) {
  Frame frame = frame_of(plot);
  const double legend_top = plot.title.empty() ? 4 : 26;
  Svg measure(plot.width, 1, "");
  const double legend = draw_legend(measure, {4, 0}, plot.width - 8, plot.legend);
  frame.top = legend_top + legend + (plot.lines.empty() ? 6 : 20);
  frame.bottom = frame.top + frame.row_height * static_cast<double>(plot.rows.size());
  Svg svg(plot.width, frame.bottom + 40, plot.title.empty() ? plot.axis : plot.title);
  if (!plot.title.empty()) svg.text({2, 15}, fitted(plot.title, plot.width - 4, 13), {.size = 13, .bold = true});
  draw_legend(svg, {4, legend_top}, plot.width - 8, plot.legend);
  draw_axis(svg, plot, frame);
  draw_lines(svg, plot, frame);
  for (std::size_t i = 0; i < plot.rows.size(); ++i) draw_row(svg, plot, frame, i);
  return svg.finished();
}

std::pair<double, double> axis_for(const std::vector<IntervalRow>& rows, const std::vector<double>& also) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const auto take = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const double value : also) take(value);
  for (const auto& row : rows) {
    for (const double value : row.points) take(value);
    for (const auto& mark : row.marks) {
      take(mark.value);
      if (mark.low) take(*mark.low);
      if (mark.high) take(*mark.high);
    }
  }
  if (!(high > low)) return {std::isfinite(low) ? low - 0.5 : 0, std::isfinite(low) ? low + 0.5 : 1};
  const auto ticks = ticks_between(low, high, 5);
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : (high - low);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step};
}

}  // namespace caton::report
