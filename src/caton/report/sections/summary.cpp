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

Verdict verdict_of(const Page& facts) {
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
