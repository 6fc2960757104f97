// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/components.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/signal/cleaning/component_scores.hpp"
#include "caton/signal/cleaning/ica.hpp"
#include "caton/signal/cleaning/whitening.hpp"
#include "caton/signal/fir.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

constexpr std::int64_t fewest_channels = 4, fewest_components = 3, samples_per_weight = 20;
/// Samples that a fit looks at; more are thinned out evenly.
constexpr std::int64_t most_samples = 400000;
/// Robust deviations beyond which a sample is left out of the fit; blinks reach about 10.
constexpr double wild = 30;

using namespace component_limits;
constexpr double blink_peaks = 3, blink_lean = 0.8, foremost_weight = 1.5;
constexpr double muscle_lasts = 0.8;
constexpr double deflection = 4, around_s = 0.2, ramp_s = 0.1;

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

Matrix band_passed(Signal x, double rate_hz, double low_hz, double high_hz) {
  return fir_filter(x, {.rate_hz = rate_hz, .low_hz = low_hz, .high_hz = high_hz});
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

/// What a fit looks at: every n-th sample, so that there are no more than it needs, without those at which some channel
/// is far beyond anything that eyes or brains make (a loose wire would claim components for itself).
Matrix to_fit(Signal x) {
  std::vector<double> limits;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    std::vector<double> values;
    for (std::int64_t t = 0; t < x.extent(1); ++t) values.push_back(x(c, t));
    limits.push_back(wild * robust_deviation(std::move(values)));
  }
  const std::int64_t step = (x.extent(1) + most_samples - 1) / most_samples;
  std::vector<std::int64_t> kept;
  for (std::int64_t t = 0; t < x.extent(1); t += step) {
    bool usable = true;
    for (std::int64_t c = 0; c < x.extent(0) && usable; ++c)
      usable = std::abs(x(c, t)) <= limits[static_cast<std::size_t>(c)];
    if (usable) kept.push_back(t);
  }
  Matrix seen({x.extent(0), static_cast<std::int64_t>(kept.size())}, uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::size_t i = 0; i < kept.size(); ++i) seen(c, static_cast<std::int64_t>(i)) = x(c, kept[i]);
  }
  return seen;
}

}  // namespace

const char* kind_name(ComponentKind kind) noexcept {
  switch (kind) {
    case ComponentKind::eye: return "eye";
    case ComponentKind::muscle: return "muscle";
    case ComponentKind::heart: return "heart";
    case ComponentKind::brain: break;
  }
  return "kept";
}

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

std::optional<Components> fit_components(Signal copy) {
  const Matrix seen = to_fit(copy);
  if (seen.extent(1) < samples_per_weight) return std::nullopt;
  const std::int64_t rank = rank_of_signal(seen);
  const auto carried = static_cast<std::int64_t>(std::sqrt(static_cast<double>(seen.extent(1) / samples_per_weight)));
  const std::int64_t count = std::min(rank, carried);
  if (copy.extent(0) < fewest_channels || count < fewest_components) return std::nullopt;
  const Whitening whitening = pca_whitening("ica", seen, count);
  const PicardResult picard =
      ica_picard(whitened(whitening, seen), {.extended = true, .max_iterations = 300, .tolerance = 1e-5});
  const Matrix unmixing = product(picard.unmixing, whitening.matrix), mixing = pseudo_inverse(unmixing);
  std::vector<double> variance(static_cast<std::size_t>(count), 0.0);
  for (std::int64_t k = 0; k < count; ++k) {
    for (std::int64_t c = 0; c < mixing.extent(0); ++c)
      variance[static_cast<std::size_t>(k)] += mixing(c, k) * mixing(c, k);
  }
  std::vector<std::size_t> order(variance.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return variance[a] > variance[b]; });
  const double all = std::accumulate(variance.begin(), variance.end(), 0.0);
  Components result{Matrix(unmixing), Matrix(mixing), whitening.mean, {}, {}, picard.findings};
  for (std::int64_t k = 0; k < count; ++k) {
    const auto from = static_cast<std::int64_t>(order[static_cast<std::size_t>(k)]);
    double largest = 0;
    for (std::int64_t c = 0; c < mixing.extent(0); ++c) {
      if (std::abs(mixing(c, from)) > std::abs(largest)) largest = mixing(c, from);
    }
    const double sign = largest < 0 ? -1 : 1;
    for (std::int64_t c = 0; c < mixing.extent(0); ++c) {
      result.unmixing(k, c) = sign * unmixing(from, c);
      result.mixing(c, k) = sign * mixing(c, from);
    }
    result.found.push_back({.variance = variance[static_cast<std::size_t>(from)] / all});
  }
  result.sources = multiplied(result.unmixing, Tiles(copy, result.mean)).signal();
  return result;
}

