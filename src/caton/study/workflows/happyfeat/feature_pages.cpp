// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/pair_coherence.hpp"
#include "caton/features/trial_power.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/figures/xy_plot.hpp"
#include "caton/report/html.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/sections.hpp"
#include "caton/sensors/montage.hpp"
#include "caton/signal/welch.hpp"
#include "caton/study/workflows/happyfeat/page_frame.hpp"
#include "caton/study/workflows/happyfeat/pages.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton::happyfeat {
namespace {

using report::Html;

std::string place_of(const Workspace& workspace, const Session& session) {
  return workspace.folder().filename().string() + " \xC2\xB7 session " + std::to_string(session.number);
}

std::string hz_text(double hz) { return number_text(std::round(hz * 100) / 100); }

const char* unit_of(const Json& extract) {
  return extract.at("spectrum").text() == "density" ? "power density" : "relative power (shape of the spectrum)";
}

/// Mean over the trials of a class, in dB.
std::vector<report::Point> class_curve(const Array<double, 3>& values, const std::vector<std::int64_t>& label,
                                       std::int64_t k, std::int64_t channel, const std::vector<double>& freqs_hz,
                                       const BinRange& bins, bool decibels) {
  std::vector<report::Point> curve;
  for (std::size_t f = bins.begin; f < bins.end; ++f) {
    double sum = 0, count = 0;
    for (std::size_t n = 0; n < label.size(); ++n) {
      if (label[n] != k) continue;
      sum += values(static_cast<std::int64_t>(n), channel, static_cast<std::int64_t>(f));
      ++count;
    }
    curve.push_back({freqs_hz[f], decibels ? 10 * std::log10(sum / count) : sum / count});
  }
  return curve;
}

/// Middle half of the trials of a class at each frequency: two faint lines around the mean.
std::array<std::vector<report::Point>, 2> class_band(const Array<double, 3>& values,
                                                     const std::vector<std::int64_t>& label, std::int64_t k,
                                                     std::int64_t channel, const std::vector<double>& freqs_hz,
                                                     const BinRange& bins, bool decibels) {
  std::array<std::vector<report::Point>, 2> band;
  for (std::size_t f = bins.begin; f < bins.end; ++f) {
    std::vector<double> sorted;
    for (std::size_t n = 0; n < label.size(); ++n)
      if (label[n] == k) sorted.push_back(values(static_cast<std::int64_t>(n), channel, static_cast<std::int64_t>(f)));
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t side = 0; side < 2; ++side) {
      const double value = sorted[(sorted.size() - 1) * (1 + 2 * side) / 4];
      band[side].push_back({freqs_hz[f], decibels ? 10 * std::log10(value) : value});
    }
  }
  return band;
}

report::CurvePlot class_plot(const Array<double, 3>& values, const std::vector<std::int64_t>& label,
                             const std::vector<std::string>& classes, const std::vector<double>& freqs_hz,
                             const BinRange& bins, std::int64_t channel, bool decibels) {
  report::CurvePlot plot{.x_axis = "frequency, Hz", .width = report::third_width, .height = 210};
  plot.y_axis = decibels ? "dB" : "";
  for (std::int64_t k = 0; k < 2; ++k) {
    const auto colour = report::category(static_cast<std::size_t>(k));
    for (auto& side : class_band(values, label, k, channel, freqs_hz, bins, decibels))
      plot.series.push_back({std::move(side), colour, true});
    plot.series.push_back({class_curve(values, label, k, channel, freqs_hz, bins, decibels), colour, false});
    plot.legend.push_back({classes[static_cast<std::size_t>(k)], colour});
  }
  return plot;
}

BinRange shown_bins(const Pool& pool, const Json& select) {
  BinRange bins = bins_between(pool.freqs_hz, select.at("low_hz").number(), select.at("high_hz").number());
  if (bins.begin >= bins.end) bins = {0, pool.freqs_hz.size()};
  return bins;
}

