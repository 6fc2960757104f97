// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_tests.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/random.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/measure/anova.hpp"
#include "caton/measure/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace caton {

namespace {

const std::array<std::pair<const char*, GroupDesign>, 6> designs{{{"mixed", GroupDesign::mixed},
                                                                  {"anova_one_way", GroupDesign::anova_one_way},
                                                                  {"anova_repeated", GroupDesign::anova_repeated},
                                                                  {"t_paired", GroupDesign::t_paired},
                                                                  {"t_independent", GroupDesign::t_independent},
                                                                  {"permutation", GroupDesign::permutation}}};

bool compares_sessions(GroupDesign design) {
  return design == GroupDesign::mixed || design == GroupDesign::anova_repeated || design == GroupDesign::t_paired;
}

bool compares_groups(GroupDesign design) {
  return design != GroupDesign::anova_repeated && design != GroupDesign::t_paired;
}

EdgeEffect effect_named(const std::string& name, const std::string& statistic, std::int64_t edges) {
  const auto size = static_cast<std::size_t>(edges);
  return {
      name, statistic, 0, 0, std::vector<double>(size), std::vector<double>(size, 1.0), {}, std::vector<double>(size)};
}

void put(EdgeEffect& effect, std::int64_t edge, const FTest& test) {
  const auto at = static_cast<std::size_t>(edge);
  effect.value[at] = test.f;
  effect.p[at] = test.p;
  effect.size[at] = test.partial_eta_squared;
  if (edge == 0) {
    effect.freedom = test.freedom;
    effect.error_freedom = test.error_freedom;
  }
}

void put(EdgeEffect& effect, std::int64_t edge, const StudentTest& test) {
  const auto at = static_cast<std::size_t>(edge);
  effect.value[at] = test.t;
  effect.p[at] = test.p;
  effect.size[at] = test.cohen_d;
  if (!effect.freedoms.empty())
    effect.freedoms[at] = test.freedom;
  else if (edge == 0)
    effect.freedom = test.freedom;
}

/// Mean over sessions of each participant.
std::vector<double> person_means(View<const double, 3> values, std::int64_t edge) {
  std::vector<double> means(static_cast<std::size_t>(values.extent(0)));
  for (std::int64_t s = 0; s < values.extent(0); ++s) {
    for (std::int64_t k = 0; k < values.extent(1); ++k)
      means[static_cast<std::size_t>(s)] += values(s, k, edge) / static_cast<double>(values.extent(1));
  }
  return means;
}

std::vector<double> members_of(const std::vector<double>& values, const std::vector<std::int64_t>& group,
                               std::int64_t which) {
  std::vector<double> result;
  for (std::size_t s = 0; s < values.size(); ++s) {
    if (group[s] == which) result.push_back(values[s]);
  }
  return result;
}

View<const double, 2> table_of(View<const double, 3> values, std::int64_t edge) {
  return {&values(0, 0, edge), {values.extent(0), values.extent(1)}, {values.stride(0), values.stride(1)}};
}

/// Shuffled labels of people: the largest statistic over all edges judges each edge (family-wise).
void permute(const GroupAnalysis& options, View<const double, 3> values, const std::vector<std::int64_t>& group,
             EdgeEffect& effect) {
  const std::int64_t edges = values.extent(2);
  std::vector<std::vector<double>> means;
  for (std::int64_t edge = 0; edge < edges; ++edge) means.push_back(person_means(values, edge));
  std::vector<std::vector<double>> drawn(static_cast<std::size_t>(options.permutations));
  thread_pool().parallel_for(options.permutations, [&](std::int64_t n) {
    auto labels = group;
    RandomStream(options.seed, "connectivity, permuted groups", {static_cast<std::uint64_t>(n)}).shuffle(labels);
    for (const auto& one : means) drawn[static_cast<std::size_t>(n)].push_back(anova_one_way(one, labels).f);
  });
  effect.adjusted.clear();
  for (std::int64_t edge = 0; edge < edges; ++edge) {
    const auto at = static_cast<std::size_t>(edge);
    double own = 1, largest = 1;
    for (const auto& one : drawn) {
      own += one[at] >= effect.value[at] ? 1 : 0;
      largest += *std::max_element(one.begin(), one.end()) >= effect.value[at] ? 1 : 0;
    }
    effect.p[at] = own / static_cast<double>(options.permutations + 1);
    effect.adjusted.push_back(largest / static_cast<double>(options.permutations + 1));
  }
}

/// Which participants have all sessions; the others are told.
void choose_participants(const GroupAnalysis& options, GroupConnectivity& result) {
  std::map<std::string, std::set<std::string>> sessions_of;
  std::map<std::string, std::string> group_of;
  for (const auto& recording : result.recordings) {
    if (!sessions_of[recording.subject].insert(recording.session).second) {
      throw input_error(recording.id, "is a second recording of the same participant and session",
                        "leave one of them out");
    }
    group_of[recording.subject] = recording.group;
  }
  for (const auto& [subject, sessions] : sessions_of) {
    if (compares_sessions(options.design) && sessions.size() < result.sessions.size()) {
      result.findings.push_back({"group/session-missing", Severity::warn, "participant " + subject,
                                 "has not all sessions and is left out of tests between sessions"});
      continue;
    }
    result.participants.push_back(subject);
    const auto group = std::find(result.groups.begin(), result.groups.end(), group_of[subject]);
    result.participant_group.push_back(group - result.groups.begin());
  }
  if (compares_groups(options.design)) {
    (void)group_members("groups", result.participant_group);
    return;
  }
  if (result.participants.size() < 2)
    throw input_error("sessions", "fewer than 2 subjects have all sessions", "a test needs more participants");
}

/// Participants x sessions x edges of a value of each recording; without all sessions the mean of those there are.
template <class Value>
Array<double, 3> values_of(const GroupAnalysis& options, const GroupConnectivity& result, std::int64_t edges,
                           const Value& value) {
  const bool by_session = compares_sessions(options.design);
  const std::int64_t sessions = by_session ? static_cast<std::int64_t>(result.sessions.size()) : 1;
  Array<double, 3> values({static_cast<std::int64_t>(result.participants.size()), sessions, edges});
  std::vector<double> count(result.participants.size());
  for (const auto& recording : result.recordings) {
    const auto person = std::find(result.participants.begin(), result.participants.end(), recording.subject);
    if (person != result.participants.end()) ++count[static_cast<std::size_t>(person - result.participants.begin())];
  }
  for (const auto& recording : result.recordings) {
    const auto person = std::find(result.participants.begin(), result.participants.end(), recording.subject);
    if (person == result.participants.end()) continue;
    const auto s = person - result.participants.begin();
    const auto k =
        std::find(result.sessions.begin(), result.sessions.end(), recording.session) - result.sessions.begin();
    for (std::int64_t edge = 0; edge < edges; ++edge)
      values(s, by_session ? k : 0, edge) +=
          value(recording, edge) / (by_session ? 1 : count[static_cast<std::size_t>(s)]);
  }
  return values;
}

/// The cells that are compared: values of each cell's participants.
std::vector<std::vector<double>> cells_of(const GroupAnalysis& options, const GroupConnectivity& result,
                                          View<const double, 3> values, std::int64_t edge) {
  std::vector<std::vector<double>> cells;
  if (compares_groups(options.design)) {
    const auto means = person_means(values, edge);
    for (std::size_t g = 0; g < result.groups.size(); ++g)
      cells.push_back(members_of(means, result.participant_group, static_cast<std::int64_t>(g)));
    return cells;
  }
  for (std::int64_t k = 0; k < values.extent(1); ++k) {
    cells.emplace_back();
    for (std::int64_t s = 0; s < values.extent(0); ++s) cells.back().push_back(values(s, k, edge));
  }
  return cells;
}

double mean_of(const std::vector<double>& values) { return ordered_sum(values) / static_cast<double>(values.size()); }

double resampled(const std::vector<double>& values, RandomStream& random) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
  return sum / static_cast<double>(values.size());
}

