// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/figures/interval_plot.hpp"
#include "caton/report/plain_words.hpp"
#include "caton/report/sections.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

Mark percent_mark(const Score& score, bool leaky) {
  Mark mark{
      .value = 100 * *score.value, .low = {}, .high = {}, .colour = leaky ? ink::leaky : ink::honest, .hollow = leaky};
  if (score.low && score.high) {
    mark.low = 100 * *score.low;
    mark.high = 100 * *score.high;
  }
  return mark;
}

/// One drawing a pipeline: all its plans on one axis.
std::vector<std::string> plan_drawings(const Page& facts) {
  std::vector<std::string> drawings;
  for (const auto& pipeline : facts.pipelines) {
    IntervalPlot plot{.title = pipeline, .axis = "accuracy, %", .low = 0, .high = 100, .width = half_width};
    for (const auto& evaluation : facts.evaluations) {
      const Score score = evaluation.accuracy();
      if (evaluation.pipeline != pipeline || !score.value) continue;
      plot.rows.push_back({.label = evaluation.plan + (evaluation.leaky ? " (leaks)" : ""),
                           .note = percent(*score.value),
                           .marks = {percent_mark(score, evaluation.leaky)}});
      if (plot.lines.empty() && evaluation.chance.value)
        plot.lines.push_back({100 * *evaluation.chance.value, "chance"});
    }
    if (!plot.rows.empty()) drawings.push_back(interval_plot(plot));
  }
  return drawings;
}

void write_some_metrics(Html& page, const Page& facts, const std::vector<std::string>& names, bool first) {
  std::vector<HtmlTable::Column> columns{{"Pipeline"}, {"Plan", false, true}, {"Audit"}};
  for (const auto& name : names) columns.push_back({name, true});
  columns.push_back({"Units", true});
  HtmlTable table(columns);
  for (const auto& evaluation : facts.evaluations) {
    std::vector<std::string> cells{evaluation.pipeline, evaluation.shown_plan(),
                                   evaluation.leaky ? "leaks" : evaluation.verdict};
    for (const auto& name : names) {
      const Score score = evaluation.metric(name);
      std::string cell = "undefined";
      if (score.value) {
        cell = decimal(*score.value, 3);
        if (score.low && score.high) cell += "\n[" + decimal(*score.low, 3) + ", " + decimal(*score.high, 3) + "]";
      } else if (!score.undefined.empty()) {
        cell += ": " + score.undefined;
      }
      cells.push_back(cell);
    }
    const Score score = evaluation.accuracy();
    cells.push_back(score.n > 0 ? unit_count(score.n, score.unit) : "\xE2\x80\x93");
    table.row(cells, evaluation.leaky ? "bad" : "");
  }
  table.write(page, first ? "All metrics with 95 % intervals (shares of 1; kappa and mcc: 0 is chance, 1 perfect)"
                          : "Further metrics with 95 % intervals");
}

