// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/report/sections.hpp"

#include <set>

namespace caton::report {
namespace {

std::string chance_words(const std::string& method) {
  if (method == "predictions") return "permuting the labels of whole units against the stored predictions";
  if (method == "refit") return "permuting the labels of whole units in training and fitting everything again";
  return method;
}

/// How chance was found, once for each way.
std::string chance_text(const Page& facts) {
  std::set<std::string> methods;
  for (const auto& evaluation : facts.evaluations) {
    if (!evaluation.chance_method.empty()) methods.insert(chance_words(evaluation.chance_method));
  }
  std::string text;
  for (const auto& method : methods) text += (text.empty() ? "" : "; ") + method;
  return text;
}

std::string value_text(const Json& value) {
  if (value.is_text()) return value.text();
  return value.is_number() ? number_text(value.number()) : value.dump();
}

}  // namespace

void write_methods(Html& page, const Page& facts) {
  page.open("section", {}, "methods").heading(2, "Methods");
  page.paragraph(facts.run.study.at("methods").text());
  std::string text =
      "Intervals are 95 % bootstrap intervals over the independent units named beside each figure (people where there "
      "are "
      "several, else trials), never over windows. Everything that learns from data learned from the training part of "
      "each "
      "fold alone, unless the audit says otherwise.";
  const std::string chance = chance_text(facts);
  if (!chance.empty()) text += " Chance was found by: " + chance + ".";
  page.paragraph(text);
  page.close();
}

void write_settings(Html& page, const Page& facts) {
  page.open("section", {}, "settings").heading(2, "Settings and versions");
  page.paragraph("The resolved recipe (recipe.toml): running it again on the same data gives the same numbers.");
  page.open("pre").text(to_toml(facts.run.recipe)).close();
  HtmlTable table({{"What"}, {"Version"}});
  for (const auto& [name, version] : facts.run.versions.members()) {
    if (!version.is_object()) table.row({name, value_text(version)});
    for (const auto& [part, value] : version.is_object() ? version.members() : Json::Object{})
      table.row({name + ", " + part, value_text(value)});
  }
  table.write(page, "Versions");
  page.close();
}

}  // namespace caton::report
