// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/paired_units.hpp"

#include <map>

namespace caton {
namespace {

using ByUnit = std::map<std::string, Counts>;

ByUnit counts_of(const Answers& rows, bool by_subject) {
  ByUnit units;
  for (std::size_t i = 0; i < rows.label.size(); ++i) {
    const std::string subject = rows.study[i] + "\n" + rows.subject[i];
    Counts& counts = units[by_subject ? subject : subject + "\n" + rows.session[i] + "\n" + rows.trial[i]];
    counts.right += rows.label[i] == rows.predicted[i] ? 1 : 0;
    counts.all += 1;
  }
  return units;
}

}  // namespace

PairedUnits paired_units(const Answers& first, const Answers& second) {
  const bool by_subject = counts_of(first, true).size() >= 2;
  const ByUnit a = counts_of(first, by_subject), b = counts_of(second, by_subject);
  PairedUnits units{by_subject ? "subject" : "trial", {}};
  for (const auto& [unit, counts] : a) {
    if (const auto found = b.find(unit); found != b.end()) units.both.emplace_back(counts, found->second);
  }
  return units;
}

Bootstrap difference_points(const PairedUnits& units, const RandomStream& random) {
  return bootstrap_units(
      static_cast<std::int64_t>(units.both.size()),
      [&](std::span<const std::int32_t> times) {
        Counts a, b;
        for (std::size_t u = 0; u < units.both.size(); ++u) {
          a.right += times[u] * units.both[u].first.right;
          a.all += times[u] * units.both[u].first.all;
          b.right += times[u] * units.both[u].second.right;
          b.all += times[u] * units.both[u].second.all;
        }
        return 100 * (a.accuracy() - b.accuracy());
      },
      random);
}

}  // namespace caton