void write_metrics(Html& page, const Page& facts) {
  std::vector<std::string> names;
  for (const auto& evaluation : facts.evaluations) {
    for (const auto& [name, score] : evaluation.metrics) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  constexpr std::size_t beside = 5;  // more columns would shrink the page on paper
  for (std::size_t first = 0; first < names.size(); first += beside) {
    const std::vector<std::string> part(
        names.begin() + static_cast<std::ptrdiff_t>(first),
        names.begin() + static_cast<std::ptrdiff_t>(std::min(first + beside, names.size())));
    write_some_metrics(page, facts, part, first == 0);
  }
}

std::string confusion_drawing(const Evaluation& evaluation, const std::vector<std::string>& classes) {
  HeatMap map{.title = evaluation.pipeline + (evaluation.leaky ? " (leaks)" : ""),
              .row_names = classes,
              .column_names = classes,
              .row_axis = "true class",
              .column_axis = "predicted class",
              .scale = {Palette::sequential, 0, 100},
              .unit = "% of the true class",
              .width = classes.size() > 5 ? half_width : third_width,
              .tallest_cell = 64};
  for (const auto& counts : evaluation.confusion) {
    double total = 0;
    for (const double count : counts) total += count;
    map.values.emplace_back();
    map.texts.emplace_back();
    for (const double count : counts) {
      const double share = total > 0 ? 100 * count / total : std::nan("");
      map.values.back().push_back(share);
      map.texts.back().push_back(fixed_text(count, 0) + (total > 0 ? "\n" + fixed_text(share, 1) + " %" : ""));
    }
  }
  if (classes.size() > 8) map.texts.clear();
  return heat_map(map);
}

/// For each pipeline the believable evaluation; the first one where all leak.
std::vector<const Evaluation*> shown_evaluations(const Page& facts) {
  std::vector<const Evaluation*> shown;
  for (const auto& pipeline : facts.pipelines) {
    const Evaluation* evaluation = facts.believable(pipeline);
    for (const auto& other : facts.evaluations) {
      if (evaluation == nullptr && other.pipeline == pipeline) evaluation = &other;
    }
    if (evaluation != nullptr) shown.push_back(evaluation);
  }
  return shown;
}

std::string splits_text(const std::vector<const Evaluation*>& shown) {
  const bool same = std::all_of(shown.begin(), shown.end(),
                                [&](const Evaluation* evaluation) { return evaluation->plan == shown.front()->plan; });
  if (same) return split_text(*shown.front());
  std::vector<std::string> texts;
  for (const Evaluation* const evaluation : shown)
    texts.push_back(evaluation->pipeline + " under " + split_text(*evaluation));
  return join(texts, "; ");
}

void write_confusion(Html& page, const Page& facts, const std::vector<const Evaluation*>& shown) {
  std::vector<std::string> drawings;
  for (const Evaluation* const evaluation : shown) {
    if (evaluation->confusion.size() == facts.classes.size() && !facts.classes.empty())
      drawings.push_back(confusion_drawing(*evaluation, facts.classes));
  }
  if (drawings.empty()) return;
  page.heading(3, "Which classes are confused");
  write_figure(page, drawings,
               "Test windows of all folds by true and predicted class: count, and share of the true class. Split: " +
                   splits_text(shown) + ".",
               "tables/confusion_<pipeline>_<plan>.csv");
}

void write_subjects(Html& page, const std::vector<const Evaluation*>& shown) {
  std::vector<std::string> drawings;
  const double width = shown.size() > 2 ? third_width : half_width;
  for (const Evaluation* const evaluation : shown) {
    IntervalPlot plot{.title = evaluation->pipeline + (evaluation->leaky ? " (leaks)" : ""),
                      .axis = "accuracy, %",
                      .low = 0,
                      .high = 100,
                      .width = width};
    for (const auto& [subject, score] : evaluation->subjects) {
      if (score.value)
        plot.rows.push_back(
            {.label = subject, .note = percent(*score.value), .marks = {percent_mark(score, evaluation->leaky)}});
    }
    if (evaluation->chance.value) plot.lines.push_back({100 * *evaluation->chance.value, "chance"});
    if (!plot.rows.empty()) drawings.push_back(interval_plot(plot));
  }
  if (drawings.empty()) return;
  page.heading(3, "Each subject");
  write_figure(page, drawings,
               "Accuracy of each subject with its 95 % interval over that subject's own trials or windows (n in the "
               "table). Split: " +
                   splits_text(shown) + ".",
               "tables/subjects_<pipeline>_<plan>.csv");
}

void write_claims(Html& page, const Page& facts) {
  std::vector<std::pair<std::string, std::string>> claims;
  for (const auto& evaluation : facts.evaluations) {
    for (const auto& claim : evaluation.claims)
      claims.emplace_back(evaluation.pipeline + ", " + evaluation.plan + (evaluation.leaky ? " (leaks): " : ": "),
                          claim);
  }
  if (claims.empty()) return;
  page.heading(3, "What can be said").open("ul");
  for (const auto& [who, claim] : claims) page.open("li").element("b", who).text(claim).close();
  page.close();
}

bool leaks(const Page& facts, const Compared& compared) {
  const Evaluation* const evaluation = find_evaluation(facts.evaluations, compared.a, compared.plan);
  return evaluation != nullptr && evaluation->leaky;
}

std::string difference_text(const Compared& compared) {
  if (!compared.points) return "undefined: fewer than two units";
  return decimal(*compared.points, 1) + "\n[" + decimal(*compared.low, 1) + ", " + decimal(*compared.high, 1) + "]";
}

/// "0.031", "< 0.001", "-" where there is none.
std::string p_text(const Maybe& p) {
  if (!p) return "-";
  return *p < 0.001 ? "< 0.001" : decimal(*p, 3);
}

void write_comparisons(Html& page, const Page& facts) {
  const auto all = comparisons_of(facts.run);
  if (all.empty()) return;
  page.heading(3, "Is one pipeline better than another?");
  page.paragraph(
      "Each two pipelines on the same test sides, paired over the units of inference. The adjusted p (Holm) counts "
      "every comparison of this run; what was tried elsewhere is not counted. Under a plan that leaks a difference "
      "says only which pipeline profits more from the leak.");
  HtmlTable table({{"Plan", false, true},
                   {"First"},
                   {"Second"},
                   {"First less second, points", true},
                   {"Units", true},
                   {"Test"},
                   {"p", true},
                   {"p adjusted", true}});
  for (const Compared& one : all) {
    table.row(
        {one.plan + (leaks(facts, one) ? " (leaks)" : ""), one.a, one.b, difference_text(one),
         std::to_string(one.n) + " " + one.unit + (one.n == 1 ? "" : "s"), one.test, p_text(one.p), p_text(one.p_holm)},
        leaks(facts, one) ? "bad" : "");
  }
  table.write(page);
}

void write_stability(Html& page, const Page& facts) {
  HtmlTable table({{"Pipeline"}, {"Plan"}, {"Audit"}, {"ILSS", true}});
  for (const auto& evaluation : facts.evaluations) {
    if (evaluation.ilss)
      table.row({evaluation.pipeline, evaluation.shown_plan(), evaluation.leaky ? "leaks" : evaluation.verdict,
                 fixed_text(*evaluation.ilss, 2)},
                evaluation.leaky ? "bad" : "");
  }
  if (table.empty()) return;
  page.heading(3, "Stability score (ILSS)");
  page.paragraph(
      "The published stability score rises with the mean accuracy and falls with its spread over folds. It is "
      "given because papers quote it; the spread over folds that share trials or people measures nothing about "
      "new data.");
  table.write(page);
}

}  // namespace

void write_results(Html& page, const Page& facts) {
  page.open("section", {}, "results").heading(2, "Results");
  write_figure(
      page, plan_drawings(facts),
      "Accuracy under every plan with its 95 % interval over independent units. Rings mark plans that leak; the "
      "dashed line is chance. Intervals that overlap widely show no difference.",
      "tables/plans.csv");
  write_claims(page, facts);
  write_metrics(page, facts);
  const auto shown = shown_evaluations(facts);
  if (!shown.empty()) {
    write_confusion(page, facts, shown);
    write_subjects(page, shown);
  }
  write_comparisons(page, facts);
  write_stability(page, facts);
  page.close();
}

}  // namespace caton::report
