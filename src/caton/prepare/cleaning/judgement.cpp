// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/prepare/cleaning/components.hpp"
#include "caton/signal/cleaning/component_scores.hpp"
#include "caton/signal/fir.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace caton {

namespace {

using namespace component_limits;
constexpr double blink_peaks = 3, blink_lean = 0.8, foremost_weight = 1.5;
constexpr double muscle_lasts = 0.8;

/// Shape of the distribution of a row: how one-sided it is, and how rare and large its deflections are.
struct RowShape {
  double skewness = 0, kurtosis = 0;
};

RowShape shape_of(View<const double, 1> row) {
  double mean = 0, second = 0, third = 0, fourth = 0;
  const auto count = static_cast<double>(row.extent(0));
  for (std::int64_t t = 0; t < row.extent(0); ++t) mean += row[t] / count;
  for (std::int64_t t = 0; t < row.extent(0); ++t) {
    const double away = row[t] - mean, square = away * away;
    second += square;
    third += square * away;
    fourth += square * square;
  }
  if (!(second > 0)) return {};
  return {third / count / std::pow(second / count, 1.5), fourth * count / (second * second) - 3};
}

/// Slope of log10 power over log10 frequency from 7 to 45 Hz, and power above 45 Hz over that from 30 to 45 Hz: a
/// muscle's power rises and stays high, a rhythm of the brain has a peak.
struct HighEnd {
  double slope = -1, lasts = 0;
};

HighEnd high_end(const Spectrum& spectrum, std::int64_t row, double rate_hz) {
  double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  std::vector<double> middle, above;
  for (std::size_t f = 0; f < spectrum.freqs_hz.size(); ++f) {
    const double hz = spectrum.freqs_hz[f], power = spectrum.psd(row, static_cast<std::int64_t>(f));
    if (hz > 45 && hz < std::min(95.0, 0.46 * rate_hz)) above.push_back(power);
    if (hz >= 30 && hz <= 45) middle.push_back(power);
    if (hz < 7 || hz > 45 || !(power > 0)) continue;
    const double x = std::log10(hz), y = std::log10(power);
    n += 1;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  const double below = n * sum_xx - sum_x * sum_x;
  if (above.empty() || !(below > 0)) return {};
  const double level = median(std::move(middle));
  return {(n * sum_xy - sum_x * sum_y) / below, level > 0 ? median(std::move(above)) / level : 0};
}

/// Mean of some rows.
Matrix mean_row(Signal x, const std::vector<std::int64_t>& rows) {
  Matrix mean({1, x.extent(1)});
  for (const std::int64_t row : rows) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) mean(0, t) += x(row, t) / static_cast<double>(rows.size());
  }
  return mean;
}

/// How much stronger a map is at these electrodes than at the middle one of all.
double weight_at(const Matrix& mixing, std::int64_t k, const std::vector<std::int64_t>& rows) {
  std::vector<double> all;
  double here = 0;
  for (std::int64_t c = 0; c < mixing.extent(0); ++c) all.push_back(std::abs(mixing(c, k)));
  for (const std::int64_t row : rows) here += std::abs(mixing(row, k)) / static_cast<double>(rows.size());
  const double middle = median(std::move(all));
  return middle > 0 ? here / middle : 0;
}

/// Largest |r| of each component with the rows of a reference, in 1 to 10 Hz or the heart's 8 to 16 Hz.
std::vector<double> likeness(Signal sources, Signal reference, double rate_hz, double low_hz, double high_hz) {
  const Matrix filtered = band_passed(sources, rate_hz, low_hz, high_hz);
  const Matrix target = band_passed(reference, rate_hz, low_hz, high_hz);
  std::vector<double> best(static_cast<std::size_t>(sources.extent(0)), 0.0);
  for (std::int64_t k = 0; k < sources.extent(0); ++k) {
    for (std::int64_t e = 0; e < target.extent(0); ++e) {
      const double r = pearson(filtered[k], target[e]);
      if (std::abs(r) > std::abs(best[static_cast<std::size_t>(k)])) best[static_cast<std::size_t>(k)] = r;
    }
  }
  return best;
}

/// What is asked about all components at once.
struct Evidence {
  Matrix slow;                      ///< sources, 1 to 10 Hz
  Spectrum spectrum;                ///< of the sources
  std::vector<double> eye, heart;   ///< likeness of each component; empty where there is nothing to be like
  std::vector<std::int64_t> front;  ///< rows of the foremost electrodes where they stand in for an eye channel
};

