// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/chance.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace caton {
namespace {

void check_permutation(View<const std::int64_t, 1> row, std::int64_t number, std::vector<char>& seen) {
  std::fill(seen.begin(), seen.end(), 0);
  for (std::int64_t i = 0; i < row.extent(0); ++i) {
    const auto place = row[i];
    if (place < 0 || place >= row.extent(0) || seen[place] != 0)
      throw input_error("permutation_chance", "row " + std::to_string(number) + " of the table is no permutation");
    seen[place] = 1;
  }
}

/// Numbers of any values in the order in which they first appear.
std::vector<std::int64_t> numbered(std::span<const std::int64_t> values) {
  std::map<std::int64_t, std::int64_t> numbers;
  std::vector<std::int64_t> result;
  for (const auto value : values)
    result.push_back(numbers.try_emplace(value, static_cast<std::int64_t>(numbers.size())).first->second);
  return result;
}

/// Fills block and label of each unit; false when samples of one unit differ in either.
bool fill_units(std::span<const std::int64_t> labels, std::span<const std::int64_t> block, Exchange& exchange) {
  const auto units = exchange.unit.empty() ? 0 : *std::max_element(exchange.unit.begin(), exchange.unit.end()) + 1;
  exchange.label.assign(static_cast<std::size_t>(units), -1);
  exchange.block.assign(static_cast<std::size_t>(units), -1);
  std::vector<char> known(static_cast<std::size_t>(units));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto u = exchange.unit[i];
    if (known[u] != 0 && (exchange.label[u] != labels[i] || exchange.block[u] != block[i])) return false;
    known[u] = 1;
    exchange.label[u] = labels[i];
    exchange.block[u] = block[i];
  }
  return true;
}

/// Whether some block holds units of more than one label.
bool exchanges_anything(const Exchange& exchange) {
  std::map<std::int64_t, std::int64_t> label_of;
  for (std::size_t u = 0; u < exchange.label.size(); ++u) {
    if (label_of.try_emplace(exchange.block[u], exchange.label[u]).first->second != exchange.label[u]) return true;
  }
  return false;
}

}  // namespace

PermutationChance permutation_chance(std::span<const std::int64_t> labels, std::span<const std::int64_t> predicted,
                                     View<const std::int64_t, 2> permutation) {
  const auto count = static_cast<std::int64_t>(labels.size());
  if (labels.size() != predicted.size())
    throw usage_error("permutation_chance", "the lengths of labels and predictions differ (shape)");
  if (labels.empty()) throw input_error("permutation_chance", "there are no samples: the labels are empty");
  if (permutation.extent(1) != count || permutation.extent(0) < 1)
    throw usage_error("permutation_chance", "the permutation table has " + std::to_string(permutation.extent(1)) +
                                                " columns for " + std::to_string(count) + " samples");
  const auto accuracy = [&](const auto& label_at) {
    std::int64_t hits = 0;
    for (std::int64_t i = 0; i < count; ++i) hits += label_at(i) == predicted[i];
    return static_cast<double>(hits) / static_cast<double>(count);
  };
  PermutationChance result{.score = accuracy([&](std::int64_t i) { return labels[i]; })};
  std::vector<char> seen(labels.size());
  std::int64_t reached = 0;
  for (std::int64_t p = 0; p < permutation.extent(0); ++p) {
    const auto row = permutation[p];
    check_permutation(row, p, seen);
    result.null.push_back(accuracy([&](std::int64_t i) { return labels[row[i]]; }));
    reached += result.null.back() >= result.score;
  }
  result.p = static_cast<double>(1 + reached) / static_cast<double>(1 + permutation.extent(0));
  return result;
}

