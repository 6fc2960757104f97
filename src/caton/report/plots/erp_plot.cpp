// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/panel.hpp"
#include "caton/report/plots/plot_epochs.hpp"
#include "caton/signal/evoked.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr double width = 980, most_seconds = 3600;
constexpr std::size_t most_events = 4, most_single = 8;

struct Average {
  const EventEpochs* epochs = nullptr;
  Evoked evoked;
  std::vector<double> field_power;
};

/// The largest value of all averages, standard errors included where they are drawn.
double reach_of(const std::vector<Average>& averages, bool errors) {
  double reach = 0;
  for (const Average& average : averages) {
    for (std::int64_t i = 0; i < average.evoked.mean.size(); ++i) {
      const double error = errors ? average.evoked.sem.data()[i] : 0;
      reach = std::max(reach, std::abs(average.evoked.mean.data()[i]) + error);
    }
  }
  return reach > 0 ? 1.05 * reach : 1;
}

/// Latencies of the highest maxima of the global field power after the event, 50 ms apart at least, in order of time.
std::vector<std::size_t> field_peaks(const Average& average, const std::vector<double>& times_s, std::size_t most) {
  std::vector<std::size_t> peaks, kept;
  const auto& power = average.field_power;
  for (std::size_t t = 1; t + 1 < power.size(); ++t) {
    if (times_s[t] > 0.02 && power[t] >= power[t - 1] && power[t] > power[t + 1]) peaks.push_back(t);
  }
  std::stable_sort(peaks.begin(), peaks.end(), [&](std::size_t a, std::size_t b) { return power[a] > power[b]; });
  for (const std::size_t peak : peaks) {
    const bool apart = std::all_of(kept.begin(), kept.end(),
                                   [&](std::size_t other) { return std::abs(times_s[peak] - times_s[other]) > 0.05; });
    if (apart && kept.size() < most) kept.push_back(peak);
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

/// A box around an event, which a line marks.
Panel event_panel(Svg& svg, Point corner, double box, double height, const std::vector<double>& times_s, double reach,
                  const std::string& unit) {
  const Panel panel = draw_panel(svg, {.corner = corner,
                                       .width = box,
                                       .height = height,
                                       .x_low = times_s.front(),
                                       .x_high = times_s.back(),
                                       .y_low = -reach,
                                       .y_high = reach,
                                       .x_label = "time from the event, s",
                                       .y_label = unit});
  if (times_s.front() <= 0 && times_s.back() >= 0)
    svg.line(panel.at(0, -reach), panel.at(0, reach), {.colour = ink::axis, .width = 1.2});
  return panel;
}

std::span<const double> row_of(const Matrix& values, std::int64_t row) {
  return {values.view()[row].data(), static_cast<std::size_t>(values.extent(1))};
}

/// Mean plus and minus its standard error as an area.
void draw_error(Svg& svg, const Panel& panel, const Average& average, std::int64_t c, Colour colour) {
  const auto& times = average.epochs->cut.times_s;
  std::string path;
  for (const double sign : {1.0, -1.0}) {
    for (std::size_t i = 0; i < times.size(); ++i) {
      const std::size_t t = sign > 0 ? i : times.size() - 1 - i;
      const auto column = static_cast<std::int64_t>(t);
      const Point at = panel.at(times[t], average.evoked.mean(c, column) + sign * average.evoked.sem(c, column));
      path += (path.empty() ? "M" : "L") + coordinate(at.x) + " " + coordinate(at.y);
    }
  }
  svg.path(path + "z", colour, 0.2);
}

/// All channels of one event over each other, and maps at the peaks of the field power.
void draw_butterfly(Svg& svg, const PlotSignals& signals, const Average& average, double top, double reach,
                    PlotPicture& picture) {
  const auto& times = average.epochs->cut.times_s;
  const Placed with = placed(signals);
  const bool maps = with.rows.size() >= 8;
  const double map_room = maps ? 172 : 0;
  svg.text({66, top + 14}, fitted(average.epochs->text, 420, 13), {.size = 13, .bold = true});
  svg.text({width - 110, top + 14}, average.epochs->about(), {.anchor = "end", .size = 11.5, .colour = ink::faint});
  const Panel panel = event_panel(svg, {66, top + 26 + map_room}, width - 176, 190, times, reach, signals.unit);
  const auto colours = place_colours(signals);
  const double step = 1 / signals.rate_hz;
  for (std::int64_t c = 0; c < average.evoked.mean.extent(0); ++c)
    draw_curve(svg, panel, times.front(), step, row_of(average.evoked.mean, c),
               {.colour = colours[static_cast<std::size_t>(c)], .width = 1.2, .opacity = 0.75});
  draw_curve(svg, panel, times.front(), step, average.field_power, {.colour = ink::text, .width = 2});
  draw_colour_head(svg, {width - 50, top + 66 + map_room}, 34, signals);
  svg.line({width - 92, top + 130 + map_room}, {width - 78, top + 130 + map_room}, {.colour = ink::text, .width = 2});
  svg.text({width - 73, top + 134 + map_room}, "field power", {.size = 11});
  const auto peaks = field_peaks(average, times, 4);
  ColourScale scale{Palette::diverging, 0, 0};
  for (const std::size_t t : peaks) {
    for (const std::int64_t row : with.rows)
      scale.high = std::max(scale.high, std::abs(average.evoked.mean(row, static_cast<std::int64_t>(t))));
  }
  scale.low = -scale.high;
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    const double at_s = times[peaks[i]];
    picture.numbers.emplace_back(average.epochs->text + ", field power at " + three_digits(1e3 * at_s) + " ms",
                                 three_digits(average.field_power[peaks[i]]) + " " + signals.unit);
    if (!maps || !(scale.high > 0)) continue;
    ScalpMap map{.title = three_digits(1e3 * at_s) + " ms",
                 .electrodes = with.names,
                 .positions_m = with.positions_m,
                 .scale = scale,
                 .unit = signals.unit,
                 .width = 122};
    for (const std::int64_t row : with.rows)
      map.values.push_back(average.evoked.mean(row, static_cast<std::int64_t>(peaks[i])));
    const double room = (width - 176) / static_cast<double>(peaks.size());
    const double middle = 66 + room * (static_cast<double>(i) + 0.5);
    svg.place({middle - 61, top + 20}, scalp_map(map));
    svg.line({middle, top + 20 + map_room - 2}, panel.at(at_s, panel.up.high), {.colour = ink::axis, .width = 0.8});
    svg.line(panel.at(at_s, panel.up.high), panel.at(at_s, panel.up.low),
             {.colour = ink::axis, .width = 0.8, .dash = "2 3"});
  }
}

PlotPicture butterflies(const PlotRequest& request, const PlotSignals& signals, const std::vector<Average>& averages) {
  PlotPicture picture{.title = file_name(request) + ": averages around events"};
  const double block = 280.0 + (placed(signals).rows.size() >= 8 ? 172 : 0);
  Svg svg(width, 50 + block * static_cast<double>(averages.size()), picture.title);
  draw_title(svg, picture.title, signals.about() + ", " + baseline_text(request));
  const double reach = reach_of(averages, false);
  for (std::size_t i = 0; i < averages.size(); ++i)
    draw_butterfly(svg, signals, averages[i], 48 + block * static_cast<double>(i), reach, picture);
  picture.svg = svg.finished();
  picture.caption =
      "Each line is the average of a channel, coloured by its place; black the global field power (standard "
      "deviation over channels), maps at its highest maxima. ";
  return picture;
}

/// Few channels: a panel for each, with every event and its standard error.
PlotPicture channel_by_channel(const PlotRequest& request, const PlotSignals& signals,
                               const std::vector<Average>& averages) {
  PlotPicture picture{.title = file_name(request) + ": averages around events"};
  const std::size_t count = signals.names.size(), columns = count > 1 ? 2 : 1, rows = (count + columns - 1) / columns;
  const double panel_height = count > 4 ? 130 : 180, block = panel_height + 74;
  Svg svg(width, 84 + block * static_cast<double>(rows), picture.title);
  draw_title(svg, picture.title, signals.about() + ", " + baseline_text(request));
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < averages.size(); ++i)
    legend.push_back({averages[i].epochs->text + " (" + averages[i].epochs->about() + ")", category(i)});
  const double legend_height = draw_legend(svg, {6, 44}, width - 12, legend);
  const double reach = reach_of(averages, true), room = width / static_cast<double>(columns);
  for (std::size_t c = 0; c < count; ++c) {
    const Point corner{60 + room * static_cast<double>(c % columns),
                       62 + legend_height + block * static_cast<double>(c / columns)};
    const auto& times = averages[0].epochs->cut.times_s;
    const Panel panel = event_panel(svg, corner, room - 84, panel_height, times, reach, signals.unit);
    svg.text({corner.x, corner.y - 6}, signals.names[c], {.size = 13, .bold = true});
    for (std::size_t i = 0; i < averages.size(); ++i) {
      const auto row = static_cast<std::int64_t>(c);
      draw_error(svg, panel, averages[i], row, category(i));
      draw_curve(svg, panel, times.front(), 1 / signals.rate_hz, row_of(averages[i].evoked.mean, row),
                 {.colour = category(i), .width = 2});
    }
  }
  picture.svg = svg.finished();
  picture.caption = "Mean over epochs, shaded by its standard error. ";
  return picture;
}

