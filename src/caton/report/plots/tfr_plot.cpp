// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/image.hpp"
#include "caton/report/plots/plot_epochs.hpp"
#include "caton/signal/stft.hpp"
#include "caton/signal/time_frequency.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton::report {
namespace {

constexpr double width = 860, most_seconds = 3600, lowest_hz = 3, highest_hz = 45;
constexpr std::size_t most_events = 2;
constexpr int steps = 36;

/// Frequencies evenly spaced in their logarithm; what was filtered away has no change that could be shown.
std::vector<double> frequencies(const PlotRequest& request, double rate_hz) {
  const double high = std::min({highest_hz, 0.45 * rate_hz, request.high_hz.value_or(highest_hz)});
  const double low = std::min(std::max(lowest_hz, request.low_hz.value_or(lowest_hz)), 0.8 * high);
  std::vector<double> hz;
  for (int i = 0; i < steps; ++i) hz.push_back(low * std::pow(high / low, i / (steps - 1.0)));
  return hz;
}

/// Half as many cycles as Hz: the same half second everywhere, two cycles at least and ten at most.
std::vector<double> cycles_of(const std::vector<double>& freqs_hz) {
  std::vector<double> cycles;
  for (const double hz : freqs_hz) cycles.push_back(std::clamp(hz / 2, 2.0, 10.0));
  return cycles;
}

/// The axis of frequencies is a logarithm; ticks stand at the edges of the usual bands.
Panel draw_frequency_panel(Svg& svg, Point corner, double box, double height, double x_low, double x_high,
                           double low_hz, double high_hz, const std::string& x_label) {
  const Panel panel = draw_panel(svg, {.corner = corner,
                                       .width = box,
                                       .height = height,
                                       .x_low = x_low,
                                       .x_high = x_high,
                                       .y_low = std::log(low_hz),
                                       .y_high = std::log(high_hz),
                                       .x_label = x_label,
                                       .y_label = "frequency, Hz",
                                       .y_ticks = false,
                                       .y_label_room = 18});
  for (const double hz : {1.0, 2.0, 4.0, 8.0, 13.0, 20.0, 30.0, 45.0, 80.0}) {
    if (hz < low_hz || hz > high_hz * 1.001) continue;
    const double y = panel.up.at(std::log(hz));
    svg.line({corner.x - 4, y}, {corner.x, y});
    svg.text({corner.x - 7, y + 4}, number_text(hz), {.anchor = "end", .size = 11, .colour = ink::faint});
  }
  return panel;
}

struct Change {
  std::vector<std::vector<double>> db;  ///< frequencies x samples, mean over channels
  std::vector<double> times_s;
};

/// Power against its baseline, channel by channel, then the mean over channels; the margins are cut off.
Change change_of(const PlotRequest& request, const PlotSignals& signals, const EventEpochs& epochs,
                 const std::vector<double>& freqs_hz) {
  const auto set =
      morlet_wavelets({.rate_hz = signals.rate_hz, .freqs_hz = freqs_hz, .cycles = cycles_of(freqs_hz)}, "plot tfr");
  const auto decimate = std::max<std::int64_t>(1, static_cast<std::int64_t>(signals.rate_hz / 100));
  const auto average = tfr_average(epochs.cut.epochs, set, {.decimate = decimate, .where = "plot tfr"});
  std::vector<double> times;
  for (std::size_t t = 0; t < epochs.cut.times_s.size(); t += static_cast<std::size_t>(decimate))
    times.push_back(epochs.cut.times_s[t]);
  const auto base = samples_within("plot tfr", "--baseline", baseline_of(request).value_or(TimeSpan{}), times);
  const auto shown =
      samples_within("plot tfr", "--start and --stop", {.begin_s = request.start_s, .end_s = request.stop_s}, times);
  const std::int64_t channels = average.power.extent(0);
  Change change{std::vector<std::vector<double>>(
                    freqs_hz.size(), std::vector<double>(static_cast<std::size_t>(shown.end - shown.begin), 0.0)),
                {times.begin() + shown.begin, times.begin() + shown.end}};
  std::int64_t used = 0;
  for (std::int64_t c = 0; c < channels; ++c) {
    const Matrix power(average.power.view()[c]);
    const bool flat = std::all_of(power.begin(), power.end(), [](double v) { return v == 0; });
    if (flat) continue;
    ++used;
    const Matrix ratio = baseline(power, base, BaselineMode::logratio);
    for (std::size_t f = 0; f < freqs_hz.size(); ++f) {
      for (std::int64_t t = shown.begin; t < shown.end; ++t)
        change.db[f][static_cast<std::size_t>(t - shown.begin)] += 10 * ratio(static_cast<std::int64_t>(f), t);
    }
  }
  if (used == 0) throw input_error(request.file, "every channel is flat: there is no power to compare");
  for (auto& row : change.db) {
    for (double& value : row) value /= static_cast<double>(used);
  }
  return change;
}

void note_extremes(PlotPicture& picture, const std::string& text, const Change& change,
                   const std::vector<double>& freqs_hz) {
  for (const double sign : {1.0, -1.0}) {
    double best = -INFINITY;
    std::size_t f_best = 0, t_best = 0;
    for (std::size_t f = 0; f < change.db.size(); ++f) {
      for (std::size_t t = 0; t < change.times_s.size(); ++t) {
        if (change.times_s[t] < 0 || sign * change.db[f][t] <= best) continue;
        best = sign * change.db[f][t];
        f_best = f;
        t_best = t;
      }
    }
    if (!std::isfinite(best)) continue;
    picture.numbers.emplace_back(text + (sign > 0 ? ", strongest rise" : ", strongest fall"),
                                 three_digits(sign * best) + " dB at " + three_digits(freqs_hz[f_best]) + " Hz, " +
                                     three_digits(1e3 * change.times_s[t_best]) + " ms");
  }
}

PlotPicture around_events(const PlotRequest& request, const PlotSignals& signals) {
  const auto freqs = frequencies(request, signals.rate_hz);
  // The lowest wavelet of two cycles reaches 5 standard deviations to each side; half of that hardly counts.
  const double margin = 2.5 * 2 / (2 * std::numbers::pi * lowest_hz);
  const auto all = event_epochs(request, signals, most_events, margin);
  PlotPicture picture{.title = file_name(request) + ": power over time and frequency"};
  constexpr double block = 350;
  Svg svg(width, 50 + block * static_cast<double>(all.size()), picture.title);
  draw_title(svg, picture.title, signals.about() + ", " + baseline_text(request));
  std::vector<Change> changes;
  std::vector<std::vector<double>> every;
  for (const EventEpochs& epochs : all) {
    changes.push_back(change_of(request, signals, epochs, freqs));
    every.insert(every.end(), changes.back().db.begin(), changes.back().db.end());
  }
  const double reach = reach_of(every, 0.995);
  const ColourScale scale{Palette::diverging, -reach, reach};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double top = 48 + block * static_cast<double>(i);
    svg.text({66, top + 14}, fitted(all[i].text, 420, 13), {.size = 13, .bold = true});
    svg.text({width - 80, top + 14}, all[i].about(), {.anchor = "end", .size = 11.5, .colour = ink::faint});
    const Panel panel =
        draw_frequency_panel(svg, {66, top + 24}, width - 146, 260, changes[i].times_s.front(),
                             changes[i].times_s.back(), freqs.front(), freqs.back(), "time from the event, s");
    draw_image(svg, panel, changes[i].db, scale);
    if (changes[i].times_s.front() < 0 && changes[i].times_s.back() > 0)
      svg.line(panel.at(0, panel.up.low), panel.at(0, panel.up.high),
               {.colour = ink::text, .width = 1.2, .dash = "4 3"});
    draw_upright_bar(svg, {width - 70, top + 24}, 260, scale, "dB against the baseline");
    picture.numbers.emplace_back(all[i].text, all[i].about());
    note_extremes(picture, all[i].text, changes[i], freqs);
  }
  picture.svg = svg.finished();
  picture.caption =
      "Morlet wavelets of half as many cycles as Hz (2 to 10), power averaged over epochs, 10 log10 of its "
      "ratio to the baseline in each channel, then the mean over " +
      counted(signals.x.extent(0), "channel") + ".";
  return picture;
}

