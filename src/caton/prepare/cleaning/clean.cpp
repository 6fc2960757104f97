// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/clean.hpp"

#include "caton/base/error.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/text.hpp"
#include "caton/prepare/cleaning/components.hpp"
#include "caton/prepare/cleaning/filters.hpp"
#include "caton/sensors/sphere.hpp"
#include "caton/sensors/spline.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/asr_clean.hpp"
#include "caton/signal/cleaning/component_scores.hpp"
#include "caton/signal/cleaning/whitening.hpp"
#include "caton/signal/reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace caton {
namespace {

const std::string where = "clean";
constexpr std::int64_t average_from = 20;
constexpr double fit_high_pass_hz = 1;
// Wider than the PREP pipeline's, which was made for dense nets: of 14 electrodes one is easily the noisiest.
constexpr std::int64_t comparable_channels = 8;  ///< fewer are looked at for flat ones only
constexpr double few_channels_deviation_z = 8, few_channels_noise_z = 10, lonely_seconds = 0.4, flat_v = 1e-9;

Matrix rows_of(Signal x, const std::vector<std::int64_t>& rows) {
  Matrix y({static_cast<std::int64_t>(rows.size()), x.extent(1)}, uninitialised);
  for (std::int64_t i = 0; i < y.extent(0); ++i) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) y(i, t) = x(rows[static_cast<std::size_t>(i)], t);
  }
  return y;
}

void put_rows(Signal from, const std::vector<std::int64_t>& rows, Matrix& to) {
  for (std::int64_t i = 0; i < from.extent(0); ++i) {
    for (std::int64_t t = 0; t < from.extent(1); ++t) to(rows[static_cast<std::size_t>(i)], t) = from(i, t);
  }
}

void require_input(const CleanInput& input, const CleanOptions& options) {
  require_signal(where, input.signal);
  require_finite(where, input.signal);
  require_positive(where, "rate_hz", input.rate_hz);
  if (static_cast<std::int64_t>(input.channels.size()) != input.signal.extent(0))
    throw usage_error(where, "shape: there are more channels than names or fewer");
  if (!(options.high_pass_hz >= 0 && options.high_pass_hz < input.rate_hz / 4))
    throw usage_error(where, "the high-pass must lie from 0 to a quarter of the rate (band)");
  if (options.reject_v) require_positive(where, "reject_v", *options.reject_v);
  if (static_cast<double>(input.signal.extent(1)) < 2 * input.rate_hz) {
    throw input_error(where, "the recording is too short: " +
                                 number_text(static_cast<double>(input.signal.extent(1)) / input.rate_hz) +
                                 " s, at least 2 s are needed");
  }
}

void warn(Cleaned& cleaned, const char* code, std::string what) {
  cleaned.findings.push_back({.code = code, .severity = Severity::warn, .where = where, .what = std::move(what)});
}

/// Finds the channels that record no brain; the others are what is worked on.
void look_for_bad(const CleanInput& input, const CleanOptions& options, Signal copy, Cleaned& cleaned) {
  cleaned.used.resize(input.channels.size());
  std::iota(cleaned.used.begin(), cleaned.used.end(), 0);
  if (!options.bad_channels || input.signal.extent(0) < 2) return;
  BadChannelOptions limits{.rate_hz = input.rate_hz, .flat_v = flat_v};
  if (input.signal.extent(0) >= comparable_channels) {
    limits.deviation_z = few_channels_deviation_z;
    limits.noise_z = few_channels_noise_z;
    limits.bad_seconds_fraction = lonely_seconds;
  } else {
    limits.deviation_z = limits.noise_z = limits.bad_seconds_fraction = std::numeric_limits<double>::infinity();
  }
  cleaned.bad = bad_channels(copy, limits);
  cleaned.used.clear();
  for (std::size_t c = 0; c < input.channels.size(); ++c)
    (cleaned.bad.reason[c] == 0 ? cleaned.used : cleaned.bad_indices).push_back(static_cast<std::int64_t>(c));
  if (cleaned.used.size() * 2 >= input.channels.size()) return;
  throw input_error(where,
                    std::to_string(cleaned.bad_indices.size()) + " of " + std::to_string(input.channels.size()) +
                        " channels record no brain",
                    "look at the recording with caton info");
}

void add_spans(const std::vector<double>& weights, const char* kind, std::vector<CleanSpan>& spans) {
  for (std::size_t t = 0; t < weights.size(); ++t) {
    if (weights[t] <= 0) continue;
    const auto at = static_cast<std::int64_t>(t);
    if (t == 0 || weights[t - 1] <= 0) spans.push_back({at, at, kind});
    spans.back().end = at + 1;
  }
}

