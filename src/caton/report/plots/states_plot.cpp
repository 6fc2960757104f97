// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Recordings of several states against each other: their spectra over one another, their maps on common scales.
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/band_power.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/bands.hpp"
#include "caton/report/plots/panel.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr double most_seconds = 600, highest_hz = 45, left = 74, gap = 8;
constexpr double panel_top = 70, panel_height = 270, maps_top = panel_top + panel_height + 74;

/// One recording: its density, and the power of its placed channels in each band, dB.
struct State {
  std::string name, about;
  PlotSignals signals;
  Spectrum spectrum;
  std::vector<double> mean_db;
  Placed with;
  std::vector<std::vector<double>> maps;  ///< bands x placed channels
};

double decibels(double power) { return 10 * std::log10(power); }

State state_of(const PlotRequest& request, const std::vector<NamedBand>& bands) {
  State state{.name = Path(request.file).filename().string(), .signals = plot_signals(request, most_seconds)};
  state.about = state.signals.about();
  state.spectrum = density_of(state.signals);
  state.with = placed(state.signals);
  const Matrix& psd = state.spectrum.psd;
  for (std::int64_t k = 0; k < psd.extent(1); ++k) {
    double sum = 0;
    for (std::int64_t c = 0; c < psd.extent(0); ++c) sum += psd(c, k);
    state.mean_db.push_back(decibels(sum / static_cast<double>(psd.extent(0))));
  }
  BandPower wanted;
  for (const auto& band : bands) wanted.bands.push_back(band.band);
  const auto powers = band_power(psd, state.spectrum.freqs_hz, wanted);
  for (std::size_t b = 0; b < bands.size(); ++b) {
    auto& map = state.maps.emplace_back();
    for (const std::int64_t row : state.with.rows)
      map.push_back(decibels(powers.power(row, static_cast<std::int64_t>(b))));
  }
  return state;
}

/// States can be laid over each other only where they measure the same places in the same unit.
void require_alike(const State& first, const State& other) {
  if (other.signals.unit != first.signals.unit || other.signals.rate_hz != first.signals.rate_hz)
    throw input_error(other.name, "has another unit or rate than " + first.name,
                      "compare recordings of one device, or convert them first");
  if (other.signals.names != first.signals.names)
    throw input_error(other.name, "has other channels than " + first.name, "name the common ones with --channels");
}

