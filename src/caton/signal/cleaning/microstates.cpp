// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/microstates.hpp"

#include "caton/base/error.hpp"
#include "caton/signal/checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {

namespace {

const std::string where = "microstates";

/// Standard deviation over the channels of each sample (ddof 0).
std::vector<double> field_power(Signal x) {
  const auto channels = static_cast<double>(x.extent(0));
  std::vector<double> power(static_cast<std::size_t>(x.extent(1)));
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    double mean = 0, square = 0;
    for (std::int64_t c = 0; c < x.extent(0); ++c) mean += x(c, t);
    mean /= channels;
    for (std::int64_t c = 0; c < x.extent(0); ++c) square += (x(c, t) - mean) * (x(c, t) - mean);
    power[static_cast<std::size_t>(t)] = std::sqrt(square / channels);
  }
  return power;
}

/// The map of row `state`, made of length 1.
void normalise(View<double, 1> map) {
  double square = 0;
  for (std::int64_t c = 0; c < map.extent(0); ++c) square += map[c] * map[c];
  const double length = std::sqrt(square);
  for (std::int64_t c = 0; c < map.extent(0); ++c) map[c] = length > 0 ? map[c] / length : 0;
}

struct Assignment {
  std::int64_t state = 0;
  double activation = 0;
};

/// The map most like sample t.
Assignment assign(const Matrix& maps, Signal x, std::int64_t t, bool polarity) {
  Assignment best;
  double highest = -std::numeric_limits<double>::infinity();
  for (std::int64_t m = 0; m < maps.extent(0); ++m) {
    double sum = 0;
    for (std::int64_t c = 0; c < x.extent(0); ++c) sum += maps(m, c) * x(c, t);
    const double likeness = polarity ? sum : std::abs(sum);
    if (!(likeness > highest)) continue;
    highest = likeness;
    best = {m, sum};
  }
  return best;
}

/// New maps from the samples assigned to each; gives the sum of squared activations under the new maps.
double update_maps(Matrix& maps, Signal peaks, const std::vector<Assignment>& assigned) {
  maps.fill(0);
  for (std::int64_t t = 0; t < peaks.extent(1); ++t) {
    const Assignment& to = assigned[static_cast<std::size_t>(t)];
    for (std::int64_t c = 0; c < peaks.extent(0); ++c) maps(to.state, c) += to.activation * peaks(c, t);
  }
  for (std::int64_t m = 0; m < maps.extent(0); ++m) normalise(maps[m]);
  double explained = 0;
  for (std::int64_t t = 0; t < peaks.extent(1); ++t) {
    double sum = 0;
    for (std::int64_t c = 0; c < peaks.extent(0); ++c)
      sum += maps(assigned[static_cast<std::size_t>(t)].state, c) * peaks(c, t);
    explained += sum * sum;
  }
  return explained;
}

/// Correlation over the channels of a map with a sample.
double map_correlation(View<const double, 1> map, Signal x, std::int64_t t) {
  double mean_map = 0, mean_x = 0, both = 0, first = 0, second = 0;
  const auto channels = static_cast<double>(map.extent(0));
  for (std::int64_t c = 0; c < map.extent(0); ++c) {
    mean_map += map[c] / channels;
    mean_x += x(c, t) / channels;
  }
  for (std::int64_t c = 0; c < map.extent(0); ++c) {
    both += (map[c] - mean_map) * (x(c, t) - mean_x);
    first += (map[c] - mean_map) * (map[c] - mean_map);
    second += (x(c, t) - mean_x) * (x(c, t) - mean_x);
  }
  const double size = std::sqrt(first) * std::sqrt(second);
  return size > 0 ? both / size : 0;
}

void require_options(Signal x, const std::vector<std::int64_t>& start, const MicrostateOptions& options) {
  require_signal(where, x);
  require_finite(where, x);
  if (x.extent(0) < 2) throw usage_error(where, "too few channels: a map needs at least two");
  if (start.empty()) throw usage_error(where, "start is empty: name a peak for each state");
  if (start.size() > 1000) throw usage_error(where, "start names more than 1000 states");
  require_iterations(where, options.max_iterations);
  if (options.min_peak_distance < 1) throw usage_error(where, "min_peak_distance must be positive");
  if (!std::isfinite(options.tolerance)) throw usage_error(where, "tolerance must be finite");
}

/// The samples at the peaks.
Matrix samples_at(Signal x, const std::vector<std::int64_t>& places) {
  Matrix y({x.extent(0), static_cast<std::int64_t>(places.size())}, uninitialised);
  for (std::int64_t c = 0; c < y.extent(0); ++c) {
    for (std::int64_t t = 0; t < y.extent(1); ++t) y(c, t) = x(c, places[static_cast<std::size_t>(t)]);
  }
  return y;
}

Matrix start_maps(Signal peaks, const std::vector<std::int64_t>& start) {
  Matrix maps({static_cast<std::int64_t>(start.size()), peaks.extent(0)}, uninitialised);
  for (std::int64_t m = 0; m < maps.extent(0); ++m) {
    const std::int64_t peak = start[static_cast<std::size_t>(m)];
    if (peak < 0 || peak >= peaks.extent(1)) {
      throw usage_error(where, "start names peak " + std::to_string(peak) + ", the global field power has " +
                                   std::to_string(peaks.extent(1)));
    }
    for (std::int64_t c = 0; c < peaks.extent(0); ++c) maps(m, c) = peaks(c, peak);
    normalise(maps[m]);
  }
  return maps;
}

