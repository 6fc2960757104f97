// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_analysis.hpp"

#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/random.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/connectivity_summary.hpp"
#include "caton/features/connectivity/ddtf_windows.hpp"
#include "caton/features/connectivity/mvar.hpp"
#include "caton/study/group_control.hpp"
#include "caton/study/group_measure.hpp"
#include "caton/study/group_rank.hpp"
#include "caton/study/group_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace caton {

namespace {

constexpr double enough_samples = 10;  // for each unknown of an equation
constexpr double enough_epochs = 20;
constexpr std::int64_t few_participants = 10;
constexpr std::int64_t whiteness_lags = 10;  // above the order

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

/// How many windows have a model whose residuals are not white, and the test of coefficients. With a ridge channels may
/// depend on each other: then whiteness is not defined.
void check_windows(const GroupAnalysis& options, std::int64_t order, const LoadedRecording& loaded,
                   RecordingConnectivity& result) {
  const auto epochs = standardised_epochs(loaded, window_length(options, loaded.prepared.rate_hz));
  const auto rows = static_cast<double>(epochs.extent(2) - order);
  for (std::int64_t e = 0; e < epochs.extent(0) && options.ridge == 0; ++e) {
    const auto one = epochs.view().slice(0, e, 1);
    const auto model = mvar_fit(one, {.order = order});
    if (mvar_whiteness(mvar_residuals(one, model.a.view()).view(), order, order + whiteness_lags).p < 0.05)
      ++result.coloured;
  }
  const double ridge = options.ridge * rows * static_cast<double>(epochs.extent(0));
  if (options.links) result.links = link_strengths(mvar_fit(epochs.view(), {.order = order, .ridge = ridge}));
}

/// The measure itself: bands, totals window by window, unstable windows.
MeasuredWindows measured(const GroupAnalysis& options, std::int64_t order, const LoadedRecording& loaded) {
  const double rate_hz = loaded.prepared.rate_hz;
  const std::int64_t length = window_length(options, rate_hz);
  if (options.measure != "ddtf") {
    return measure_windows(pair_measure_named("connectivity", options.measure), loaded.prepared.signal, loaded.begins,
                           length, rate_hz, options, order);
  }
  const DdtfWindows how{
      .rate_hz = rate_hz, .order = order, .bands = options.bands, .bins = options.bins, .ridge = options.ridge};
  const auto windows = ddtf_at(loaded.prepared.signal, loaded.begins, length, how, false);
  const auto count = static_cast<std::int64_t>(windows.begin.size());
  MeasuredWindows result{windows.mean, Matrix({count, windows.ddtf.extent(1)}),
                         std::count(windows.stable.begin(), windows.stable.end(), 0)};
  for (std::int64_t w = 0; w < count; ++w) {
    for (std::int64_t b = 0; b < windows.ddtf.extent(1); ++b)
      result.course(w, b) = connectivity_summary(windows.ddtf.view()[w][b]).total;
  }
  return result;
}

void measure(const GroupAnalysis& options, std::int64_t order, const LoadedRecording& loaded,
             RecordingConnectivity& result) {
  const PairMeasure& asked = pair_measure_named("connectivity", options.measure);
  MeasuredWindows windows = measured(options, order, loaded);
  result.windows = static_cast<std::int64_t>(loaded.begins.size());
  result.dropped = loaded.dropped;
  result.unstable = windows.unstable;
  if (options.reversed && asked.kind == PairKind::directed) {
    const auto backwards = reversed_in_time(loaded, window_length(options, loaded.prepared.rate_hz));
    result.asymmetry = reversal(windows.mean, measured(options, order, backwards).mean);
  }
  result.mean = std::move(windows.mean);
  result.course = std::move(windows.course);
  if (asked.model || options.links) check_windows(options, order, loaded, result);
}

/// Dividing by the number of frequencies is Korzeniewska's normalisation; SCoT multiplies by it.
void divide_by_bins(const GroupAnalysis& options, RecordingConnectivity& result) {
  if (!options.by_bins) return;
  for (double& value : result.mean) value /= static_cast<double>(options.bins);
  for (double& value : result.course) value /= static_cast<double>(options.bins);
}

std::int64_t best_order(const GroupAnalysis& options, const LoadedRecording& loaded) {
  const std::int64_t length = window_length(options, loaded.prepared.rate_hz);
  const std::int64_t most = (length - 1) / (loaded.prepared.signal.extent(0) + 1) - 1;
  return mvar_order(standardised_epochs(loaded, length).view(), std::clamp<std::int64_t>(most, 1, options.max_order),
                    options.ridge)
      .best_bic;
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
  for (const auto& name : result.channels) {
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

/// What the first look at a recording tells.
struct FirstLook {
  double rate_hz = 0;
  std::int64_t windows = 0;
  std::string words;  ///< what was done to it
  ChannelDependence dependence;
};

/// Leaves out what makes the channels dependent, and says so.
std::vector<std::size_t> kept_channels(const std::vector<FirstLook>& looks, const GroupAnalysis& options,
                                       GroupConnectivity& result) {
  std::vector<std::size_t> kept(result.channels.size());
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  if (options.ridge > 0 || looks.front().dependence.correlation.empty()) return kept;
  std::vector<ChannelDependence> all;
  for (const auto& look : looks) all.push_back(look.dependence);
  kept = independent_channels(all, options.dependent);
  std::vector<std::string> names;
  for (std::size_t c = 0; c < result.channels.size(); ++c) {
    if (std::find(kept.begin(), kept.end(), c) == kept.end())
      result.left_out.push_back(result.channels[c]);
    else
      names.push_back(result.channels[c]);
  }
  if (!result.left_out.empty()) {
    result.findings.push_back({"connectivity/rank", Severity::warn, "all recordings",
                               "left out for full rank, the others explain them: " + join(result.left_out, ", ")});
  }
  result.channels = std::move(names);
  return kept;
}

std::vector<FirstLook> look_at_all(const GroupStudy& study, const GroupAnalysis& options, bool modelled,
                                   GroupConnectivity& result, Progress* progress) {
  std::vector<FirstLook> looks(study.recordings.size());
  if (progress != nullptr) progress->begin("reading recordings", static_cast<double>(looks.size()));
  thread_pool().parallel_for(static_cast<std::int64_t>(looks.size()), [&](std::int64_t i) {
    check_interrupted();
    const auto at = static_cast<std::size_t>(i);
    const auto& recording = study.recordings[at];
    const LoadedRecording loaded = load_recording(study.channels, recording, options);
    FirstLook& look = looks[at];
    look.rate_hz = loaded.prepared.rate_hz;
    look.windows = static_cast<std::int64_t>(loaded.begins.size());
    look.words = join(loaded.prepared.steps, "; ");
    if (modelled) look.dependence = channel_dependence(recording.id, loaded, options);
    auto& out = result.recordings[at];
    out.id = recording.id;
    out.subject = recording.subject;
    out.session = recording.session;
    out.group = recording.group;
    if (progress != nullptr) progress->step();
  });
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (looks[i].rate_hz != looks.front().rate_hz)
      throw input_error(study.recordings[i].id, "has another sampling rate than the first recording",
                        "bring all to one rate with resample in [prepare]");
  }
  return looks;
}

/// Runs `body` on each recording with the channels that are kept; what is refused is told with the recording's name.
template <class Body>
void for_each_recording(const GroupStudy& study, const GroupAnalysis& options, const std::vector<std::size_t>& kept,
                        Progress* progress, const char* words, const Body& body) {
  if (progress != nullptr) progress->begin(words, static_cast<double>(study.recordings.size()));
  thread_pool().parallel_for(static_cast<std::int64_t>(study.recordings.size()), [&](std::int64_t i) {
    check_interrupted();
    const auto& recording = study.recordings[static_cast<std::size_t>(i)];
    LoadedRecording loaded = load_recording(study.channels, recording, options);
    keep_channels(kept, loaded);
    try {
      body(loaded, i);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      throw Error(error.kind(), recording.id, error.where() + ": " + error.problem(), error.remedy());
    }
    if (progress != nullptr) progress->step();
  });
}

}  // namespace

GroupConnectivity analyse_groups(const GroupStudy& study, const GroupAnalysis& options, Progress* progress) {
  GroupConnectivity result;
  result.channels = study.channels;
  result.findings = study.findings;
  if (study.channels.size() < 2) throw input_error(study.name, "a single channel has no partner: two are needed");
  read_design(study, result);
  require_design(options.design, result.groups, result.sessions);
  const bool modelled = pair_measure_named("connectivity", options.measure).model || options.links;
  result.recordings.resize(study.recordings.size());
  const auto looks = look_at_all(study, options, modelled, result, progress);
  const auto kept = kept_channels(looks, options, result);
  read_positions(study, result);
  result.rate_hz = looks.front().rate_hz;
  result.prepared = looks.front().words;
  if (!options.order && modelled) {
    for_each_recording(study, options, kept, progress, "order of the models",
                       [&](const LoadedRecording& loaded, std::int64_t i) {
                         result.recordings[static_cast<std::size_t>(i)].best_order = best_order(options, loaded);
                       });
  }
  result.order = modelled ? common_order(options, result.recordings) : 0;
  result.window_samples = window_length(options, result.rate_hz);
  if (modelled)
    require_order(options, result.order, static_cast<std::int64_t>(result.channels.size()), result.window_samples);
  std::int64_t fewest = looks.front().windows;
  for (const auto& look : looks) fewest = std::min(fewest, look.windows);
  for_each_recording(study, options, kept, progress, "connectivity", [&](LoadedRecording& loaded, std::int64_t i) {
    if (options.equalize)
      loaded.begins =
          subset(loaded.begins, fewest,
                 RandomStream(options.seed, "connectivity, equal windows", {static_cast<std::uint64_t>(i)}));
    auto& out = result.recordings[static_cast<std::size_t>(i)];
    measure(options, result.order, loaded, out);
    divide_by_bins(options, out);
  });
  if (progress != nullptr) progress->finish();
  test_groups(options, result);
  check_models(options, result);
  return result;
}

}  // namespace caton