struct Range {
  double low = INFINITY, high = -INFINITY;
  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

void draw_spectra(Svg& svg, const std::vector<State>& states, const std::vector<NamedBand>& bands, double width) {
  const auto& freqs = states.front().spectrum.freqs_hz;
  const double high_hz = std::min(highest_hz, freqs.back()), bin_hz = freqs.size() > 1 ? freqs[1] : 1;
  const std::size_t first = freqs.size() > 3 ? 1 : 0;  // the mean was taken away: bin 0 says nothing
  const auto shown =
      static_cast<std::size_t>(std::count_if(freqs.begin(), freqs.end(), [&](double hz) { return hz <= high_hz; }));
  Range range;
  for (const State& state : states) {
    for (std::int64_t c = 0; c < state.spectrum.psd.extent(0); ++c)
      for (std::size_t k = first; k < shown; ++k)
        range.take(decibels(state.spectrum.psd(c, static_cast<std::int64_t>(k))));
  }
  if (!(range.low <= range.high)) throw input_error(states.front().name, "every channel is flat: there is no spectrum");
  const Panel panel = draw_panel(svg, {.corner = {left, panel_top},
                                       .width = width - left - 24,
                                       .height = panel_height,
                                       .x_low = freqs[first],
                                       .x_high = high_hz,
                                       .y_low = range.low - 1,
                                       .y_high = range.high + 1,
                                       .x_label = "frequency, Hz",
                                       .y_label = "dB of " + states.front().signals.unit + "\xC2\xB2/Hz"});
  for (std::size_t b = 0; b < bands.size(); ++b) {
    const double from = panel.across.at(std::clamp(bands[b].band.low_hz, freqs[first], high_hz));
    const double to = panel.across.at(std::clamp(bands[b].band.high_hz, freqs[first], high_hz));
    if (to - from < 2) continue;
    if (b % 2 == 0) svg.rectangle({from, panel.up.end}, to - from, panel.up.begin - panel.up.end, ink::accent, 0.05);
    svg.text({(from + to) / 2, panel.up.end - 5}, fitted(bands[b].name, to - from + 6, 11),
             {.anchor = "middle", .size = 11, .colour = ink::faint});
  }
  for (std::size_t s = 0; s < states.size(); ++s) {
    for (std::int64_t c = 0; c < states[s].spectrum.psd.extent(0); ++c) {
      std::vector<double> row;
      for (std::size_t k = first; k < shown; ++k)
        row.push_back(decibels(states[s].spectrum.psd(c, static_cast<std::int64_t>(k))));
      draw_curve(svg, panel, freqs[first], bin_hz, row, {.colour = category(s), .width = 0.8, .opacity = 0.18});
    }
  }
  double legend = panel_top + 18;
  for (std::size_t s = 0; s < states.size(); ++s) {
    draw_curve(svg, panel, freqs[first], bin_hz, std::span(states[s].mean_db).subspan(first, shown - first),
               {.colour = category(s), .width = 2.6});
    svg.line({width - 250, legend - 4}, {width - 226, legend - 4}, {.colour = category(s), .width = 2.6});
    svg.text({width - 218, legend}, fitted(states[s].name + ", mean of channels", 186), {.size = 12, .halo = true});
    legend += 18;
  }
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result;
  for (std::size_t i = 0; i < a.size(); ++i) result.push_back(b[i] - a[i]);
  return result;
}

/// A row of maps, one a band, with its name turned along the left side; returns where the next row begins.
double draw_row(Svg& svg, const State& place, const std::string& name, const std::vector<std::vector<double>>& maps,
                const std::vector<ColourScale>& scales, const std::vector<std::string>& titles, double top,
                double map_width, const std::string& unit) {
  const double row_height = map_width + 58;
  svg.text({24, top + row_height / 2}, fitted(name, row_height, 12.5),
           {.anchor = "middle", .size = 12.5, .bold = true, .turned_degrees = -90});
  for (std::size_t b = 0; b < maps.size(); ++b) {
    svg.place({36 + (map_width + gap) * static_cast<double>(b), top}, scalp_map({.title = titles[b],
                                                                                 .electrodes = place.with.names,
                                                                                 .positions_m = place.with.positions_m,
                                                                                 .values = maps[b],
                                                                                 .scale = scales[b],
                                                                                 .unit = unit,
                                                                                 .width = map_width}));
  }
  return top + row_height + 14;
}

void add_numbers(const std::vector<State>& states, const std::vector<std::string>& bands, PlotPicture& picture) {
  for (std::size_t b = 0; states.size() == 1 && b < bands.size(); ++b) {
    const auto& map = states[0].maps[b];
    const auto top = static_cast<std::size_t>(std::max_element(map.begin(), map.end()) - map.begin());
    picture.numbers.emplace_back("most power, " + bands[b],
                                 states[0].with.names[top] + ", " + decimal(map[top], 1) + " dB");
  }
  for (std::size_t s = 1; s < states.size(); ++s) {
    for (std::size_t b = 0; b < bands.size(); ++b) {
      const auto change = difference(states[0].maps[b], states[s].maps[b]);
      const auto top =
          std::max_element(change.begin(), change.end(), [](double x, double y) { return std::abs(x) < std::abs(y); }) -
          change.begin();
      picture.numbers.emplace_back(bands[b] + ", " + states[s].name + " against " + states[0].name,
                                   "largest change at " + states[0].with.names[static_cast<std::size_t>(top)] + ": " +
                                       (change[static_cast<std::size_t>(top)] > 0 ? "+" : "") +
                                       decimal(change[static_cast<std::size_t>(top)], 1) + " dB");
    }
  }
}

double rate_of(PlotRequest request) {
  constexpr double moment_s = 0.01;
  request.seconds = moment_s;
  return plot_signals(request, moment_s).rate_hz;
}

PlotPicture draw(const PlotRequest& request) {
  std::vector<State> states;
  std::vector<NamedBand> bands;
  for (std::size_t s = 0; s <= request.others.size(); ++s) {
    PlotRequest one = request;
    if (s > 0) one.file = request.others[s - 1];
    if (s == 0) bands = bands_of(request, rate_of(request));
    states.push_back(state_of(one, bands));
    require_alike(states.front(), states.back());
  }
  if (states.front().with.rows.empty())
    throw input_error(request.file, "none of its channels has a known place on the head",
                      "name the cap with --montage, or rename the channels");
  const double map_width = std::clamp(880.0 / static_cast<double>(bands.size()), 150.0, 230.0);
  const double width = std::max(620.0, 44 + (map_width + gap) * static_cast<double>(bands.size()));
  const bool two = states.size() == 2;
  const double rows = static_cast<double>(states.size()) + (two ? 1 : 0);
  std::vector<std::string> names;
  for (const State& state : states) names.push_back(state.name);
  PlotPicture picture{.title = join(names, ", ") + ": spectra and maps"};
  Svg svg(width, maps_top + rows * (map_width + 72), picture.title);
  draw_title(svg, picture.title, states.front().about + (states.size() > 1 ? " each" : ""));
  draw_spectra(svg, states, bands, width);
  std::vector<ColourScale> common;
  std::vector<std::string> titles, none(bands.size());
  for (std::size_t b = 0; b < bands.size(); ++b) {
    std::vector<std::vector<double>> all;
    for (const State& state : states) all.push_back(state.maps[b]);
    common.push_back(scale_for(all, Palette::sequential));
    titles.push_back(bands[b].name + (request.bands.empty() ? ", " + bands[b].edges() : ""));
  }
  const std::string unit = "dB of " + states.front().signals.unit + "\xC2\xB2";
  double top = maps_top;
  for (std::size_t s = 0; s < states.size(); ++s)
    top = draw_row(svg, states[s], states[s].name, states[s].maps, common, titles, top, map_width, unit);
  if (two) {
    std::vector<std::vector<double>> changes;
    for (std::size_t b = 0; b < bands.size(); ++b) changes.push_back(difference(states[0].maps[b], states[1].maps[b]));
    const std::vector<ColourScale> scale(bands.size(), scale_for(changes, Palette::diverging));
    draw_row(svg, states[0], "second less first", changes, scale, titles, top, map_width, "dB");
  }
  picture.svg = svg.finished();
  picture.caption = density_text(states.front().signals) +
                    "; thick lines are means over channels, thin lines channels. Maps: power in each band (Simpson's "
                    "rule), interpolated by spherical splines, one scale for all states of a band" +
                    (two ? ", and one scale for all differences" : "") + "; nose up.";
  add_numbers(states, titles, picture);
  return picture;
}

const PlotKind states_kind{
    .name = "states",
    .about = "spectrum and maps in one figure, of several recordings against each other (--with)",
    .draw = draw};
CATON_REGISTER(PlotKind, states_kind);

}  // namespace
}  // namespace caton::report