void write_runs(Html& page, const std::vector<RunFeatures>& runs, const std::vector<std::string>& classes) {
  report::HtmlTable table({{"run", false, true},
                           {classes[0], true},
                           {classes[1], true},
                           {"channels", true},
                           {"rate", true},
                           {"computed", false}});
  for (const RunFeatures& run : runs) {
    const auto of = [&](std::int64_t k) { return std::to_string(std::count(run.label.begin(), run.label.end(), k)); };
    table.row({run.id, of(0), of(1), std::to_string(run.channels.size()), number_text(run.rate_hz) + " Hz",
               run.from_cache ? "before; read from the cache" : "now"});
  }
  table.write(page, "Runs and their trials");
}

}  // namespace

std::string extract_page(const Workspace& workspace, const Session& session, const std::vector<RunFeatures>& runs) {
  const auto classes = workspace.classes();
  Html page;
  begin_page(page, place_of(workspace, session), "Extraction");
  page.paragraph("Spectra of windows of " + number_text(session.extract.at("window_s").number() * 1000) +
                     " ms by Burg's autoregressive model, averaged over each trial.",
                 "lead");
  write_runs(page, runs, classes);
  bool any = false;
  for (const RunFeatures& run : runs) any = any || !run.findings.empty();
  if (any) {
    page.heading(2, "What was odd").open("ul");
    for (const RunFeatures& run : runs)
      for (const Finding& finding : run.findings) page.element("li", run.id + ": " + finding.what);
    page.close();
  }
  const Pool pool = pool_runs(runs, complete_table("select", Json::object()));
  page.heading(2, "Spectra of the two classes");
  std::vector<std::string> drawings;
  const BinRange bins = shown_bins(pool, complete_table("select", Json::object()));
  for (std::size_t c = 0; c < pool.channels.size() && drawings.size() < 6; ++c) {
    auto plot = class_plot(pool.values, pool.label, classes, pool.freqs_hz, bins, static_cast<std::int64_t>(c), true);
    plot.title = pool.channels[c];
    drawings.push_back(report::curve_plot(plot));
  }
  report::write_figure(page, drawings,
                       std::string("Mean over trials of ") + unit_of(session.extract) +
                           " (thick) and the middle half of the trials (thin), all runs" +
                           (pool.channels.size() > 6 ? ", the first six channels." : "."));
  page.heading(2, "Settings of this session").open("pre").text(session.extract.dump(1)).close();
  return finished_page(page, "Extraction");
}

