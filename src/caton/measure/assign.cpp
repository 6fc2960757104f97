// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/assign.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

namespace caton {
namespace {

using Ids = std::vector<std::int64_t>;

/// From more folds than this on, each must hold two samples of every class.
constexpr std::int64_t many_folds = 10;

/// Classes numbered by ascending label.
struct Classes {
  Ids index = {};                   ///< of each sample
  std::vector<double> counts = {};  ///< of each class
};

Classes classes_of(std::span<const std::int64_t> labels) {
  std::map<std::int64_t, std::int64_t> numbers;
  for (const auto label : labels) numbers[label] = 0;
  std::int64_t next = 0;
  for (auto& [label, number] : numbers) number = next++;
  Classes classes{.counts = std::vector<double>(numbers.size())};
  for (const auto label : labels) {
    classes.index.push_back(numbers[label]);
    ++classes.counts[classes.index.back()];
  }
  return classes;
}

void check_smallest_class(const Classes& classes, std::int64_t folds, const std::string& plan) {
  const double smallest = *std::min_element(classes.counts.begin(), classes.counts.end());
  const auto samples = static_cast<std::int64_t>(smallest);
  if (folds > samples)
    throw input_error(
        plan, std::to_string(folds) + " folds, but the smallest class has " + std::to_string(samples) + " samples",
        "use at most so many folds");
  if (folds > many_folds && 2 * folds > samples)
    throw input_error(plan,
                      std::to_string(folds) + " folds of a class with " + std::to_string(samples) +
                          " samples cannot be stratified: some would hold twice as many as others",
                      "use at most " + std::to_string(std::max(many_folds, samples / 2)) + " folds");
}

void check_groups(std::int64_t groups, std::int64_t folds, const std::string& plan) {
  if (folds > groups)
    throw input_error(plan, std::to_string(folds) + " folds, but there are only " + std::to_string(groups) + " groups",
                      "use at most so many folds");
}

std::int64_t group_count(std::span<const std::int64_t> group) {
  return *std::max_element(group.begin(), group.end()) + 1;
}

/// NumPy's sum of a short contiguous row: eight running sums from eight values on. The same rounding decides ties.
double row_sum(std::span<const double> row) {
  double sum = 0;
  if (row.size() < 8) {
    for (const double value : row) sum += value;
    return sum;
  }
  std::array<double, 8> part{};
  const std::size_t whole = row.size() - row.size() % 8;
  for (std::size_t i = 0; i < whole; ++i) part[i % 8] += row[i];
  sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
  for (std::size_t i = whole; i < row.size(); ++i) sum += row[i];
  return sum;
}

double deviation(std::span<const double> row) {
  const auto n = static_cast<double>(row.size());
  const double mean = row_sum(row) / n;
  std::vector<double> squares(row.size());
  std::transform(row.begin(), row.end(), squares.begin(), [mean](double v) { return (v - mean) * (v - mean); });
  return std::sqrt(row_sum(squares) / n);
}

/// Deviation over folds of one column, summed fold after fold as NumPy does along the first axis.
double fold_deviation(const std::vector<std::vector<double>>& folds, std::size_t column, double scale) {
  const auto n = static_cast<double>(folds.size());
  double mean = 0, squares = 0;
  for (const auto& fold : folds) mean += fold[column] / scale;
  mean /= n;
  for (const auto& fold : folds) squares += (fold[column] / scale - mean) * (fold[column] / scale - mean);
  return std::sqrt(squares / n);
}

bool is_close(double a, double b) { return std::isfinite(b) && std::abs(a - b) <= 1e-8 + 1e-5 * std::abs(b); }

std::size_t best_fold(std::vector<std::vector<double>>& folds, const std::vector<double>& counts,
                      const std::vector<double>& classes) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity(), fewest = least;
  std::vector<double> spread(classes.size());
  for (std::size_t f = 0; f < folds.size(); ++f) {
    for (std::size_t k = 0; k < classes.size(); ++k) folds[f][k] += counts[k];
    for (std::size_t k = 0; k < classes.size(); ++k) spread[k] = fold_deviation(folds, k, classes[k]);
    for (std::size_t k = 0; k < classes.size(); ++k) folds[f][k] -= counts[k];
    const double mean = row_sum(spread) / static_cast<double>(spread.size());
    const double samples = row_sum(folds[f]);
    if (!(mean < least) && !(is_close(mean, least) && samples < fewest)) continue;
    best = f;
    least = mean;
    fewest = samples;
  }
  return best;
}

}  // namespace

void check_folds(std::int64_t folds, std::int64_t samples, const std::string& plan) {
  if (folds < 2) throw usage_error(plan, std::to_string(folds) + " folds", "give at least 2");
  if (folds > samples)
    throw input_error(plan, std::to_string(folds) + " folds, but only " + std::to_string(samples) + " samples",
                      "use at most so many folds");
}