PlotPicture draw(const PlotRequest& request) {
  const PlotSignals signals = plot_signals(request, most_seconds);
  const auto epochs = event_epochs(request, signals, most_events);
  std::vector<Average> averages;
  for (const EventEpochs& of_event : epochs) {
    averages.push_back({&of_event, evoked(of_event.cut.epochs), {}});
    averages.back().field_power = global_field_power(averages.back().evoked.mean);
  }
  PlotPicture picture = signals.names.size() <= most_single ? channel_by_channel(request, signals, averages)
                                                            : butterflies(request, signals, averages);
  picture.caption += signals.filter.empty() ? "Nothing was filtered." : "Filtered " + signals.filter + " (zero phase).";
  for (const Average& average : averages) {
    picture.numbers.emplace_back(average.epochs->text, average.epochs->about());
    for (const auto sign : {PeakSign::negative, PeakSign::positive}) {
      const Peak top = peak(average.evoked.mean,
                            {.rate_hz = signals.rate_hz,
                             .start_s = average.epochs->cut.times_s.front(),
                             .window = {.begin_s = std::max(0.0, average.epochs->cut.times_s.front()), .end_s = {}},
                             .sign = sign});
      picture.numbers.emplace_back(average.epochs->text + (sign == PeakSign::negative ? ", lowest" : ", highest"),
                                   three_digits(top.amplitude) + " " + signals.unit + " at " +
                                       signals.names[static_cast<std::size_t>(top.channel)] + ", " +
                                       three_digits(1e3 * top.latency_s) + " ms");
    }
  }
  return picture;
}

const PlotKind erp_kind{.name = "erp", .about = "averages around events, with maps at their peaks", .draw = draw};
CATON_REGISTER(PlotKind, erp_kind);

}  // namespace
}  // namespace caton::report
