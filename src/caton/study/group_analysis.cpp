// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_analysis.hpp"

#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/random.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/association.hpp"
#include "caton/features/connectivity/connectivity_summary.hpp"
#include "caton/features/connectivity/ddtf_windows.hpp"

#include "caton/features/connectivity/mvar.hpp"
#include "caton/signal/windows.hpp"
#include "caton/study/group_measure.hpp"
#include "caton/study/group_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace caton {

namespace {

constexpr double enough_samples = 10;  // for each unknown of an equation
constexpr double enough_epochs = 20;
constexpr std::int64_t few_participants = 10;
constexpr std::int64_t whiteness_lags = 10;  // above the order

/// A recording with its windows: begins of those that are usable.
struct Loaded {
  Prepared prepared;
  std::vector<std::int64_t> begins;
  std::int64_t dropped = 0;
};

bool usable(Signal window, const std::optional<double>& reject_v) {
  for (std::int64_t c = 0; c < window.extent(0); ++c) {
    double low = window(c, 0), high = low;
    for (std::int64_t t = 1; t < window.extent(1); ++t) {
      low = std::min(low, window(c, t));
      high = std::max(high, window(c, t));
    }
    if (!(high > low) || (reject_v && high - low > *reject_v)) return false;
  }
  return true;
}

Loaded load(const GroupStudy& study, const GroupRecording& recording, const GroupAnalysis& options) {
  const auto opened = recording.open();
  std::vector<std::int64_t> channels;
  for (const auto& name : study.channels) channels.push_back(opened->channel_index(name));
  Loaded loaded{prepare(*opened, channels, options.steps), {}, 0};
  const Prepared& prepared = loaded.prepared;
  const bool modelled = pair_measure_named("connectivity", options.measure).model || options.links;
  if (modelled && prepared.rank < static_cast<std::int64_t>(study.channels.size())) {
    throw input_error(recording.id,
                      "the channels have rank " + std::to_string(prepared.rank) + " of " +
                          std::to_string(study.channels.size()) + " after the reference \"" + prepared.reference +
                          "\": a model of linearly dependent channels does not exist",
                      "keep the recording's own reference, or drop a channel for each lost dimension");
  }
  const WindowPlan plan{.rate_hz = prepared.rate_hz, .length_s = options.window_s, .step_s = options.step_s};
  for (const auto& [first, last] : prepared.continuous) {
    if (static_cast<double>(last - first) < std::round(options.window_s * prepared.rate_hz)) continue;
    const Windows windows = window(last - first, plan, recording.id);
    for (const std::int64_t begin : windows.begin) {
      if (!touches_bad(prepared.bad, first + begin, first + begin + windows.length) &&
          usable(prepared.signal.view().slice(1, first + begin, windows.length), options.reject_v))
        loaded.begins.push_back(first + begin);
      else
        ++loaded.dropped;
    }
  }
  if (loaded.begins.empty()) {
    throw input_error(recording.id,
                      "the recording is too short or too disturbed: no usable window of " +
                          number_text(options.window_s) + " s is left (" + std::to_string(loaded.dropped) + " dropped)",
                      "give shorter windows, a higher limit for rejection, or leave the recording out");
  }
  return loaded;
}

std::int64_t window_length(const GroupAnalysis& options, double rate_hz) {
  return static_cast<std::int64_t>(std::nearbyint(options.window_s * rate_hz));
}

/// Windows that lie apart, each channel standardised: the epochs of a recording's one model.
Array<double, 3> epochs_of(const Loaded& loaded, std::int64_t length) {
  const auto apart = windows_apart(loaded.begins, length);
  const std::int64_t channels = loaded.prepared.signal.extent(0);
  Array<double, 3> epochs({static_cast<std::int64_t>(apart.size()), channels, length}, uninitialised);
  for (std::size_t e = 0; e < apart.size(); ++e) {
    for (std::int64_t c = 0; c < channels; ++c) {
      double mean = 0, square = 0;
      for (std::int64_t t = 0; t < length; ++t)
        mean += loaded.prepared.signal(c, apart[e] + t) / static_cast<double>(length);
      for (std::int64_t t = 0; t < length; ++t) {
        const double value = loaded.prepared.signal(c, apart[e] + t) - mean;
        square += value * value / static_cast<double>(length);
      }
      for (std::int64_t t = 0; t < length; ++t)
        epochs(static_cast<std::int64_t>(e), c, t) =
            (loaded.prepared.signal(c, apart[e] + t) - mean) / std::sqrt(square);
    }
  }
  return epochs;
}

/// Runs `body`; what it refuses is told with the recording's name.
template <class Body>
auto named(const std::string& id, const Body& body) {
  try {
    return body();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    throw Error(error.kind(), id, error.where() + ": " + error.problem(), error.remedy());
  }
}

void require_order(const GroupAnalysis& options, std::int64_t order, std::int64_t channels, std::int64_t length) {
  const double per_unknown = static_cast<double>(length - order) / static_cast<double>(channels * order);
  if (per_unknown > 1 && length - order > channels * (order + 1)) return;
  throw usage_error("connectivity: order",
                    "a window of " + number_text(options.window_s) + " s (" + std::to_string(length) +
                        " samples) is too short for order " + std::to_string(order) + " with " +
                        std::to_string(channels) + " channels: each equation has " + std::to_string(channels * order) +
                        " unknowns",
                    "give longer windows, a lower order or fewer channels; 10 samples for each unknown are good");
}

std::vector<std::int64_t> subset(std::vector<std::int64_t> begins, std::int64_t count, RandomStream random) {
  random.shuffle(begins);
  begins.resize(static_cast<std::size_t>(count));
  std::sort(begins.begin(), begins.end());
  return begins;
}

Matrix reversed_in_time(Signal x) {
  Matrix y(x.extents(), uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) y(c, t) = x(c, x.extent(1) - 1 - t);
  }
  return y;
}

