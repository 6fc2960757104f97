// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/band_power.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/bands.hpp"
#include "caton/report/plots/panel.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr double width = 900, height = 470, most_seconds = 600, highest_hz = 60, floor_db = -60;

/// Channels that never move have no level.
std::vector<std::vector<double>> levels_db(const Spectrum& spectrum) {
  std::vector<std::vector<double>> levels;
  for (std::int64_t c = 0; c < spectrum.psd.extent(0); ++c) {
    levels.emplace_back();
    for (std::int64_t k = 0; k < spectrum.psd.extent(1); ++k)
      levels.back().push_back(10 * std::log10(spectrum.psd(c, k)));
  }
  return levels;
}

/// Level of the mean density over channels.
std::vector<double> mean_db(const Spectrum& spectrum) {
  std::vector<double> mean;
  for (std::int64_t k = 0; k < spectrum.psd.extent(1); ++k) {
    double sum = 0;
    for (std::int64_t c = 0; c < spectrum.psd.extent(0); ++c) sum += spectrum.psd(c, k);
    mean.push_back(10 * std::log10(sum / static_cast<double>(spectrum.psd.extent(0))));
  }
  return mean;
}

/// Where the mean stands highest above a line between the ends of 7 to 13 Hz; 0 when it has no peak there.
double alpha_peak_hz(const std::vector<double>& freqs_hz, const std::vector<double>& mean) {
  const BinRange range = bins_between(freqs_hz, 7, 13);
  double best = 0, peak_hz = 0;
  for (std::size_t k = std::max<std::size_t>(range.begin, 1); k + 1 < std::min(range.end, mean.size()); ++k) {
    if (!(mean[k] > mean[k - 1] && mean[k] > mean[k + 1])) continue;
    const double share = static_cast<double>(k - range.begin) / static_cast<double>(range.end - 1 - range.begin);
    const double line = mean[range.begin] + share * (mean[range.end - 1] - mean[range.begin]);
    if (mean[k] - line > best) {
      best = mean[k] - line;
      peak_hz = freqs_hz[k];
    }
  }
  return best > 1 ? peak_hz : 0;
}

void draw_bands(Svg& svg, const Panel& panel, const std::vector<NamedBand>& bands) {
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const double from = panel.across.at(std::max(bands[i].band.low_hz, panel.across.low));
    const double to = panel.across.at(std::min(bands[i].band.high_hz, panel.across.high));
    if (to - from < 2) continue;
    if (i % 2 == 0) svg.rectangle({from, panel.up.end}, to - from, panel.up.begin - panel.up.end, ink::accent, 0.05);
    svg.text({(from + to) / 2, panel.up.end - 5}, fitted(bands[i].name, to - from + 6, 11),
             {.anchor = "middle", .size = 11, .colour = ink::faint});
  }
}

/// The names beside the right ends, where channels are few.
void draw_names(Svg& svg, const PlotSignals& signals, const std::vector<Colour>& colours, Point at) {
  for (std::size_t i = 0; i < signals.names.size(); ++i) {
    const double y = at.y + 17 * static_cast<double>(i);
    svg.line({at.x, y - 4}, {at.x + 16, y - 4}, {.colour = colours[i], .width = 2.2});
    svg.text({at.x + 21, y}, fitted(signals.names[i], 70), {.size = 12});
  }
}