/// Takes the judged components away from the used channels.
void remove_components(Components& components, Matrix& y, double rate_hz, Cleaned& cleaned) {
  const std::vector<double> mean = row_means(y);
  std::int64_t whole = 0, eyes = 0;
  const Matrix sources = multiplied(components.unmixing, Tiles(y, mean)).signal();
  for (std::size_t k = 0; k < components.found.size(); ++k) {
    CleanComponent& component = components.found[k];
    if (component.kind == ComponentKind::brain) continue;
    const auto row = static_cast<std::int64_t>(k);
    const std::vector<double> weights = removal_weights(components, row, rate_hz);
    component.removed = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
    for (std::int64_t c = 0; c < y.extent(0); ++c) {
      for (std::int64_t t = 0; t < y.extent(1); ++t)
        y(c, t) -= components.mixing(c, row) * weights[static_cast<std::size_t>(t)] * sources(row, t);
    }
    if (component.kind == ComponentKind::eye) {
      ++eyes;
      add_spans(weights, "eye", cleaned.spans);
    } else {
      ++whole;
    }
  }
  cleaned.rank_in_spans = -eyes;
  cleaned.steps.push_back(std::to_string(components.found.size()) +
                          " independent components (extended Picard, fitted above 1 Hz): " + std::to_string(eyes) +
                          " of the eyes taken away around their deflections, " + std::to_string(whole) +
                          " of muscle or heart taken away whole");
}

void decompose(const CleanInput& input, Signal copy, Matrix& y, Cleaned& cleaned) {
  const Matrix fitted = rows_of(copy, cleaned.used);
  std::optional<Components> components = fit_components(fitted);
  if (!components) {
    warn(cleaned, "clean/no-components",
         "too few channels or samples for independent components: eyes, muscle and heart were not looked for");
    return;
  }
  check_interrupted();
  judge_components(*components, fitted, input, cleaned.used);
  if (!input.eog && !input.positions_m)
    warn(cleaned, "clean/no-eyes",
         "no eye channel and no known electrode places: components of the eyes were not looked for");
  Matrix part = rows_of(y, cleaned.used);
  remove_components(*components, part, input.rate_hz, cleaned);
  put_rows(part, cleaned.used, y);
  cleaned.findings.insert(cleaned.findings.end(), components->findings.begin(), components->findings.end());
  cleaned.maps = std::move(components->mixing);
  cleaned.sources = std::move(components->sources);
  cleaned.components = std::move(components->found);
}

void reconstruct_bursts(const CleanInput& input, const CleanOptions& options, const FilterPieces& pieces, Matrix& y,
                        Cleaned& cleaned) {
  if (input.rate_hz / 2 <= 41) {
    warn(cleaned, "clean/no-bursts", "below 82 Hz the burst detector's filter does not exist: bursts were left");
    return;
  }
  // The method presumes a signal without slow waves: those of the recording are set aside meanwhile.
  const Matrix fast = high_passed(rows_of(y, cleaned.used), fit_high_pass_hz, input.rate_hz, pieces);
  const AsrCleaned part = asr_clean(fast, {.rate_hz = input.rate_hz, .cutoff = options.asr_cutoff});
  if (part.calibration_s == 0) {
    warn(cleaned, "clean/no-bursts", "less than 6 s are clean enough to calibrate on: bursts were left");
    return;
  }
  for (std::size_t i = 0; i < cleaned.used.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    for (std::int64_t t = 0; t < y.extent(1); ++t) y(cleaned.used[i], t) += part.y(row, t) - fast(row, t);
  }
  for (const auto& [begin, end] : part.changed) cleaned.spans.push_back({begin, end, "burst"});
  cleaned.steps.push_back("bursts rebuilt by artifact subspace reconstruction, cutoff " +
                          number_text(options.asr_cutoff) + ", calibrated on " + fixed_text(part.calibration_s, 0) +
                          " s of the recording: " + std::to_string(part.changed.size()));
}

/// Positions seen from the centre of the sphere that fits them.
Matrix centred(const Matrix& positions) {
  const Sphere sphere = fit_sphere(positions);
  Matrix result(positions);
  for (std::int64_t e = 0; e < result.extent(0); ++e) {
    for (std::int64_t axis = 0; axis < 3; ++axis) result(e, axis) -= sphere.center_m[static_cast<std::size_t>(axis)];
  }
  return result;
}

void interpolate(const CleanInput& input, Matrix& y, Cleaned& cleaned) {
  if (cleaned.bad_indices.empty()) return;
  if (!input.positions_m || cleaned.used.size() < 8) {
    warn(cleaned, "clean/not-interpolated",
         "bad channels were left as they are: interpolation needs 8 good electrodes whose places are known");
    return;
  }
  y = interpolate_bad(y, centred(*input.positions_m), cleaned.bad_indices);
  cleaned.interpolated = true;
  cleaned.steps.push_back(std::to_string(cleaned.bad_indices.size()) +
                          " bad channels interpolated by spherical splines");
}

bool averages(const CleanOptions& options, std::size_t channels) {
  if (options.reference == CleanReference::automatic) return channels >= average_from;
  return options.reference == CleanReference::average;
}

