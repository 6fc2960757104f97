// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/chance.hpp"
#include "caton/measure/interval.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/figures/xy_plot.hpp"
#include "caton/report/html.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/report.hpp"
#include "caton/report/sections.hpp"
#include "caton/report/style.hpp"
#include "caton/study/workflows/speller/speller_study.hpp"

#include <algorithm>
#include <functional>

namespace caton::speller {
namespace {

using report::CurvePlot;
using report::Html;
using report::Point;

constexpr double believed_threshold = 0.95;

std::string percent_text(const Spread& share) {
  const std::string range = report::percent_range(share.low, share.high);
  return report::percent(share.mean) + (range.empty() ? "" : "\n" + range);
}

std::string rate_text(const Spread& rate) {
  const std::string mean = report::decimal(rate.mean, 1);
  return rate.low ? mean + "\n" + report::decimal(*rate.low, 1) + "–" + report::decimal(*rate.high, 1) : mean;
}

/// The interval of people lies above chance, and so many decisions are right as guessing reaches in fewer than 5 of 100
/// pages with as many figures: intervals of few people are too narrow to be trusted alone.
bool above_chance(const Spread& accuracy, const Result& result) {
  std::size_t figures = 0;
  for (const MethodResult& method : result.methods) figures += method.fixed.size();
  const auto guessed = binomial_chance(static_cast<std::int64_t>(result.targets.size()), result.trials,
                                       0.05 / static_cast<double>(figures));
  return accuracy.low && *accuracy.low > result.chance() && accuracy.mean >= guessed.threshold;
}

/// The method and window of the highest rate with the shift of gaze.
struct Fastest {
  const MethodResult* method = nullptr;
  const FixedWindow* window = nullptr;
};
Fastest fastest_of(const Result& result) {
  Fastest best;
  for (const MethodResult& method : result.methods)
    for (const FixedWindow& window : method.fixed)
      if (best.window == nullptr || window.itr.mean > best.window->itr.mean) best = {&method, &window};
  return best;
}

void write_verdict(Html& page, const Result& result) {
  const Fastest best = fastest_of(result);
  const bool above = above_chance(best.window->accuracy, result);
  page.open("div", above ? "verdict good" : "verdict warn");
  page.element("span", above ? "Above chance" : "Not above chance", "tag");
  page.paragraph(best.method->name + " is the fastest of the " + std::to_string(result.methods.size()) +
                 " methods: with windows of " + report::three_digits(best.window->window_s) + " s " +
                 report::percent(best.window->accuracy.mean) + " of the decisions are right" +
                 (best.window->accuracy.low
                      ? " (95 %: " + report::percent_range(best.window->accuracy.low, best.window->accuracy.high) + ")"
                      : "") +
                 "; guessing reaches " + report::percent(result.chance()) + ". That is " +
                 report::decimal(best.window->itr.mean, 1) + " bit/min with the " +
                 report::three_digits(result.request.gaze_shift_s) + " s that the eyes take to the next target, and " +
                 report::decimal(best.window->itr_without.mean, 1) +
                 " without, which no one who spells can reach. The best of several on the same people flatters a "
                 "little: try a new person before you promise it.");
  page.close();
}

void write_targets(Html& page, const Result& result) {
  page.heading(2, "Targets");
  page.paragraph(report::counted(static_cast<std::int64_t>(result.subjects.size()), "person") + ", " +
                 report::counted(result.trials, "trial") + ", at least " +
                 report::counted(result.fewest_blocks, "block") + " each, " +
                 report::counted(static_cast<std::int64_t>(result.channels.size()), "channel") + " at " +
                 report::three_digits(result.rate_hz) + " Hz; windows begin " + report::three_digits(result.latency_s) +
                 " s after a trial's begin.");
  report::HtmlTable table({{"target", false, true}, {"frequency, Hz", true}, {"phase, pi", true}});
  for (const TargetAbout& target : result.targets)
    table.row({target.name, report::three_digits(target.frequency_hz),
               target.phase_pi ? report::three_digits(*target.phase_pi) : "not given"});
  table.write(page,
              "What flickers. Two targets of one frequency and different phases can only be told apart by methods "
              "that learn.");
}

using Figure = std::function<const Spread&(const FixedWindow&)>;

/// One line a method, with upright intervals of people.
std::string over_windows(const Result& result, const std::string& title, const std::string& axis, double factor,
                         const Figure& figure, std::optional<double> guessing = {}) {
  CurvePlot plot{.title = title, .x_axis = "window, s", .y_axis = axis, .width = report::half_width, .height = 300};
  if (guessing) {
    const auto& windows = result.methods.front().fixed;
    plot.series.push_back(
        {.points = {{windows.front().window_s, factor * *guessing}, {windows.back().window_s, factor * *guessing}},
         .colour = report::ink::text,
         .faint = true});
  }
  for (std::size_t m = 0; m < result.methods.size(); ++m) {
    const MethodResult& method = result.methods[m];
    report::CurveSeries line{.colour = report::category(m)};
    for (const FixedWindow& window : method.fixed) {
      const Spread& spread = figure(window);
      // Neighbours stand a little apart, so that their intervals can be seen.
      const double x = window.window_s + 0.006 * static_cast<double>(m);
      line.points.push_back({x, factor * spread.mean});
      if (spread.low)
        plot.series.push_back({.points = {{x, factor * *spread.low}, {x, factor * *spread.high}},
                               .colour = report::category(m),
                               .faint = true});
    }
    plot.series.push_back(line);
    plot.legend.push_back({method.name, report::category(m)});
  }
  return report::curve_plot(plot);
}

std::string accuracy_plot(const Result& result) {
  return over_windows(
      result, "Right decisions", "accuracy, %", 100,
      [](const FixedWindow& window) -> const Spread& { return window.accuracy; }, result.chance());
}

void write_windows(Html& page, const Result& result) {
  page.heading(2, "Accuracy and speed against the length of the window");
  report::write_figure(
      page,
      {accuracy_plot(result), over_windows(result, "Information transfer rate, shift of gaze included", "bit/min", 1,
                                           [](const FixedWindow& window) -> const Spread& { return window.itr; })},
      "Each block of each person is left out once; means over people, upright lines are 95 % intervals "
      "by drawing people anew. The grey line is guessing, " +
          report::percent(result.chance()) + "." +
          (static_cast<std::int64_t>(result.subjects.size()) < few_units
               ? " With fewer than " + std::to_string(few_units) + " people the intervals are rough."
               : ""),
      "results.json");
  report::HtmlTable table({{"method", false, true},
                           {"window, s", true},
                           {"accuracy", true},
                           {"bit/min, gaze included", true},
                           {"bit/min, window alone", true}});
  for (const MethodResult& method : result.methods)
    for (const FixedWindow& window : method.fixed)
      table.row({method.name, report::three_digits(window.window_s), percent_text(window.accuracy),
                 rate_text(window.itr), rate_text(window.itr_without)},
                above_chance(window.accuracy, result) ? "good" : "warn");
  table.write(
      page,
      "Green edge: the interval of the accuracy lies above chance, and so many decisions are right as guessing "
      "reaches in fewer than 5 of 100 tables like this. The rate of the window alone is what is often published; "
      "nobody moves the eyes in no time.");
}

Point stopped_at(const StoppingPoint& point, double gaze_shift_s) {
  return {point.seconds.mean + gaze_shift_s, 100 * point.accuracy.mean};
}

std::string trade_off(const MethodResult& method, double gaze_shift_s) {
  CurvePlot plot{.title = method.name,
                 .x_axis = "mean time of a selection, s",
                 .y_axis = "accuracy, %",
                 .legend = {{"fixed window", report::ink::axis},
                            {"posterior", report::category(4)},
                            {"cost", report::category(1)}},
                 .width = report::half_width,
                 .height = 260};
  report::CurveSeries fixed{.colour = report::ink::axis}, bayes{.colour = report::category(4)},
      cost{.colour = report::category(1)};
  for (const FixedWindow& window : method.fixed)
    fixed.points.push_back({window.window_s + gaze_shift_s, 100 * window.accuracy.mean});
  for (const StoppingPoint& point : method.stopping)
    (point.rule == StoppingRule::bayes ? bayes : cost).points.push_back(stopped_at(point, gaze_shift_s));
  plot.series = {fixed, cost, bayes};
  return report::curve_plot(plot);
}

void write_stopping_table(Html& page, const Result& result) {
  report::HtmlTable table({{"method", false, true},
                           {"decides when"},
                           {"time of a selection, s", true},
                           {"accuracy", true},
                           {"bit/min, gaze included", true}});
  const double shift = result.request.gaze_shift_s;
  for (const MethodResult& method : result.methods) {
    if (method.stopping.empty()) continue;
    const auto best = std::max_element(method.fixed.begin(), method.fixed.end(),
                                       [](const auto& a, const auto& b) { return a.itr.mean < b.itr.mean; });
    table.row({method.name, report::three_digits(best->window_s) + " s are over (the fastest fixed window)",
               report::three_digits(best->window_s + shift), percent_text(best->accuracy), rate_text(best->itr)});
    for (const StoppingPoint& point : method.stopping)
      if (point.rule == StoppingRule::bayes && point.setting == believed_threshold)
        table.row({method.name, "the posterior reaches 0.95", report::three_digits(point.seconds.mean + shift),
                   percent_text(point.accuracy), rate_text(point.itr)});
  }
  table.write(page, "The threshold was not chosen; the fixed window is the best of those tried, which flatters it.");
}

void write_stopping(Html& page, const Result& result) {
  page.heading(2, "Deciding as soon as it is clear");
  std::vector<std::string> drawings;
  for (const MethodResult& method : result.methods)
    if (!method.stopping.empty()) drawings.push_back(trade_off(method, result.request.gaze_shift_s));
  if (drawings.empty()) {
    page.paragraph(
        "Dynamic stopping learns from training blocks that are left out in turn; there are too few blocks "
        "for that.");
    return;
  }
  report::write_figure(
      page, drawings,
      "Dynamic stopping against fixed windows: the same accuracy further left is faster. Posterior: "
      "decide when the probability of being right reaches 0.3 to 0.99; cost: when the lead of the best "
      "target over the cost of rejecting all exceeds what 10 to 95 % of the training epochs had. Both "
      "learn from the training blocks alone; at the longest window they decide in any case.",
      "results.json");
  write_stopping_table(page, result);
}

std::string reliability_plot(const MethodResult& method) {
  CurvePlot plot{
      .title = method.name, .x_axis = "promised, %", .y_axis = "right, %", .width = report::half_width, .height = 260};
  plot.series.push_back({.points = {{0, 0}, {100, 100}}, .colour = report::ink::axis, .faint = true});
  report::CurveSeries line{.colour = report::category(4)};
  for (const PosteriorBin& bin : method.posterior)
    if (bin.count > 0) line.points.push_back({100 * bin.promised, 100 * bin.right});
  plot.series.push_back(line);
  return report::curve_plot(plot);
}

void write_posterior(Html& page, const Result& result) {
  std::vector<std::string> drawings;
  report::HtmlTable table(
      {{"method", false, true}, {"posterior", false, true}, {"decisions", true}, {"promised", true}, {"right", true}});
  for (const MethodResult& method : result.methods) {
    if (method.posterior.empty()) continue;
    drawings.push_back(reliability_plot(method));
    for (const PosteriorBin& bin : method.posterior)
      if (bin.count > 0)
        table.row({method.name, report::decimal(bin.low, 1) + "–" + report::decimal(bin.high, 1),
                   std::to_string(bin.count), report::percent(bin.promised), report::percent(bin.right)});
  }
  if (drawings.empty()) return;
  page.heading(2, "May the posterior be believed?");
  report::write_figure(page, drawings,
                       "Calibration curve: decisions at all windows, grouped by the posterior they were given. On the "
                       "thin line as many are right as were promised; below it the speller is too sure of itself.",
                       "results.json");
  table.write(page);
}

void write_training(Html& page, const Result& result) {
  CurvePlot plot{.title = "Right decisions at the longest window",
                 .x_axis = "training blocks",
                 .y_axis = "accuracy, %",
                 .width = 640,
                 .height = 280};
  for (std::size_t m = 0; m < result.methods.size(); ++m) {
    const MethodResult& method = result.methods[m];
    if (method.training.size() < 2) continue;
    report::CurveSeries line{.colour = report::category(m)};
    for (const TrainedOn& one : method.training) {
      const auto x = static_cast<double>(one.blocks) + 0.02 * static_cast<double>(m);
      line.points.push_back({x, 100 * one.accuracy.mean});
      if (one.accuracy.low)
        plot.series.push_back({.points = {{x, 100 * *one.accuracy.low}, {x, 100 * *one.accuracy.high}},
                               .colour = report::category(m),
                               .faint = true});
    }
    plot.series.push_back(line);
    plot.legend.push_back({method.name, report::category(m)});
  }
  if (plot.series.empty()) return;
  page.heading(2, "How long must somebody sit for calibration?");
  report::write_figure(
      page, {report::curve_plot(plot)},
      "Methods that learn, trained on so many blocks of the person; the same blocks are tested. Methods "
      "that learn nothing need none.",
      "results.json");
}

void write_methods(Html& page, const Result& result) {
  page.heading(2, "How it was done");
  for (const MethodResult& method : result.methods)
    page.paragraph(method.name + ": " + method.about + (method.learns ? "." : "; learns nothing."));
  page.paragraph("Every epoch is filtered alone, by the filter bank of Nakanishi and others (" +
                 std::to_string(result.request.bands) + " bands) or its widest band; sines and cosines have " +
                 std::to_string(result.request.harmonics) +
                 " harmonics. Windows, channels, harmonics and bands were given beforehand: choosing them by these "
                 "figures would make the figures too good.");
  if (!result.findings.empty()) {
    page.heading(3, "Odd but usable");
    for (const Finding& finding : result.findings) page.paragraph(finding.where + ": " + finding.what);
  }
}

}  // namespace

std::string page_of(const Result& result) {
  Html page;
  page.open("main").paragraph("caton speller · " + result.request.dataset, "eyebrow");
  page.heading(1, "Which target does somebody look at?");
  write_verdict(page, result);
  write_windows(page, result);
  write_stopping(page, result);
  write_posterior(page, result);
  write_training(page, result);
  write_targets(page, result);
  write_methods(page, result);
  page.open("footer").paragraph(not_a_medical_device()).close();
  page.close();
  return report::document("speller · caton", page.finished());
}

}  // namespace caton::speller
