// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/band_power.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/bands.hpp"
#include "caton/report/plots/panel.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr double map_width = 205, most_seconds = 600;
constexpr std::size_t maps_in_a_row = 5;

PlotPicture draw(const PlotRequest& request) {
  PlotSignals signals = plot_signals(request, most_seconds);
  const Placed with = placed(signals);
  if (with.rows.empty()) {
    throw input_error(request.file, "none of its channels has a known place on the head",
                      "name the cap with --montage, or rename the channels");
  }
  const Spectrum spectrum = density_of(signals);
  const auto bands = bands_of(request, signals.rate_hz);
  BandPower wanted;
  for (const auto& band : bands) wanted.bands.push_back(band.band);
  const auto powers = band_power(spectrum.psd, spectrum.freqs_hz, wanted);
  const std::size_t columns = std::min(bands.size(), maps_in_a_row), rows = (bands.size() + columns - 1) / columns;
  constexpr double map_height = 266;
  PlotPicture picture{.title = file_name(request) + ": band power over the scalp"};
  Svg svg(std::max(560.0, map_width * static_cast<double>(columns) + 10), 50 + map_height * static_cast<double>(rows),
          picture.title);
  draw_title(svg, picture.title, signals.about());
  for (std::size_t b = 0; b < bands.size(); ++b) {
    ScalpMap map{.title = bands[b].name + (request.bands.empty() ? ", " + bands[b].edges() : ""),
                 .electrodes = with.names,
                 .positions_m = with.positions_m,
                 .unit = "dB of " + signals.unit + "\xC2\xB2",
                 .width = map_width - 8};
    for (const std::int64_t row : with.rows)
      map.values.push_back(10 * std::log10(powers.power(row, static_cast<std::int64_t>(b))));
    map.scale = scale_for({map.values}, Palette::sequential);
    svg.place({4 + map_width * static_cast<double>(b % columns), 46 + map_height * static_cast<double>(b / columns)},
              scalp_map(map));
    const auto top =
        static_cast<std::size_t>(std::max_element(map.values.begin(), map.values.end()) - map.values.begin());
    picture.numbers.emplace_back(
        "most " + bands[b].name + " power",
        with.names[top] + ", " + three_digits(map.values[top]) + " dB of " + signals.unit + "\xC2\xB2");
  }
  picture.svg = svg.finished();
  picture.caption = density_text(signals) +
                    "; power in each band (Simpson's rule), interpolated by spherical splines. " +
                    "Every map has its own scale; nose up.";
  if (with.rows.size() < signals.names.size())
    picture.caption += " " + counted(static_cast<std::int64_t>(signals.names.size() - with.rows.size()), "channel") +
                       " without a place left out.";
  return picture;
}

const PlotKind topomap_kind{.name = "topomap", .about = "power in bands as maps of the scalp", .draw = draw};
CATON_REGISTER(PlotKind, topomap_kind);

PlotPicture draw_montage(const PlotRequest& request) {
  PlotRequest short_part = request;
  short_part.seconds = 0.01;
  const PlotSignals signals = plot_signals(short_part, 0.01);
  const Placed with = placed(signals);
  if (with.rows.empty()) {
    throw input_error(request.file, "none of its channels has a known place on the head",
                      "name the cap with --montage, or rename the channels");
  }
  PlotPicture picture{.title = file_name(request) + ": electrodes"};
  const double side = with.rows.size() > 40 ? 760 : 560;
  std::vector<std::string> lost;
  for (std::size_t i = 0; i < signals.names.size(); ++i) {
    if (!signals.positions_m[i]) lost.push_back(signals.names[i]);
  }
  Svg svg(side + 20, side + 90 + (lost.empty() ? 0 : 20), picture.title);
  draw_title(svg, picture.title,
             std::to_string(with.rows.size()) + " of " +
                 counted(static_cast<std::int64_t>(signals.names.size()), "channel") +
                 " with a place; seen from above, nose up");
  svg.place({10, 44}, scalp_map({.electrodes = with.names, .positions_m = with.positions_m, .width = side}));
  if (!lost.empty())
    svg.text({10, side + 98}, fitted("without a place: " + join(lost, ", "), side), {.size = 12, .colour = ink::leaky});
  picture.svg = svg.finished();
  picture.caption =
      "Places from the file where it has them, else of the names in " + request.montage +
      ". Azimuthal equidistant projection: distance from the middle is the angle from the top of the head.";
  picture.numbers.emplace_back("electrodes with a place", std::to_string(with.rows.size()));
  if (!lost.empty()) picture.numbers.emplace_back("channels without a place", join(lost, ", "));
  for (std::size_t i = 0; i < with.rows.size(); ++i) {
    const auto& p = with.positions_m[i];
    picture.numbers.emplace_back(with.names[i], three_digits(1e3 * p[0]) + ", " + three_digits(1e3 * p[1]) + ", " +
                                                    three_digits(1e3 * p[2]) + " mm (right, front, up)");
  }
  return picture;
}

const PlotKind montage_kind{.name = "montage", .about = "where the electrodes sit", .draw = draw_montage};
CATON_REGISTER(PlotKind, montage_kind);

}  // namespace
}  // namespace caton::report