Evidence evidence_of(const Components& components, Signal copy, const CleanInput& input,
                     const std::vector<std::int64_t>& used) {
  const Signal sources = components.sources;
  const double rate_hz = input.rate_hz, end_hz = slow_end_hz(rate_hz);
  const auto second = std::min<std::int64_t>(sources.extent(1), static_cast<std::int64_t>(std::ceil(rate_hz)));
  Evidence evidence{band_passed(sources, rate_hz, 1, end_hz),
                    welch(sources, {.rate_hz = rate_hz, .fft_samples = second, .overlap_samples = second / 2}),
                    {},
                    {},
                    {}};
  if (input.eog) {
    evidence.eye = likeness(sources, *input.eog, rate_hz, 1, end_hz);
  } else if (input.positions_m) {
    for (const std::int64_t electrode : foremost(*input.positions_m, used))
      evidence.front.push_back(std::find(used.begin(), used.end(), electrode) - used.begin());
    evidence.eye = likeness(sources, mean_row(copy, evidence.front), rate_hz, 1, end_hz);
  }
  if (input.ecg && rate_hz >= 50) evidence.heart = likeness(sources, *input.ecg, rate_hz, 8, 16);
  return evidence;
}

/// Why it is the eyes'; empty: it is not.
std::string why_eye(const CleanComponent& component, bool eye_channel, double weight_in_front) {
  const double r = std::abs(component.eye);
  const std::string alike = "correlates at " + fixed_text(r, 2) + " with the ";
  if (eye_channel) return r >= eye_channel_r ? alike + "eye channel, 1 to 10 Hz" : std::string();
  if (r < foremost_r || component.peaks < blink_peaks || std::abs(component.lean) < blink_lean ||
      weight_in_front < foremost_weight)
    return {};
  return alike + "foremost electrodes, strongest there, in rare large deflections to one side (kurtosis " +
         fixed_text(component.peaks, 1) + ", skewness " + fixed_text(std::abs(component.lean), 1) + ")";
}

std::string why_heart(const CleanComponent& component) {
  const double r = std::abs(component.heart);
  return r >= heart_r ? "correlates at " + fixed_text(r, 2) + " with the heart channel, 8 to 16 Hz" : std::string();
}

std::string why_muscle(const HighEnd& high) {
  if (!(high.slope > muscle_slope && high.lasts > muscle_lasts)) return {};
  return "power rises from 7 to 45 Hz (slope " + fixed_text(high.slope, 1) +
         ") and stays high above, as a muscle's does";
}

/// Fills in the scores of a component, and what follows from them.
void judge(CleanComponent& component, std::int64_t row, const Evidence& evidence, const Components& components,
           const CleanInput& input) {
  const HighEnd high = high_end(evidence.spectrum, row, input.rate_hz);
  const RowShape shape = shape_of(evidence.slow[row]);
  const auto at = static_cast<std::size_t>(row);
  component.slope = high.slope;
  component.peaks = shape.kurtosis;
  component.lean = shape.skewness;
  component.eye = evidence.eye.empty() ? 0 : evidence.eye[at];
  component.heart = evidence.heart.empty() ? 0 : evidence.heart[at];
  const double in_front = evidence.front.empty() ? 0 : weight_at(components.mixing, row, evidence.front);
  const std::array<std::pair<ComponentKind, std::string>, 3> verdicts{
      {{ComponentKind::eye, why_eye(component, input.eog.has_value(), in_front)},
       {ComponentKind::heart, why_heart(component)},
       {ComponentKind::muscle, why_muscle(high)}}};
  component.why = "nothing speaks against the brain";
  for (const auto& [kind, why] : verdicts) {
    if (why.empty()) continue;
    component.kind = kind;
    component.why = why;
    return;
  }
}

}  // namespace

std::vector<std::int64_t> foremost(const Matrix& positions, const std::vector<std::int64_t>& of) {
  std::vector<std::int64_t> order(of);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return positions(a, 1) > positions(b, 1); });
  constexpr double near_m = 0.015;
  std::vector<std::int64_t> chosen;
  for (const std::int64_t electrode : order) {
    if (chosen.size() == 4 || positions(electrode, 1) < positions(order.front(), 1) - near_m) break;
    chosen.push_back(electrode);
  }
  return chosen;
}

void judge_components(Components& components, Signal copy, const CleanInput& input,
                      const std::vector<std::int64_t>& used) {
  const Evidence evidence = evidence_of(components, copy, input, used);
  for (std::size_t k = 0; k < components.found.size(); ++k)
    judge(components.found[k], static_cast<std::int64_t>(k), evidence, components, input);
}

}  // namespace caton
