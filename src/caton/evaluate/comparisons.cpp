// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/comparisons.hpp"

#include "caton/evaluate/paired_units.hpp"
#include "caton/measure/comparison.hpp"
#include "caton/measure/multiple.hpp"

#include <algorithm>
#include <string>

namespace caton {
namespace {

constexpr std::size_t most_for_all_flips = 13, most_for_drawn_flips = 19;
constexpr std::int64_t drawn_flips = 10000;

struct PairedTest {
  std::string name;
  Json p;
};

Array<std::int64_t, 2> drawn_signs(std::size_t units, RandomStream random) {
  Array<std::int64_t, 2> signs({drawn_flips, static_cast<std::int64_t>(units)}, uninitialised);
  for (std::int64_t& sign : signs) sign = random.below(2) == 0 ? -1 : 1;
  return signs;
}

PairedTest test_of(const PairedUnits& units, const RandomStream& random) {
  std::vector<double> a, b, differences;
  for (const auto& [first, second] : units.both) {
    a.push_back(first.accuracy());
    b.push_back(second.accuracy());
    differences.push_back(a.back() - b.back());
  }
  const bool same = std::all_of(differences.begin(), differences.end(), [](double value) { return value == 0; });
  if (units.both.size() <= most_for_all_flips) {
    const bool possible = !same && units.both.size() >= 2;
    return {"all sign flips", possible ? Json(sign_flip_exact(differences, Alternative::two_sided, false)) : Json{}};
  }
  if (units.both.size() <= most_for_drawn_flips) {
    if (same) return {"drawn sign flips", Json{}};
    return {"drawn sign flips",
            sign_flip_given(differences, drawn_signs(differences.size(), random), Alternative::two_sided, false)};
  }
  return {"Wilcoxon signed ranks", same ? Json{} : Json(wilcoxon_signed_rank(a, b, {}).p)};
}

Json comparison(const Answers& a, const Answers& b, const RandomStream& study) {
  const RandomStream random = study.derive(a.plan + "\n" + a.pipeline + "\n" + b.pipeline);
  const PairedUnits units = paired_units(a, b);
  const PairedTest test = test_of(units, random.derive("flips"));
  Json told = Json::object({{"plan", a.plan},
                            {"a", a.pipeline},
                            {"b", b.pipeline},
                            {"metric", "accuracy"},
                            {"difference_points", Json{}},
                            {"low", Json{}},
                            {"high", Json{}},
                            {"n", units.both.size()},
                            {"unit", units.unit},
                            {"test", test.name},
                            {"p", test.p},
                            {"p_holm", Json{}}});
  if (units.both.size() < 2) return told;
  const Bootstrap bootstrap = difference_points(units, random.derive("bootstrap"));
  told["difference_points"] = bootstrap.estimate;
  told["low"] = bootstrap.interval.low;
  told["high"] = bootstrap.interval.high;
  return told;
}

void adjust(std::vector<Json>& all) {
  std::vector<double> p;
  for (const Json& one : all) {
    if (!one.at("p").is_null()) p.push_back(one.at("p").number());
  }
  if (p.empty()) return;
  const auto adjusted = adjusted_p(p, Correction::holm);
  auto next = adjusted.begin();
  for (Json& one : all) {
    if (!one.at("p").is_null()) one["p_holm"] = *next++;
  }
}

}  // namespace

Json comparisons(const std::vector<Answers>& evaluations, const RandomStream& random) {
  std::vector<Json> all;
  for (std::size_t i = 0; i < evaluations.size(); ++i) {
    for (std::size_t k = i + 1; k < evaluations.size(); ++k) {
      if (evaluations[i].plan == evaluations[k].plan && evaluations[i].pipeline != evaluations[k].pipeline)
        all.push_back(comparison(evaluations[i], evaluations[k], random));
    }
  }
  adjust(all);
  return Json::list_of(all);
}

}  // namespace caton
