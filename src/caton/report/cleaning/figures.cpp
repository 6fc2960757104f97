// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/cleaning/figures.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/figures/axis.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/figures/xy_plot.hpp"
#include "caton/report/svg.hpp"
#include "caton/signal/reference.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace caton::report {
namespace {

constexpr Colour recorded_ink{217, 119, 6}, cleaned_ink{29, 78, 137};
constexpr double microvolts = 1e6, excerpt_s = 10, shown_hz = 70;
constexpr std::size_t most_traces = 32, most_points = 900;
const std::string micro_volt = "\xC2\xB5V";

constexpr const char* marked_bad_kind = "bad";

/// Where something was taken away, and what was marked.
std::vector<CleanSpan> shown_spans(const CleaningFacts& facts) {
  std::vector<CleanSpan> spans = facts.cleaned->spans;
  for (const RejectedSpan& span : facts.cleaned->rejection.spans)
    spans.push_back({span.begin, span.end, marked_bad_kind});
  return spans;
}

Colour colour_of_kind(const std::string& kind) {
  if (kind == "eye") return category(1);
  if (kind == "burst") return category(3);
  if (kind == marked_bad_kind) return Colour{71, 85, 105};
  return category(2);
}

/// Which channels are drawn: all, or evenly chosen ones.
std::vector<std::int64_t> shown_channels(const CleaningFacts& facts) {
  const auto count = static_cast<std::size_t>(facts.input->signal.extent(0));
  const std::size_t shown = std::min(count, most_traces);
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < shown; ++i) rows.push_back(static_cast<std::int64_t>(i * count / shown));
  return rows;
}

std::vector<std::array<double, 3>> places(const Matrix& positions, const std::vector<std::int64_t>& rows) {
  std::vector<std::array<double, 3>> result;
  for (const std::int64_t row : rows) result.push_back({positions(row, 0), positions(row, 1), positions(row, 2)});
  return result;
}

/// A row of a signal as a line; at most `most_points`, each the mean of what it stands for.
std::vector<Point> trace(View<const double, 1> row, const Excerpt& part, const Axis& time, double middle,
                         double px_per_unit, double up, double down) {
  double mean = 0;
  for (std::int64_t t = 0; t < part.count; ++t) mean += row[part.begin + t] / static_cast<double>(part.count);
  const std::int64_t step = std::max<std::int64_t>(1, part.count / static_cast<std::int64_t>(most_points));
  std::vector<Point> points;
  for (std::int64_t t = 0; t + step <= part.count; t += step) {
    double sum = 0;
    for (std::int64_t i = 0; i < step; ++i) sum += row[part.begin + t + i] - mean;
    const double away = std::clamp(sum / static_cast<double>(step) * px_per_unit, -down, up);
    points.push_back({time.at(static_cast<double>(t)), middle - away});
  }
  return points;
}

/// A round number of microvolts that is about this large.
double rounded_scale(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= value) return factor * power;
  return 10 * power;
}

void draw_spans(Svg& svg, const CleaningFacts& facts, const Excerpt& part, const Axis& time, double top,
                double height) {
  for (const CleanSpan& span : shown_spans(facts)) {
    const std::int64_t begin = std::max(span.begin, part.begin), end = std::min(span.end, part.begin + part.count);
    if (begin >= end) continue;
    const double left = time.at(static_cast<double>(begin - part.begin));
    const double right = time.at(static_cast<double>(end - part.begin));
    svg.rectangle({left, top}, std::max(1.0, right - left), height, colour_of_kind(span.kind), 0.13);
  }
}

void draw_seconds(Svg& svg, const CleaningFacts& facts, const Excerpt& part, const Axis& time, double y) {
  const double rate = facts.input->rate_hz, first = static_cast<double>(part.begin) / rate;
  const auto ticks = ticks_between(first, first + static_cast<double>(part.count) / rate, 10);
  const auto texts = tick_texts(ticks);
  for (std::size_t i = 0; i < ticks.size(); ++i)
    svg.text({time.at((ticks[i] - first) * rate), y}, texts[i], {.anchor = "middle", .size = 11, .colour = ink::faint});
}

