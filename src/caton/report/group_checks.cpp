// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/figures/interval_plot.hpp"
#include "caton/report/figures/xy_plot.hpp"
#include "caton/report/group_page.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/sections.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace caton::report {

namespace {

struct Total {
  std::string group, session;
  std::vector<double> bands;
};

std::vector<Total> totals_of(const GroupPage& facts) {
  std::vector<Total> totals;
  for (const Json& one : facts.run.result.at("totals").items())
    totals.push_back({one.at("group").text(), one.at("session").text(), one.at("total").numbers()});
  return totals;
}

/// Mean with a normal 95 % interval.
Mark mean_mark(const std::vector<double>& values, Colour colour) {
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  const double half = n > 1 ? 1.96 * std::sqrt(squares / (n - 1) / n) : 0;
  return {.value = mean, .low = mean - half, .high = mean + half, .colour = colour};
}

IntervalPlot totals_plot(const GroupPage& facts, const std::vector<Total>& totals, std::size_t band) {
  IntervalPlot plot;
  plot.title = facts.bands[band];
  plot.axis = "total " + facts.measure;
  plot.width = half_width;
  for (std::size_t g = 0; g < facts.groups.size(); ++g) {
    for (const auto& session : facts.sessions) {
      std::vector<double> values;
      for (const Total& one : totals) {
        if (one.group == facts.groups[g] && one.session == session) values.push_back(one.bands[band]);
      }
      if (values.empty()) continue;
      IntervalRow row;
      row.label = facts.groups[g] + (facts.sessions.size() > 1 ? ", session " + session : "");
      row.points = values;
      row.marks.push_back(mean_mark(values, category(g)));
      row.note = three_digits(row.marks.front().value);
      plot.rows.push_back(row);
    }
  }
  std::tie(plot.low, plot.high) = axis_for(plot.rows, {});
  return plot;
}

/// Lines of the groups' means from session to session.
CurvePlot trajectories_plot(const GroupPage& facts, const std::vector<Total>& totals, std::size_t band) {
  CurvePlot plot;
  plot.title = facts.bands[band];
  plot.x_axis = "session";
  for (std::size_t k = 0; k < facts.sessions.size(); ++k)
    plot.x_ticks.emplace_back(static_cast<double>(k + 1), facts.sessions[k]);
  plot.y_axis = "total " + facts.measure;
  plot.width = half_width;
  for (std::size_t g = 0; g < facts.groups.size(); ++g) {
    CurveSeries series{.points = {}, .colour = category(g)};
    for (std::size_t k = 0; k < facts.sessions.size(); ++k) {
      std::vector<double> values;
      for (const Total& one : totals) {
        if (one.group == facts.groups[g] && one.session == facts.sessions[k]) values.push_back(one.bands[band]);
      }
      if (values.empty()) continue;
      const Mark mark = mean_mark(values, category(g));
      series.points.push_back({static_cast<double>(k + 1), mark.value});
      series.intervals.emplace_back(*mark.low, *mark.high);
    }
    series.joined = series.points.size();
    series.shift_px = 7 * (static_cast<double>(g) - (static_cast<double>(facts.groups.size()) - 1) / 2);
    plot.series.push_back(series);
    plot.legend.push_back({facts.groups[g], category(g)});
  }
  return plot;
}

CurvePlot course_plot(const GroupPage& facts, std::size_t band) {
  CurvePlot plot;
  plot.title = facts.bands[band];
  plot.x_axis = "window";
  plot.y_axis = "total " + facts.measure;
  plot.width = half_width;
  const Json& groups = facts.run.result.at("course").items()[band];
  for (std::size_t g = 0; g < std::min(facts.groups.size(), groups.size()); ++g) {
    CurveSeries series{.points = {}, .colour = category(g)};
    double window = 1;
    for (const double value : groups.items()[g].numbers()) series.points.push_back({window++, value});
    if (const Json* const half = facts.run.result.find("course_half"))
      series.half = half->items()[band].items()[g].numbers();
    plot.series.push_back(series);
    plot.legend.push_back({facts.groups[g], category(g)});
  }
  return plot;
}

/// Mean over recordings of a band's correlation with reversed time.
std::vector<double> reversal_of(const GroupPage& facts) {
  std::vector<double> sums(facts.bands.size());
  double count = 0;
  for (const Json& recording : facts.run.result.at("recordings").items()) {
    const auto values = recording.at("asymmetry").numbers();
    if (values.size() != sums.size()) return {};
    for (std::size_t b = 0; b < sums.size(); ++b) sums[b] += values[b];
    ++count;
  }
  for (double& sum : sums) sum /= std::max(count, 1.0);
  return sums;
}

/// Where the order comes from.
std::string order_words(const Json& all) {
  std::int64_t low = 0, high = 0;
  for (const Json& one : all.at("recordings").items()) {
    const std::int64_t best = one.at("best_order").integer();
    low = low == 0 ? best : std::min(low, best);
    high = std::max(high, best);
  }
  if (high == 0) return "given; the same for all recordings";
  const std::string range =
      low == high ? std::to_string(low) + " in all" : std::to_string(low) + " to " + std::to_string(high);
  return "the same for all recordings: the median of the orders with the least BIC, " + range + " (tables/models.csv)";
}

void write_findings(Html& page, const GroupPage& facts) {
  const Json& findings = facts.run.findings;
  if (findings.size() == 0) return;
  page.heading(3, "What was odd").open("ul");
  for (const Json& finding : findings.items())
    page.element("li", finding.at("where").text() + ": " + finding.at("what").text());
  page.close();
}

}  // namespace

