// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/figures/interval_plot.hpp"
#include "caton/report/plain_words.hpp"
#include "caton/report/sections.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace caton::report {
namespace {

std::string quoted(const std::string& name) { return "\xE2\x80\x9C" + name + "\xE2\x80\x9D"; }

std::vector<const Evaluation*> of_plan(const Page& facts, const std::string& plan, bool leaky) {
  std::vector<const Evaluation*> found;
  for (const auto& evaluation : facts.evaluations) {
    if (evaluation.plan == plan && evaluation.leaky == leaky) found.push_back(&evaluation);
  }
  return found;
}

std::string inflation_text(const Page& facts, const Evaluation& evaluation) {
  std::string text = evaluation.pipeline + " scored " + score_text(evaluation.accuracy()) + ".";
  if (!evaluation.twin) return text + " No leak-free twin was run, so the size of the leak is not known.";
  const Twin& twin = *evaluation.twin;
  if (const Evaluation* const honest = find_evaluation(facts.evaluations, evaluation.pipeline, twin.plan))
    text += " The same decoder under the leak-free plan " + quoted(twin.plan) + " scored " +
            score_text(honest->accuracy()) + ".";
  if (!twin.points) return text;
  text += " The leak is worth " + points(*twin.points);
  if (twin.low && twin.high) {
    text += " (95\xC2\xA0% interval " + points(*twin.low) + " to " + points(*twin.high) + ")";
    if (*twin.low <= 0 && *twin.high >= 0) text += ": no difference shown";
  }
  return text + ".";
}

void write_leaky_plan(Html& page, const Page& facts, const std::string& plan,
                      const std::vector<const Evaluation*>& leaky) {
  page.open("div", "leak");
  page.heading(3, "Plan " + quoted(plan) + " leaks");
  std::vector<std::string> codes;
  std::map<std::string, const Leak*> first;
  std::map<std::string, std::vector<std::string>> of;
  for (const Evaluation* const evaluation : leaky) {
    for (const auto& leak : evaluation->leaks) {
      if (first.emplace(leak.code, &leak).second) codes.push_back(leak.code);
      of[leak.code].push_back(evaluation->pipeline);
    }
  }
  page.open("ul");
  for (const auto& code : codes) {
    const LeakWords words = leak_words(code);
    page.open("li").element("b", words.name).text(". ").text(words.explanation);
    if (!first.at(code)->what.empty()) page.text(" Found: " + sentence(first.at(code)->what));
    if (of.at(code).size() < leaky.size()) {
      page.text(" (only ");
      for (std::size_t i = 0; i < of.at(code).size(); ++i) page.text((i == 0 ? "" : ", ") + of.at(code)[i]);
      page.text(")");
    }
    page.text(" ").element("code", code).close();
  }
  page.close();
  for (const Evaluation* const evaluation : leaky) page.paragraph(inflation_text(facts, *evaluation));
  page.close();
}

/// Leaky figure and honest twin of every pipeline, one drawing a leaky plan.
std::vector<std::string> leak_drawings(const Page& facts) {
  std::vector<std::string> drawings;
  for (const auto& plan : facts.plans) {
    IntervalPlot plot{.title = "Plan " + quoted(plan) + " against its leak-free twin",
                      .axis = "accuracy, %",
                      .legend = {{plan + " (leaks)", ink::leaky}, {"leak-free twin", ink::honest}},
                      .low = 0,
                      .high = 100};
    Maybe chance;
    for (const Evaluation* const evaluation : of_plan(facts, plan, true)) {
      if (!evaluation->twin) continue;
      const Evaluation* const honest = find_evaluation(facts.evaluations, evaluation->pipeline, evaluation->twin->plan);
      const Score leaky_score = evaluation->accuracy();
      if (honest == nullptr || !leaky_score.value || !honest->accuracy().value) continue;
      const auto mark = [](const Score& score, Colour colour, bool hollow) {
        Mark drawn{.value = 100 * *score.value, .low = {}, .high = {}, .colour = colour, .hollow = hollow};
        if (score.low && score.high) {
          drawn.low = 100 * *score.low;
          drawn.high = 100 * *score.high;
        }
        return drawn;
      };
      plot.rows.push_back({.label = evaluation->pipeline,
                           .note = {},
                           .marks = {mark(leaky_score, ink::leaky, true), mark(honest->accuracy(), ink::honest, false)},
                           .joined = evaluation->twin->points ? points(*evaluation->twin->points) : std::string("?")});
      if (honest->chance.value) chance = honest->chance.value;
    }
    if (plot.rows.empty()) continue;
    if (chance) plot.lines.push_back({100 * *chance, "chance"});
    drawings.push_back(interval_plot(plot));
  }
  return drawings;
}

std::string reading_cell(const Evaluation& evaluation) {
  if (evaluation.leaky) return "leaks: do not quote";
  return reading_text(evaluation.reading());
}

/// What is clean because it is declared still shows what it used.
std::string pipeline_cell(const Evaluation& evaluation) {
  const bool declared = std::any_of(evaluation.findings.begin(), evaluation.findings.end(),
                                    [](const auto& finding) { return finding.code == "leak/fit-on-test"; });
  return declared && !evaluation.leaky ? evaluation.pipeline + " (sees test data, without labels)"
                                       : evaluation.pipeline;
}

void write_table(Html& page, const Page& facts) {
  HtmlTable table({{"Plan", false, true},
                   {"Pipeline"},
                   {"New in the test set"},
                   {"Audit"},
                   {"Accuracy, 95 % interval", true},
                   {"Units", true},
                   {"Chance", true},
                   {"Reading"}});
  for (const auto& plan : facts.plans) {
    for (const auto& evaluation : facts.evaluations) {
      if (evaluation.plan != plan) continue;
      const Score score = evaluation.accuracy();
      const std::string range = percent_range(score.low, score.high);
      std::string accuracy = score.value ? percent(*score.value) : "undefined";
      if (!range.empty()) accuracy += "\n" + range;
      std::string chance = evaluation.chance.value ? percent(*evaluation.chance.value) : "\xE2\x80\x93";
      if (evaluation.p) chance += "\n" + p_value(*evaluation.p);
      table.row(
          {plan, pipeline_cell(evaluation), plan_is_new(plan), evaluation.leaky ? "leaks" : evaluation.verdict,
           accuracy, score.n > 0 ? unit_count(score.n, score.unit) : "\xE2\x80\x93", chance, reading_cell(evaluation)},
          evaluation.leaky                         ? "bad"
          : evaluation.reading() == Reading::above ? "good"
                                                   : "");
    }
  }
  table.write(page, "Every figure, with what its split can and cannot say");
}

void write_codes(Html& page, const std::string& before, const std::vector<std::string>& codes,
                 const std::string& after) {
  if (codes.empty()) return;
  page.open("p", "note").text(before);
  for (std::size_t k = 0; k < codes.size(); ++k) {
    if (k > 0) page.text(", ");
    page.element("code", codes[k]);
  }
  page.text(after).close();
}

/// What the audit remarked beyond leaks, and what it did not look at, or not everywhere.
void write_rest(Html& page, const Page& facts) {
  HtmlTable remarks({{"Severity"}, {"Code", false, true}, {"Plan", false, true}, {"What"}});
  std::set<std::string> told;
  std::map<std::string, std::size_t> open;  // in how many evaluations a code was not checked
  for (const auto& evaluation : facts.evaluations) {
    for (const auto& code : evaluation.not_checked) ++open[code];
    for (const auto& finding : evaluation.findings) {
      const bool leak = std::any_of(evaluation.leaks.begin(), evaluation.leaks.end(),
                                    [&](const Leak& known) { return known.code == finding.code; });
      if (leak || !told.insert(finding.code + evaluation.plan + finding.what).second) continue;
      remarks.row({finding.severity, finding.code, evaluation.plan, finding.what}, finding.severity == "stop"   ? "bad"
                                                                                   : finding.severity == "warn" ? "warn"
                                                                                                                : "");
    }
  }
  if (!remarks.empty()) remarks.write(page, "Further remarks of the audit");
  std::vector<std::string> nowhere, somewhere;
  for (const auto& [code, evaluations] : open)
    (evaluations == facts.evaluations.size() ? nowhere : somewhere).push_back(code);
  write_codes(page, "Not checked in this run: ", nowhere, ". Silence about these is not a clean bill.");
  write_codes(page, "Checked for some plans and pipelines only: ", somewhere, ".");
}

/// The figure that says most about new data.
void write_quotable(Html& page, const Page& facts) {
  const Evaluation* const headline = facts.pipelines.empty() ? nullptr : facts.believable(facts.pipelines.front());
  if (headline == nullptr) return;
  page.open("div").heading(3, "Which number may be quoted?");
  std::string words =
      "The one whose test set is new in what you want to claim. For data furthest from training that is the plan " +
      quoted(headline->plan) + " (" + plan_is_new(headline->plan) + "): " + headline->pipeline + " " +
      score_text(headline->accuracy()) + ", " + reading_text(headline->reading()) + ".";
  if (facts.pipelines.size() > 1)
    words += " It is told for the first pipeline of the recipe; choosing the best of " +
             std::to_string(facts.pipelines.size()) + " by these scores would itself be a leak.";
  page.paragraph(words).close();
}

}  // namespace

