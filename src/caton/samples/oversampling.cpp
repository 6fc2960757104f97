// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/samples/oversampling.hpp"

#include "caton/base/error.hpp"
#include "caton/base/numpy_random.hpp"
#include "caton/samples/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace caton {
namespace {

std::map<std::int64_t, std::int64_t> counts_of(std::span<const std::int64_t> label) {
  std::map<std::int64_t, std::int64_t> counts;
  for (const auto value : label) ++counts[value];
  return counts;
}

std::int64_t largest_of(const std::map<std::int64_t, std::int64_t>& counts) {
  std::int64_t largest = 0;
  for (const auto& [value, count] : counts) largest = std::max(largest, count);
  return largest;
}

std::vector<std::int64_t> members_of(std::span<const std::int64_t> label, std::int64_t wanted) {
  std::vector<std::int64_t> members;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] == wanted) members.push_back(static_cast<std::int64_t>(i));
  }
  return members;
}

Array<double, 2> rows_of(View<const double, 2> rows, const std::vector<std::int64_t>& chosen) {
  Array<double, 2> result({static_cast<std::int64_t>(chosen.size()), rows.extent(1)}, uninitialised);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::int64_t f = 0; f < rows.extent(1); ++f) result(i, f) = rows(chosen[i], f);
  }
  return result;
}

void check_rows(View<const double, 2> rows, std::span<const std::int64_t> label, std::int64_t neighbours) {
  if (neighbours < 1) throw usage_error("oversampling", "at least one of the neighbours must be asked for");
  if (rows.extent(0) != static_cast<std::int64_t>(label.size())) {
    throw usage_error("oversampling", std::to_string(label.size()) + " labels for " + std::to_string(rows.extent(0)) +
                                          " samples (shape)");
  }
  if (label.empty()) throw usage_error("oversampling", "there are no samples (empty)");
}

void check_members(std::size_t members, std::int64_t label, std::int64_t neighbours) {
  if (static_cast<std::int64_t>(members) > neighbours) return;
  throw usage_error("oversampling",
                    "class " + std::to_string(label) + " has " + std::to_string(members) + " samples, too few for " +
                        std::to_string(neighbours) + " neighbours",
                    "a class needs one sample more than neighbours; use fewer neighbours or more samples");
}

/// Neighbours without the first hit.
Array<std::int64_t, 2> others(const Neighbours& found) {
  Array<std::int64_t, 2> result({found.row.extent(0), found.row.extent(1) - 1}, uninitialised);
  for (std::int64_t i = 0; i < result.extent(0); ++i) {
    for (std::int64_t k = 0; k < result.extent(1); ++k) result(i, k) = found.row(i, k + 1);
  }
  return result;
}

/// Share of the neighbours in the whole set that are of another class, for each member.
std::vector<double> foreign_shares(View<const double, 2> rows, std::span<const std::int64_t> label,
                                   const std::vector<std::int64_t>& members, std::int64_t neighbours) {
  const auto near = others(nearest_rows(rows, rows_of(rows, members), neighbours + 1));
  const std::int64_t own = label[static_cast<std::size_t>(members.front())];
  std::vector<double> share(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    int foreign = 0;
    for (std::int64_t k = 0; k < neighbours; ++k)
      foreign += label[static_cast<std::size_t>(near(static_cast<std::int64_t>(i), k))] != own ? 1 : 0;
    share[i] = foreign / static_cast<double>(neighbours);
  }
  return share;
}

/// How many samples ADASYN makes from each member.
std::vector<std::int64_t> made_from_each(std::vector<double> share, std::int64_t need, std::int64_t label) {
  const double sum = numpy_sum(share.data(), static_cast<std::int64_t>(share.size()));
  if (sum == 0) {
    throw usage_error("adasyn", "none of the neighbours of class " + std::to_string(label) + " is of another class",
                      "use smote");
  }
  std::vector<std::int64_t> count(share.size());
  std::int64_t total = 0;
  for (std::size_t i = 0; i < share.size(); ++i) {
    count[i] = static_cast<std::int64_t>(std::nearbyint(share[i] / sum * static_cast<double>(need)));
    total += count[i];
  }
  if (total == 0)
    throw usage_error("adasyn", "no sample would be made for class " + std::to_string(label), "use smote");
  return count;
}

template <class T>
void fill_made(const Tensor& block, const std::vector<MadeSample>& made, Tensor& joined) {
  const auto from = block.values<T>();
  auto to = joined.values<T>();
  std::copy(from.begin(), from.end(), to.begin());
  const std::size_t width = block.extent(0) == 0 ? 0 : from.size() / static_cast<std::size_t>(block.extent(0));
  std::size_t place = from.size();
  for (const auto& sample : made) {
    const auto first = from.subspan(static_cast<std::size_t>(sample.first) * width, width);
    const auto second = from.subspan(static_cast<std::size_t>(sample.second) * width, width);
    for (std::size_t f = 0; f < width; ++f) {
      const double own = first[f], other = second[f];
      to[place++] = static_cast<T>(own + sample.gap * (other - own));
    }
  }
}

