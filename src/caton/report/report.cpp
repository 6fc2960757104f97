// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/report.hpp"

#include "caton/report/html.hpp"
#include "caton/report/sections.hpp"
#include "caton/report/style.hpp"

namespace caton {
namespace report {
namespace {

void write_contents(Html& page) {
  page.open("nav");
  constexpr std::array<std::array<const char*, 2>, 7> parts{{{"audit", "May it be believed?"},
                                                             {"oddities", "What was odd"},
                                                             {"study", "The study"},
                                                             {"results", "Results"},
                                                             {"explanation", "Explanation"},
                                                             {"methods", "Methods"},
                                                             {"settings", "Settings"}}};
  for (const auto& [id, words] : parts)
    page.markup("<a href=\"#" + std::string(id) + "\">").text(words).markup("</a>\n");
  page.close();
}

}  // namespace
}  // namespace report

const char* not_a_medical_device() noexcept {
  return "caton is research software: not a medical device, not for diagnosis or treatment decisions.";
}

std::string report_html(const RunFolder& run) {
  const report::Page facts = report::page_of(run);
  report::Html page;
  page.open("main");
  report::write_summary(page, facts);
  report::write_contents(page);
  report::write_audit(page, facts);
  report::write_oddities(page, facts);
  report::write_study(page, facts);
  report::write_results(page, facts);
  report::write_series(page, facts);
  report::write_learning(page, facts);
  report::write_explanation(page, facts);
  report::write_methods(page, facts);
  report::write_settings(page, facts);
  page.open("footer").paragraph(not_a_medical_device()).close();
  page.close();
  return report::document(run.study.at("name").text() + " \xC2\xB7 caton report", page.finished());
}

}  // namespace caton