void write_audit(Html& page, const Page& facts) {
  page.open("section", {}, "audit").heading(2, "May these numbers be believed?");
  const bool any_leak = std::any_of(facts.evaluations.begin(), facts.evaluations.end(),
                                    [](const Evaluation& evaluation) { return evaluation.leaky; });
  if (any_leak) {
    page.paragraph(
        "A figure is only worth what its test set is new in. The audit compared, sample by sample, where training and "
        "test data came from. Where it found the same moments, trials, people or choices on both sides, the figure "
        "says how well the decoder remembers, not how well it reads a new recording.");
  } else {
    page.paragraph(
        "A figure is only worth what its test set is new in. The audit compared, sample by sample, where training and "
        "test data came from, and found nothing on both sides that should not be there.");
  }
  for (const auto& plan : facts.plans) {
    const auto leaky = of_plan(facts, plan, true);
    if (!leaky.empty()) write_leaky_plan(page, facts, plan, leaky);
  }
  page.open("div", "beside");
  write_figure(
      page, leak_drawings(facts),
      "Accuracy under the leaky plan (ring) and under the nearest plan without the leak (dot), same decoder and "
      "data; lines are 95 % intervals over the units named in the table; the number is the size of the leak.",
      "tables/plans.csv");
  write_quotable(page, facts);
  page.close();
  write_table(page, facts);
  write_rest(page, facts);
  page.close();
}

}  // namespace caton::report
