// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/sections.hpp"
#include "caton/base/error.hpp"
#include "caton/report/plain_words.hpp"

#include <cmath>

namespace caton::report {

Page page_of(const RunFolder& run) {
  Page page{.run = run, .evaluations = evaluations_of(run)};
  const std::string where = (run.path / "study.json").string();
  page.pipelines = pipelines_of(page.evaluations);
  page.plans = plans_of(page.evaluations);
  try {
    page.classes = run.study.at("classes").texts(where + ": classes");
    for (const Json& channel : run.study.at("channels").items()) {
      ++page.channels;
      const Json* const position = channel.find("position_m");
      if (position == nullptr || position->is_null()) continue;
      const auto parts = position->numbers(where + ": position_m");
      const bool usable = parts.size() == 3 && std::isfinite(parts[0] + parts[1] + parts[2]) &&
                          parts[0] * parts[0] + parts[1] * parts[1] + parts[2] * parts[2] > 0;
      if (usable) page.electrodes.push_back({channel.at("name").text(where), {parts[0], parts[1], parts[2]}});
    }
  } catch (const Error& error) {
    throw input_error(error.where().empty() ? where : error.where(), error.problem(), error.remedy());
  }
  return page;
}

const Evaluation* Page::believable(const std::string& pipeline) const {
  const Evaluation* best = nullptr;
  for (const auto& evaluation : evaluations) {
    if (evaluation.pipeline != pipeline || evaluation.leaky || evaluation.verdict == "leaks") continue;
    if (!evaluation.accuracy().value) continue;
    if (best == nullptr || plan_reach(evaluation.plan) > plan_reach(best->plan)) best = &evaluation;
  }
  return best;
}

void write_figure(Html& page, const std::vector<std::string>& drawings, std::string_view caption,
                  std::string_view numbers) {
  if (drawings.empty()) return;
  page.open("figure").open("div", "drawings");
  for (const auto& drawing : drawings) page.markup(drawing);
  page.close().open("figcaption").text(caption);
  if (!numbers.empty()) page.text(" ").element("span", "Numbers: " + std::string(numbers) + ".", "numbers");
  page.close().close();
}

std::string split_text(const Evaluation& evaluation) {
  return evaluation.plan + ": new in the test set are " + plan_is_new(evaluation.plan) + "; " +
         (evaluation.leaky                      ? "this split leaks"
          : evaluation.verdict == "cannot tell" ? "whether it leaks cannot be told"
                                                : "no leak found");
}

double study_number(const Page& facts, const char* key) {
  const Json* const value = facts.run.study.find(key);
  return value != nullptr && value->is_number() ? value->number() : 0;
}

}  // namespace caton::report
