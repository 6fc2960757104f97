// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/explain/tables.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

std::string cell(double value) { return std::isfinite(value) ? number_text(value) : std::string(); }

std::vector<std::string> extended(std::vector<std::string> row, std::initializer_list<std::string> more) {
  row.insert(row.end(), more.begin(), more.end());
  return row;
}

struct Axes {
  std::ptrdiff_t class_axis = -1, head_axis = -1;
};

Axes attention_axes(const Explanation& attention) {
  const auto& axes = attention.axes;
  const auto is_electrode = [](const std::string& axis) { return axis == "electrode" || axis == "channel"; };
  if (axes.size() < 2 || !is_electrode(axes[axes.size() - 1]) || !is_electrode(axes[axes.size() - 2]) ||
      attention.ticks.size() != axes.size() || attention.values.rank() != axes.size())
    throw usage_error("explanation " + attention.name, "the last two axes must be electrode x electrode");
  const auto place = [&](const char* name) {
    const auto found = std::find(axes.begin(), axes.end(), name);
    return found == axes.end() ? std::ptrdiff_t{-1} : found - axes.begin();
  };
  return {place("class"), place("head")};
}

void check_ticks(const Explanation& explanation) {
  bool fit =
      explanation.ticks.size() == explanation.axes.size() && explanation.values.rank() == explanation.axes.size();
  for (std::size_t axis = 0; fit && axis < explanation.axes.size(); ++axis)
    fit = static_cast<std::int64_t>(explanation.ticks[axis].size()) == explanation.values.extent(axis);
  if (!fit) throw usage_error("explanation " + explanation.name, "axes, ticks and values do not fit together");
}

/// Calls `visit(index of each axis, value)` for every number.
template <class Visit>
void each_value(const Explanation& explanation, Visit visit) {
  const auto values = explanation.values.doubles();
  std::vector<std::size_t> at(explanation.axes.size(), 0);
  for (const double value : values) {
    visit(at, value);
    for (std::size_t axis = at.size(); axis-- > 0;) {
      if (++at[axis] < explanation.ticks[axis].size()) break;
      at[axis] = 0;
    }
  }
}

/// The mean attention over everything but the two electrode axes, where class and head are as wanted (-1: any).
std::vector<double> averaged(const Explanation& attention, const Axes& axes, std::ptrdiff_t of_class,
                             std::ptrdiff_t of_head) {
  const std::size_t n = attention.ticks.back().size(), m = attention.ticks[attention.ticks.size() - 2].size();
  std::vector<double> sum(n * m, 0.0), count(n * m, 0.0);
  each_value(attention, [&](const std::vector<std::size_t>& at, double value) {
    const auto differs = [&](std::ptrdiff_t axis, std::ptrdiff_t wanted) {
      return wanted >= 0 && axis >= 0 && at[static_cast<std::size_t>(axis)] != static_cast<std::size_t>(wanted);
    };
    if (differs(axes.class_axis, of_class) || differs(axes.head_axis, of_head)) return;
    const std::size_t place = at[at.size() - 2] * n + at.back();
    sum[place] += value;
    count[place] += 1;
  });
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] /= count[i];
  return sum;
}

}  // namespace

Table attention_table(const ExplainedResult& result, const Explanation& attention) {
  check_ticks(attention);
  const Axes axes = attention_axes(attention);
  const auto names = [&](std::ptrdiff_t axis) {
    std::vector<std::string> all{""};
    if (axis >= 0) {
      const auto& ticks = attention.ticks[static_cast<std::size_t>(axis)];
      all.insert(all.end(), ticks.begin(), ticks.end());
    }
    return all;
  };
  const auto classes = names(axes.class_axis), heads = names(axes.head_axis);
  const auto& to = attention.ticks.back();
  const auto& from = attention.ticks[attention.ticks.size() - 2];
  Table table{.header = {"plan", "verdict", "class", "head", "from", "to", "value"}, .rows = {}};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    for (std::size_t h = 0; h < heads.size(); ++h) {
      if (c > 0 && h > 0) continue;  // each class over all heads, each head over all classes
      const auto values =
          averaged(attention, axes, static_cast<std::ptrdiff_t>(c) - 1, static_cast<std::ptrdiff_t>(h) - 1);
      for (std::size_t i = 0; i < from.size(); ++i) {
        for (std::size_t k = 0; k < to.size(); ++k) {
          table.rows.push_back(
              {result.plan, result.verdict, classes[c], heads[h], from[i], to[k], cell(values[i * to.size() + k])});
        }
      }
    }
  }
  return table;
}

Table explanation_table(const ExplainedResult& result, const Explanation& explanation) {
  check_ticks(explanation);
  Table table{.header = {"plan", "verdict"}, .rows = {}};
  for (const auto& axis : explanation.axes) {
    std::string name = axis;
    for (int copy = 2; table.has(name); ++copy) name = axis + "_" + std::to_string(copy);
    table.header.push_back(name);
  }
  table.header = extended(table.header, {"value", "unit"});
  each_value(explanation, [&](const std::vector<std::size_t>& at, double value) {
    std::vector<std::string> row{result.plan, result.verdict};
    for (std::size_t axis = 0; axis < at.size(); ++axis) row.push_back(explanation.ticks[axis][at[axis]]);
    table.rows.push_back(extended(row, {cell(value), explanation.unit}));
  });
  return table;
}

