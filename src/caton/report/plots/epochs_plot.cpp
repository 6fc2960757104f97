// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/image.hpp"
#include "caton/report/plots/plot_epochs.hpp"
#include "caton/signal/evoked.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr double width = 860, most_seconds = 3600;
constexpr std::size_t most_events = 2, most_channels = 4;

/// The channels asked for, else the one whose average swings most.
std::vector<std::int64_t> shown_channels(const PlotRequest& request, const Evoked& average) {
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < std::min(request.channels.size(), most_channels); ++i)
    rows.push_back(static_cast<std::int64_t>(i));
  if (!rows.empty()) return rows;
  double largest = -1;
  std::int64_t top = 0;
  for (std::int64_t c = 0; c < average.mean.extent(0); ++c) {
    for (std::int64_t t = 0; t < average.mean.extent(1); ++t) {
      if (std::abs(average.mean(c, t)) <= largest) continue;
      largest = std::abs(average.mean(c, t));
      top = c;
    }
  }
  return {top};
}

/// One channel: every epoch a row of colours, their mean beneath.
void draw_channel(Svg& svg, const PlotSignals& signals, const EventEpochs& epochs, const Evoked& average,
                  std::int64_t c, double top, PlotPicture& picture) {
  const auto& times = epochs.cut.times_s;
  const std::string& name = signals.names[static_cast<std::size_t>(c)];
  std::vector<std::vector<double>> rows;
  for (std::int64_t e = 0; e < epochs.kept(); ++e) {
    const auto row = epochs.cut.epochs[e][c];
    rows.emplace_back(row.data(), row.data() + row.extent(0));
  }
  const ColourScale scale{Palette::diverging, -reach_of(rows, 0.98), reach_of(rows, 0.98)};
  svg.text({66, top + 14}, fitted(name + ", " + epochs.text, 420, 13), {.size = 13, .bold = true});
  svg.text({width - 80, top + 14}, epochs.about(), {.anchor = "end", .size = 11.5, .colour = ink::faint});
  const double box = width - 146;
  const Panel image = draw_panel(svg, {.corner = {66, top + 24},
                                       .width = box,
                                       .height = 260,
                                       .x_low = times.front(),
                                       .x_high = times.back(),
                                       .y_low = 0,
                                       .y_high = static_cast<double>(rows.size()),
                                       .y_label = "epoch, first at the bottom",
                                       .x_ticks = false,
                                       .y_counts = true});
  draw_image(svg, image, rows, scale);
  draw_upright_bar(svg, {width - 70, top + 24}, 260, scale, signals.unit);
  const auto mean = average.mean.view()[c], sem = average.sem.view()[c];
  double reach = 0;
  for (std::int64_t t = 0; t < mean.extent(0); ++t) reach = std::max(reach, std::abs(mean[t]) + sem[t]);
  if (!(reach > 0)) reach = 1;
  const Panel panel = draw_panel(svg, {.corner = {66, top + 296},
                                       .width = box,
                                       .height = 96,
                                       .x_low = times.front(),
                                       .x_high = times.back(),
                                       .y_low = -1.05 * reach,
                                       .y_high = 1.05 * reach,
                                       .x_label = "time from the event, s",
                                       .y_label = signals.unit});
  for (const Panel& each : {image, panel}) {
    if (times.front() <= 0 && times.back() >= 0)
      svg.line(each.at(0, each.up.low), each.at(0, each.up.high), {.colour = ink::text, .width = 1.2, .dash = "4 3"});
  }
  for (const double side : {1.0, -1.0}) {
    std::vector<double> edge;
    for (std::int64_t t = 0; t < mean.extent(0); ++t) edge.push_back(mean[t] + side * sem[t]);
    draw_curve(svg, panel, times.front(), 1 / signals.rate_hz, edge, {.colour = ink::axis, .width = 0.8});
  }
  draw_curve(svg, panel, times.front(), 1 / signals.rate_hz, {mean.data(), static_cast<std::size_t>(mean.extent(0))},
             {.colour = ink::accent, .width = 2});
  picture.numbers.emplace_back(epochs.text, epochs.about());
  const auto [low, high] = std::minmax_element(mean.data(), mean.data() + mean.extent(0));
  for (const double* const end : {low, high}) {
    picture.numbers.emplace_back(name + ", " + epochs.text + (end == low ? ", lowest mean" : ", highest mean"),
                                 three_digits(*end) + " " + signals.unit + " at " +
                                     three_digits(1e3 * times[static_cast<std::size_t>(end - mean.data())]) + " ms");
  }
}

PlotPicture draw(const PlotRequest& request) {
  const PlotSignals signals = plot_signals(request, most_seconds);
  const auto all = event_epochs(request, signals, most_events);
  PlotPicture picture{.title = file_name(request) + ": epochs"};
  std::vector<Evoked> averages;
  std::size_t blocks = 0;
  for (const EventEpochs& epochs : all) {
    averages.push_back(evoked(epochs.cut.epochs));
    blocks += shown_channels(request, averages.back()).size();
  }
  constexpr double block = 446;
  Svg svg(width, 50 + block * static_cast<double>(blocks), picture.title);
  draw_title(svg, picture.title, signals.about() + ", " + baseline_text(request));
  double top = 48;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::int64_t c : shown_channels(request, averages[i])) {
      draw_channel(svg, signals, all[i], averages[i], c, top, picture);
      top += block;
    }
  }
  picture.svg = svg.finished();
  picture.caption =
      "Every row is an epoch in the order of the recording; colours end where 98 % of the values lie. "
      "Beneath: the mean and its standard error.";
  if (request.channels.empty())
    picture.caption += " Shown is the channel whose average swings most; name others with --channels.";
  return picture;
}

const PlotKind epochs_kind{.name = "epochs", .about = "every epoch of a channel as a row of colours", .draw = draw};
CATON_REGISTER(PlotKind, epochs_kind);

}  // namespace
}  // namespace caton::report