Exchange exchangeable(std::span<const std::int64_t> labels, std::span<const std::int64_t> unit,
                      std::span<const std::int64_t> block) {
  Exchange exchange{.unit = numbered(unit)};
  if (!fill_units(labels, block, exchange)) {
    std::iota(exchange.unit.begin(), exchange.unit.end(), 0);
    exchange.level = ExchangeLevel::sample;
    (void)fill_units(labels, block, exchange);
  }
  if (!exchanges_anything(exchange)) {
    // Labels belong to the block (the person): then people exchange labels, each with all of theirs.
    exchange.unit = numbered(block);
    (void)fill_units(labels, block, exchange);
    std::fill(exchange.block.begin(), exchange.block.end(), 0);
    exchange.level = ExchangeLevel::block;
  }
  exchange.possible = exchanges_anything(exchange);
  return exchange;
}

std::vector<std::int64_t> permuted_unit_labels(const Exchange& exchange, RandomStream& random) {
  std::map<std::int64_t, std::vector<std::int64_t>> members;
  for (std::size_t u = 0; u < exchange.block.size(); ++u)
    members[exchange.block[u]].push_back(static_cast<std::int64_t>(u));
  std::vector<std::int64_t> label(exchange.label.size());
  for (const auto& [block, units] : members) {
    auto from = units;
    random.shuffle(from);
    for (std::size_t i = 0; i < units.size(); ++i) label[units[i]] = exchange.label[from[i]];
  }
  return label;
}

std::vector<std::int64_t> permuted_labels(const Exchange& exchange, RandomStream& random) {
  const auto label = permuted_unit_labels(exchange, random);
  std::vector<std::int64_t> result(exchange.unit.size());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = label[exchange.unit[i]];
  return result;
}

BinomialChance binomial_chance(std::int64_t classes, std::int64_t trials, double alpha) {
  if (classes < 2) throw usage_error("binomial_chance", std::to_string(classes) + " classes", "give at least 2");
  if (trials < 1) throw usage_error("binomial_chance", std::to_string(trials) + " trials", "give at least 1");
  if (!(alpha > 0 && alpha < 1))
    throw usage_error("binomial_chance", "alpha " + number_text(alpha) + " is no level", "give a value in (0, 1)");
  const double chance = 1 / static_cast<double>(classes);
  const std::int64_t at_chance = (trials + classes - 1) / classes;
  return {static_cast<double>(binomial_isf(alpha, trials, chance) + 1) / static_cast<double>(trials),
          binomial_sf(at_chance - 1, trials, chance)};
}

namespace {

Tensors by_permutation(const Arguments& /*args*/, const Tensors& in) {
  const auto result = permutation_chance(port(in, "y").integers("y"), port(in, "label").integers("label"),
                                         port(in, "permutation").view<std::int64_t, 2>("permutation"));
  return {
      {"score", Tensor::scalar(result.score)}, {"null", Tensor::vector(result.null)}, {"p", Tensor::scalar(result.p)}};
}

const Operation permutation_operation{.name = "permutation_chance",
                                      .room = "measure",
                                      .about = "accuracy under permuted labels (scikit-learn permutation_test_score)",
                                      .inputs = {{"y", "N"}, {"label", "N"}, {"permutation", "P N", "index"}},
                                      .outputs = {{"score", ""}, {"null", "P"}, {"p", ""}},
                                      .call = by_permutation};
CATON_REGISTER(Operation, permutation_operation);

Tensors by_binomial(const Arguments& args, const Tensors& /*in*/) {
  const auto result = binomial_chance(args.integer("classes"), args.integer("trials"), args.number("alpha"));
  return {{"threshold", Tensor::scalar(result.threshold)}, {"p_at_chance", Tensor::scalar(result.p_at_chance)}};
}

const Operation binomial_operation{.name = "binomial_chance",
                                   .room = "measure",
                                   .about = "smallest accuracy that chance reaches with probability below alpha",
                                   .arguments = {{"classes", "integer", {}, "number of classes"},
                                                 {"trials", "integer", {}, "independent trials"},
                                                 {"alpha", "number", 0.05, "one-sided level"}},
                                   .outputs = {{"threshold", ""}, {"p_at_chance", ""}},
                                   .call = by_binomial};
CATON_REGISTER(Operation, binomial_operation);

}  // namespace
}  // namespace caton
