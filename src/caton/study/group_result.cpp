// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_run.hpp"

#include "caton/features/connectivity/connectivity_summary.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/study/group_tests.hpp"

#include <algorithm>

namespace caton {

namespace {

const char* direction_name(PairKind kind) {
  return kind == PairKind::directed ? "directed" : kind == PairKind::mutual ? "mutual" : "leading";
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Json column(const Matrix& values, std::int64_t index) {
  Json list = Json::list();
  for (std::int64_t c = 0; c < values.extent(0); ++c) list.push(values(c, index));
  return list;
}

Json effect_json(const EdgeEffect& effect, double alpha) {
  const auto at_most = [&](const std::vector<double>& p) {
    return static_cast<std::int64_t>(std::count_if(p.begin(), p.end(), [&](double value) { return value <= alpha; }));
  };
  return Json::object({{"name", effect.name},
                       {"statistic", effect.statistic},
                       {"freedom", effect.freedom},
                       {"error_freedom", effect.error_freedom},
                       {"significant", at_most(effect.adjusted)},
                       {"below", at_most(effect.p)}});
}

void add_test(Json& row, const EdgeEffect& effect, std::size_t at) {
  row["value"] = effect.value[at];
  row["p"] = effect.p[at];
  row["adjusted"] = effect.adjusted[at];
  row["size"] = effect.size[at];
}

Json edges_json(const GroupConnectivity& result) {
  Json list = Json::list();
  for (std::size_t e = 0; e < result.edges.size(); ++e) {
    const auto at = static_cast<std::int64_t>(e);
    Json row = Json::object({{"band", result.edges[e].band},
                             {"to", result.edges[e].to},
                             {"from", result.edges[e].from},
                             {"mean", column(result.mean, at)},
                             {"low", column(result.low, at)},
                             {"high", column(result.high, at)},
                             {"difference", result.difference[e]},
                             {"difference_low", result.difference_low[e]},
                             {"difference_high", result.difference_high[e]}});
    add_test(row, result.effects.front(), e);
    list.push(std::move(row));
  }
  return list;
}

Json links_json(const GroupConnectivity& result) {
  Json list = Json::list();
  for (std::size_t e = 0; e < result.links.size(); ++e) {
    Json row = Json::object({{"to", result.links[e].to},
                             {"from", result.links[e].from},
                             {"mean", column(result.link_mean, static_cast<std::int64_t>(e))}});
    add_test(row, result.link_effects.front(), e);
    list.push(std::move(row));
  }
  return list;
}

Json totals_json(const GroupConnectivity& result) {
  Json list = Json::list();
  for (const auto& recording : result.recordings) {
    Json totals = Json::list();
    for (std::int64_t b = 0; b < recording.mean.extent(0); ++b)
      totals.push(connectivity_summary(recording.mean.view()[b]).total);
    list.push(Json::object({{"participant", recording.subject},
                            {"group", recording.group},
                            {"session", recording.session},
                            {"total", totals}}));
  }
  return list;
}

/// Of each group, window by window as far as all recordings reach: the mean over recordings, and half its 95 %
/// interval.
Json course_json(const GroupConnectivity& result, bool interval) {
  std::int64_t windows = result.recordings.front().windows;
  for (const auto& recording : result.recordings) windows = std::min(windows, recording.windows);
  Json bands = Json::list();
  for (std::int64_t b = 0; b < result.recordings.front().mean.extent(0); ++b) {
    Json groups = Json::list();
    for (const auto& group : result.groups) {
      Json line = Json::list();
      for (std::int64_t w = 0; w < windows; ++w) {
        std::vector<double> values;
        for (const auto& recording : result.recordings) {
          if (recording.group == group) values.push_back(recording.course(w, b));
        }
        line.push(interval ? half_interval(values) : mean_of(values));
      }
      groups.push(line);
    }
    bands.push(groups);
  }
  return bands;
}

Json recordings_json(const GroupConnectivity& result) {
  Json list = Json::list();
  for (const auto& recording : result.recordings) {
    list.push(Json::object({{"id", recording.id},
                            {"group", recording.group},
                            {"windows", recording.windows},
                            {"dropped", recording.dropped},
                            {"unstable", recording.unstable},
                            {"coloured", recording.coloured},
                            {"best_order", recording.best_order},
                            {"asymmetry", Json::list_of(recording.asymmetry)}}));
  }
  return list;
}

}  // namespace

Json group_result_json(const GroupRecipe& recipe, const GroupStudy& study, const GroupConnectivity& result) {
  const GroupAnalysis& how = recipe.analysis;
  const PairMeasure& measure = pair_measure_named("connectivity", how.measure);
  Json participants = Json::list(), bands = Json::list(), positions = Json::list(), effects = Json::list(),
       link_effects = Json::list();
  for (std::size_t s = 0; s < result.participants.size(); ++s) {
    participants.push(Json::object({{"name", result.participants[s]},
                                    {"group", result.groups[static_cast<std::size_t>(result.participant_group[s])]}}));
  }
  for (std::size_t b = 0; b < how.bands.size(); ++b)
    bands.push(Json::object(
        {{"name", how.band_names[b]}, {"low_hz", how.bands[b].low_hz}, {"high_hz", how.bands[b].high_hz}}));
  for (const auto& position : result.positions_m) positions.push(Json::list_of(position));
  for (const auto& effect : result.effects) effects.push(effect_json(effect, how.alpha));
  for (const auto& effect : result.link_effects) link_effects.push(effect_json(effect, how.alpha));
  const Json& statistics = recipe.resolved.at("statistics");
  return Json::object({{"format", "caton-groups-1"},
                       {"name", recipe.name},
                       {"dataset", recipe.dataset},
                       {"channels", Json::list_of(result.channels)},
                       {"positions_m", positions},
                       {"groups", Json::list_of(result.groups)},
                       {"sessions", Json::list_of(result.sessions)},
                       {"cells", Json::list_of(result.cells)},
                       {"participants", participants},
                       {"bands", bands},
                       {"measure", Json::object({{"name", measure.name},
                                                 {"about", measure.about},
                                                 {"direction", direction_name(measure.kind)},
                                                 {"modelled", measure.model || how.links}})},
                       {"order", result.order},
                       {"window_s", how.window_s},
                       {"step_s", how.step_s},
                       {"windows", result.recordings.front().windows},
                       {"rate_hz", result.rate_hz},
                       {"samples_per_unknown", result.samples_per_unknown},
                       {"design", statistics.at("test")},
                       {"correction", statistics.at("correction")},
                       {"alpha", how.alpha},
                       {"prepared", result.prepared},
                       {"left_out", Json::list_of(result.left_out)},
                       {"ridge", how.ridge},
                       {"uncorrected", statistics.at("uncorrected")},
                       {"effects", effects},
                       {"edges", edges_json(result)},
                       {"link_effects", link_effects},
                       {"links", links_json(result)},
                       {"totals", totals_json(result)},
                       {"course", course_json(result, false)},
                       {"course_half", course_json(result, true)},
                       {"recordings", recordings_json(result)},
                       {"truth", study.truth}});
}

}  // namespace caton