/// Correlation over pairs of the asymmetry with that of the same windows played backwards, for each band.
std::vector<double> reversal(const Loaded& loaded, const WindowedDdtf& forward, std::int64_t length,
                             const DdtfWindows& how) {
  std::vector<std::int64_t> begins;
  const std::int64_t samples = loaded.prepared.signal.extent(1), channels = loaded.prepared.signal.extent(0);
  for (const std::int64_t begin : forward.begin) begins.push_back(samples - begin - length);
  const auto backward = ddtf_at(reversed_in_time(loaded.prepared.signal), begins, length, how, false);
  std::vector<double> result;
  for (std::int64_t b = 0; b < forward.mean.extent(0); ++b) {
    const Matrix one = connectivity_summary(forward.mean.view()[b]).asymmetry;
    const Matrix other = connectivity_summary(backward.mean.view()[b]).asymmetry;
    Matrix pairs({2, channels * (channels - 1) / 2});
    std::int64_t at = 0;
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t j = 0; j < i; ++j, ++at) {
        pairs(0, at) = one(i, j);
        pairs(1, at) = other(i, j);
      }
    }
    result.push_back(channels > 2 ? correlation(pairs)(0, 1) : 0);
  }
  return result;
}

/// Coefficients summed over lags, in deviations of the noise of target and source: neither the unit of a channel nor
/// the power of its signal moves them, and without a difference of coefficients none is to be expected.
Matrix link_strengths(const MvarModel& model) {
  const std::int64_t channels = model.a.extent(1);
  Matrix links({channels, channels});
  for (std::int64_t to = 0; to < channels; ++to) {
    for (std::int64_t from = 0; from < channels; ++from) {
      for (std::int64_t k = 0; k < model.a.extent(0); ++k) links(to, from) += model.a(k, to, from);
      links(to, from) *= std::sqrt(model.noise(from, from) / model.noise(to, to));
    }
  }
  return links;
}

/// How many windows have a model whose residuals are not white, and the test of coefficients.
void check_windows(const GroupAnalysis& options, std::int64_t order, const Loaded& loaded,
                   RecordingConnectivity& result) {
  const auto epochs = epochs_of(loaded, window_length(options, loaded.prepared.rate_hz));
  const MvarFit how{.order = order};
  for (std::int64_t e = 0; e < epochs.extent(0); ++e) {
    const auto one = epochs.view().slice(0, e, 1);
    const auto model = mvar_fit(one, how);
    if (mvar_whiteness(mvar_residuals(one, model.a.view()).view(), order, order + whiteness_lags).p < 0.05)
      ++result.coloured;
  }
  if (options.links) result.links = link_strengths(mvar_fit(epochs.view(), how));
}

/// Any registered measure.
void measure_any(const PairMeasure& measure, const GroupAnalysis& options, std::int64_t order, const Loaded& loaded,
                 RecordingConnectivity& result) {
  const double rate_hz = loaded.prepared.rate_hz;
  MeasuredWindows windows = measure_windows(measure, loaded.prepared.signal, loaded.begins,
                                            window_length(options, rate_hz), rate_hz, options, order);
  result.mean = std::move(windows.mean);
  result.course = std::move(windows.course);
  result.windows = static_cast<std::int64_t>(loaded.begins.size());
  result.dropped = loaded.dropped;
  result.unstable = windows.unstable;
  if (measure.model || options.links) check_windows(options, order, loaded, result);
}

