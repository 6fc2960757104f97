// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/learning_curve.hpp"

#include "caton/base/error.hpp"
#include "caton/measure/columns.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace caton {
namespace {

struct Numbered {
  Unit unit = Unit::sample;
  std::vector<std::int64_t> of_sample;
  std::int64_t count = 0;
};

Numbered numbered(const Columns& columns, const std::string& held_out, std::size_t least) {
  bool reached = false;
  for (const Unit unit : {Unit::study, Unit::subject, Unit::session, Unit::recording, Unit::trial}) {
    reached = reached || held_out == unit_name(unit);
    if (!reached) continue;
    try {
      auto of_sample = numbered_units(columns, unit);
      const std::int64_t count = *std::max_element(of_sample.begin(), of_sample.end()) + 1;
      if (count >= static_cast<std::int64_t>(least)) return {unit, std::move(of_sample), count};
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
    }
  }
  Numbered all{.count = columns.size()};
  for (std::int64_t i = 0; i < all.count; ++i) all.of_sample.push_back(i);
  return all;
}

/// Units in the order in which they join: each class in a random order of its own, classes spread evenly.
std::vector<std::int64_t> joining(const Numbered& units, const std::vector<std::int64_t>& label, RandomStream random) {
  std::map<std::int64_t, std::map<std::int64_t, std::int64_t>> counts;  // unit, class, samples
  for (std::size_t i = 0; i < label.size(); ++i) ++counts[units.of_sample[i]][label[i]];
  std::map<std::int64_t, std::vector<std::int64_t>> by_class;
  for (const auto& [unit, classes] : counts) {
    const auto most = std::max_element(classes.begin(), classes.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    by_class[most->first].push_back(unit);
  }
  std::vector<std::tuple<double, std::int64_t, std::int64_t>> placed;
  for (auto& [k, members] : by_class) {
    for (std::size_t i = members.size(); i > 1; --i)
      std::swap(members[i - 1], members[static_cast<std::size_t>(random.below(i))]);
    for (std::size_t i = 0; i < members.size(); ++i)
      placed.emplace_back((static_cast<double>(i) + 0.5) / static_cast<double>(members.size()), k, members[i]);
  }
  std::sort(placed.begin(), placed.end());
  std::vector<std::int64_t> order;
  for (const auto& one : placed) order.push_back(std::get<2>(one));
  return order;
}

}  // namespace

NestedTraining nested_training(const SampleSet& samples, const std::vector<std::int64_t>& train,
                               const std::string& held_out, const std::vector<double>& shares, RandomStream random) {
  if (train.empty()) throw usage_error("learning curve", "the training set is empty");
  const Origins origins = samples.origins.selected(train);
  std::vector<std::int64_t> label;
  for (const auto sample : train) label.push_back(samples.label[static_cast<std::size_t>(sample)]);
  const Numbered units = numbered(columns_of(origins, label), held_out, shares.size());
  const auto order = joining(units, label, std::move(random));
  std::vector<std::int64_t> place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    place[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  NestedTraining result{.unit = unit_name(units.unit)};
  for (const double share : shares) {
    if (!(share > 0 && share <= 1)) throw usage_error("learning curve", "shares must lie above 0 and at most at 1");
    const auto count = std::max<std::int64_t>(1, std::llround(share * static_cast<double>(units.count)));
    std::vector<std::int64_t> part;
    for (std::size_t i = 0; i < train.size(); ++i) {
      if (place[static_cast<std::size_t>(units.of_sample[i])] < count) part.push_back(train[i]);
    }
    result.units.push_back(count);
    result.parts.push_back(std::move(part));
  }
  return result;
}

}  // namespace caton
