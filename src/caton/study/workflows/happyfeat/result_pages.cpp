// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/measure/comparison.hpp"
#include "caton/report/figures/interval_plot.hpp"
#include "caton/report/html.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/sections.hpp"
#include "caton/study/workflows/happyfeat/page_frame.hpp"
#include "caton/study/workflows/happyfeat/pages.hpp"

#include <algorithm>
#include <cmath>

namespace caton::happyfeat {
namespace {

using report::Html;

std::string percent_text(double percent) { return report::percent(percent / 100); }

std::string joined(const Json& texts) { return join(texts.texts("attempt"), ", "); }

report::Mark mark_of(const Json& figure, bool believed) {
  return {.value = figure.at("percent").number(),
          .low = figure.at("low").number(),
          .high = figure.at("high").number(),
          .colour = believed ? report::ink::honest : report::ink::leaky,
          .hollow = !believed};
}

report::IntervalRow row_of(const std::string& label, const Json& figure, bool believed) {
  return {.label = label, .note = percent_text(figure.at("percent").number()), .marks = {mark_of(figure, believed)}};
}

std::string range_text(const Json& figure) {
  return report::percent_range(figure.at("low").number() / 100, figure.at("high").number() / 100);
}

void write_verdict(Html& page, const Json& attempt) {
  const auto honest = honest_figure(attempt);
  const double published = attempt.at("published").at("percent").number(), limit = attempt.at("chance_limit").number();
  const bool above = honest && honest->percent >= limit;
  page.open("div", !honest ? "verdict warn" : above ? "verdict good" : "verdict warn");
  page.element("span", !honest ? "Chosen by hand" : above ? "Above chance" : "Not above chance", "tag");
  if (honest) {
    page.paragraph(percent_text(honest->percent) + " of the trials are told apart (95 %: " +
                   report::percent_range(honest->low / 100, honest->high / 100) + "; " + honest->kind +
                   "). Guessing stays below " + percent_text(limit) +
                   " in 95 of 100 studies of this size. The published kind of figure, " + percent_text(published) +
                   ", was selected on these trials.");
  } else {
    page.paragraph(
        "The features were chosen by hand, by someone who had seen these trials: " + percent_text(published) +
        " says how well they were fitted, not what to expect of new trials. Record a further run, or choose "
        "automatically, to learn that.");
  }
  page.close();
}

void write_scores(Html& page, const Json& attempt) {
  page.heading(2, "Scores");
  report::IntervalPlot plot{.title = "Trials told apart", .axis = "accuracy, %", .low = 0, .high = 100, .width = 640};
  if (!attempt.at("held_out").is_null()) plot.rows.push_back(row_of("held-out runs", attempt.at("held_out"), true));
  if (!attempt.at("nested").is_null())
    plot.rows.push_back(row_of("choice inside the fold", attempt.at("nested"), true));
  plot.rows.push_back(row_of("selected on these trials", attempt.at("published"), false));
  plot.lines = {{50, "chance"}, {attempt.at("chance_limit").number(), "limit of guessing"}};
  report::write_figure(
      page, {report::interval_plot(plot)},
      "95 % intervals by drawing trials anew. Rings: figures whose features were chosen on the trials that "
      "they are counted on, the published way.");
  report::HtmlTable table({{"figure"}, {"accuracy", true}, {"95 %", true}});
  if (!attempt.at("held_out").is_null())
    table.row({"held-out runs: chosen and trained on the other runs",
               percent_text(attempt.at("held_out").at("percent").number()), range_text(attempt.at("held_out"))},
              "good");
  if (!attempt.at("nested").is_null())
    table.row({"choice made anew inside each training part", percent_text(attempt.at("nested").at("percent").number()),
               range_text(attempt.at("nested"))},
              "good");
  table.row({"as published: selected on these trials", percent_text(attempt.at("published").at("percent").number()),
             range_text(attempt.at("published"))},
            "warn");
  table.row({"as HappyFeat shows it (balanced)", percent_text(attempt.at("published_balanced").number()), ""}, "warn");
  table.write(page);
}

void write_optimism(Html& page, const Json& attempt) {
  page.heading(2, "What the choice adds");
  if (!attempt.at("shuffled_published").is_null()) {
    const double published = attempt.at("shuffled_published").number(), nested = attempt.at("shuffled_nested").number();
    page.paragraph(
        "With the labels of these trials shuffled, so that there is nothing to find, the published way still shows " +
        percent_text(published) + " on average (" + std::to_string(attempt.at("train").at("shuffles").integer()) +
        " draws); with the choice inside the fold it is " + percent_text(nested) + ". The difference of " +
        report::points(published - nested) + " is what choosing and testing on the same trials adds by itself.");
  }
  if (!attempt.at("nested").is_null())
    page.paragraph(
        "Here the published figure lies " +
        report::points(attempt.at("published").at("percent").number() - attempt.at("nested").at("percent").number()) +
        " from the figure with the choice inside the fold.");
  report::HtmlTable combinations({{"features", true}, {"selected on these trials", true}});
  const auto values = attempt.at("combinations").numbers("combinations");
  for (std::size_t k = 0; k < values.size(); ++k)
    combinations.row({"the first " + std::to_string(k + 1), percent_text(values[k])}, "warn");
  combinations.write(page, "Combinations (taking the best of them adds more optimism)");
  const Json& stability = attempt.at("stability");
  if (stability.size() == 0) return;
  report::HtmlTable table({{"cell", false, true}, {"chosen in", true}});
  std::size_t shown = 0;
  for (const auto& [cell, share] : stability.members("stability"))
    if (shown++ < 10) table.row({cell, report::percent(share.number())});
  table.write(page, "How often a training part chose a cell");
}

void write_settings(Html& page, const Json& attempt) {
  page.heading(2, "Settings").open("dl");
  const auto entry = [&](const char* name, const std::string& value) { page.element("dt", name).element("dd", value); };
  entry("features", joined(attempt.at("features")));
  entry("runs", joined(attempt.at("runs")));
  entry("trials", std::to_string(attempt.at("trials").integer()));
  entry("partitions", std::to_string(attempt.at("train").at("partitions").integer()) + ", contiguous");
  entry("measured in", attempt.at("of").text());
  page.close();
}

std::vector<std::int64_t> integers(const Json& list) {
  std::vector<std::int64_t> values;
  for (const Json& value : list.items("attempt")) values.push_back(value.integer("attempt"));
  return values;
}

}  // namespace

std::string train_page(const Workspace& workspace, const Json& attempt) {
  const std::string title = "Training, attempt " + std::to_string(attempt.at("number").integer());
  Html page;
  begin_page(page, workspace.folder().filename().string(), title);
  write_verdict(page, attempt);
  write_scores(page, attempt);
  write_optimism(page, attempt);
  write_settings(page, attempt);
  return finished_page(page, title);
}

std::vector<AttemptPair> attempt_pairs(const std::vector<Json>& attempts) {
  std::vector<AttemptPair> pairs;
  for (std::size_t a = 0; a < attempts.size(); ++a) {
    for (std::size_t b = a + 1; b < attempts.size(); ++b) {
      const auto first = honest_figure(attempts[a]), second = honest_figure(attempts[b]);
      const bool same =
          attempts[a].at("label") == attempts[b].at("label") && attempts[a].at("runs") == attempts[b].at("runs");
      if (!first || !second || !same || first->kind != second->kind) continue;
      const auto y = integers(attempts[a].at("label"));
      std::vector<std::int64_t> right_a, right_b;
      for (std::size_t i = 0; i < y.size(); ++i) {
        right_a.push_back(first->label[i] == y[i] ? 1 : 0);
        right_b.push_back(second->label[i] == y[i] ? 1 : 0);
      }
      const McNemar test = mcnemar(right_a, right_b, true, false);
      pairs.push_back({attempts[a].at("number").integer(), attempts[b].at("number").integer(), test.table[1],
                       test.table[2], test.p});
    }
  }
  return pairs;
}

std::optional<double> corrected_p(const Json& attempt, std::size_t attempts) {
  const auto honest = honest_figure(attempt);
  if (!honest) return std::nullopt;
  const auto trials = attempt.at("trials").integer();
  const auto hits = std::llround(honest->percent / 100 * static_cast<double>(trials));
  return std::min(1.0, static_cast<double>(attempts) * binomial_sf(hits - 1, trials, 0.5));
}

std::string compare_page(const Workspace& workspace, const std::vector<Json>& attempts) {
  if (attempts.empty())
    throw usage_error(workspace.folder().string(), "nothing was trained yet",
                      "caton workbench train " + workspace.folder().string());
  Html page;
  begin_page(page, workspace.folder().filename().string(), "Attempts compared");
  page.paragraph(
      report::counted(static_cast<std::int64_t>(attempts.size()), "attempt") +
          " so far. The more are tried, the better the best one looks by chance: p is multiplied by their number.",
      "lead");
  report::IntervalPlot plot{.title = "All attempts", .axis = "accuracy, %", .low = 0, .high = 100, .width = 640};
  report::HtmlTable table({{"attempt", true},
                           {"session", true},
                           {"features"},
                           {"honest", true},
                           {"how"},
                           {"p, corrected", true},
                           {"selected on these trials", true}});
  for (const Json& attempt : attempts) {
    const auto honest = honest_figure(attempt);
    const std::string number = std::to_string(attempt.at("number").integer());
    const auto p = corrected_p(attempt, attempts.size());
    table.row({number, std::to_string(attempt.at("session").integer()), joined(attempt.at("features")),
               honest ? percent_text(honest->percent) : "\xE2\x80\x93", honest ? honest->kind : "chosen by hand",
               p ? report::p_value(*p) : "\xE2\x80\x93", percent_text(attempt.at("published").at("percent").number())},
              p && *p < 0.05 ? "good" : "");
    report::IntervalRow row{.label = "attempt " + number, .note = honest ? percent_text(honest->percent) : "by hand"};
    if (honest)
      row.marks.push_back(
          {.value = honest->percent, .low = honest->low, .high = honest->high, .colour = report::ink::honest});
    row.marks.push_back(mark_of(attempt.at("published"), false));
    plot.rows.push_back(std::move(row));
  }
  plot.lines = {{50, "chance"}};
  plot.legend = {{"choice not made on the tested trials", report::ink::honest},
                 {"selected on these trials", report::ink::leaky}};
  table.write(page);
  report::write_figure(page, {report::interval_plot(plot)}, "95 % intervals by drawing trials anew.");
  const auto pairs = attempt_pairs(attempts);
  if (!pairs.empty()) {
    page.heading(2, "Pairs on the same trials");
    report::HtmlTable between(
        {{"attempts"}, {"right only in the first", true}, {"right only in the second", true}, {"McNemar p", true}});
    for (const AttemptPair& pair : pairs)
      between.row({std::to_string(pair.first) + " and " + std::to_string(pair.second), std::to_string(pair.only_first),
                   std::to_string(pair.only_second), report::p_value(pair.p)});
    between.write(page);
  }
  return finished_page(page, "Attempts compared");
}

}  // namespace caton::happyfeat