void judge_components(Components& components, Signal copy, const CleanInput& input,
                      const std::vector<std::int64_t>& used) {
  const Signal sources = components.sources;
  const double rate_hz = input.rate_hz;
  const double slow_end_hz = std::min(10.0, 0.3 * rate_hz);
  const Matrix slow = band_passed(sources, rate_hz, 1, slow_end_hz);
  const auto second = std::min<std::int64_t>(sources.extent(1), static_cast<std::int64_t>(std::ceil(rate_hz)));
  const Spectrum spectrum = welch(sources, {.rate_hz = rate_hz, .fft_samples = second, .overlap_samples = second / 2});
  std::vector<std::int64_t> front;
  std::vector<double> eye, heart;
  if (input.eog) {
    eye = likeness(sources, *input.eog, rate_hz, 1, slow_end_hz);
  } else if (input.positions_m) {
    std::vector<std::int64_t> rows;
    for (const std::int64_t electrode : foremost(*input.positions_m, used))
      rows.push_back(std::find(used.begin(), used.end(), electrode) - used.begin());
    front = rows;
    eye = likeness(sources, mean_row(copy, rows), rate_hz, 1, slow_end_hz);
  }
  if (input.ecg && rate_hz >= 50) heart = likeness(sources, *input.ecg, rate_hz, 8, 16);
  for (std::size_t k = 0; k < components.found.size(); ++k) {
    CleanComponent& component = components.found[k];
    const auto row = static_cast<std::int64_t>(k);
    const HighEnd high = high_end(spectrum, row, rate_hz);
    component.slope = high.slope;
    const RowShape shape = shape_of(slow[row]);
    component.peaks = shape.kurtosis;
    component.lean = shape.skewness;
    component.eye = eye.empty() ? 0 : eye[k];
    component.heart = heart.empty() ? 0 : heart[k];
    const std::string alike = "correlates at " + fixed_text(std::abs(component.eye), 2) + " with the ";
    if (input.eog && std::abs(component.eye) >= eye_channel_r) {
      component.kind = ComponentKind::eye;
      component.why = alike + "eye channel, 1 to 10 Hz";
    } else if (!front.empty() && std::abs(component.eye) >= foremost_r && component.peaks >= blink_peaks &&
               std::abs(component.lean) >= blink_lean && weight_at(components.mixing, row, front) >= foremost_weight) {
      component.kind = ComponentKind::eye;
      component.why = alike + "foremost electrodes, strongest there, in rare large deflections to one side (kurtosis " +
                      fixed_text(component.peaks, 1) + ", skewness " + fixed_text(std::abs(component.lean), 1) + ")";
    } else if (std::abs(component.heart) >= heart_r) {
      component.kind = ComponentKind::heart;
      component.why =
          "correlates at " + fixed_text(std::abs(component.heart), 2) + " with the heart channel, 8 to 16 Hz";
    } else if (high.slope > muscle_slope && high.lasts > muscle_lasts) {
      component.kind = ComponentKind::muscle;
      component.why = "power rises from 7 to 45 Hz (slope " + fixed_text(component.slope, 1) +
                      ") and stays high above, as a muscle's does";
    } else {
      component.why = "nothing speaks against the brain";
    }
  }
}

std::vector<double> removal_weights(const Components& components, std::int64_t k, double rate_hz) {
  const auto samples = static_cast<std::size_t>(components.sources.extent(1));
  if (components.found[static_cast<std::size_t>(k)].kind != ComponentKind::eye)
    return std::vector<double>(samples, 1.0);
  const Matrix slow = band_passed(components.sources.view().slice(0, k, 1), rate_hz, 1, std::min(10.0, 0.3 * rate_hz));
  std::vector<double> values(slow.begin(), slow.end());
  const double middle = median(values), limit = deflection * robust_deviation(values);
  const auto reach = static_cast<std::int64_t>(std::nearbyint(around_s * rate_hz));
  const auto ramp = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::nearbyint(ramp_s * rate_hz)));
  // Distance to the nearest deflection, by one pass each way.
  constexpr std::int64_t far = std::int64_t{1} << 40;
  std::vector<std::int64_t> away(samples, far);
  for (std::size_t t = 0; t < samples; ++t) {
    const bool on = std::abs(values[t] - middle) > limit;
    away[t] = on ? 0 : t > 0 ? std::min(far, away[t - 1] + 1) : far;
  }
  for (std::size_t t = samples - 1; t-- > 0;) away[t] = std::min(away[t], away[t + 1] + 1);
  std::vector<double> weights(samples, 0.0);
  for (std::size_t t = 0; t < samples; ++t) {
    const double past = static_cast<double>(away[t] - reach) / static_cast<double>(ramp);
    weights[t] = past <= 0 ? 1 : past >= 1 ? 0 : 0.5 + 0.5 * std::cos(3.14159265358979323846 * past);
  }
  return weights;
}

}  // namespace caton
