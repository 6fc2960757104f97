// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/confounds.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/study/measured_study.hpp"

#include <algorithm>

namespace caton {
namespace {

/// When an amplitude counts as telling the classes apart.
constexpr double factor = 2.5, separation = 0.8;
constexpr std::size_t fewest = 4;  ///< trials of a class

/// Share of pairs in which the second value is the larger one.
double rank_statistic(const std::vector<double>& low, const std::vector<double>& high) {
  double wins = 0;
  for (const double a : low) {
    for (const double b : high) wins += b > a ? 1 : (b == a ? 0.5 : 0);
  }
  return wins / static_cast<double>(low.size() * high.size());
}

std::string amount(double value, bool volts) {
  return volts ? fixed_text(value * 1e6, 0) + " µV" : number_text(value) + " (unit unknown)";
}

}  // namespace

Findings amplitude_confounds(const Study& study, const MeasuredStudy& measured) {
  Findings findings;
  if (measured.trials.empty()) return findings;
  const auto& channels = measured.recordings[static_cast<std::size_t>(measured.trials.front().recording)].channels;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    std::vector<std::vector<double>> by_class(study.classes.size());
    for (const auto& trial : measured.trials)
      by_class[static_cast<std::size_t>(trial.label)].push_back(trial.amplitude[c]);
    if (std::any_of(by_class.begin(), by_class.end(), [](const auto& values) { return values.size() < fewest; }))
      continue;
    std::size_t low = 0, high = 0;
    for (std::size_t k = 1; k < by_class.size(); ++k) {
      if (median(by_class[k]) < median(by_class[low])) low = k;
      if (median(by_class[k]) > median(by_class[high])) high = k;
    }
    const double small = median(by_class[low]), large = median(by_class[high]);
    if (low == high || !(large > factor * small) || rank_statistic(by_class[low], by_class[high]) < separation)
      continue;
    findings.push_back({"confound/amplitude", Severity::warn, "channel " + channels[c].name,
                        channels[c].name + " swings by " + amount(large, measured.unit_known) + " in trials of \"" +
                            study.classes[high] + "\" and by " + amount(small, measured.unit_known) + " in \"" +
                            study.classes[low] +
                            "\" (medians of the robust standard deviation over trials): electrode contact or muscle "
                            "may be what is decoded"});
  }
  return findings;
}

}  // namespace caton