void measure(const GroupAnalysis& options, std::int64_t order, const Loaded& loaded, RecordingConnectivity& result) {
  if (options.measure != "ddtf")
    return measure_any(pair_measure_named("connectivity", options.measure), options, order, loaded, result);
  const double rate_hz = loaded.prepared.rate_hz;
  const std::int64_t length = window_length(options, rate_hz);
  const DdtfWindows how{.rate_hz = rate_hz, .order = order, .bands = options.bands, .bins = options.bins};
  const auto windows = ddtf_at(loaded.prepared.signal, loaded.begins, length, how, false);
  result.mean = windows.mean;
  result.windows = static_cast<std::int64_t>(windows.begin.size());
  result.dropped = loaded.dropped;
  result.unstable = std::count(windows.stable.begin(), windows.stable.end(), 0);
  result.course = Matrix({result.windows, windows.ddtf.extent(1)});
  for (std::int64_t w = 0; w < result.windows; ++w) {
    for (std::int64_t b = 0; b < windows.ddtf.extent(1); ++b)
      result.course(w, b) = connectivity_summary(windows.ddtf.view()[w][b]).total;
  }
  if (options.reversed) result.asymmetry = reversal(loaded, windows, length, how);
  check_windows(options, order, loaded, result);
}

/// Dividing by the number of frequencies is Korzeniewska's normalisation; SCoT multiplies by it.
void divide_by_bins(const GroupAnalysis& options, RecordingConnectivity& result) {
  if (!options.by_bins) return;
  for (double& value : result.mean) value /= static_cast<double>(options.bins);
  for (double& value : result.course) value /= static_cast<double>(options.bins);
}

std::int64_t best_order(const GroupAnalysis& options, const Loaded& loaded) {
  const std::int64_t length = window_length(options, loaded.prepared.rate_hz);
  const std::int64_t most = (length - 1) / (loaded.prepared.signal.extent(0) + 1) - 1;
  return mvar_order(epochs_of(loaded, length).view(), std::clamp<std::int64_t>(most, 1, options.max_order)).best_bic;
}

std::int64_t common_order(const GroupAnalysis& options, const std::vector<RecordingConnectivity>& recordings) {
  if (options.order) return *options.order;
  std::vector<double> orders;
  for (const auto& recording : recordings) orders.push_back(static_cast<double>(recording.best_order));
  return static_cast<std::int64_t>(std::ceil(median(orders)));
}

void check_models(const GroupAnalysis& options, GroupConnectivity& result) {
  const auto note = [&](const char* code, const std::string& where, const std::string& what) {
    result.findings.push_back({code, Severity::warn, where, what});
  };
  if (result.order > 0) {
    result.samples_per_unknown = static_cast<double>(result.window_samples - result.order) /
                                 static_cast<double>(result.order * static_cast<std::int64_t>(result.channels.size()));
  }
  if (pair_measure_named("connectivity", options.measure).repetitions) {
    const double epochs = static_cast<double>(result.recordings.front().windows) * options.window_s / options.epoch_s;
    if (epochs < enough_epochs)
      note("connectivity/few-epochs", "all recordings",
           "at most " + fixed_text(epochs, 0) + " epochs of " + number_text(options.epoch_s) +
               " s each: measures of phase are biased upwards and scatter; 20 are few");
  }
  if (result.order > 0 && result.samples_per_unknown < enough_samples) {
    note("connectivity/few-samples", "all windows",
         fixed_text(result.samples_per_unknown, 1) +
             " samples for each unknown of the model; below 10 its values are biased and scatter");
  }
  std::int64_t unstable = 0, coloured = 0, windows = 0;
  for (const auto& recording : result.recordings) {
    unstable += recording.unstable;
    windows += recording.windows;
    coloured += 2 * recording.coloured > recording.windows ? 1 : 0;
  }
  if (unstable > 0) {
    note("connectivity/unstable", "all windows",
         std::to_string(unstable) + " of " + std::to_string(windows) +
             " windows have unstable models and are left out of the means");
  }
  if (coloured > 0) {
    note("connectivity/not-white", "recordings",
         "in " + std::to_string(coloured) +
             " recording(s) the model leaves structure behind in more than half of the windows (whiteness p < 0.05)");
  }
  std::vector<std::int64_t> members(result.groups.size());
  for (const std::int64_t group : result.participant_group) ++members[static_cast<std::size_t>(group)];
  for (std::size_t g = 0; g < members.size(); ++g) {
    if (members[g] >= few_participants) continue;
    note("connectivity/few-participants", "group " + result.groups[g],
         std::to_string(members[g]) + " participants: intervals are wide and single people decide");
  }
  if (!options.equalize) {
    note("connectivity/windows-differ", "all recordings",
         "the number of windows was not made equal: fewer windows give a more biased " + options.measure);
  }
}