/// 95 % interval of the mean of the first less that of the last cell, people drawn again; the same people stay pairs
/// where sessions are compared.
std::pair<double, double> difference_interval(const GroupAnalysis& options,
                                              const std::vector<std::vector<double>>& cells, std::int64_t edge) {
  RandomStream random(options.seed, "connectivity, bootstrap", {static_cast<std::uint64_t>(edge)});
  std::vector<double> paired;
  if (!compares_groups(options.design)) {
    for (std::size_t s = 0; s < cells.front().size(); ++s) paired.push_back(cells.front()[s] - cells.back()[s]);
  }
  std::vector<double> drawn;
  for (std::int64_t n = 0; n < options.bootstraps; ++n) {
    if (paired.empty())
      drawn.push_back(resampled(cells.front(), random) - resampled(cells.back(), random));
    else
      drawn.push_back(resampled(paired, random));
  }
  std::sort(drawn.begin(), drawn.end());
  return {sorted_quantile(drawn, 0.025), sorted_quantile(drawn, 0.975)};
}

void summarise(const GroupAnalysis& options, GroupConnectivity& result) {
  const std::int64_t edges = result.values.extent(2);
  result.cells = compares_groups(options.design) ? result.groups : result.sessions;
  const auto count = static_cast<std::int64_t>(result.cells.size());
  result.mean = Matrix({count, edges});
  result.low = result.mean;
  result.high = result.mean;
  const auto size = static_cast<std::size_t>(edges);
  result.difference.resize(size);
  result.difference_low.resize(size);
  result.difference_high.resize(size);
  thread_pool().parallel_for(edges, [&](std::int64_t edge) {
    const auto cells = cells_of(options, result, result.values.view(), edge);
    for (std::int64_t c = 0; c < count; ++c) {
      const auto& cell = cells[static_cast<std::size_t>(c)];
      const double half = half_interval(cell);
      result.mean(c, edge) = mean_of(cell);
      result.low(c, edge) = result.mean(c, edge) - half;
      result.high(c, edge) = result.mean(c, edge) + half;
    }
    const auto at = static_cast<std::size_t>(edge);
    result.difference[at] = result.mean(0, edge) - result.mean(count - 1, edge);
    std::tie(result.difference_low[at], result.difference_high[at]) = difference_interval(options, cells, edge);
  });
}

}  // namespace

