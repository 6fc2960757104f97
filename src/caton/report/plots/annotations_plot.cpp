// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/panel.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr double width = 1000, row_height = 30;
constexpr std::size_t most_rows = 40;

struct Kind {
  std::string text;
  std::vector<Annotation> marks;

  [[nodiscard]] double seconds() const {
    double sum = 0;
    for (const Annotation& mark : marks) sum += mark.duration_s;
    return sum;
  }
  [[nodiscard]] std::string about() const {
    std::string words = std::to_string(marks.size()) + "\xC3\x97";
    if (seconds() > 0) words += ", " + length_of_time(seconds());
    return words;
  }
};

std::vector<Kind> kinds_of(const Recording& recording) {
  std::vector<Kind> kinds;
  for (const Annotation& mark : recording.annotations()) {
    const std::string text = printable(mark.text);
    auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.text == text; });
    if (found == kinds.end()) found = kinds.insert(kinds.end(), {text, {}});
    found->marks.push_back(mark);
  }
  return kinds;
}

void draw_row(Svg& svg, const Kind& kind, const Axis& across, double middle, Colour colour) {
  std::string lines;
  for (const Annotation& mark : kind.marks) {
    const double x = across.at(mark.onset_s), right = across.at(mark.onset_s + mark.duration_s);
    if (right - x >= 1) svg.rectangle({x, middle - 9}, right - x, 18, colour, 0.35);
    lines += "M" + coordinate(x) + " " + coordinate(middle - 9) + "v18";
  }
  svg.path(lines, {.colour = colour, .width = kind.marks.size() > 300 ? 0.6 : 1.3});
}

PlotPicture draw(const PlotRequest& request) {
  const auto recording = open_recording(request.file, request.open);
  const auto kinds = kinds_of(*recording);
  if (kinds.empty()) throw input_error(request.file, "has no annotations");
  double end = recording->duration_s();
  for (const Kind& kind : kinds) {
    for (const Annotation& mark : kind.marks) end = std::max(end, mark.onset_s + mark.duration_s);
  }
  if (!recording->segments().empty() && recording->main_rate_hz() > 0) {
    const Segment& last = recording->segments().back();
    end = std::max(end, last.onset_s + static_cast<double>(last.count) / recording->main_rate_hz());
  }
  const std::size_t shown = std::min(kinds.size(), most_rows);
  double left = 60;
  for (std::size_t i = 0; i < shown; ++i) left = std::max(left, std::min(260.0, text_width(kinds[i].text) + 12));
  PlotPicture picture{.title = file_name(request) + ": annotations"};
  const double top = 52, plot_height = row_height * static_cast<double>(shown);
  Svg svg(width, top + plot_height + 44, picture.title);
  draw_title(svg, picture.title,
             counted(static_cast<std::int64_t>(recording->annotations().size()), "annotation") + " of " +
                 counted(static_cast<std::int64_t>(kinds.size()), "kind") + " in " + length_of_time(end));
  const Panel panel = draw_panel(svg, {.corner = {left, top},
                                       .width = width - left - 120,
                                       .height = plot_height,
                                       .x_low = 0,
                                       .x_high = end > 0 ? end : 1,
                                       .x_label = "time, s",
                                       .y_ticks = false});
  for (std::size_t i = 0; i < shown; ++i) {
    const double middle = top + row_height * (static_cast<double>(i) + 0.5);
    draw_row(svg, kinds[i], panel.across, middle, category(1 + i % 6));
    svg.text({left - 8, middle + 4}, fitted(kinds[i].text, 250), {.anchor = "end", .size = 12});
    svg.text({width - 112, middle + 4}, kinds[i].about(), {.size = 11.5, .colour = ink::faint});
  }
  for (std::size_t s = 1; s < recording->segments().size(); ++s) {
    const double x = panel.across.at(recording->segments()[s].onset_s);
    svg.line({x, panel.up.end}, {x, panel.up.begin}, {.colour = ink::faint, .width = 1.2, .dash = "5 4"});
  }
  picture.svg = svg.finished();
  picture.caption = "A stroke at each onset, a bar as long as the annotation lasts.";
  if (kinds.size() > shown)
    picture.caption +=
        " The first " + std::to_string(shown) + " of " + std::to_string(kinds.size()) + " kinds are drawn.";
  for (const Kind& kind : kinds)
    picture.numbers.emplace_back(kind.text,
                                 kind.about() + ", first at " + three_digits(kind.marks.front().onset_s) + " s");
  return picture;
}

const PlotKind annotations_kind{.name = "annotations", .about = "when which annotation stands", .draw = draw};
CATON_REGISTER(PlotKind, annotations_kind);

}  // namespace
}  // namespace caton::report