void read_positions(const GroupStudy& study, GroupConnectivity& result) {
  const auto recording = study.recordings.front().open();
  for (const auto& name : study.channels) {
    const auto& position = recording->channels()[static_cast<std::size_t>(recording->channel_index(name))].position_m;
    if (!position) {
      result.positions_m.clear();
      return;
    }
    result.positions_m.push_back(*position);
  }
}

/// Groups and sessions by name; a person in two groups is refused.
void read_design(const GroupStudy& study, GroupConnectivity& result) {
  std::map<std::string, std::string> group_of;
  std::set<std::string> groups, sessions;
  for (const auto& recording : study.recordings) {
    const auto [at, fresh] = group_of.emplace(recording.subject, recording.group);
    if (!fresh && at->second != recording.group) {
      throw input_error("participant " + recording.subject,
                        "is in two groups: " + at->second + " and " + recording.group, "correct participants.tsv");
    }
    groups.insert(recording.group);
    sessions.insert(recording.session);
  }
  result.groups.assign(groups.begin(), groups.end());
  result.sessions.assign(sessions.begin(), sessions.end());
}

}  // namespace

GroupConnectivity analyse_groups(const GroupStudy& study, const GroupAnalysis& options, Progress* progress) {
  GroupConnectivity result;
  result.channels = study.channels;
  result.findings = study.findings;
  if (study.channels.size() < 2) throw input_error(study.name, "a single channel has no partner: two are needed");
  read_design(study, result);
  require_design(options.design, result.groups, result.sessions);
  read_positions(study, result);
  const bool modelled = pair_measure_named("connectivity", options.measure).model || options.links;
  const auto count = static_cast<std::int64_t>(study.recordings.size());
  result.recordings.resize(study.recordings.size());
  std::vector<std::int64_t> windows(study.recordings.size());
  std::vector<double> rates(study.recordings.size());
  std::vector<std::string> words(study.recordings.size());
  if (progress != nullptr) progress->begin("reading recordings", static_cast<double>(count));
  thread_pool().parallel_for(count, [&](std::int64_t i) {
    check_interrupted();
    const auto at = static_cast<std::size_t>(i);
    const auto& recording = study.recordings[at];
    const Loaded loaded = load(study, recording, options);
    rates[at] = loaded.prepared.rate_hz;
    windows[at] = static_cast<std::int64_t>(loaded.begins.size());
    for (const auto& step : loaded.prepared.steps) words[at] += (words[at].empty() ? "" : "; ") + step;
    auto& out = result.recordings[at];
    out.id = recording.id;
    out.subject = recording.subject;
    out.session = recording.session;
    out.group = recording.group;
    if (!options.order && modelled) out.best_order = named(recording.id, [&] { return best_order(options, loaded); });
    if (progress != nullptr) progress->step();
  });
  result.rate_hz = rates.front();
  result.prepared = words.front();
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (rates[i] != rates.front())
      throw input_error(study.recordings[i].id, "has another sampling rate than the first recording",
                        "bring all to one rate with resample in [prepare]");
  }
  result.order = modelled ? common_order(options, result.recordings) : 0;
  result.window_samples = window_length(options, result.rate_hz);
  if (modelled)
    require_order(options, result.order, static_cast<std::int64_t>(study.channels.size()), result.window_samples);
  const std::int64_t fewest = *std::min_element(windows.begin(), windows.end());
  if (progress != nullptr) progress->begin("connectivity", static_cast<double>(count));
  thread_pool().parallel_for(count, [&](std::int64_t i) {
    check_interrupted();
    const auto at = static_cast<std::size_t>(i);
    Loaded loaded = load(study, study.recordings[at], options);
    if (options.equalize)
      loaded.begins =
          subset(loaded.begins, fewest,
                 RandomStream(options.seed, "connectivity, equal windows", {static_cast<std::uint64_t>(i)}));
    named(study.recordings[at].id, [&] {
      measure(options, result.order, loaded, result.recordings[at]);
      divide_by_bins(options, result.recordings[at]);
      return 0;
    });
    if (progress != nullptr) progress->step();
  });
  if (progress != nullptr) progress->finish();
  test_groups(options, result);
  check_models(options, result);
  return result;
}

}  // namespace caton
