// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/group_folder.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/html.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// The parts of a group study's report.
namespace caton::report {

struct TestedPair {
  std::size_t band = 0, to = 0, from = 0;
  std::vector<double> mean, low, high;  ///< of each cell
  double difference = 0, difference_low = 0, difference_high = 0;
  double value = 0, p = 1, adjusted = 1, size = 0;
};

struct TestedEffect {
  std::string name, statistic;
  double freedom = 0, error_freedom = 0;
  std::int64_t significant = 0, below = 0;
};

/// connectivity.json, read for its page.
struct GroupPage {
  const GroupFolder& run;
  std::string name, design, correction;
  std::string measure = "dDTF";        ///< what is compared, as it is written
  std::string measure_about;           ///< the same in words
  std::string direction = "directed";  ///< directed, mutual, or leading: above the middle where one leads the other
  bool modelled = true;                ///< autoregressive models were fitted
  std::vector<std::string> channels, groups, sessions, cells, bands;
  std::vector<std::array<double, 3>> positions_m;
  std::vector<std::size_t> order;  ///< channels from front to back, left to right
  std::vector<std::int64_t> group_sizes;
  std::vector<TestedEffect> effects, link_effects;
  std::vector<TestedPair> pairs, links;
  double alpha = 0.05;
  double ridge = 0;                   ///< of the models
  bool uncorrected = false;           ///< what is significant without correction is shown too, greyed
  std::vector<std::string> left_out;  ///< channels without which the others have full rank

  /// Below the level before correction alone, where that is to be shown.
  [[nodiscard]] bool greyed(const TestedPair& pair) const {
    return uncorrected && !significant(pair) && pair.p <= alpha;
  }
  [[nodiscard]] bool significant(const TestedPair& pair) const { return pair.adjusted <= alpha; }
  [[nodiscard]] bool ddtf() const { return measure == "dDTF"; }
  /// "C3 to F3".
  [[nodiscard]] std::string pair_name(const TestedPair& pair) const {
    return channels[pair.from] + (direction == "mutual" ? " and " : " to ") + channels[pair.to];
  }
};
[[nodiscard]] GroupPage group_page_of(const GroupFolder& run);

/// "***", "**", "*" by a p value (adjusted, unless it is said); "" above 0.05.
[[nodiscard]] std::string stars(double p);

void write_group_summary(Html& page, const GroupPage& facts);
void write_group_reach(Html& page, const GroupPage& facts);
void write_group_heads(Html& page, const GroupPage& facts);
void write_group_matrices(Html& page, const GroupPage& facts);
void write_group_pairs(Html& page, const GroupPage& facts);
void write_group_links(Html& page, const GroupPage& facts);
void write_group_totals(Html& page, const GroupPage& facts);
void write_group_models(Html& page, const GroupPage& facts);
void write_group_settings(Html& page, const GroupPage& facts);

}  // namespace caton::report
