// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/plain_words.hpp"
#include "caton/report/sections.hpp"

#include <algorithm>

namespace caton::report {
namespace {

struct Verdict {
  std::string_view mark, tag;
  std::string sentence;
};

/// The leaky evaluation of a pipeline with the highest accuracy: the figure that people would quote.
const Evaluation* loudest_leak(const Page& facts, const std::string& pipeline) {
  const Evaluation* loudest = nullptr;
  for (const auto& evaluation : facts.evaluations) {
    if (evaluation.pipeline != pipeline || !evaluation.leaky || !evaluation.accuracy().value) continue;
    if (loudest == nullptr || *evaluation.accuracy().value > *loudest->accuracy().value) loudest = &evaluation;
  }
  return loudest;
}

std::string honest_part(const Evaluation& evaluation) {
  std::string text = "on " + plan_is_new(evaluation.plan) + ", " + evaluation.pipeline + " reaches " +
                     score_text(evaluation.accuracy());
  if (evaluation.chance.value) text += " where chance is " + percent(*evaluation.chance.value);
  if (evaluation.p) text += " (" + p_value(*evaluation.p) + ")";
  switch (evaluation.reading()) {
    case Reading::above: return text + ", which is better than chance";
    case Reading::at: return text + ": no difference from chance is shown";
    case Reading::below: return text + ", worse than chance, which is a sign of a confound";
    case Reading::unknown: return text;
  }
  return text;
}

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 32);
  return text;
}

/// Where the recordings say that something else than the brain goes with the class; empty when nothing was found.
std::string confounds(const Page& facts) {
  std::vector<std::string> places;
  for (const Json& finding : facts.run.findings.items()) {
    if (finding.at("code").text().rfind("confound/", 0) != 0 || finding.at("severity").text() == "note") continue;
    const std::string& place = finding.at("where").text();
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
  if (places.size() > 3) places.resize(3);
  return join(places, ", ");
}

Verdict verdict_without_confound(const Page& facts) {
  if (facts.pipelines.empty()) return {"plain", "Nothing was evaluated", "This run holds no evaluation."};
  const std::string& pipeline = facts.pipelines.front();
  const Evaluation* const honest = facts.believable(pipeline);
  const Evaluation* const leaky = loudest_leak(facts, pipeline);
  const bool any_leak = std::any_of(facts.evaluations.begin(), facts.evaluations.end(),
                                    [](const Evaluation& evaluation) { return evaluation.leaky; });
  if (honest == nullptr && leaky == nullptr)
    return {"warn", "No figure", capital(pipeline) + " has no accuracy that could be judged."};
  if (honest == nullptr)
    return {"bad", "No figure here may be believed",
            "The " + percent(*leaky->accuracy().value) + " of " + pipeline + " under \xE2\x80\x9C" + leaky->plan +
                "\xE2\x80\x9D leaks, and the run holds no split without a leak to set beside it."};
  const bool better = honest->reading() == Reading::above;
  if (leaky == nullptr) {
    const bool unsure = honest->verdict == "cannot tell";
    return {better && !unsure    ? "good"
            : any_leak || unsure ? "warn"
                                 : "plain",
            any_leak ? "Some figures leak"
            : unsure ? "Leaks cannot be ruled out"
                     : "No leak was found",
            capital(honest_part(*honest)) + "."};
  }
  return {"warn", "Not every figure here may be believed",
          capital(honest_part(*honest)) + "; the " + percent(*leaky->accuracy().value) + " under \xE2\x80\x9C" +
              leaky->plan + "\xE2\x80\x9D leaks and must not be read as that."};
}

}  // namespace

namespace {

Verdict verdict_of(const Page& facts) {
  Verdict verdict = verdict_without_confound(facts);
  const std::string where = confounds(facts);
  if (where.empty() || facts.pipelines.empty()) return verdict;
  verdict.sentence.pop_back();
  verdict.sentence += "; a confound was found (" + where + "), so that what is decoded may not be the brain.";
  if (verdict.mark == "good" || verdict.mark == "plain") {
    verdict.mark = "warn";
    verdict.tag = "A confound was found";
  }
  return verdict;
}

}  // namespace

void write_summary(Html& page, const Page& facts) {
  const auto& study = facts.run.study;
  page.open("header");
  page.paragraph("caton report", "eyebrow");
  page.heading(1, study.at("name").text());
  const auto count = [&](const char* key, const char* word) {
    return counted(static_cast<std::int64_t>(study_number(facts, key)), word);
  };
  page.paragraph("Data set " + study.at("dataset").text() + ": " + count("subjects", "subject") + ", " +
                     count("sessions", "session") + ", " + count("trials", "trial") + ", " +
                     count("samples", "window") + "; " + counted(static_cast<std::int64_t>(facts.channels), "channel") +
                     "; classes: " + join(facts.classes, ", ") + ".",
                 "lead");
  const Verdict verdict = verdict_of(facts);
  page.open("div", "verdict " + std::string(verdict.mark));
  page.element("span", verdict.tag, "tag").paragraph(verdict.sentence).close();
  page.close();
}

}  // namespace caton::report