/// The name where both parents have the same one, else none.
void extend_names(NameColumn& column, const std::vector<MadeSample>& made) {
  if (column.index.empty()) return;
  for (const auto& sample : made) {
    const auto first = column.index[static_cast<std::size_t>(sample.first)];
    const auto second = column.index[static_cast<std::size_t>(sample.second)];
    column.index.push_back(first == second ? first : -1);
  }
}

void extend_origins(Origins& origins, const std::vector<MadeSample>& made) {
  const auto own = origins.id.size(), all = own + made.size();
  for (NameColumn* const column : {&origins.study, &origins.subject, &origins.session, &origins.trial})
    extend_names(*column, made);
  for (auto& [name, column] : origins.groups) extend_names(column, made);
  if (!origins.recording.index.empty()) origins.recording.index.resize(all, -1);
  if (!origins.begin.empty()) origins.begin.resize(all, -1);
  if (!origins.end.empty()) origins.end.resize(all, -1);
  origins.parents.resize(own, {-1, -1});
  std::int64_t lowest = -1;
  for (const auto id : origins.id) lowest = std::min(lowest, id);
  for (const auto& sample : made) {
    origins.parents.push_back(
        {origins.id[static_cast<std::size_t>(sample.first)], origins.id[static_cast<std::size_t>(sample.second)]});
    origins.id.push_back(--lowest);
  }
}

}  // namespace

Array<std::int64_t, 2> class_neighbours(View<const double, 2> rows, std::span<const std::int64_t> label,
                                        std::int64_t wanted, std::int64_t neighbours) {
  check_rows(rows, label, neighbours);
  const auto members = members_of(label, wanted);
  check_members(members.size(), wanted, neighbours);
  const auto own = rows_of(rows, members);
  return others(nearest_rows(own, own, neighbours + 1));
}

std::vector<MadeSample> smote(View<const double, 2> rows, std::span<const std::int64_t> label,
                              const OversamplingOptions& options) {
  check_rows(rows, label, options.neighbours);
  const auto counts = counts_of(label);
  const std::int64_t largest = largest_of(counts);
  std::vector<MadeSample> made;
  for (const auto& [value, count] : counts) {
    const std::int64_t need = largest - count;
    if (need == 0) continue;
    const auto near = class_neighbours(rows, label, value, options.neighbours);
    const auto members = members_of(label, value);
    NumpyRandom random(numpy_seed(options.seed));
    std::vector<std::int64_t> draws(static_cast<std::size_t>(need));
    for (auto& draw : draws)
      draw = static_cast<std::int64_t>(random.up_to(static_cast<std::uint64_t>(near.size() - 1)));
    for (const auto draw : draws) {
      const auto row = draw / options.neighbours;
      const auto other = near(row, draw % options.neighbours);
      made.push_back(
          {members[static_cast<std::size_t>(row)], members[static_cast<std::size_t>(other)], random.uniform(), value});
    }
  }
  return made;
}

std::vector<MadeSample> adasyn(View<const double, 2> rows, std::span<const std::int64_t> label,
                               const OversamplingOptions& options) {
  check_rows(rows, label, options.neighbours);
  const auto counts = counts_of(label);
  const std::int64_t largest = largest_of(counts);
  NumpyRandom random(numpy_seed(options.seed));
  std::vector<MadeSample> made;
  for (const auto& [value, count] : counts) {
    if (count == largest) continue;
    const auto members = members_of(label, value);
    check_members(members.size(), value, options.neighbours);
    const auto times = made_from_each(foreign_shares(rows, label, members, options.neighbours), largest - count, value);
    const auto near = class_neighbours(rows, label, value, options.neighbours);
    const std::size_t first_of_class = made.size();
    for (std::size_t row = 0; row < times.size(); ++row) {
      for (std::int64_t i = 0; i < times[row]; ++i) {
        const auto rank = random.up_to(static_cast<std::uint64_t>(options.neighbours - 1));
        const auto other = near(static_cast<std::int64_t>(row), static_cast<std::int64_t>(rank));
        made.push_back({members[row], members[static_cast<std::size_t>(other)], 0, value});
      }
    }
    for (std::size_t i = first_of_class; i < made.size(); ++i) made[i].gap = random.uniform();
  }
  return made;
}

Tensor with_made_rows(const Tensor& block, const std::vector<MadeSample>& made) {
  auto shape = block.shape();
  if (shape.empty()) throw usage_error("oversampling", "the values have no axis of samples (shape)");
  for (const auto& sample : made) {
    if (sample.first < 0 || sample.first >= shape[0] || sample.second < 0 || sample.second >= shape[0])
      throw usage_error("oversampling", "a made sample names a row outside the set");
  }
  shape[0] += static_cast<std::int64_t>(made.size());
  Tensor joined(block.dtype(), shape);
  if (block.dtype() == Dtype::f64)
    fill_made<double>(block, made, joined);
  else
    fill_made<float>(block, made, joined);
  return joined;
}

SampleSet with_made(const SampleSet& samples, const std::vector<MadeSample>& made) {
  SampleSet result = samples;
  for (auto& [name, block] : result.blocks) block = with_made_rows(block, made);
  for (const auto& sample : made) {
    if (!result.label.empty()) result.label.push_back(sample.label);
    if (!result.weight.empty()) result.weight.push_back(1);
    if (!result.rating.empty()) result.rating.push_back(std::nan(""));
  }
  extend_origins(result.origins, made);
  return result;
}

}  // namespace caton
