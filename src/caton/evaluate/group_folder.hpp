// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"

namespace caton {

/// What a run of a group study leaves behind, as read back: all that its report knows. Files (all but `timing.json` are
/// the same bytes for equal runs):
///   recipe.toml        resolved and complete
///   connectivity.json  {format: "caton-groups-1", name, dataset, channels, positions_m: [[x, y, z]] | [], groups,
///                      sessions, cells (what is compared), participants: [{name, group}], bands: [{name, low_hz,
///                      high_hz}], measure: {name, about, direction, modelled}
///                      (without: dDTF), order, window_s, windows, rate_hz, samples_per_unknown, design, correction, alpha,
///                      prepared, effects: [{name, statistic, freedom, error_freedom, significant, below}],
///                      edges: [{band, to, from, mean, low, high (of each cell), difference, difference_low,
///                      difference_high, value, p, adjusted, size (of the first effect)}], link_effects, links: [{to,
///                      from, mean, value, p, adjusted, size}], totals: [{participant, group, session, total: [of each
///                      band]}], course: [[[of each window] of each group] of each band], recordings: [{id, group,
///                      windows, dropped, unstable, coloured, asymmetry}], truth}
///   findings.json      [{code, severity, where, what}]
///   tables/            pairs.csv, links.csv, totals.csv, models.csv
///   versions.json, timing.json, report.html
struct GroupFolder {
  Path path;
  Json recipe, result, findings, versions;
};

[[nodiscard]] bool is_group_folder(const Path& path);
/// Refuses (kind `input`) a folder that is unfinished or damaged, naming the file.
[[nodiscard]] GroupFolder read_group_folder(const Path& path);

}  // namespace caton