Spectrum spectrum_of(Signal x, double rate_hz) {
  const auto length = std::min<std::int64_t>(x.extent(1), static_cast<std::int64_t>(std::ceil(2 * rate_hz)));
  return welch(x, {.rate_hz = rate_hz, .fft_samples = length, .overlap_samples = length / 2, .window = "hann"});
}

/// Middle channel in dB over 1 µV²/Hz.
std::vector<Point> middle_spectrum(Signal x, double rate_hz) {
  const Spectrum spectrum = spectrum_of(x, rate_hz);
  std::vector<Point> points;
  for (std::size_t f = 1; f < spectrum.freqs_hz.size() && spectrum.freqs_hz[f] <= shown_hz; ++f) {
    std::vector<double> powers;
    for (std::int64_t c = 0; c < x.extent(0); ++c)
      powers.push_back(spectrum.psd(c, static_cast<std::int64_t>(f)) * microvolts * microvolts);
    const double power = std::max(median(std::move(powers)), 1e-9);
    points.push_back({spectrum.freqs_hz[f], 10 * std::log10(power)});
  }
  return points;
}

}  // namespace

Excerpt excerpt_of(const CleaningFacts& facts) {
  const Matrix& after = facts.cleaned->signal;
  const Matrix& before = facts.cleaned->as_filtered;
  const std::int64_t samples = after.extent(1);
  const auto wanted = static_cast<std::int64_t>(std::nearbyint(excerpt_s * facts.input->rate_hz));
  const std::int64_t count = std::min(samples, wanted), step = std::max<std::int64_t>(1, count / 4);
  std::vector<double> change(static_cast<std::size_t>(samples), 0.0);
  for (std::int64_t c = 0; c < after.extent(0); ++c) {
    if (std::count(facts.cleaned->bad_indices.begin(), facts.cleaned->bad_indices.end(), c) > 0) continue;
    for (std::int64_t t = 0; t < samples; ++t)
      change[static_cast<std::size_t>(t)] += std::pow(after(c, t) - before(c, t), 2);
  }
  const auto& bad = facts.cleaned->rejection.spans;
  const auto holds_bad = [&](std::int64_t begin) {
    return std::any_of(bad.begin(), bad.end(),
                       [&](const RejectedSpan& span) { return span.begin < begin + count && begin < span.end; });
  };
  Excerpt best{0, count};
  std::pair<bool, double> largest{false, -1};  // what is marked as bad shows nothing of what cleaning does
  for (std::int64_t begin = 0; begin + count <= samples; begin += step) {
    double sum = 0;
    for (std::int64_t t = begin; t < begin + count; ++t) sum += change[static_cast<std::size_t>(t)];
    const std::pair<bool, double> here{!holds_bad(begin), sum};
    if (here <= largest) continue;
    largest = here;
    best.begin = begin;
  }
  return best;
}