GroupDesign group_design_named(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [text, design] : designs) {
    if (name == text) return design;
    known.emplace_back(text);
  }
  throw usage_error("statistics: test", "unknown test \"" + printable(name) + "\"", suggestion(name, known));
}

double half_interval(const std::vector<double>& values) {
  const double mean = mean_of(values), n = static_cast<double>(values.size());
  if (n < 2) return 0;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return student_t_quantile(0.975, n - 1) * std::sqrt(squares / (n - 1) / n);
}

void require_design(GroupDesign design, const std::vector<std::string>& groups,
                    const std::vector<std::string>& sessions) {
  if (compares_groups(design) && groups.size() < 2) {
    throw usage_error("statistics: test", "there is one group only, nothing to compare between groups",
                      "use test = \"anova_repeated\" or \"t_paired\" between sessions");
  }
  if (compares_sessions(design) && sessions.size() < 2) {
    throw usage_error("statistics: test", "there is one session only, nothing to compare within people",
                      "use test = \"anova_one_way\" or \"t_independent\" between groups");
  }
  if (design == GroupDesign::t_independent && groups.size() != 2)
    throw usage_error("statistics: test", "t_independent compares 2 groups, there are " + std::to_string(groups.size()),
                      "use anova_one_way");
  if (design == GroupDesign::t_paired && sessions.size() != 2)
    throw usage_error("statistics: test", "t_paired compares 2 sessions, there are " + std::to_string(sessions.size()),
                      "use anova_repeated");
}

