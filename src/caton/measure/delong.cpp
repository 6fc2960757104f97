// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/delong.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ranks.hpp"

#include <algorithm>
#include <numeric>

namespace caton {
namespace {

/// Share of the other side that each sample of one side beats, half for ties.
struct Placements {
  std::vector<double> of_positive, of_negative;
};

Placements placements(View<const double, 1> score, std::span<const std::int64_t> positive) {
  std::vector<double> sides[2], all;
  for (std::int64_t i = 0; i < score.extent(0); ++i) {
    const bool above = positive[static_cast<std::size_t>(i)] != 0;
    sides[above ? 1 : 0].push_back(score(i));
    all.push_back(score(i));
  }
  const auto among_all = average_ranks(all);
  const std::vector<double> own[2] = {average_ranks(sides[0]), average_ranks(sides[1])};
  const double others[2] = {static_cast<double>(sides[1].size()), static_cast<double>(sides[0].size())};
  Placements result;
  std::size_t next[2] = {0, 0};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t side = positive[i] != 0 ? 1 : 0;
    const double beaten = (among_all[i] - own[side][next[side]++]) / others[side];
    if (side == 1)
      result.of_positive.push_back(beaten);
    else
      result.of_negative.push_back(1 - beaten);
  }
  return result;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double covariance_of(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / static_cast<double>(a.size() - 1);
}

}  // namespace

DelongAreas delong_areas(View<const double, 2> scores, std::span<const std::int64_t> positive) {
  if (scores.extent(1) != static_cast<std::int64_t>(positive.size()))
    throw input_error("delong", "scores and labels differ in length");
  const auto above = std::count_if(positive.begin(), positive.end(), [](std::int64_t label) { return label != 0; });
  if (above < 2 || static_cast<std::int64_t>(positive.size()) - above < 2)
    throw input_error("delong", "each class needs at least two samples");
  std::vector<Placements> all;
  for (std::int64_t m = 0; m < scores.extent(0); ++m) all.push_back(placements(scores[m], positive));
  DelongAreas result{{}, Array<double, 2>({scores.extent(0), scores.extent(0)}, 0.0)};
  for (const Placements& one : all) result.area.push_back(mean_of(one.of_positive));
  for (std::size_t a = 0; a < all.size(); ++a) {
    for (std::size_t b = 0; b < all.size(); ++b) {
      result.covariance(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b)) =
          covariance_of(all[a].of_positive, all[b].of_positive) / static_cast<double>(above) +
          covariance_of(all[a].of_negative, all[b].of_negative) /
              static_cast<double>(static_cast<std::int64_t>(positive.size()) - above);
    }
  }
  return result;
}

}  // namespace caton
