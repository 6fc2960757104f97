// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/explain/truth.hpp"

#include "caton/base/error.hpp"
#include "caton/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {
namespace {

std::vector<double> mean_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i) ranks[order[i]] = static_cast<double>(first + end - 1) / 2;
    first = end;
  }
  return ranks;
}

double correlation(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double spearman(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) throw usage_error("spearman", "the two lengths differ");
  if (a.size() < 3) return std::numeric_limits<double>::quiet_NaN();
  return correlation(mean_ranks(a), mean_ranks(b));
}

namespace {

std::vector<bool> strongest_of(const std::vector<double>& values, std::int64_t count) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  std::vector<bool> chosen(values.size(), false);
  for (std::int64_t i = 0; i < count; ++i) chosen[order[static_cast<std::size_t>(i)]] = true;
  return chosen;
}

double choose(std::int64_t n, std::int64_t k) {
  double ways = k < 0 || k > n ? 0 : 1;
  for (std::int64_t i = 1; i <= k && ways > 0; ++i) ways *= static_cast<double>(n - k + i) / static_cast<double>(i);
  return ways;
}

void compare_strongest(TruthMatch& match, const std::vector<double>& found, const std::vector<double>& truth) {
  match.strongest = std::max<std::int64_t>(2, (match.n + 2) / 4);
  const auto mine = strongest_of(found, match.strongest), theirs = strongest_of(truth, match.strongest);
  for (std::size_t i = 0; i < mine.size(); ++i) match.shared += mine[i] && theirs[i] ? 1 : 0;
  match.shared_p = 0;
  for (std::int64_t k = match.shared; k <= match.strongest; ++k)
    match.shared_p += choose(match.strongest, k) * choose(match.n - match.strongest, match.strongest - k) /
                      choose(match.n, match.strongest);
}

}  // namespace

TruthMatch match_truth(const std::string& map, const std::vector<std::string>& electrodes,
                       std::span<const double> values, const std::map<std::string, double>& weights,
                       std::uint64_t seed) {
  if (electrodes.size() != values.size()) throw usage_error("truth", "the two lengths differ");
  std::vector<double> found, truth;
  for (std::size_t i = 0; i < electrodes.size(); ++i) {
    const auto weight = weights.find(electrodes[i]);
    if (weight == weights.end() || !std::isfinite(values[i])) continue;
    found.push_back(values[i]);
    truth.push_back(weight->second);
  }
  if (found.size() < 3) {
    throw usage_error("truth", "only " + std::to_string(found.size()) + " electrodes are in the map and in the truth",
                      "at least 3");
  }
  TruthMatch match{.map = map, .rho = 0, .p = 1, .n = static_cast<std::int64_t>(found.size())};
  const auto ranks = mean_ranks(found);
  auto true_ranks = mean_ranks(truth);
  match.rho = correlation(ranks, true_ranks);
  if (std::isnan(match.rho)) return match;
  compare_strongest(match, found, truth);
  constexpr int orders = 9999;
  RandomStream random(seed, "truth");
  int as_good = 1;
  for (int i = 0; i < orders; ++i) {
    random.shuffle(true_ranks);
    if (correlation(ranks, true_ranks) >= match.rho - 1e-12) ++as_good;
  }
  match.p = static_cast<double>(as_good) / (orders + 1);
  return match;
}

}  // namespace caton