namespace {

/// One matrix of a class' mean connectivity over the runs, averaged over a band.
Matrix mean_connectivity(const std::vector<RunFeatures>& runs, std::int64_t k, const BinRange& bins) {
  const auto channels = static_cast<std::int64_t>(runs.front().channels.size());
  Matrix mean({channels, channels});
  double weight = 0;
  for (const RunFeatures& run : runs) {
    const auto trials = static_cast<double>(std::count(run.label.begin(), run.label.end(), k));
    weight += trials;
    for (std::int64_t i = 0; i < channels; ++i)
      for (std::int64_t j = 0; j < channels; ++j)
        for (std::size_t f = bins.begin; f < bins.end; ++f)
          mean(i, j) += trials * run.connectivity(k, static_cast<std::int64_t>(f), i, j) /
                        static_cast<double>(bins.end - bins.begin);
  }
  for (double& value : mean) value /= weight;
  return mean;
}

void write_connectivity(Html& page, const std::vector<RunFeatures>& runs, const Pool& pool, const Json& select,
                        const std::vector<std::string>& classes) {
  if (runs.front().connectivity.empty()) return;
  const BinRange bins = shown_bins(pool, select);
  page.heading(2, "Connectivity");
  std::vector<std::string> drawings;
  std::vector<std::array<std::string, 3>> strongest;
  for (std::int64_t k = 0; k < 2; ++k) {
    const Matrix mean = mean_connectivity(runs, k, bins);
    report::HeatMap map{.title = classes[static_cast<std::size_t>(k)],
                        .row_names = pool.channels,
                        .column_names = pool.channels,
                        .scale = {report::Palette::sequential, 0, 1},
                        .unit = "coherence",
                        .width = report::half_width};
    for (std::int64_t i = 0; i < mean.extent(0); ++i)
      map.values.emplace_back(&mean(i, 0), &mean(i, 0) + mean.extent(1));
    drawings.push_back(report::heat_map(map));
    const Matrix kept = strongest_connections(mean, 20);
    for (std::int64_t i = 0; i < kept.extent(0); ++i)
      for (std::int64_t j = i + 1; j < kept.extent(1); ++j)
        if (kept(i, j) > 0)
          strongest.push_back({classes[static_cast<std::size_t>(k)],
                               pool.channels[static_cast<std::size_t>(i)] + " \xE2\x80\x93 " +
                                   pool.channels[static_cast<std::size_t>(j)],
                               report::decimal(kept(i, j), 3)});
  }
  report::write_figure(page, drawings,
                       "Mean over trials and over " + hz_text(pool.freqs_hz[bins.begin]) + " to " +
                           hz_text(pool.freqs_hz[bins.end - 1]) + " Hz, all runs.");
  report::HtmlTable table({{"class", false, true}, {"pair", false, true}, {"mean", true}});
  std::stable_sort(strongest.begin(), strongest.end(), [](const auto& a, const auto& b) { return a[2] > b[2]; });
  for (std::size_t i = 0; i < std::min<std::size_t>(strongest.size(), 12); ++i)
    table.row({strongest[i][0], strongest[i][1], strongest[i][2]});
  if (!table.empty()) table.write(page, "Strongest connections (of the strongest 20 % of all entries)");
}

/// Change against the time before the annotation, of one class at one channel.
std::string erd_drawing(const std::vector<RunFeatures>& runs, const Session& session, const Pool& pool,
                        const BinRange& bins, std::int64_t channel, std::int64_t k, const std::string& class_name) {
  std::int64_t trials = 0;
  for (const RunFeatures& run : runs) trials += std::count(run.label.begin(), run.label.end(), k);
  const std::int64_t windows = runs.front().time_frequency.extent(2);
  const auto count = static_cast<std::int64_t>(bins.end - bins.begin);
  Array<double, 4> power({trials, 1, windows, count});
  Array<double, 3> rest({trials, 1, count});
  std::int64_t row = 0;
  for (const RunFeatures& run : runs) {
    for (std::size_t n = 0; n < run.label.size(); ++n) {
      if (run.label[n] != k) continue;
      for (std::int64_t f = 0; f < count; ++f) {
        const std::int64_t bin = static_cast<std::int64_t>(bins.begin) + f;
        rest(row, 0, f) = run.baseline(static_cast<std::int64_t>(n), channel, bin);
        for (std::int64_t w = 0; w < windows; ++w)
          power(row, 0, w, f) = static_cast<double>(run.time_frequency(static_cast<std::int64_t>(n), channel, w, bin));
      }
      ++row;
    }
  }
  const auto percent = erd_percent_map(power, rest);
  report::HeatMap map{.title = class_name,
                      .row_axis = "frequency, Hz",
                      .column_axis = "time after the annotation, s",
                      .unit = "change, %",
                      .width = report::half_width,
                      .tallest_cell = 11};
  for (std::int64_t f = count; f-- > 0;) {
    map.row_names.push_back(hz_text(pool.freqs_hz[bins.begin + static_cast<std::size_t>(f)]));
    auto& values = map.values.emplace_back();
    for (std::int64_t w = 0; w < windows; ++w) values.push_back(percent(0, w, f));
  }
  for (std::int64_t w = 0; w < windows; ++w)
    map.column_names.push_back(report::decimal(
        session.extract.at("offset_s").number() + static_cast<double>(w) * session.extract.at("shift_s").number(), 1));
  map.scale = report::scale_for(map.values, report::Palette::diverging);
  return report::heat_map(map);
}

struct Maps {
  Matrix r2, p;
};

/// Positions of the channels that the montage knows, with their values.
std::optional<std::string> topography(const Workspace& workspace, const Pool& pool, const std::vector<double>& values,
                                      const std::string& title) {
  report::ScalpMap map{.title = title, .scale = {}, .unit = "R\xC2\xB2", .width = report::third_width};
  const std::string montage = workspace.table("workbench").at("montage").text("montage");
  for (std::size_t c = 0; c < pool.channels.size(); ++c) {
    const ElectrodeName name = electrode_name(pool.channels[c]);
    if (!name.known) continue;
    const auto position = montage_positions({name.name}, montage).positions;
    map.electrodes.push_back(name.name);
    map.positions_m.push_back({position(0, 0), position(0, 1), position(0, 2)});
    map.values.push_back(values[c]);
  }
  if (map.electrodes.empty()) return std::nullopt;
  map.scale = {report::Palette::sequential, 0, std::max(1e-6, *std::max_element(map.values.begin(), map.values.end()))};
  return report::scalp_map(map);
}

std::string map_drawing(const Pool& pool, const Matrix& r2, const BinRange& bins) {
  report::HeatMap map{.title = "R\xC2\xB2 of the two classes",
                      .row_names = pool.channels,
                      .row_axis = "channel",
                      .column_axis = "frequency, Hz",
                      .unit = "share of variance that the class explains",
                      .width = 640,
                      .tallest_cell = 22};
  for (std::size_t f = bins.begin; f < bins.end; ++f) map.column_names.push_back(hz_text(pool.freqs_hz[f]));
  double largest = 0;
  for (std::int64_t c = 0; c < r2.extent(0); ++c) {
    auto& row = map.values.emplace_back();
    for (std::size_t f = bins.begin; f < bins.end; ++f) {
      row.push_back(r2(c, static_cast<std::int64_t>(f)));
      largest = std::max(largest, row.back());
    }
  }
  map.scale = {report::Palette::sequential, 0, std::max(largest, 1e-6)};
  return report::heat_map(map);
}

void write_choice(Html& page, const Pool& pool, const Selection& selection, const Matrix& r2, const RankSumMap& ranks) {
  report::HtmlTable table({{"feature", false, true}, {"R\xC2\xB2", true}, {"rank-sum p", true}});
  for (const ChosenFeature& feature : selection.features) {
    const auto channel = std::find(pool.channels.begin(), pool.channels.end(), feature.channel) - pool.channels.begin();
    const BinRange bins = bins_between(pool.freqs_hz, feature.low_hz, feature.high_hz);
    std::size_t best = bins.begin;
    for (std::size_t f = bins.begin; f < bins.end; ++f)
      if (r2(channel, static_cast<std::int64_t>(f)) > r2(channel, static_cast<std::int64_t>(best))) best = f;
    const auto bin = static_cast<std::int64_t>(best);
    table.row({feature.channel + " at " + hz_text(feature.low_hz) +
                   (feature.high_hz > feature.low_hz ? " to " + hz_text(feature.high_hz) : "") + " Hz",
               report::decimal(r2(channel, bin), 3), report::p_value(ranks.p(channel, bin))});
  }
  table.write(page, selection.automatic ? "Chosen automatically" : "Chosen by hand");
  page.paragraph(
      "These values were read off the same trials that chose them: the largest of many cells is large by chance too. "
      "What "
      "the choice is worth on new trials is told by the training step.",
      "note");
}

std::array<Array<double, 3>, 2> by_class(const Pool& pool) {
  std::array<Array<double, 3>, 2> classes;
  for (std::int64_t k = 0; k < 2; ++k) {
    auto& trials = classes[static_cast<std::size_t>(k)];
    trials = Array<double, 3>(
        {std::count(pool.label.begin(), pool.label.end(), k), pool.values.extent(1), pool.values.extent(2)},
        uninitialised);
    double* place = trials.data();
    for (std::size_t n = 0; n < pool.label.size(); ++n) {
      if (pool.label[n] != k) continue;
      const double* const from = &pool.values(static_cast<std::int64_t>(n), 0, 0);
      place = std::copy(from, from + pool.values.extent(1) * pool.values.extent(2), place);
    }
  }
  return classes;
}

}  // namespace