/// What cleaning could not mend is marked, never taken out.
void mark_unusable(const CleanInput& input, const CleanOptions& options, Signal y, Cleaned& cleaned) {
  cleaned.rejection = reject_epochs(
      input.signal, y,
      {.rate_hz = input.rate_hz, .limit_v = options.reject_v, .channels = cleaned.used, .pieces = input.pieces});
  const Rejection& found = cleaned.rejection;
  if (found.limit_v == 0)
    warn(cleaned, "clean/no-rejection",
         "less than 10 s: no limit for rejecting epochs could be found, only flat ones were marked");
  std::string limit;
  if (found.limit_v > 0)
    limit = " above " + fixed_text(found.limit_v * 1e6, 0) + " µV peak to peak" +
            (found.limit_found ? ", found from the recording," : "");
  cleaned.steps.push_back("epochs of 1 s" + limit + " or with a flat channel marked as bad: " +
                          std::to_string(found.rejected) + " of " + std::to_string(found.epochs));
}

/// Bad channels that were not replaced take no part in an average.
std::vector<std::int64_t> left_out(const Cleaned& cleaned) {
  return cleaned.interpolated ? std::vector<std::int64_t>{} : cleaned.bad_indices;
}

}  // namespace

Cleaned clean(const CleanInput& input, const CleanOptions& options) {
  require_input(input, options);
  Cleaned cleaned;
  const FilterPieces pieces = filter_pieces(input);
  cleaned.rank_before = rank_of_signal(input.signal);
  Matrix y = high_passed(input.signal, options.high_pass_hz, input.rate_hz, pieces);
  if (options.high_pass_hz > 0)
    cleaned.steps.push_back("high-pass at " + number_text(options.high_pass_hz) + " Hz, zero phase");
  cleaned.line_hz = find_line(y, options.line_hz, input.rate_hz);
  if (!cleaned.line_hz.empty()) {
    y = line_removed(y, cleaned.line_hz, input.rate_hz, pieces);
    std::vector<std::string> words;
    for (const double hz : cleaned.line_hz) words.push_back(number_text(hz));
    cleaned.steps.push_back("mains cut out at " + join(words, ", ") + " Hz");
  }
  check_interrupted();
  const Matrix copy = high_passed(y, fit_high_pass_hz, input.rate_hz, pieces);
  look_for_bad(input, options, copy, cleaned);
  cleaned.as_filtered = y;
  if (options.ica) decompose(input, copy, y, cleaned);
  check_interrupted();
  if (options.asr) reconstruct_bursts(input, options, pieces, y, cleaned);
  check_interrupted();
  interpolate(input, y, cleaned);
  cleaned.reference = "as recorded";
  if (averages(options, input.channels.size())) {
    cleaned.reference = "average";
    y = average_reference(y, left_out(cleaned)).y;
    cleaned.as_filtered = average_reference(cleaned.as_filtered, cleaned.bad_indices).y;
    cleaned.steps.emplace_back("average reference");
  }
  std::sort(cleaned.spans.begin(), cleaned.spans.end(), [](const CleanSpan& a, const CleanSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  if (options.reject) mark_unusable(input, options, y, cleaned);
  cleaned.rank_after = rank_of_signal(y);
  cleaned.rank_in_spans += cleaned.rank_after;
  cleaned.signal = std::move(y);
  return cleaned;
}

std::string rejection_words(const CleanInput& input, const RejectedSpan& span) {
  const std::string& name = input.channels[static_cast<std::size_t>(span.channel)];
  return span.flat ? name + " stands still" : name + ": " + fixed_text(span.largest_v * 1e6, 0) + " µV peak to peak";
}

Matrix filtered_alike(Signal signal, const CleanInput& input, const CleanOptions& options, const Cleaned& cleaned) {
  const FilterPieces pieces = filter_pieces(input);
  Matrix y = high_passed(signal, options.high_pass_hz, input.rate_hz, pieces);
  if (!cleaned.line_hz.empty()) y = line_removed(y, cleaned.line_hz, input.rate_hz, pieces);
  if (cleaned.reference == "average") y = average_reference(y).y;
  return y;
}

double mean_correlation(Signal a, Signal b) {
  double sum = 0;
  for (std::int64_t c = 0; c < a.extent(0); ++c) sum += pearson(a[c], b[c]);
  return sum / static_cast<double>(a.extent(0));
}

double mean_correlation_outside(Signal a, Signal b, const std::vector<CleanSpan>& spans) {
  std::vector<bool> inside(static_cast<std::size_t>(a.extent(1)), false);
  for (const CleanSpan& span : spans) std::fill(inside.begin() + span.begin, inside.begin() + span.end, true);
  const auto kept = std::count(inside.begin(), inside.end(), false);
  if (kept < 2) return 0;
  Matrix first({a.extent(0), kept}, uninitialised), second({a.extent(0), kept}, uninitialised);
  for (std::int64_t c = 0; c < a.extent(0); ++c) {
    std::int64_t at = 0;
    for (std::int64_t t = 0; t < a.extent(1); ++t) {
      if (inside[static_cast<std::size_t>(t)]) continue;
      first(c, at) = a(c, t);
      second(c, at++) = b(c, t);
    }
  }
  return mean_correlation(first, second);
}

}  // namespace caton
