// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/inflation.hpp"

#include "caton/measure/interval.hpp"

#include <map>

namespace caton {
namespace {

struct Counts {
  double right = 0, all = 0;
};
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

Json inflation(const Answers& leaky, const Answers& honest, const std::string& honest_plan,
               const RandomStream& random) {
  const bool by_subject = counts_of(leaky, true).size() >= 2;
  const ByUnit first = counts_of(leaky, by_subject), second = counts_of(honest, by_subject);
  std::vector<std::pair<Counts, Counts>> both;
  for (const auto& [unit, counts] : first) {
    if (const auto found = second.find(unit); found != second.end()) both.emplace_back(counts, found->second);
  }
  Json told = Json::object({{"plan", honest_plan},
                            {"inflation_points", Json{}},
                            {"low", Json{}},
                            {"high", Json{}},
                            {"n", both.size()},
                            {"unit", by_subject ? "subject" : "trial"}});
  if (both.size() < 2) return told;
  const Bootstrap bootstrap = bootstrap_units(
      static_cast<std::int64_t>(both.size()),
      [&](std::span<const std::int32_t> times) {
        Counts a, b;
        for (std::size_t u = 0; u < both.size(); ++u) {
          a.right += times[u] * both[u].first.right;
          a.all += times[u] * both[u].first.all;
          b.right += times[u] * both[u].second.right;
          b.all += times[u] * both[u].second.all;
        }
        return 100 * (a.right / a.all - b.right / b.all);
      },
      random);
  told["inflation_points"] = bootstrap.estimate;
  told["low"] = bootstrap.interval.low;
  told["high"] = bootstrap.interval.high;
  return told;
}

}  // namespace caton