std::vector<EdgeEffect> edge_effects(const GroupAnalysis& options, View<const double, 3> values,
                                     const std::vector<std::int64_t>& group) {
  const std::int64_t edges = values.extent(2);
  const bool student = options.design == GroupDesign::t_independent || options.design == GroupDesign::t_paired;
  std::vector<EdgeEffect> effects{
      effect_named(compares_groups(options.design) ? "group" : "session", student ? "t" : "F", edges)};
  if (options.design == GroupDesign::mixed) {
    effects.push_back(effect_named("session", "F", edges));
    effects.push_back(effect_named("group x session", "F", edges));
  }
  if (options.welch && options.design == GroupDesign::t_independent)
    effects.front().freedoms.resize(static_cast<std::size_t>(edges));
  for (auto& effect : effects) {
    const bool repeats = effect.name != "group" && !student;
    if (repeats) effect.p_sphericity.resize(static_cast<std::size_t>(edges), 1.0);
  }
  thread_pool().parallel_for(edges, [&](std::int64_t edge) {
    const auto at = static_cast<std::size_t>(edge);
    switch (options.design) {
      case GroupDesign::mixed: {
        const MixedAnova test = anova_mixed(table_of(values, edge), group);
        put(effects[0], edge, test.between);
        put(effects[1], edge, test.within);
        put(effects[2], edge, test.interaction);
        effects[1].p_sphericity[at] = test.within_p_gg;
        effects[2].p_sphericity[at] = test.interaction_p_gg;
        return;
      }
      case GroupDesign::anova_repeated: {
        const RepeatedAnova test = anova_repeated(table_of(values, edge));
        put(effects[0], edge, test.effect);
        effects[0].p_sphericity[at] = test.p_gg;
        return;
      }
      case GroupDesign::t_paired: {
        std::vector<double> first, second;
        for (std::int64_t s = 0; s < values.extent(0); ++s) {
          first.push_back(values(s, 0, edge));
          second.push_back(values(s, 1, edge));
        }
        put(effects[0], edge, paired_t(first, second, Alternative::two_sided));
        return;
      }
      case GroupDesign::t_independent: {
        const auto means = person_means(values, edge);
        put(effects[0], edge,
            independent_t(members_of(means, group, 0), members_of(means, group, 1), !options.welch,
                          Alternative::two_sided));
        return;
      }
      case GroupDesign::anova_one_way:
      case GroupDesign::permutation: put(effects[0], edge, anova_one_way(person_means(values, edge), group)); return;
    }
  });
  for (auto& effect : effects)
    effect.adjusted = adjusted_p(effect.p_sphericity.empty() ? effect.p : effect.p_sphericity, options.correction);
  if (options.design == GroupDesign::permutation) permute(options, values, group, effects[0]);
  return effects;
}

void test_groups(const GroupAnalysis& options, GroupConnectivity& result) {
  choose_participants(options, result);
  const auto channels = static_cast<std::int64_t>(result.channels.size());
  const auto bands = static_cast<std::int64_t>(options.bands.size());
  const PairKind kind = pair_measure_named("connectivity", options.measure).kind;
  for (std::int64_t b = 0; b < bands; ++b) {
    for (std::int64_t to = 0; to < channels; ++to) {
      for (std::int64_t from = 0; from < channels; ++from) {
        if (to == from) continue;
        if (kind == PairKind::directed || from < to) result.edges.push_back({b, to, from});
        if (b == 0 && options.links) result.links.push_back({0, to, from});
      }
    }
  }
  const auto edges = static_cast<std::int64_t>(result.edges.size());
  result.values = values_of(options, result, edges, [&](const RecordingConnectivity& recording, std::int64_t edge) {
    const Edge& at = result.edges[static_cast<std::size_t>(edge)];
    return recording.mean(at.band, at.to, at.from);
  });
  result.effects = edge_effects(options, result.values.view(), result.participant_group);
  summarise(options, result);
  if (!options.links) return;
  const auto links = static_cast<std::int64_t>(result.links.size());
  const auto values = values_of(options, result, links, [&](const RecordingConnectivity& recording, std::int64_t link) {
    const Edge& at = result.links[static_cast<std::size_t>(link)];
    return recording.links(at.to, at.from);
  });
  result.link_effects = edge_effects(options, values.view(), result.participant_group);
  result.link_mean = Matrix({static_cast<std::int64_t>(result.cells.size()), links});
  for (std::int64_t link = 0; link < links; ++link) {
    const auto cells = cells_of(options, result, values.view(), link);
    for (std::size_t c = 0; c < cells.size(); ++c)
      result.link_mean(static_cast<std::int64_t>(c), link) = mean_of(cells[c]);
  }
}

}  // namespace caton
