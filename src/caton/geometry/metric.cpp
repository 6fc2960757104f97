// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/metric.hpp"

#include "caton/base/error.hpp"

#include <array>

namespace caton {

const std::string& metric_name(Metric metric) {
  static const std::array<std::string, 16> names{
      "euclid",       "logeuclid", "riemann", "wasserstein", "kullback", "kullback_right",
      "kullback_sym", "logdet",    "logchol", "chol",        "harmonic", "thompson",
      "poweuclid",    "ale",       "alm",     "power"};
  return names.at(static_cast<std::size_t>(metric));
}

Error unknown_metric(const std::string& where, std::string_view name, const std::vector<Metric>& known) {
  std::string list;
  for (const Metric metric : known) list += (list.empty() ? "" : ", ") + metric_name(metric);
  return usage_error(where, "unknown metric \"" + std::string(name) + "\" here", "known are " + list);
}

Metric metric_named(const std::string& where, std::string_view name, const std::vector<Metric>& known) {
  for (const Metric metric : known) {
    if (metric_name(metric) == name) return metric;
  }
  throw unknown_metric(where, name, known);
}

}  // namespace caton