/// Without events: the whole stretch, each frequency against its own median.
PlotPicture over_the_recording(const PlotRequest& request, const PlotSignals& signals) {
  const auto segment = std::min(signals.x.extent(1), static_cast<std::int64_t>(std::llround(2 * signals.rate_hz)));
  const std::int64_t hop = std::max<std::int64_t>({1, segment / 8, (signals.x.extent(1) - segment) / 900});
  const auto z = stft(signals.x, {.rate_hz = signals.rate_hz,
                                  .segment_samples = segment,
                                  .overlap_samples = std::max<std::int64_t>(0, segment - hop),
                                  .boundary = false,
                                  .pad = false});
  if (z.times_s.size() < 2)
    throw input_error(request.file, "is too short for a picture over time: 2 s windows are used");
  const auto freqs = frequencies(request, signals.rate_hz);
  std::vector<std::vector<double>> db;
  for (const double hz : freqs) {
    const auto bin =
        std::min<std::int64_t>(z.z.extent(1) - 1, std::llround(hz / signals.rate_hz * static_cast<double>(segment)));
    db.emplace_back();
    for (std::int64_t k = 0; k < z.z.extent(2); ++k) {
      double sum = 0;
      for (std::int64_t c = 0; c < z.z.extent(0); ++c) sum += std::norm(z.z(c, bin, k));
      db.back().push_back(10 * std::log10(std::max(sum, 1e-300)));
    }
    const double middle = median(db.back());
    for (double& value : db.back()) value -= middle;
  }
  PlotPicture picture{.title = file_name(request) + ": power over time and frequency"};
  Svg svg(width, 390, picture.title);
  draw_title(svg, picture.title, signals.about());
  const double start = signals.time_of(signals.first);
  const double reach = reach_of(db, 0.98);
  const ColourScale scale{Palette::diverging, -reach, reach};
  const Panel panel = draw_frequency_panel(svg, {66, 60}, width - 146, 280, start + z.times_s.front(),
                                           start + z.times_s.back(), freqs.front(), freqs.back(), "time, s");
  draw_image(svg, panel, db, scale);
  draw_upright_bar(svg, {width - 70, 60}, 280, scale, "dB against each frequency's median");
  picture.svg = svg.finished();
  picture.caption = "Short-time Fourier transform with Hann windows of " +
                    three_digits(static_cast<double>(segment) / signals.rate_hz) +
                    " s, power summed over channels; the recording has no events that repeat.";
  picture.numbers.emplace_back("scale reaches to", three_digits(reach) + " dB");
  return picture;
}

bool has_events(const PlotSignals& signals) {
  std::vector<std::string> texts;
  for (const Annotation& annotation : signals.recording->annotations()) {
    if (std::find(texts.begin(), texts.end(), annotation.text) != texts.end()) return true;
    texts.push_back(annotation.text);
  }
  return false;
}

PlotPicture draw(const PlotRequest& request) {
  const PlotSignals signals = plot_signals(request, most_seconds);
  if (signals.rate_hz < 20) throw input_error(request.file, "has too low a rate for a picture over frequencies");
  return !request.events.empty() || has_events(signals) ? around_events(request, signals)
                                                        : over_the_recording(request, signals);
}

const PlotKind tfr_kind{
    .name = "tfr", .about = "power over time and frequency, around events where there are some", .draw = draw};
CATON_REGISTER(PlotKind, tfr_kind);

}  // namespace
}  // namespace caton::report