ElectrodeMap attention_received(const Table& attention) {
  const std::string where = "attention table";
  const auto class_at = attention.column("class", where), head_at = attention.column("head", where),
             to_at = attention.column("to", where), value_at = attention.column("value", where);
  ElectrodeMap map;
  std::vector<double> count;
  for (const auto& row : attention.rows) {
    if (!row[class_at].empty() || !row[head_at].empty()) continue;
    const auto value = parse_number(row[value_at]);
    if (!value) continue;
    auto place = static_cast<std::size_t>(std::find(map.electrodes.begin(), map.electrodes.end(), row[to_at]) -
                                          map.electrodes.begin());
    if (place == map.electrodes.size()) {
      map.electrodes.push_back(row[to_at]);
      map.values.push_back(0);
      count.push_back(0);
    }
    map.values[place] += *value;
    count[place] += 1;
  }
  for (std::size_t i = 0; i < count.size(); ++i) map.values[i] /= count[i];
  return map;
}

ElectrodeMap occlusion_by_electrode(const Table& occlusion) {
  const std::string where = "occlusion table";
  const auto electrode = occlusion.column("electrode", where), band = occlusion.column("band", where),
             drop = occlusion.column("drop_probability", where);
  ElectrodeMap map;
  for (const auto& row : occlusion.rows) {
    const auto value = parse_number(row[drop]);
    if (row[electrode].empty() || !row[band].empty() || !value) continue;
    map.electrodes.push_back(row[electrode]);
    map.values.push_back(*value);
  }
  return map;
}

Table occlusion_table(const ExplainedResult& result, const OcclusionSummary& summary) {
  Table table{.header = {"plan", "verdict", "electrode", "band", "drop_probability", "low", "high", "drop_accuracy",
                         "samples", "units", "unit"},
              .rows = {}};
  for (const auto& score : summary.scores) {
    table.rows.push_back({result.plan, result.verdict, score.part.electrode, score.part.band,
                          cell(score.drop_probability), cell(score.low), cell(score.high), cell(score.drop_accuracy),
                          std::to_string(summary.samples), std::to_string(summary.units), summary.unit});
  }
  return table;
}

Table features_table(const ExplainedResult& result, const std::string& fold, const std::string& space,
                     const PrincipalPlane& plane, const SampleSet& samples) {
  if (plane.points.extent(0) != samples.size())
    throw usage_error("features", "the plane has " + std::to_string(plane.points.extent(0)) + " points for " +
                                      std::to_string(samples.size()) + " samples");
  const auto name = [](const NameColumn& column, std::size_t i) {
    if (i >= column.index.size() || column.index[i] < 0) return std::string();
    return column.names[static_cast<std::size_t>(column.index[i])];
  };
  Table table{.header = {"plan", "verdict", "fold", "space", "share_x", "share_y", "x", "y", "class", "subject",
                         "session", "trial"},
              .rows = {}};
  for (std::int64_t i = 0; i < samples.size(); ++i) {
    const auto s = static_cast<std::size_t>(i);
    const std::string of_class =
        s < samples.label.size() ? samples.classes.at(static_cast<std::size_t>(samples.label[s])) : std::string();
    table.rows.push_back({result.plan, result.verdict, fold, space, cell(plane.share[0]), cell(plane.share[1]),
                          cell(plane.points(i, 0)), cell(plane.points(i, 1)), of_class,
                          name(samples.origins.subject, s), name(samples.origins.session, s),
                          name(samples.origins.trial, s)});
  }
  return table;
}

Table curve_table(const ExplainedResult& result, const std::vector<std::vector<Json>>& curves) {
  std::vector<std::string> keys;
  for (const auto& curve : curves) {
    for (const Json& row : curve) {
      for (const auto& [key, value] : row.members("curve")) {
        if (value.is_number() && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
      }
    }
  }
  Table table{.header = {"verdict", "fold"}, .rows = {}};
  table.header.insert(table.header.end(), keys.begin(), keys.end());
  for (std::size_t fold = 0; fold < curves.size(); ++fold) {
    for (const Json& row : curves[fold]) {
      std::vector<std::string> cells{result.verdict, std::to_string(fold)};
      for (const auto& key : keys) {
        const Json* const value = row.find(key);
        cells.push_back(value != nullptr && value->is_number() ? cell(value->number()) : std::string());
      }
      table.rows.push_back(cells);
    }
  }
  return table;
}

Table truth_table(const ExplainedResult& result, const std::vector<TruthMatch>& matches) {
  Table table{.header = {"plan", "verdict", "map", "rho", "p", "electrodes", "strongest", "shared", "shared_p"},
              .rows = {}};
  for (const auto& match : matches)
    table.rows.push_back({result.plan, result.verdict, match.map, cell(match.rho), cell(match.p),
                          std::to_string(match.n), std::to_string(match.strongest), std::to_string(match.shared),
                          cell(match.shared_p)});
  return table;
}

}  // namespace caton
