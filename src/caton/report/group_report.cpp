// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/group_report.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/report/figures/directed_map.hpp"
#include "caton/report/group_page.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/report.hpp"
#include "caton/report/sections.hpp"
#include "caton/report/style.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace caton {

namespace report {

namespace {

TestedPair pair_of(const Json& row) {
  TestedPair pair;
  if (const Json* const band = row.find("band")) pair.band = static_cast<std::size_t>(band->integer());
  pair.to = static_cast<std::size_t>(row.at("to").integer());
  pair.from = static_cast<std::size_t>(row.at("from").integer());
  pair.mean = row.at("mean").numbers();
  pair.value = row.at("value").number();
  pair.p = row.at("p").number();
  pair.adjusted = row.at("adjusted").number();
  pair.size = row.at("size").number();
  if (!row.has("low")) return pair;
  pair.low = row.at("low").numbers();
  pair.high = row.at("high").numbers();
  pair.difference = row.at("difference").number();
  pair.difference_low = row.at("difference_low").number();
  pair.difference_high = row.at("difference_high").number();
  return pair;
}

std::vector<TestedEffect> effects_of(const Json& list) {
  std::vector<TestedEffect> effects;
  for (const Json& one : list.items()) {
    effects.push_back({one.at("name").text(), one.at("statistic").text(), one.at("freedom").number(),
                       one.at("error_freedom").number(), one.at("significant").integer(), one.at("below").integer()});
  }
  return effects;
}

/// Front to back where the places are known; else as filed.
std::vector<std::size_t> scalp_order(const GroupPage& page) {
  if (page.positions_m.size() == page.channels.size()) return front_to_back(page.positions_m);
  std::vector<std::size_t> order(page.channels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

void require_indices(const GroupPage& page, const std::string& where) {
  for (const auto* const list : {&page.pairs, &page.links}) {
    for (const TestedPair& pair : *list) {
      if (pair.band >= page.bands.size() || pair.to >= page.channels.size() || pair.from >= page.channels.size() ||
          pair.mean.size() != page.cells.size())
        throw input_error(where, "a pair lies outside channels, bands or groups");
    }
  }
}

}  // namespace

GroupPage group_page_of(const GroupFolder& run) {
  const Json& all = run.result;
  const std::string where = (run.path / "connectivity.json").string();
  GroupPage page{.run = run};
  try {
    page.name = all.at("name").text();
    page.design = all.at("design").text();
    if (const Json* const measure = all.find("measure")) {
      const std::string& name = measure->at("name").text();
      page.measure = name == "ddtf" ? "dDTF" : name;
      std::replace(page.measure.begin(), page.measure.end(), '_', ' ');
      page.measure_about = measure->at("about").text();
      page.direction = measure->at("direction").text();
      page.modelled = measure->at("modelled").flag();
    }
    page.correction = all.at("correction").text();
    page.alpha = all.at("alpha").number();
    if (const Json* const ridge = all.find("ridge")) page.ridge = ridge->number();
    if (const Json* const uncorrected = all.find("uncorrected")) page.uncorrected = uncorrected->flag();
    if (const Json* const left_out = all.find("left_out")) page.left_out = left_out->texts();
    page.channels = all.at("channels").texts();
    page.groups = all.at("groups").texts();
    page.sessions = all.at("sessions").texts();
    page.cells = all.at("cells").texts();
    for (const Json& band : all.at("bands").items()) page.bands.push_back(band.at("name").text());
    for (const Json& position : all.at("positions_m").items()) {
      const auto xyz = position.numbers();
      if (xyz.size() == 3) page.positions_m.push_back({xyz[0], xyz[1], xyz[2]});
    }
    if (page.positions_m.size() != page.channels.size()) page.positions_m.clear();
    std::map<std::string, std::int64_t> members;
    for (const Json& one : all.at("participants").items()) ++members[one.at("group").text()];
    for (const auto& group : page.groups) page.group_sizes.push_back(members[group]);
    page.effects = effects_of(all.at("effects"));
    page.link_effects = effects_of(all.at("link_effects"));
    for (const Json& row : all.at("edges").items()) page.pairs.push_back(pair_of(row));
    for (const Json& row : all.at("links").items()) page.links.push_back(pair_of(row));
  } catch (const Error& error) {
    throw input_error(where, error.problem(), "the run folder is damaged; compute it again with caton run --force");
  }
  if (page.effects.empty() || page.cells.empty() || page.bands.empty() || page.pairs.empty())
    throw input_error(where, "holds no test", "compute it again with caton run --force");
  require_indices(page, where);
  page.order = scalp_order(page);
  return page;
}

std::string stars(double p) { return p < 0.001 ? "***" : p < 0.01 ? "**" : p < 0.05 ? "*" : ""; }

}  // namespace report

std::string group_report_html(const GroupFolder& run) {
  using namespace report;
  const GroupPage facts = group_page_of(run);
  Html page;
  page.open("main");
  write_group_summary(page, facts);
  page.open("nav");
  constexpr std::array<std::array<const char*, 2>, 7> parts{{{"reach", "How far this carries"},
                                                             {"heads", "Heads"},
                                                             {"matrices", "Matrices"},
                                                             {"pairs", "Pairs"},
                                                             {"links", "Links of the models"},
                                                             {"totals", "Totals"},
                                                             {"models", "Model checks"}}};
  for (const auto& [id, words] : parts)
    page.markup("<a href=\"#" + std::string(id) + "\">").text(words).markup("</a>\n");
  page.close();
  write_group_reach(page, facts);
  write_group_heads(page, facts);
  write_group_matrices(page, facts);
  write_group_pairs(page, facts);
  write_group_links(page, facts);
  write_group_totals(page, facts);
  write_group_models(page, facts);
  write_group_settings(page, facts);
  page.open("footer").paragraph(not_a_medical_device()).close();
  page.close();
  return document(facts.name + " \xC2\xB7 caton report", page.finished());
}

}  // namespace caton