PlotPicture draw(const PlotRequest& request) {
  const PlotSignals signals = plot_signals(request, most_seconds);
  const Spectrum spectrum = density_of(signals);
  const auto levels = levels_db(spectrum);
  const auto mean = mean_db(spectrum);
  const double high_hz =
      std::min(request.high_hz.value_or(highest_hz) * (request.high_hz ? 1.3 : 1), signals.rate_hz / 2);
  const std::size_t first = spectrum.freqs_hz.size() > 3 ? 1 : 0;  // the mean was taken away: bin 0 says nothing
  double low = INFINITY, high = -INFINITY;
  for (const auto& row : levels) {
    for (std::size_t k = first; k < row.size() && spectrum.freqs_hz[k] <= high_hz; ++k) {
      if (!std::isfinite(row[k])) continue;
      low = std::min(low, row[k]);
      high = std::max(high, row[k]);
    }
  }
  if (!std::isfinite(low)) throw input_error(request.file, "every channel is flat: there is no spectrum");
  low = std::max(low, high + floor_db * 2);
  PlotPicture picture{.title = file_name(request) + ": power spectral density"};
  Svg svg(width, height, picture.title);
  draw_title(svg, picture.title, signals.about());
  const bool few = signals.names.size() <= 8;
  const Panel panel = draw_panel(svg, {.corner = {70, 70},
                                       .width = width - (few ? 180 : 170),
                                       .height = height - 130,
                                       .x_low = spectrum.freqs_hz[first],
                                       .x_high = high_hz,
                                       .y_low = low - 0.04 * (high - low),
                                       .y_high = high + 0.04 * (high - low),
                                       .x_label = "frequency, Hz",
                                       .y_label = "dB of " + signals.unit + "\xC2\xB2/Hz"});
  const auto bands = bands_of(request, signals.rate_hz);
  draw_bands(svg, panel, bands);
  const auto colours = few ? [&] {
    std::vector<Colour> plain;
    for (std::size_t i = 0; i < signals.names.size(); ++i) plain.push_back(category(i));
    return plain;
  }() : place_colours(signals);
  const double bin_hz = spectrum.freqs_hz.size() > 1 ? spectrum.freqs_hz[1] : 1;
  const auto shown = static_cast<std::size_t>(
      std::count_if(spectrum.freqs_hz.begin(), spectrum.freqs_hz.end(), [&](double hz) { return hz <= high_hz; }));
  const auto curve = [&](const std::vector<double>& row, const Stroke& stroke) {
    draw_curve(svg, panel, spectrum.freqs_hz[first], bin_hz, std::span(row).subspan(first, shown - first), stroke);
  };
  for (std::size_t i = 0; i < levels.size(); ++i)
    curve(levels[i], {.colour = colours[i], .width = few ? 1.8 : 1, .opacity = few ? 1.0 : 0.6});
  if (levels.size() > 1) curve(mean, {.colour = ink::text, .width = few ? 1.4 : 2.4, .dash = few ? "5 3" : ""});
  const double peak_hz = alpha_peak_hz(spectrum.freqs_hz, mean);
  if (peak_hz > 0) {
    const auto bin = static_cast<std::size_t>(std::llround(peak_hz / bin_hz));
    const Point at = panel.at(peak_hz, mean[bin]);
    svg.text({at.x, at.y - 9}, three_digits(peak_hz) + " Hz",
             {.anchor = "middle", .size = 12, .bold = true, .halo = true});
    picture.numbers.emplace_back("peak of the mean between 7 and 13 Hz", three_digits(peak_hz) + " Hz");
  }
  const Point beside{width - 98, 84};
  if (few)
    draw_names(svg, signals, colours, beside);
  else
    draw_colour_head(svg, {width - 52, 112}, 38, signals);
  if (levels.size() > 1) {
    const double y = few ? beside.y + 17 * static_cast<double>(signals.names.size()) + 4 : 176;
    svg.line({beside.x, y - 4}, {beside.x + 16, y - 4}, {.colour = ink::text, .width = 2, .dash = few ? "5 3" : ""});
    svg.text({beside.x + 21, y}, "mean", {.size = 12});
  }
  picture.svg = svg.finished();
  picture.caption =
      density_text(signals) + ". Bands add up the density over their bins (Simpson's rule), mean over channels.";
  BandPower wanted;
  for (const auto& band : bands) wanted.bands.push_back(band.band);
  try {
    const auto powers = band_power(spectrum.psd, spectrum.freqs_hz, wanted);
    for (std::size_t b = 0; b < bands.size(); ++b) {
      double sum = 0;
      for (std::int64_t c = 0; c < powers.power.extent(0); ++c) sum += powers.power(c, static_cast<std::int64_t>(b));
      picture.numbers.emplace_back(
          bands[b].name + ", " + bands[b].edges(),
          three_digits(sum / static_cast<double>(powers.power.extent(0))) + " " + signals.unit + "\xC2\xB2");
    }
  } catch (const Error&) {
    picture.numbers.emplace_back("bands", "not computed: a channel is flat");
  }
  return picture;
}

const PlotKind psd_kind{.name = "psd", .about = "power spectral density of each channel", .draw = draw};
CATON_REGISTER(PlotKind, psd_kind);

}  // namespace
}  // namespace caton::report