std::string before_and_after(const CleaningFacts& facts) {
  const auto rows = shown_channels(facts);
  const Excerpt part = excerpt_of(facts);
  const double row_height = rows.size() > 20 ? 22 : 34, left = 64, top = 46, width = 860;
  const double bottom = top + row_height * static_cast<double>(rows.size());
  std::vector<double> spreads;
  for (const std::int64_t c : rows) {
    const auto row = facts.cleaned->signal[c];
    spreads.push_back(robust_deviation({row.data(), row.data() + row.extent(0)}) * microvolts);
  }
  const double scale = rounded_scale(std::max(1.0, 5 * median(std::move(spreads))));  // µV for the height of a row
  Svg svg(width, bottom + 30, "Ten seconds of the recording before and after cleaning");
  const Axis time{0, static_cast<double>(part.count), left, width - 14};
  draw_spans(svg, facts, part, time, top, bottom - top);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double middle = top + row_height * (static_cast<double>(i) + 0.5), px = row_height / scale * microvolts;
    const auto c = rows[i];
    const bool bad = std::count(facts.cleaned->bad_indices.begin(), facts.cleaned->bad_indices.end(), c) > 0;
    svg.text({left - 10, middle + 4}, fitted(facts.input->channels[static_cast<std::size_t>(c)], left - 14, 11),
             {.anchor = "end", .size = 11, .colour = bad ? category(3) : ink::text, .bold = bad});
    const double down = row_height * 2.2, up = std::min(down, middle - top + 14);
    svg.polyline(trace(facts.cleaned->as_filtered[c], part, time, middle, px, up, down),
                 {.colour = recorded_ink, .width = 1});
    svg.polyline(trace(facts.cleaned->signal[c], part, time, middle, px, up, down),
                 {.colour = cleaned_ink, .width = 1.1});
  }
  draw_legend(svg, {left, 16}, width - left, {{"as recorded, same filters", recorded_ink}, {"cleaned", cleaned_ink}});
  svg.line({width - 8, top}, {width - 8, top + row_height}, {.colour = ink::text, .width = 2});
  svg.text({width - 12, top - 6}, number_text(scale) + " " + micro_volt, {.anchor = "end", .size = 11});
  draw_seconds(svg, facts, part, time, bottom + 14);
  svg.text({(left + width) / 2, bottom + 27}, "time, s", {.anchor = "middle", .size = 11, .colour = ink::faint});
  return svg.finished();
}

std::string spectra(const CleaningFacts& facts) {
  CurvePlot plot{.title = "Spectra before and after cleaning, middle channel",
                 .x_axis = "frequency, Hz",
                 .y_axis = "power, dB over 1 " + micro_volt + "\xC2\xB2/Hz"};
  const Matrix recorded = facts.cleaned->reference == "average"
                              ? average_reference(facts.input->signal, facts.cleaned->bad_indices).y
                              : Matrix(facts.input->signal);
  plot.series.push_back({middle_spectrum(recorded, facts.input->rate_hz), recorded_ink});
  plot.series.push_back({middle_spectrum(facts.cleaned->signal, facts.input->rate_hz), cleaned_ink});
  plot.legend = {{"as recorded", recorded_ink}, {"cleaned", cleaned_ink}};
  plot.width = 440;
  plot.height = 270;
  return curve_plot(plot);
}

std::string timeline(const CleaningFacts& facts) {
  const auto spans = shown_spans(facts);
  std::vector<std::string> kinds;
  for (const CleanSpan& span : spans)
    if (std::find(kinds.begin(), kinds.end(), span.kind) == kinds.end()) kinds.push_back(span.kind);
  if (kinds.empty()) return {};
  const double left = 64, width = 860, row = 22, top = 8;
  const double bottom = top + row * static_cast<double>(kinds.size());
  const auto samples = static_cast<double>(facts.input->signal.extent(1));
  Svg svg(width, bottom + 34, "Where something was taken away or marked as bad");
  const Axis time{0, samples, left, width - 14};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const double y = top + row * static_cast<double>(i);
    svg.rectangle({left, y + 3}, width - 14 - left, row - 6, Colour{241, 245, 249});
    svg.text({left - 10, y + row / 2 + 4}, kinds[i], {.anchor = "end", .size = 11});
    for (const CleanSpan& span : spans) {
      if (span.kind != kinds[i]) continue;
      const double from = time.at(static_cast<double>(span.begin)), to = time.at(static_cast<double>(span.end));
      svg.rectangle({from, y + 3}, std::max(0.8, to - from), row - 6, colour_of_kind(span.kind), 0.8);
    }
  }
  draw_seconds(svg, facts, {0, facts.input->signal.extent(1)}, time, bottom + 14);
  svg.text({(left + width) / 2, bottom + 28}, "time, s", {.anchor = "middle", .size = 11, .colour = ink::faint});
  return svg.finished();
}