/// Modified k-means over the peaks.
void find_maps(Microstates& result, Signal peaks, const MicrostateOptions& options) {
  double all = 0;
  for (std::int64_t t = 0; t < peaks.extent(1); ++t) {
    for (std::int64_t c = 0; c < peaks.extent(0); ++c) all += peaks(c, t) * peaks(c, t);
  }
  double residual_before = std::numeric_limits<double>::infinity();
  std::vector<Assignment> assigned(static_cast<std::size_t>(peaks.extent(1)));
  for (result.iterations = 0;; ++result.iterations) {
    for (std::int64_t t = 0; t < peaks.extent(1); ++t)
      assigned[static_cast<std::size_t>(t)] = assign(result.maps, peaks, t, options.polarity);
    const double residual = std::abs(all - update_maps(result.maps, peaks, assigned)) /
                            static_cast<double>(peaks.extent(1) * (peaks.extent(0) - 1));
    const bool last = result.iterations + 1 == options.max_iterations;
    if (last || residual_before - residual < options.tolerance * residual) break;
    residual_before = residual;
  }
}

void fit_back(Microstates& result, Signal x, const std::vector<double>& power, bool polarity) {
  double all = 0;
  for (const double value : power) all += value * value;
  result.explained_by_map.assign(static_cast<std::size_t>(result.maps.extent(0)), 0.0);
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    const std::int64_t state = assign(result.maps, x, t, polarity).state;
    const double part = power[static_cast<std::size_t>(t)] * map_correlation(result.maps[state], x, t);
    result.labels.push_back(state);
    result.explained += part * part / all;
    result.explained_by_map[static_cast<std::size_t>(state)] += part * part / all;
  }
}

}  // namespace

std::vector<std::int64_t> find_peaks(const std::vector<double>& values, std::int64_t distance) {
  std::vector<std::int64_t> peaks;
  const auto count = static_cast<std::int64_t>(values.size());
  const auto at = [&](std::int64_t i) { return values[static_cast<std::size_t>(i)]; };
  for (std::int64_t i = 1; i + 1 < count; ++i) {
    if (!(at(i - 1) < at(i))) continue;
    std::int64_t end = i + 1;
    while (end + 1 < count && at(end) == at(i)) ++end;
    if (at(end) < at(i)) {
      peaks.push_back((i + end - 1) / 2);
      i = end;
    }
  }
  std::vector<std::size_t> order(peaks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return at(peaks[a]) < at(peaks[b]); });
  std::vector<bool> keep(peaks.size(), true);
  for (auto next = order.rbegin(); next != order.rend(); ++next) {
    if (!keep[*next]) continue;
    for (std::size_t k = *next; k-- > 0 && peaks[*next] - peaks[k] < distance;) keep[k] = false;
    for (std::size_t k = *next + 1; k < peaks.size() && peaks[k] - peaks[*next] < distance; ++k) keep[k] = false;
  }
  std::vector<std::int64_t> kept;
  for (std::size_t k = 0; k < peaks.size(); ++k) {
    if (keep[k]) kept.push_back(peaks[k]);
  }
  return kept;
}

Microstates microstates(Signal x, const std::vector<std::int64_t>& start, const MicrostateOptions& options) {
  require_options(x, start, options);
  const std::vector<double> power = field_power(x);
  Microstates result;
  result.peaks = find_peaks(power, options.min_peak_distance);
  if (result.peaks.empty() || !(*std::max_element(power.begin(), power.end()) > 1e-140))
    throw input_error(where, "the signal is flat: its global field power has no peak");
  const Matrix peaks = samples_at(x, result.peaks);
  result.maps = start_maps(peaks, start);
  find_maps(result, peaks, options);
  fit_back(result, x, power, options.polarity);
  for (std::int64_t m = 0; m < result.maps.extent(0); ++m) {
    bool empty = true;
    for (std::int64_t c = 0; c < x.extent(0); ++c) empty = empty && result.maps(m, c) == 0;
    if (!empty) continue;
    result.findings.push_back({.code = "microstates/empty-state",
                               .severity = Severity::warn,
                               .where = where,
                               .what = "state " + std::to_string(m) + " was never the most alike"});
  }
  return result;
}

MicrostateStatistics microstate_statistics(const std::vector<std::int64_t>& labels, double rate_hz,
                                           std::int64_t states) {
  const std::string here = "microstate_statistics";
  require_positive(here, "rate_hz", rate_hz);
  if (labels.empty()) throw usage_error(here, "the labels are empty");
  if (states < 1 || states > 1000) throw usage_error(here, "states must be 1 to 1000, got " + std::to_string(states));
  const auto count = static_cast<std::size_t>(states);
  std::vector<double> samples(count, 0.0), stays(count, 0.0);
  Matrix changes({states, states});
  for (std::size_t t = 0; t < labels.size(); ++t) {
    const std::int64_t state = labels[t];
    if (state < 0 || state >= states) {
      throw usage_error(here,
                        "a label is " + std::to_string(state) + ", the states are 0 to " + std::to_string(states - 1));
    }
    ++samples[static_cast<std::size_t>(state)];
    if (t > 0 && labels[t - 1] == state) continue;
    ++stays[static_cast<std::size_t>(state)];
    if (t > 0) ++changes(labels[t - 1], state);
  }
  const auto all = static_cast<double>(labels.size());
  MicrostateStatistics result;
  for (std::size_t m = 0; m < count; ++m) {
    result.coverage.push_back(samples[m] / all);
    result.duration_s.push_back(stays[m] > 0 ? samples[m] / stays[m] / rate_hz : 0);
    result.occurrence_hz.push_back(stays[m] / (all / rate_hz));
    double sum = 0;
    for (std::int64_t to = 0; to < states; ++to) sum += changes(m, to);
    for (std::int64_t to = 0; to < states && sum > 0; ++to) changes(m, to) /= sum;
  }
  result.transitions = std::move(changes);
  return result;
}

}  // namespace caton
