// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/columns.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace caton {
namespace {

using Column = std::vector<std::int64_t>;

std::array<const Column*, 9> all_columns(const Columns& columns) {
  return {&columns.label, &columns.study, &columns.subject, &columns.session, &columns.recording,
          &columns.trial, &columns.begin, &columns.end,     &columns.group};
}

/// The columns that together name a unit; the last one must be known.
std::vector<const Column*> key_of(const Columns& columns, Unit unit) {
  switch (unit) {
    case Unit::study: return {&columns.study};
    case Unit::subject: return {&columns.study, &columns.subject};
    case Unit::session: return {&columns.study, &columns.subject, &columns.session};
    case Unit::recording: return {&columns.study, &columns.recording};
    case Unit::trial: return {&columns.study, &columns.subject, &columns.session, &columns.trial};
    case Unit::sample: return {};
  }
  return {};
}

}  // namespace

std::int64_t Columns::size() const {
  std::size_t count = 0;
  for (const Column* const column : all_columns(*this)) {
    if (column->empty()) continue;
    if (count != 0 && column->size() != count)
      throw usage_error("columns", "the lengths (shape) of the columns differ: " + std::to_string(count) + " and " +
                                       std::to_string(column->size()));
    count = column->size();
  }
  return static_cast<std::int64_t>(count);
}

Columns columns_of(const Origins& origins, std::span<const std::int64_t> labels) {
  const auto ids = [](const NameColumn& column) { return Column(column.index.begin(), column.index.end()); };
  return {.label = Column(labels.begin(), labels.end()),
          .study = ids(origins.study),
          .subject = ids(origins.subject),
          .session = ids(origins.session),
          .recording = ids(origins.recording),
          .trial = ids(origins.trial),
          .begin = origins.begin,
          .end = origins.end,
          .group = {}};
}

const char* unit_name(Unit unit) noexcept {
  switch (unit) {
    case Unit::sample: return "window";
    case Unit::trial: return "trial";
    case Unit::recording: return "recording";
    case Unit::session: return "session";
    case Unit::subject: return "subject";
    case Unit::study: return "study";
  }
  return "";
}

std::vector<std::int64_t> numbered_units(const Columns& columns, Unit unit) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(columns.size()));
  std::vector<std::int64_t> order(numbers.size());
  std::iota(order.begin(), order.end(), 0);
  if (unit == Unit::sample) return order;
  auto key = key_of(columns, unit);
  if (key.back()->empty())
    throw usage_error("columns", std::string("no group is given and the column \"") + unit_name(unit) + "\" is missing",
                      "give it, or choose a plan that needs none");
  std::erase_if(key, [](const Column* column) { return column->empty(); });
  const auto compare = [&key](std::int64_t a, std::int64_t b) {
    for (const Column* const column : key) {
      if ((*column)[a] != (*column)[b]) return (*column)[a] < (*column)[b] ? -1 : 1;
    }
    return 0;
  };
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return compare(a, b) < 0; });
  for (std::size_t i = 1; i < order.size(); ++i)
    numbers[order[i]] = numbers[order[i - 1]] + (compare(order[i - 1], order[i]) != 0);
  return numbers;
}

}  // namespace caton