std::string removed_map(const CleaningFacts& facts) {
  if (!facts.input->positions_m) return {};
  ScalpMap map{.title = "Root mean square of what was taken away", .electrodes = facts.input->channels};
  std::vector<std::int64_t> rows;
  double largest = 0;
  for (std::int64_t c = 0; c < facts.cleaned->signal.extent(0); ++c) {
    rows.push_back(c);
    double square = 0;
    const auto samples = static_cast<double>(facts.cleaned->signal.extent(1));
    for (std::int64_t t = 0; t < facts.cleaned->signal.extent(1); ++t)
      square += std::pow(facts.cleaned->signal(c, t) - facts.cleaned->as_filtered(c, t), 2) / samples;
    map.values.push_back(std::sqrt(square) * microvolts);
    largest = std::max(largest, map.values.back());
  }
  if (!(largest > 0)) return {};
  map.positions_m = places(*facts.input->positions_m, rows);
  map.scale = {Palette::sequential, 0, largest};
  map.unit = micro_volt;
  map.width = 260;
  return scalp_map(map);
}

std::string component_card(const CleaningFacts& facts, std::int64_t k) {
  const Cleaned& cleaned = *facts.cleaned;
  const double width = 190;
  std::string drawing;
  if (facts.input->positions_m) {
    ScalpMap map{.title = "Map of component " + std::to_string(k + 1)};
    double largest = 0;
    for (std::size_t i = 0; i < cleaned.used.size(); ++i) {
      map.electrodes.push_back(facts.input->channels[static_cast<std::size_t>(cleaned.used[i])]);
      map.values.push_back(cleaned.maps(static_cast<std::int64_t>(i), k) * microvolts);
      largest = std::max(largest, std::abs(map.values.back()));
    }
    map.positions_m = places(*facts.input->positions_m, cleaned.used);
    map.scale = {Palette::diverging, -largest, largest};
    map.unit = micro_volt;
    map.width = width;
    drawing = scalp_map(map);
  }
  const double height = 86, left = 6;
  Svg svg(width, height, "Course and spectrum of component " + std::to_string(k + 1));
  const Excerpt part = excerpt_of(facts);
  const auto row = cleaned.sources[k];
  const Axis time{0, static_cast<double>(part.count), left, width - 6};
  const bool removed = cleaned.components[static_cast<std::size_t>(k)].kind != ComponentKind::brain;
  const Colour line = removed ? recorded_ink : cleaned_ink;
  double tallest = 1;
  for (std::int64_t t = 0; t < part.count; ++t) tallest = std::max(tallest, std::abs(row[part.begin + t]));
  svg.polyline(trace(row, part, time, 22, 18 / tallest, 20, 20), {.colour = line, .width = 0.9});
  const Matrix one(cleaned.sources.view().slice(0, k, 1));
  const Spectrum spectrum = spectrum_of(one, facts.input->rate_hz);
  double low = 1e300, high = -1e300;
  std::vector<Point> points;
  for (std::size_t f = 1; f < spectrum.freqs_hz.size() && spectrum.freqs_hz[f] <= 45; ++f) {
    points.push_back({spectrum.freqs_hz[f], std::log10(spectrum.psd(0, static_cast<std::int64_t>(f)) + 1e-12)});
    low = std::min(low, points.back().y);
    high = std::max(high, points.back().y);
  }
  const Axis hz{0, 45, left, width - 6}, power{low, high, 72, 48};
  for (Point& point : points) point = {hz.at(point.x), power.at(point.y)};
  svg.polyline(points, {.colour = line, .width = 1});
  for (const double tick : {0.0, 10.0, 20.0, 30.0, 40.0})
    svg.text({hz.at(tick), 84}, number_text(tick) + (tick == 40 ? " Hz" : ""),
             {.anchor = tick == 0 ? "start" : "middle", .size = 9, .colour = ink::faint});
  return drawing + svg.finished();
}

}  // namespace caton::report
