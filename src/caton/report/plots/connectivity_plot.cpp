// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/report/figures/directed_map.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/bands.hpp"
#include "caton/report/plots/panel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton::report {
namespace {

constexpr double most_seconds = 120, epoch_s = 2, model_epoch_s = 30, top = 50;
constexpr std::size_t most_links = 60, wide_from = 33;
constexpr std::int64_t few_epochs = 20;

/// The epochs that a measure is computed from: short ones where it needs many, long ones for models.
Array<double, 3> epochs_for(const PairMeasure& measure, const PlotSignals& signals) {
  const double wished = measure.repetitions ? epoch_s : model_epoch_s;
  const auto length =
      std::min<std::int64_t>(signals.x.extent(1), std::max<std::int64_t>(2, std::llround(wished * signals.rate_hz)));
  return pair_epochs(measure, signals.x, length);
}

std::vector<NamedBand> bands_for(const PlotRequest& request, const PairMeasure& measure, double rate_hz) {
  if (!measure.banded) return {{"all frequencies", {0, rate_hz / 2}}};
  auto bands = bands_of(request, rate_hz);
  if (request.bands.empty()) {
    std::erase_if(bands, [](const NamedBand& band) { return band.name == "delta" || band.name == "gamma"; });
    if (bands.empty()) bands = bands_of(request, rate_hz);
  }
  return bands;
}

struct Pair {
  std::size_t to = 0, from = 0;
  double value = 0, size = 0;
};

/// Each pair once, in the direction that it has: the strongest first.
std::vector<Pair> pairs_of(const PairMeasure& measure, View<const double, 2> values, double middle) {
  std::vector<Pair> pairs;
  for (std::int64_t to = 0; to < values.extent(0); ++to) {
    for (std::int64_t from = 0; from < values.extent(1); ++from) {
      if (to == from || (measure.kind == PairKind::mutual && from < to)) continue;
      const double value = values(to, from);
      if (measure.kind == PairKind::leading && value <= middle) continue;
      pairs.push_back({static_cast<std::size_t>(to), static_cast<std::size_t>(from), value, std::abs(value - middle)});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.size > b.size; });
  return pairs;
}

struct Drawn {
  const PlotSignals* signals = nullptr;
  const PairMeasure* measure = nullptr;
  ColourScale scale;
  double middle = 0;               ///< value of no link
  std::vector<std::size_t> order;  ///< of the channels in the matrix
  Placed with;
  std::size_t links = 0;  ///< drawn on the head
};

std::string pair_text(const Drawn& view, const Pair& pair) {
  const auto& names = view.signals->names;
  return names[pair.from] + (view.measure->kind == PairKind::mutual ? " \xE2\x80\x93 " : " \xE2\x86\x92 ") +
         names[pair.to] + ", " + three_digits(pair.value) +
         (view.measure->unit.empty() ? "" : " " + view.measure->unit);
}

std::string matrix_drawing(const Drawn& view, View<const double, 2> values, const std::string& title, double width) {
  HeatMap map{.title = title, .scale = view.scale, .width = width};
  for (const std::size_t i : view.order) {
    map.row_names.push_back(view.signals->names[i]);
    map.values.emplace_back();
    for (const std::size_t k : view.order)
      map.values.back().push_back(i == k ? NAN : values(static_cast<std::int64_t>(i), static_cast<std::int64_t>(k)));
  }
  map.column_names = map.row_names;
  if (view.measure->kind != PairKind::mutual) {
    map.row_axis = "to";
    map.column_axis = "from";
  }
  std::string name = view.measure->name;
  std::replace(name.begin(), name.end(), '_', ' ');
  map.unit = name + (view.measure->unit.empty() ? "" : ", " + view.measure->unit);
  return heat_map(map);
}

std::string head_drawing(const Drawn& view, const std::vector<Pair>& pairs, double width) {
  std::vector<std::size_t> place(view.signals->names.size(), SIZE_MAX);
  for (std::size_t i = 0; i < view.with.rows.size(); ++i) place[static_cast<std::size_t>(view.with.rows[i])] = i;
  DirectedMap map{.title = {}, .note = {}, .electrodes = view.with.names, .positions_m = view.with.positions_m};
  std::vector<Pair> drawn;
  for (const Pair& pair : pairs) {
    if (drawn.size() == view.links) break;
    if (place[pair.to] != SIZE_MAX && place[pair.from] != SIZE_MAX && pair.size > 0) drawn.push_back(pair);
  }
  // Among so many of nearly equal strength only the order can be seen.
  const double strongest = drawn.empty() ? 0 : drawn.front().size, weakest = drawn.empty() ? 0 : drawn.back().size;
  for (auto pair = drawn.rbegin(); pair != drawn.rend(); ++pair) {
    const double share = strongest > weakest ? (pair->size - weakest) / (strongest - weakest) : 1;
    map.arrows.push_back(
        {.from = place[pair->from],
         .to = place[pair->to],
         .width = 0.7 + 2.6 * share,
         .colour = view.scale.palette == Palette::diverging && pair->value > view.middle ? ink::leaky : ink::accent,
         .opacity = 0.4 + 0.6 * share,
         .head = view.measure->kind != PairKind::mutual,
         .about = pair_text(view, *pair)});
  }
  map.note = "the " + std::to_string(drawn.size()) + " strongest of " + std::to_string(pairs.size()) + " pairs" +
             (drawn.empty() ? "" : ", from " + three_digits(drawn.back().value) + " on");
  map.width = width;
  return directed_map(map);
}

/// One scale for all bands, so that they can be compared.
ColourScale common_scale(const PairMeasure& measure, const Array<double, 3>& values, double middle) {
  double largest = 0, low = INFINITY, high = -INFINITY;
  for (std::int64_t b = 0; b < values.extent(0); ++b) {
    for (std::int64_t i = 0; i < values.extent(1); ++i) {
      for (std::int64_t j = 0; j < values.extent(2); ++j) {
        if (i == j) continue;
        largest = std::max(largest, std::abs(values(b, i, j) - middle));
        low = std::min(low, values(b, i, j));
        high = std::max(high, values(b, i, j));
      }
    }
  }
  const bool two_sided = measure.kind == PairKind::leading || measure.name == "correlation";
  if (two_sided) return {Palette::diverging, middle - largest, middle + std::max(largest, 1e-12)};
  return {Palette::sequential, std::min(low, 0.0), std::max(high, 1e-12)};
}

PlotPicture draw(const PlotRequest& request) {
  const PairMeasure& measure = pair_measure_named("plot: --measure", request.measure);
  const PlotSignals signals = plot_signals(request, most_seconds);
  if (signals.names.size() < 2)
    throw input_error(request.file, "a single channel has no partner: connectivity needs two channels at least");
  const auto bands = bands_for(request, measure, signals.rate_hz);
  PairOptions options{.rate_hz = signals.rate_hz, .order = request.order};
  for (const NamedBand& band : bands) {
    // Half the rate itself carries no phase.
    options.bands.push_back({band.band.low_hz, std::min(band.band.high_hz, 0.499 * signals.rate_hz)});
  }
  const auto epochs = epochs_for(measure, signals);
  if (measure.model && !options.order && signals.names.size() > 64)
    options.order = 1;  // larger ones have more unknowns than a part of a recording can carry
  const auto values = measure_pairs(measure, epochs, options);
  Drawn view{.signals = &signals, .measure = &measure};
  view.middle = measure.name == "directed_pli" ? 0.5 : 0;
  view.scale = common_scale(measure, values, view.middle);
  view.with = placed(signals);
  view.links = std::min(most_links, std::max<std::size_t>(6, 2 * signals.names.size()));
  view.order.resize(signals.names.size());
  std::iota(view.order.begin(), view.order.end(), std::size_t{0});
  if (view.with.rows.size() == signals.names.size()) view.order = front_to_back(view.with.positions_m);
  const bool wide = signals.names.size() >= wide_from || bands.size() == 1, heads = view.with.rows.size() >= 2;
  const double width = signals.names.size() >= wide_from ? 560 : wide ? 440 : 330, head_width = wide ? 420 : 300;
  const std::size_t columns = wide ? 1 : std::min<std::size_t>(3, bands.size());
  const std::size_t rows = (bands.size() + columns - 1) / columns;
  const double matrix_height = width + 64, height = wide ? matrix_height + 12 : matrix_height + (heads ? 370 : 10);
  PlotPicture picture{.title = file_name(request) + ": " + measure.about.substr(0, measure.about.find(':'))};
  Svg svg(std::max(680.0, wide ? width + (heads ? head_width + 30 : 20) : (width + 14) * static_cast<double>(columns)),
          top + height * static_cast<double>(rows), picture.title);
  draw_title(svg, picture.title,
             signals.about() + "; " + counted(epochs.extent(0), "epoch") + " of " +
                 three_digits(static_cast<double>(epochs.extent(2)) / signals.rate_hz) + " s");
  for (std::size_t b = 0; b < bands.size(); ++b) {
    const auto band = static_cast<std::int64_t>(b);
    const Point corner{4 + (width + 14) * static_cast<double>(b % columns),
                       top + height * static_cast<double>(b / columns)};
    const bool named = !request.bands.empty() || !measure.banded;
    const auto pairs = pairs_of(measure, values.view()[band], view.middle);
    svg.place(corner, matrix_drawing(view, values.view()[band],
                                     named ? bands[b].name : bands[b].name + ", " + bands[b].edges(), width - 14));
    if (heads)
      svg.place(wide ? Point{corner.x + width + 10, corner.y + 60} : Point{corner.x + 14, corner.y + matrix_height},
                head_drawing(view, pairs, head_width));
    double sum = 0;
    for (const Pair& pair : pairs) sum += pair.value / static_cast<double>(pairs.size());
    picture.numbers.emplace_back(bands[b].name + ", mean over pairs", three_digits(sum));
    for (std::size_t i = 0; i < std::min<std::size_t>(3, pairs.size()); ++i)
      picture.numbers.emplace_back(bands[b].name + (i == 0 ? ", strongest" : ", no. " + std::to_string(i + 1)),
                                   pair_text(view, pairs[i]));
  }
  picture.svg = svg.finished();
  picture.caption = measure.about + ". Channels from front to back and from left to right" +
                    (measure.kind == PairKind::mutual ? "" : "; row: to, column: from") +
                    "; one scale for all bands; nose up.";
  if (measure.model)
    picture.caption += " Models by least squares" +
                       (options.order ? " of order " + std::to_string(*options.order) : std::string(", order by BIC")) +
                       ", mean over epochs.";
  if (measure.repetitions && epochs.extent(0) < few_epochs)
    picture.caption += " Only " + std::to_string(epochs.extent(0)) +
                       " epochs: values of measures that are never negative are too high.";
  if (heads && view.with.rows.size() < signals.names.size())
    picture.caption += " " +
                       counted(static_cast<std::int64_t>(signals.names.size() - view.with.rows.size()), "channel") +
                       " without a place not on the head.";
  return picture;
}

const PlotKind connectivity_kind{.name = "connectivity",
                                 .about = "a measure between all channels: matrix, and the strongest links on the head",
                                 .fewest_channels = 2,
                                 .draw = draw};
CATON_REGISTER(PlotKind, connectivity_kind);

}  // namespace
}  // namespace caton::report