void write_group_totals(Html& page, const GroupPage& facts) {
  page.open("section", {}, "totals").heading(2, "Totals");
  page.paragraph(facts.ddtf()
                     ? "The sum over all pairs. Read with care: rows of the full-frequency DTF have fixed energy, so a "
                       "total mixes partial coherence and the shape of spectra; it is mostly normalisation."
                     : "The sum over all pairs.");
  const auto totals = totals_of(facts);
  std::vector<std::string> plots, trajectories, courses;
  for (std::size_t band = 0; band < facts.bands.size(); ++band) {
    plots.push_back(interval_plot(totals_plot(facts, totals, band)));
    trajectories.push_back(curve_plot(trajectories_plot(facts, totals, band)));
    courses.push_back(curve_plot(course_plot(facts, band)));
  }
  write_figure(page, plots, "People (small dots), their means and 95 % intervals, by group and session.",
               "tables/totals.csv");
  if (facts.sessions.size() > 1)
    write_figure(page, trajectories, "From session to session: means of people with 95 % intervals.",
                 "tables/totals.csv");
  if (facts.run.result.at("windows").integer() > 1)
    write_figure(page, courses,
                 "The total window by window: mean over the recordings of a group with its 95 % interval.");
  page.close();
}

void write_group_models(Html& page, const GroupPage& facts) {
  const Json& all = facts.run.result;
  page.open("section", {}, "models").heading(2, "Model checks");
  std::int64_t windows = 0, dropped = 0, unstable = 0, coloured = 0, recordings = 0;
  for (const Json& one : all.at("recordings").items()) {
    windows += one.at("windows").integer();
    dropped += one.at("dropped").integer();
    unstable += one.at("unstable").integer();
    coloured += 2 * one.at("coloured").integer() > one.at("windows").integer() ? 1 : 0;
    ++recordings;
  }
  HtmlTable table({{"Check"}, {"Value", true}, {"What it says"}});
  const double per_unknown = all.at("samples_per_unknown").number();
  if (facts.modelled) {
    table.row({"Samples for each unknown", fixed_text(per_unknown, 1),
               "10 or more are good; fewer bias " + facts.measure + " upwards"},
              per_unknown < 10 ? "warn" : "good");
    table.row({"Order of the models", std::to_string(all.at("order").integer()), order_words(all)});
    if (facts.ridge > 0)
      table.row({"Ridge", three_digits(100 * facts.ridge) + " %",
                 "white noise added to each channel's power: dependent channels have a model, values shrink; whether "
                 "residuals are white was not tested"},
                "warn");
  }
  table.row({"Windows of each recording", std::to_string(all.at("windows").integer()),
             std::to_string(windows) + " in all; " + std::to_string(dropped) + " dropped before (flat or too large)"});
  if (!facts.modelled) {
    table.write(page);
    write_findings(page, facts);
    page.close();
    return;
  }
  if (!facts.left_out.empty()) {
    std::string names;
    for (const auto& name : facts.left_out) names += (names.empty() ? "" : ", ") + name;
    table.row(
        {"Channels left out for full rank", std::to_string(facts.left_out.size()), names + ": the others explain them"},
        "warn");
  }
  table.row({"Unstable windows", std::to_string(unstable), "left out of the means"}, unstable > 0 ? "warn" : "good");
  if (facts.ridge == 0) {
    table.row(
        {"Recordings whose residuals are not white", std::to_string(coloured) + " of " + std::to_string(recordings),
         "more than half of the windows below p 0.05: the model leaves structure behind"},
        coloured > 0 ? "warn" : "good");
  }
  const auto reversal = reversal_of(facts);
  for (std::size_t b = 0; b < reversal.size(); ++b) {
    table.row({"Time reversed, " + facts.bands[b], fixed_text(reversal[b], 2),
               b > 0 ? "as above"
                     : "correlation of the asymmetry of pairs with that of the signal played backwards: below 0 when "
                       "directions come from time, above 0 when they come from unequal noise"},
              reversal[b] > 0 ? "warn" : "");
  }
  table.write(page);
  write_findings(page, facts);
  page.close();
}

}  // namespace caton::report
