// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/prepare/cleaning/components.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/panel.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton::report {
namespace {

constexpr double most_seconds = 300, course_s = 10, highest_hz = 60;
constexpr double card_width = 492, card_height = 176, map_width = 138, top = 62;

/// Colour of what speaks for a kind: the same as on the page of `caton clean`.
Colour colour_of_kind(ComponentKind kind) {
  switch (kind) {
    case ComponentKind::eye: return category(1);
    case ComponentKind::muscle: return category(2);
    case ComponentKind::heart: return category(3);
    case ComponentKind::brain: break;
  }
  return ink::accent;
}

/// Channels of another type recorded beside the part that is drawn [V].
std::optional<Matrix> beside(const PlotSignals& signals, const char* type) {
  std::vector<std::int64_t> chosen;
  for (const std::int64_t channel : signals.recording->channels_of_type(type)) {
    const Channel& facts = signals.recording->channels()[static_cast<std::size_t>(channel)];
    if (facts.rate_hz == signals.rate_hz && facts.samples >= signals.first + signals.x.extent(1))
      chosen.push_back(channel);
  }
  if (chosen.empty()) return std::nullopt;
  Matrix x({static_cast<std::int64_t>(chosen.size()), signals.x.extent(1)}, uninitialised);
  signals.recording->read(chosen, signals.first, x.extent(1), x.view());
  return x;
}

std::vector<std::int64_t> pieces_of(const PlotSignals& signals) {
  std::vector<std::int64_t> pieces;
  const std::int64_t begin = signals.first, end = begin + signals.x.extent(1);
  for (const Segment& segment : signals.recording->segments()) {
    const std::int64_t count = std::min(segment.first + segment.count, end) - std::max(segment.first, begin);
    if (count > 0) pieces.push_back(count);
  }
  return pieces;
}

/// What was drawn from, in volts; signals of another unit are brought to the size of a brain's.
struct Decomposed {
  Matrix volts;
  double factor = 1e-6;  ///< volts in the unit that is shown
  CleanInput input;
  Cleaned cleaned;
};

Decomposed decompose(const PlotRequest& request, const PlotSignals& signals) {
  Decomposed result{.volts = signals.x, .input = {.signal = {}, .channels = {}}};
  if (signals.unit != "\xC2\xB5V") {
    constexpr double usual_v = 1e-5;
    std::vector<double> spreads;
    for (std::int64_t c = 0; c < signals.x.extent(0); ++c)
      spreads.push_back(robust_deviation({&signals.x(c, 0), &signals.x(c, 0) + signals.x.extent(1)}));
    const double middle = median(std::move(spreads));
    result.factor = middle > 0 ? usual_v / middle : 1;
  }
  for (double& value : result.volts) value *= result.factor;
  CleanInput& input = result.input;
  input.signal = result.volts;
  input.channels = signals.names;
  input.rate_hz = signals.rate_hz;
  if (std::all_of(signals.positions_m.begin(), signals.positions_m.end(),
                  [](const auto& p) { return p.has_value(); })) {
    input.positions_m = Matrix({input.signal.extent(0), 3});
    for (std::int64_t c = 0; c < input.signal.extent(0); ++c) {
      for (std::int64_t axis = 0; axis < 3; ++axis)
        (*input.positions_m)(c, axis) =
            (*signals.positions_m[static_cast<std::size_t>(c)])[static_cast<std::size_t>(axis)];
    }
  }
  input.pieces = pieces_of(signals);
  input.eog = beside(signals, "eog");
  input.ecg = beside(signals, "ecg");
  result.cleaned = clean(input, {.high_pass_hz = 0, .asr = false, .reference = CleanReference::as_recorded});
  if (result.cleaned.components.empty()) {
    throw input_error(request.file,
                      "is too short or has too few channels for independent components: " +
                          counted(static_cast<std::int64_t>(result.cleaned.used.size()), "usable channel") + ", " +
                          three_digits(signals.seconds()) + " s",
                      "at least 4 channels and 20 samples for each entry of the unmixing matrix are needed");
  }
  return result;
}

/// Which components are drawn: all that are not the brain's, then the largest; in order of their variance.
std::vector<std::size_t> drawn_components(const Cleaned& cleaned, std::size_t most) {
  std::vector<std::size_t> chosen;
  for (const bool judged : {true, false}) {
    for (std::size_t k = 0; k < cleaned.components.size() && chosen.size() < most; ++k) {
      if ((cleaned.components[k].kind != ComponentKind::brain) == judged) chosen.push_back(k);
    }
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// The stretch in which most is going on in the components that are not the brain's (in all where there are none).
std::int64_t busiest(const Cleaned& cleaned, std::int64_t length) {
  const bool any = std::any_of(cleaned.components.begin(), cleaned.components.end(),
                               [](const CleanComponent& c) { return c.kind != ComponentKind::brain; });
  const std::int64_t samples = cleaned.sources.extent(1);
  if (!any) return 0;
  std::int64_t best = 0;
  double most = -1;
  for (std::int64_t begin = 0; begin + length <= samples; begin += std::max<std::int64_t>(1, length / 2)) {
    double sum = 0;
    for (std::size_t k = 0; k < cleaned.components.size(); ++k) {
      if (cleaned.components[k].kind == ComponentKind::brain) continue;
      for (std::int64_t t = begin; t < begin + length; ++t)
        sum += std::min(std::abs(cleaned.sources(static_cast<std::int64_t>(k), t)), 6.0);
    }
    if (sum <= most) continue;
    most = sum;
    best = begin;
  }
  return best;
}

/// One score as a bar on its track with a notch at the limit.
void draw_score(Svg& svg, Point at, double width, const std::string& name, std::optional<double> value, double limit,
                const Axis& track, Colour colour) {
  svg.text(at, name, {.size = 10.5, .colour = ink::faint});
  svg.text({at.x + width, at.y}, value ? decimal(*value, 2) : "\xE2\x80\x93",
           {.anchor = "end",
            .size = 10.5,
            .colour = value && *value >= limit ? colour : ink::text,
            .bold = value && *value >= limit});
  const double y = at.y + 4;
  const Axis place{track.low, track.high, at.x, at.x + width};
  svg.rectangle({at.x, y}, width, 5, ink::grid);
  if (value) {
    const double end = place.at(std::clamp(*value, track.low, track.high)), zero = place.at(std::max(0.0, track.low));
    svg.rectangle({std::min(zero, end), y}, std::abs(end - zero), 5, *value >= limit ? colour : ink::axis);
  }
  svg.line({place.at(limit), y - 2}, {place.at(limit), y + 7}, {.colour = ink::text, .width = 1.2});
}

struct CardFacts {
  const PlotSignals* signals = nullptr;
  const Decomposed* all = nullptr;
  const Spectrum* spectrum = nullptr;
  std::int64_t begin = 0, count = 0;  ///< of the course that is shown
};

void draw_map(Svg& svg, const CardFacts& facts, std::size_t k, Point corner) {
  const Cleaned& cleaned = facts.all->cleaned;
  ScalpMap map;
  double largest = 0;
  for (std::size_t i = 0; i < cleaned.used.size(); ++i) {
    const auto channel = static_cast<std::size_t>(cleaned.used[i]);
    if (!facts.signals->positions_m[channel]) continue;
    map.electrodes.push_back(facts.signals->names[channel]);
    map.positions_m.push_back(*facts.signals->positions_m[channel]);
    map.values.push_back(cleaned.maps(static_cast<std::int64_t>(i), static_cast<std::int64_t>(k)) / facts.all->factor);
    largest = std::max(largest, std::abs(map.values.back()));
  }
  if (map.values.empty()) {
    svg.text({corner.x + map_width / 2, corner.y + 70}, "places not known",
             {.anchor = "middle", .size = 11, .colour = ink::faint});
    return;
  }
  map.scale = {Palette::diverging, -largest, largest};
  map.unit = facts.signals->unit;
  map.width = map_width;
  map.bar = false;
  svg.place(corner, scalp_map(map));
  const std::string reach = three_digits(largest);
  const double bar = 56, x = corner.x + (map_width - bar) / 2, y = corner.y + 133;
  constexpr int steps = 24;
  for (int i = 0; i < steps; ++i)
    svg.rectangle({x + bar * i / steps, y}, bar * (steps - i) / steps, 6,
                  colour_of(Palette::diverging, (i + 0.5) / steps));
  svg.text({x - 4, y + 7}, "\xE2\x88\x92" + reach, {.anchor = "end", .size = 10, .colour = ink::faint});
  svg.text({x + bar + 4, y + 7}, reach, {.size = 10, .colour = ink::faint});
}

void draw_card(Svg& svg, const CardFacts& facts, std::size_t k, Point corner) {
  const Cleaned& cleaned = facts.all->cleaned;
  const CleanComponent& component = cleaned.components[k];
  const auto row = static_cast<std::int64_t>(k);
  const bool kept = component.kind == ComponentKind::brain;
  const Colour colour = colour_of_kind(component.kind);
  svg.line({corner.x, corner.y - 6}, {corner.x + card_width - 16, corner.y - 6}, {.colour = ink::grid});
  const std::string title = "IC " + std::to_string(k + 1) + (kept ? "" : std::string(", ") + kind_name(component.kind));
  svg.text({corner.x + 4, corner.y + 12}, title, {.size = 13, .colour = kept ? ink::text : colour, .bold = true});
  svg.text({corner.x + 4, corner.y + 27}, percent(component.variance) + " of variance",
           {.size = 10.5, .colour = ink::faint});
  draw_map(svg, facts, k, {corner.x, corner.y + 22});
  const double left = corner.x + map_width + 26, right = corner.x + card_width - 16;
  const std::span<const double> course(&cleaned.sources(row, facts.begin), static_cast<std::size_t>(facts.count));
  double reach = 2;
  for (const double value : course) reach = std::max(reach, std::abs(value));
  const double start = facts.signals->time_of(facts.signals->first + facts.begin);
  const Panel time = draw_panel(svg, {.corner = {left, corner.y + 2},
                                      .width = right - left,
                                      .height = 50,
                                      .x_low = start,
                                      .x_high = start + static_cast<double>(facts.count) / facts.signals->rate_hz,
                                      .y_low = -reach,
                                      .y_high = reach,
                                      .y_ticks = false});
  draw_curve(svg, time, start, 1 / facts.signals->rate_hz, course, {.colour = colour, .width = 0.9});
  svg.text({right, corner.y + 82}, "time, s", {.anchor = "end", .size = 10, .colour = ink::faint});
  std::vector<double> levels;
  double low = INFINITY, high = -INFINITY;
  const double end_hz = std::min(highest_hz, facts.signals->rate_hz / 2);
  for (std::size_t f = 2; f < facts.spectrum->freqs_hz.size() && facts.spectrum->freqs_hz[f] <= end_hz; ++f) {
    levels.push_back(10 * std::log10(facts.spectrum->psd(row, static_cast<std::int64_t>(f)) + 1e-300));
    low = std::min(low, levels.back());
    high = std::max(high, levels.back());
  }
  if (levels.size() < 2) return;
  low = std::max(low, high - 60);
  const double bin_hz = facts.spectrum->freqs_hz[1];
  const Panel density = draw_panel(svg, {.corner = {left, corner.y + 88},
                                         .width = 152,
                                         .height = 54,
                                         .x_low = 0,
                                         .x_high = end_hz,
                                         .y_low = low - 2,
                                         .y_high = high + 2,
                                         .y_ticks = true});
  draw_curve(svg, density, 2 * bin_hz, bin_hz, levels, {.colour = colour, .width = 1.2});
  svg.text({left + 152, corner.y + 84}, "dB", {.anchor = "end", .size = 10, .colour = ink::faint});
  svg.text({left + 162, corner.y + 158}, "Hz", {.size = 10, .colour = ink::faint});
  const double bars = left + 186, width = right - bars;
  const CleanInput& input = facts.all->input;
  const bool eyes = input.eog || input.positions_m;
  const Axis share{0, 1}, slope{-3, 3};
  using namespace component_limits;
  draw_score(svg, {bars, corner.y + 98}, width, "eye, |r|",
             eyes ? std::optional(std::abs(component.eye)) : std::nullopt, input.eog ? eye_channel_r : foremost_r,
             share, colour_of_kind(ComponentKind::eye));
  draw_score(svg, {bars, corner.y + 122}, width, "heart, |r|",
             input.ecg ? std::optional(std::abs(component.heart)) : std::nullopt, heart_r, share,
             colour_of_kind(ComponentKind::heart));
  draw_score(svg, {bars, corner.y + 146}, width, "muscle, slope", component.slope, muscle_slope, slope,
             colour_of_kind(ComponentKind::muscle));
}

std::string counts_text(const Cleaned& cleaned) {
  std::map<std::string, int> kinds;
  for (const CleanComponent& component : cleaned.components) ++kinds[kind_name(component.kind)];
  std::vector<std::string> words;
  for (const auto& [kind, count] : kinds) words.push_back(std::to_string(count) + " " + kind);
  return join(words, ", ");
}

PlotPicture draw(const PlotRequest& request) {
  const PlotSignals signals = plot_signals(request, most_seconds);
  const Decomposed all = decompose(request, signals);
  const Cleaned& cleaned = all.cleaned;
  const auto segment =
      std::min<std::int64_t>(cleaned.sources.extent(1), static_cast<std::int64_t>(std::llround(2 * signals.rate_hz)));
  const Spectrum spectrum =
      welch(cleaned.sources,
            {.rate_hz = signals.rate_hz, .fft_samples = segment, .overlap_samples = segment / 2, .window = "hann"});
  CardFacts facts{.signals = &signals, .all = &all, .spectrum = &spectrum};
  facts.count = std::min<std::int64_t>(cleaned.sources.extent(1), std::llround(course_s * signals.rate_hz));
  facts.begin = busiest(cleaned, facts.count);
  const auto drawn = drawn_components(cleaned, static_cast<std::size_t>(request.most_components));
  const std::size_t rows = (drawn.size() + 1) / 2;
  PlotPicture picture{.title = file_name(request) + ": independent components"};
  Svg svg(2 * card_width, top + card_height * static_cast<double>(rows), picture.title);
  draw_title(svg, picture.title,
             signals.about() + "; " + counted(static_cast<std::int64_t>(cleaned.components.size()), "component") +
                 ": " + counts_text(cleaned) +
                 (drawn.size() < cleaned.components.size() ? "; " + std::to_string(drawn.size()) + " drawn" : ""));
  for (std::size_t i = 0; i < drawn.size(); ++i)
    draw_card(svg, facts, drawn[i],
              {10 + card_width * static_cast<double>(i % 2), top + card_height * static_cast<double>(i / 2)});
  picture.svg = svg.finished();
  picture.caption =
      "Extended Picard on the signal above 1 Hz without bad channels. Maps: " + signals.unit +
      " for one deviation of the course, the sign is arbitrary; courses: " + three_digits(course_s) +
      " s where most happens; spectra: 2 s Hann windows. Scores: a bar beyond its notch speaks for taking the "
      "component "
      "away; blinks must also be rare, one-sided and strongest in front, and muscle must stay loud above 45 Hz.";
  picture.numbers.emplace_back("components", counts_text(cleaned));
  std::vector<std::string> bad;
  for (const std::int64_t c : cleaned.bad_indices) bad.push_back(signals.names[static_cast<std::size_t>(c)]);
  if (!bad.empty()) picture.numbers.emplace_back("bad channels, left out", join(bad, ", "));
  for (std::size_t k = 0; k < cleaned.components.size(); ++k) {
    const CleanComponent& component = cleaned.components[k];
    picture.numbers.emplace_back(
        "IC " + std::to_string(k + 1),
        std::string(kind_name(component.kind)) + ", " + percent(component.variance) + " of variance: " + component.why);
  }
  return picture;
}

const PlotKind ica_kind{.name = "ica",
                        .about = "independent components: maps, courses, spectra, and what speaks for eye or muscle",
                        .fewest_channels = 4,
                        .draw = draw};
CATON_REGISTER(PlotKind, ica_kind);

}  // namespace
}  // namespace caton::report
