// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/progress.hpp"
#include "caton/datasets/group_study.hpp"
#include "caton/measure/multiple.hpp"
#include "caton/prepare/prepared.hpp"
#include "caton/signal/checks.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Connectivity of groups: a measure (dDTF) of windows, mean over the windows of a recording, one test a directed pair
/// and band, corrected over all of them; beside it the same tests of the models' own coefficients.
namespace caton {

enum class GroupDesign { mixed, anova_one_way, anova_repeated, t_paired, t_independent, permutation };
[[nodiscard]] GroupDesign group_design_named(const std::string& name);

/// When channels are left out until the others have full rank; else they are refused.
struct RankRule {
  bool cleaned = true;  ///< where cleaning made them dependent
  bool others = false;  ///< where they came so, or a reference made them so
};

struct GroupAnalysis {
  std::string measure = "ddtf";       ///< a registered measure between channels
  double epoch_s = 2;                 ///< of measures over epochs of a window
  bool by_bins = false;               ///< ddtf, ffdtf: divided by the number of bins (Korzeniewska 2003)
  std::optional<std::int64_t> order;  ///< nothing: median over recordings of the order with the least BIC
  std::int64_t max_order = 12;
  double window_s = 16, step_s = 8;
  std::vector<std::string> band_names;
  std::vector<Band> bands;
  std::int64_t bins = 128;
  bool equalize = true;            ///< a random subset of windows, as many as the recording with fewest has
  std::optional<double> reject_v;  ///< windows with a larger peak-to-peak value are dropped
  GroupDesign design = GroupDesign::mixed;
  Correction correction = Correction::benjamini_hochberg;
  double alpha = 0.05;
  bool welch = false;  ///< t_independent: variances of the groups may differ
  std::int64_t permutations = 1000;
  std::int64_t bootstraps = 2000;
  bool links = true;          ///< the test of the models' coefficients beside the measure
  bool reversed = true;       ///< the control with time reversed, of directed measures
  RankRule dependent;         ///< what is done about channels without full rank
  double ridge = 0;           ///< models: white noise added to each standardised channel, as a share of its power
  bool regress_eyes = false;  ///< EOG channels regressed out of the others
  std::vector<PrepareStep> steps = {};
  std::uint64_t seed = 1;
};

/// A pair in a band; of measures without a direction each once, `from` before `to`.
struct Edge {
  std::int64_t band = 0, to = 0, from = 0;
};

/// One effect of the design ("group", "session", "group x session") at every edge.
struct EdgeEffect {
  std::string name;
  std::string statistic;  ///< "F", "t"
  double freedom = 0, error_freedom = 0;
  std::vector<double> value, p, adjusted, size;  ///< size: partial eta squared, or Cohen's d
  std::vector<double> freedoms = {};             ///< of each edge, where they differ (Welch)
  std::vector<double> p_sphericity = {};         ///< p corrected by Greenhouse-Geisser, where conditions repeat
};

/// What one recording came to.
struct RecordingConnectivity {
  std::string id, subject, session, group;
  Array<double, 3> mean;          ///< bands x to x from
  Matrix course;                  ///< windows x bands: total
  Matrix links;                   ///< to x from: coefficients summed over lags, in deviations of the noise
  std::vector<double> asymmetry;  ///< per band: correlation of the asymmetry with that of reversed time
  std::int64_t windows = 0, dropped = 0, unstable = 0, coloured = 0;  ///< coloured: residuals not white
  std::int64_t best_order = 0;
};

struct GroupConnectivity {
  std::vector<std::string> channels, groups, sessions;
  std::vector<std::array<double, 3>> positions_m;  ///< of the channels; empty: not all are known
  std::vector<Edge> edges;
  std::vector<RecordingConnectivity> recordings;
  std::vector<std::string> participants;        ///< that took part in the tests
  std::vector<std::int64_t> participant_group;  ///< of each
  Array<double, 3> values;                      ///< participants x sessions x edges
  std::vector<EdgeEffect> effects;              ///< the first is the one that is drawn
  Matrix mean, low, high;                       ///< cells x edges, with 95 % intervals over participants
  std::vector<double> difference, difference_low, difference_high;  ///< first cell less last, bootstrap
  std::vector<std::string> cells;  ///< groups, or sessions where only they are compared
  std::vector<Edge> links;         ///< pairs of the test of coefficients (band 0)
  std::vector<EdgeEffect> link_effects;
  Matrix link_mean;  ///< cells x links
  std::int64_t order = 0, window_samples = 0;
  double rate_hz = 0, samples_per_unknown = 0;
  std::string prepared;               ///< what was done to the recordings, in words
  std::vector<std::string> left_out;  ///< channels without which the others have full rank
  Findings findings;
};

/// Refuses fewer than two groups or sessions to compare (word `group`, `session`), fewer than two participants in a
/// cell
/// (`subjects`), an order that the windows cannot carry (`short`) and dependent channels (`rank`), with the recording's
/// name.
[[nodiscard]] GroupConnectivity analyse_groups(const GroupStudy& study, const GroupAnalysis& options,
                                               Progress* progress = nullptr);

}  // namespace caton
