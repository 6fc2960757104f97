// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/inflation.hpp"

#include "caton/evaluate/paired_units.hpp"

namespace caton {

Json inflation(const Answers& leaky, const Answers& honest, const std::string& honest_plan,
               const RandomStream& random) {
  const PairedUnits units = paired_units(leaky, honest);
  Json told = Json::object({{"plan", honest_plan},
                            {"inflation_points", Json{}},
                            {"low", Json{}},
                            {"high", Json{}},
                            {"n", units.both.size()},
                            {"unit", units.unit}});
  if (units.both.size() < 2) return told;
  const Bootstrap bootstrap = difference_points(units, random);
  told["inflation_points"] = bootstrap.estimate;
  told["low"] = bootstrap.interval.low;
  told["high"] = bootstrap.interval.high;
  return told;
}

}  // namespace caton