std::string select_page(const Workspace& workspace, const Session& session, const std::vector<RunFeatures>& runs,
                        const Pool& pool, const Selection& selection) {
  const auto classes = workspace.classes();
  const auto trials = by_class(pool);
  const Matrix r2 = r2_map(trials[0], trials[1], training_of(pool, selection.select).pairing).r2;
  const RankSumMap ranks = rank_sum_map(trials[0], trials[1]);
  const BinRange bins = shown_bins(pool, selection.select);
  const bool power = selection.select.at("of").text() == "power";
  Html page;
  begin_page(page, place_of(workspace, session), "Selection");
  page.paragraph("Where " + classes[0] + " and " + classes[1] + " differ, over " + std::to_string(pool.label.size()) +
                     " trials of " + report::counted(static_cast<std::int64_t>(pool.runs.size()), "run") + ", in " +
                     (power ? unit_of(session.extract) : "node strength") + ".",
                 "lead");
  write_choice(page, pool, selection, r2, ranks);
  page.heading(2, "R\xC2\xB2 map");
  report::write_figure(page, {map_drawing(pool, r2, bins)},
                       "Share of the variance over trials that the class explains, for each channel and frequency.");
  const ChosenFeature& best = selection.features.front();
  const auto channel = std::find(pool.channels.begin(), pool.channels.end(), best.channel) - pool.channels.begin();
  const BinRange at = bins_between(pool.freqs_hz, best.low_hz, best.high_hz);
  std::vector<double> on_scalp(pool.channels.size(), 0);
  for (std::size_t c = 0; c < on_scalp.size(); ++c)
    for (std::size_t f = at.begin; f < at.end; ++f)
      on_scalp[c] +=
          r2(static_cast<std::int64_t>(c), static_cast<std::int64_t>(f)) / static_cast<double>(at.end - at.begin);
  page.heading(2, "At the best feature: " + best.channel + ", " + hz_text(best.low_hz) + " Hz");
  const bool decibels = power && !selection.select.at("log").flag();
  auto spectra = class_plot(pool.values, pool.label, classes, pool.freqs_hz, bins, channel, decibels);
  spectra.title = "Classes at " + best.channel;
  report::CurvePlot share{.title = "R\xC2\xB2 at " + best.channel,
                          .x_axis = "frequency, Hz",
                          .y_axis = "R\xC2\xB2",
                          .width = report::third_width,
                          .height = 210};
  share.series.push_back({{}, report::ink::accent, false});
  for (std::size_t f = bins.begin; f < bins.end; ++f)
    share.series.back().points.push_back({pool.freqs_hz[f], r2(channel, static_cast<std::int64_t>(f))});
  std::vector<std::string> drawings{report::curve_plot(spectra), report::curve_plot(share)};
  if (const auto scalp = topography(workspace, pool, on_scalp, "R\xC2\xB2 on the scalp")) drawings.push_back(*scalp);
  report::write_figure(
      page, drawings,
      "Thick lines: means over trials; thin lines: the middle half of the trials. Electrodes stand where " +
          workspace.table("workbench").at("montage").text() + " puts them.");
  page.heading(2, "Time and frequency at " + best.channel);
  std::vector<std::string> maps;
  for (std::int64_t k = 0; k < 2; ++k)
    maps.push_back(erd_drawing(runs, session, pool, bins, channel, k, classes[static_cast<std::size_t>(k)]));
  report::write_figure(
      page, maps,
      "Change of power in percent of an epoch as long that ends at the annotation, mean over trials of all "
      "runs.");
  write_connectivity(page, runs, pool, selection.select, classes);
  return finished_page(page, "Selection");
}

}  // namespace caton::happyfeat