void check_order(std::span<const std::int64_t> order, std::int64_t count, const std::string& plan) {
  Ids sorted(order.begin(), order.end());
  std::sort(sorted.begin(), sorted.end());
  bool whole = static_cast<std::int64_t>(sorted.size()) == count;
  for (std::size_t i = 0; whole && i < sorted.size(); ++i) whole = sorted[i] == static_cast<std::int64_t>(i);
  if (!whole) throw usage_error(plan, "the order is no permutation of 0 … " + std::to_string(count - 1));
}

Ids contiguous_folds(std::int64_t samples, std::int64_t folds) {
  Ids result;
  for (std::int64_t f = 0; f < folds; ++f) result.insert(result.end(), samples / folds + (f < samples % folds), f);
  return result;
}

Ids stratified_folds(std::span<const std::int64_t> labels, std::int64_t folds, std::span<const std::int64_t> order,
                     const std::string& plan) {
  check_folds(folds, static_cast<std::int64_t>(labels.size()), plan);
  check_order(order, static_cast<std::int64_t>(labels.size()), plan);
  check_smallest_class(classes_of(labels), folds, plan);
  std::map<std::int64_t, std::int64_t> numbers;  // by first appearance in the order
  Ids encoded;
  for (const auto i : order)
    encoded.push_back(numbers.try_emplace(labels[i], static_cast<std::int64_t>(numbers.size())).first->second);
  auto sorted = encoded;
  std::sort(sorted.begin(), sorted.end());
  std::vector<Ids> allocation(numbers.size(), Ids(static_cast<std::size_t>(folds)));
  for (std::size_t i = 0; i < sorted.size(); ++i) ++allocation[sorted[i]][i % static_cast<std::size_t>(folds)];
  Ids result(labels.size()), fold(numbers.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto& f = fold[encoded[i]];
    while (allocation[encoded[i]][f] == 0) ++f;
    --allocation[encoded[i]][f];
    result[order[i]] = f;
  }
  return result;
}

Ids group_folds(std::span<const std::int64_t> group, std::int64_t folds, const std::string& plan) {
  check_folds(folds, static_cast<std::int64_t>(group.size()), plan);
  const auto groups = group_count(group);
  check_groups(groups, folds, plan);
  Ids size(static_cast<std::size_t>(groups)), order(size.size());
  for (const auto g : group) ++size[g];
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return size[a] < size[b]; });
  std::reverse(order.begin(), order.end());
  Ids load(static_cast<std::size_t>(folds)), fold_of(size.size());
  for (const auto g : order) {
    const auto lightest = std::min_element(load.begin(), load.end());
    *lightest += size[g];
    fold_of[g] = lightest - load.begin();
  }
  Ids result;
  for (const auto g : group) result.push_back(fold_of[g]);
  return result;
}

Ids stratified_group_folds(std::span<const std::int64_t> labels, std::span<const std::int64_t> group,
                           std::int64_t folds, const std::string& plan) {
  check_folds(folds, static_cast<std::int64_t>(group.size()), plan);
  check_groups(group_count(group), folds, plan);
  const Classes classes = classes_of(labels);
  check_smallest_class(classes, folds, plan);
  const auto groups = static_cast<std::size_t>(group_count(group));
  std::vector<std::vector<double>> counts(groups, std::vector<double>(classes.counts.size()));
  for (std::size_t i = 0; i < group.size(); ++i) ++counts[group[i]][classes.index[i]];
  std::vector<double> spread;
  for (const auto& row : counts) spread.push_back(deviation(row));
  std::vector<std::size_t> order(groups);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return spread[a] > spread[b]; });
  std::vector<std::vector<double>> load(static_cast<std::size_t>(folds), std::vector<double>(classes.counts.size()));
  Ids fold_of(groups);
  for (const auto g : order) {
    const auto f = best_fold(load, counts[g], classes.counts);
    for (std::size_t k = 0; k < load[f].size(); ++k) load[f][k] += counts[g][k];
    fold_of[g] = static_cast<std::int64_t>(f);
  }
  Ids result;
  for (const auto g : group) result.push_back(fold_of[g]);
  return result;
}

Ids dealt_group_folds(std::span<const std::int64_t> labels, std::span<const std::int64_t> group,
                      std::span<const std::int64_t> rank, std::int64_t folds, const std::string& plan) {
  check_folds(folds, static_cast<std::int64_t>(group.size()), plan);
  const auto groups = group_count(group);
  check_groups(groups, folds, plan);
  std::vector<std::optional<std::int64_t>> label(static_cast<std::size_t>(groups));
  for (std::size_t i = 0; i < group.size(); ++i) {
    auto& own = label[group[i]];
    const std::int64_t here = labels.empty() ? 0 : labels[i];
    if (own && *own != here)
      throw input_error(plan, "a group holds samples of more than one class: it cannot be dealt within its class",
                        "use deal = \"balanced\"");
    own = here;
  }
  Ids order(static_cast<std::size_t>(groups));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return rank[a] < rank[b]; });
  std::map<std::int64_t, std::int64_t> dealt;  // groups of each class so far
  Ids fold_of(static_cast<std::size_t>(groups)), result;
  for (const auto g : order) fold_of[g] = dealt[*label[g]]++ % folds;
  for (const auto g : group) result.push_back(fold_of[g]);
  return result;
}

}  // namespace caton
