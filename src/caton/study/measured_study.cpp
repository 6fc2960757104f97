// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/measured_study.hpp"

#include "caton/base/error.hpp"
#include "caton/base/memory_allowance.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/recording/signal_facts.hpp"
#include "caton/study/confounds.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

/// Where a sample of the recording lies in the prepared signal and back, across
/// gaps and another rate.
struct Timeline {
  std::vector<Segment> segments;
  std::vector<std::pair<std::int64_t, std::int64_t>> continuous;
  double ratio = 1;

  /// The parts of [begin, end) of the recording, in prepared samples.
  [[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> parts(std::int64_t begin, std::int64_t end) const {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    std::size_t stretch = 0;
    for (const Segment& segment : segments) {
      if (segment.count == 0) continue;
      const auto [first, last] = continuous[stretch++];
      const std::int64_t a = std::max(begin, segment.first), b = std::min(end, segment.first + segment.count);
      if (a >= b) continue;
      const auto place = [&](std::int64_t sample) {
        return std::min(
            last, first + static_cast<std::int64_t>(std::llround(static_cast<double>(sample - segment.first) * ratio)));
      };
      found.emplace_back(place(a), place(b));
    }
    return found;
  }
  [[nodiscard]] std::int64_t original(std::int64_t prepared) const {
    std::size_t stretch = 0;
    for (const Segment& segment : segments) {
      if (segment.count == 0) continue;
      const auto [first, last] = continuous[stretch++];
      if (prepared >= first && prepared <= last) {
        return segment.first + static_cast<std::int64_t>(std::llround(static_cast<double>(prepared - first) / ratio));
      }
    }
    return prepared;
  }
};

Timeline timeline_of(const Recording& recording, const Prepared& prepared) {
  return {recording.segments(), prepared.continuous, prepared.rate_hz / prepared.original_rate_hz};
}

std::vector<std::int64_t> channel_indices(const Recording& recording, const std::vector<std::string>& names) {
  std::vector<std::int64_t> indices;
  for (const auto& name : names) indices.push_back(recording.channel_index(name));
  if (indices.empty()) indices = recording.channels_of_type("eeg");
  return indices;
}

Array<double, 2> band_powers(Signal signal, double rate_hz) {
  const auto length = std::min<std::int64_t>(signal.extent(1), static_cast<std::int64_t>(2 * rate_hz));
  Tensors in;
  in.emplace("x", Tensor::of(Array<double, 2>(signal)));
  const Tensors psd =
      run_operation("welch", Json::object({{"rate_hz", rate_hz}, {"fft_samples", length}, {"window", "hann"}}), in);
  Json bands = Json::list();
  for (const auto& [name, edges] : report_bands()) bands.push(Json::list_of(edges));
  Tensors spectrum;
  spectrum.emplace("psd", psd.at("psd"));
  spectrum.emplace("freqs", psd.at("freqs"));
  return run_operation("band_power", Json::object({{"bands_hz", bands}}), spectrum).at("power").array<2>("power");
}

TrialAbout about_trial(Signal part, double rate_hz) {
  TrialAbout about;
  for (std::int64_t c = 0; c < part.extent(0); ++c) {
    std::vector<double> row(static_cast<std::size_t>(part.extent(1)));
    for (std::int64_t t = 0; t < part.extent(1); ++t) row[static_cast<std::size_t>(t)] = part(c, t);
    about.amplitude.push_back(robust_deviation(std::move(row)));
  }
  const double top_hz = report_bands().back().second[1];
  if (part.extent(1) >= static_cast<std::int64_t>(rate_hz) && rate_hz > 2 * top_hz)
    about.band_power = band_powers(part, rate_hz);
  return about;
}

/// Of a recording, all channels together, that are looked at one by one for what is odd; longer ones in pieces.
constexpr std::int64_t samples_looked_at = 4'000'000;

/// While a recording is measured: as read, as prepared, and one step's scratch.
constexpr std::int64_t copies_of_a_signal = 3;

/// Everything that is taken from one recording.
struct RecordingResult {
  RecordingAbout about;
  std::vector<FeatureWindows> windows;  ///< one for each input; begin and end in
                                        ///< samples of the recording
  std::vector<TrialAbout> trials;
  std::vector<std::string> steps;
  double filter_reach_s = 0;
  Findings findings;
};

FeatureRequest request_of(const Prepared& prepared, const MeasureRequest& request) {
  FeatureRequest features;
  features.signal = prepared.signal.view();
  features.rate_hz = prepared.rate_hz;
  features.continuous = prepared.continuous;
  features.window_length_s = request.window_length_s;
  features.window_step_s = request.window_step_s;
  return features;
}

void measure_inputs(const FeatureRequest& features, const Timeline& timeline, const MeasureRequest& request,
                    RecordingResult& result) {
  for (const FeatureChoice& input : request.inputs) {
    FeatureWindows windows = input.entry->measure(features, input.options);
    for (auto& begin : windows.begin) begin = timeline.original(begin);
    for (auto& end : windows.end) end = timeline.original(end);
    result.findings.insert(result.findings.end(), windows.findings.begin(), windows.findings.end());
    result.windows.push_back(std::move(windows));
  }
}

/// A finding's place without the folder in which the data happened to lie.
std::string placed_in(const std::string& id, const std::string& where) {
  if (where.empty()) return id;
  const auto slash = where.front() == '/' ? where.substr(0, where.find(", ")).rfind('/') : std::string::npos;
  const std::string place = slash == std::string::npos ? where : where.substr(slash + 1);
  return place.find(id) == std::string::npos ? id + ": " + place : place;
}

RecordingResult measure_one(const StudyRecording& item, std::int64_t index, const MeasureRequest& request) {
  const auto recording = item.open();
  const auto channels = channel_indices(*recording, request.channels);
  if (channels.empty()) throw input_error(item.id, "no EEG channel to decode from", "name channels in [study]");
  const std::int64_t samples = recording->channels()[static_cast<std::size_t>(channels.front())].samples;
  require_memory(copies_of_a_signal * 8 * static_cast<std::int64_t>(channels.size()) * samples * thread_count(),
                 item.id, "use fewer --threads or fewer channels, or allow more with --memory GB");
  const Prepared prepared = prepare(*recording, channels, request.steps);
  RecordingResult result;
  result.about = {recording->format(), recording->duration_s(), prepared.original_rate_hz, {}, {}, {}};
  if (request.facts) result.about.sketch = sketch_of(*recording);
  std::string hashes;
  for (const auto hash : result.about.sketch.hashes) hashes += std::to_string(hash) + ",";
  result.about.digest = sha256(hashes);
  for (const auto channel : channels)
    result.about.channels.push_back(recording->channels()[static_cast<std::size_t>(channel)]);
  result.steps = prepared.steps;
  result.filter_reach_s = prepared.filter_reach_s;
  result.findings = prepared.findings;
  if (request.facts) {
    for (Finding& finding : signal_facts(*recording, item.id, samples_looked_at).findings)
      if (finding.severity != Severity::note) result.findings.push_back(std::move(finding));
  }
  const Timeline timeline = timeline_of(*recording, prepared);
  FeatureRequest features = request_of(prepared, request);
  if (item.baseline) {
    features.baseline = [&](std::int64_t trial) {
      return apply_steps(item.baseline(trial), prepared.original_rate_hz, request.steps);
    };
  }
  for (std::size_t t = 0; t < item.trials.size(); ++t) {
    const StudyTrial& trial = item.trials[t];
    std::int64_t longest = 0;
    TrialAbout about;
    for (const auto& [begin, end] : timeline.parts(trial.begin, trial.end)) {
      if (trial.label >= 0) features.trials.push_back({static_cast<std::int64_t>(t), begin, end});
      if (end - begin <= longest) continue;
      longest = end - begin;
      if (!request.facts) continue;
      about = about_trial(features.signal.slice(1, begin, end - begin), prepared.rate_hz);
    }
    if (!request.facts || trial.label < 0 || longest == 0) continue;
    about.recording = index;
    about.label = trial.label;
    result.trials.push_back(std::move(about));
  }
  measure_inputs(features, timeline, request, result);
  for (Finding& finding : result.findings) finding.where = placed_in(item.id, finding.where);
  return result;
}

void append_windows(const StudyRecording& item, const FeatureWindows& windows, SampleSet& set,
                    std::vector<float>& values) {
  Origins& origins = set.origins;
  const auto subject = origins.subject.id(item.subject), session = origins.session.id(item.session);
  const auto recording = origins.recording.id(item.id);
  for (std::size_t w = 0; w < windows.trial.size(); ++w) {
    const StudyTrial& trial = item.trials[static_cast<std::size_t>(windows.trial[w])];
    origins.study.index.push_back(0);
    origins.subject.index.push_back(subject);
    origins.session.index.push_back(session);
    origins.recording.index.push_back(recording);
    // A trial's name is unique within subject and session only.
    origins.trial.index.push_back(origins.trial.id(item.session + "/" + trial.name));
    origins.begin.push_back(windows.begin[w]);
    origins.end.push_back(windows.end[w]);
    origins.parents.push_back({-1, -1});
    origins.id.push_back(static_cast<std::int64_t>(origins.id.size()));
    set.label.push_back(trial.label);
    set.rating.push_back(trial.rating);
  }
  values.insert(values.end(), windows.values.begin(), windows.values.end());
}

SampleSet assembled(const Study& study, const std::vector<RecordingResult>& results,
                    const std::set<std::int64_t>& left_out, const FeatureChoice& input, std::size_t which) {
  SampleSet set;
  set.classes = study.classes;
  set.origins.study.id(study.name);
  std::vector<float> values;
  std::int64_t channels = 0, features = 0;
  for (std::size_t r = 0; r < results.size(); ++r) {
    if (left_out.count(static_cast<std::int64_t>(r)) != 0) continue;
    const auto& windows = results[r].windows[which];
    if (set.channels.empty()) {
      for (const auto& channel : results[r].about.channels) set.channels.push_back(channel.name);
    }
    if (set.features.empty()) set.features = feature_names(input, set.channels);
    set.rate_hz = results[r].about.rate_hz;
    set.filter_reach_s = std::max(set.filter_reach_s, results[r].filter_reach_s);
    if (windows.trial.empty()) continue;
    channels = windows.values.extent(1);
    features = windows.values.extent(2);
    append_windows(study.recordings[r], windows, set, values);
  }
  if (set.size() == 0) {
    throw input_error(study.name, "no window is left: every trial is too short for " + input.entry->name,
                      "use shorter windows or longer trials");
  }
  set.blocks.emplace(input.entry->block, Tensor({set.size(), channels, features}, values));
  return set;
}

/// Recordings far shorter than is usual in their study: broken off, or cut.
Findings short_recordings(const Study& study, const MeasuredStudy& measured) {
  constexpr double share = 0.25;
  constexpr std::size_t fewest = 4;
  std::vector<double> seconds;
  for (const auto& recording : measured.recordings) seconds.push_back(recording.duration_s);
  Findings findings;
  if (seconds.size() < fewest) return findings;
  const double usual = median(seconds);
  for (std::size_t r = 0; r < seconds.size(); ++r) {
    if (!(seconds[r] < share * usual)) continue;
    findings.push_back({"study/short-recording", Severity::warn, study.recordings[r].id,
                        "lasts " + fixed_text(seconds[r], 1) + " s where half of the recordings last " +
                            fixed_text(usual, 1) + " s or longer: check that it is whole"});
  }
  return findings;
}

void leave_out_copies(const Study& study, const MeasureRequest& request, MeasuredStudy& measured) {
  std::vector<Sketch> sketches;
  for (const auto& recording : measured.recordings) sketches.push_back(recording.sketch);
  measured.copies = find_copies(sketches);
  for (const Copy& copy : measured.copies) {
    const auto& first = study.recordings[static_cast<std::size_t>(copy.first)];
    const auto& second = study.recordings[static_cast<std::size_t>(copy.second)];
    const std::string equal = std::to_string(copy.equal_channels) + " of " +
                              std::to_string(sketches[static_cast<std::size_t>(copy.first)].hashes.size()) +
                              " channels are equal to the last bit";
    const bool keep = request.copies == CopyRule::keep, drop_first = request.copies == CopyRule::leave_out_first;
    const std::int64_t dropped = drop_first ? copy.first : copy.second;
    const std::string fate =
        keep ? "both were kept, as the recipe asks" : (drop_first ? first : second).id + " was left out";
    measured.findings.push_back({"study/copy", Severity::warn, first.id + ", " + second.id,
                                 second.id + " (subject " + second.subject + ") is a copy of " + first.id +
                                     " (subject " + first.subject + "): " + equal + ", correlation " +
                                     fixed_text(copy.correlation, 4) + "; " + fate});
    if (keep || !measured.left_out.insert(dropped).second) continue;
    measured.excluded.emplace_back((drop_first ? first : second).id, "copy of " + (drop_first ? second : first).id);
  }
}

}  // namespace

const std::vector<std::pair<std::string, std::array<double, 2>>>& report_bands() {
  static const std::vector<std::pair<std::string, std::array<double, 2>>> bands{
      {"theta 4-8 Hz", {4, 8}}, {"alpha 8-13 Hz", {8, 13}}, {"beta 13-30 Hz", {13, 30}}, {"gamma 30-45 Hz", {30, 45}}};
  return bands;
}

MeasuredStudy measure_study(const Study& study, const MeasureRequest& request, Progress& progress) {
  std::vector<RecordingResult> results(study.recordings.size());
  progress.begin("reading and measuring", static_cast<double>(results.size()));
  thread_pool().parallel_for(static_cast<std::int64_t>(results.size()), [&](std::int64_t i) {
    check_interrupted();
    results[static_cast<std::size_t>(i)] = measure_one(study.recordings[static_cast<std::size_t>(i)], i, request);
    progress.step();
  });
  progress.finish();
  MeasuredStudy measured;
  measured.findings = study.findings;
  for (std::size_t r = 0; r < results.size(); ++r) {
    RecordingResult& result = results[r];
    for (const auto& channel : result.about.channels) measured.unit_known &= channel.unit != "unknown";
    measured.recordings.push_back(std::move(result.about));
    measured.findings.insert(measured.findings.end(), result.findings.begin(), result.findings.end());
    measured.steps = result.steps;
    for (std::size_t i = 0; i < request.inputs.size(); ++i) {
      if (result.windows[i].trial.empty()) {
        measured.excluded.emplace_back(study.recordings[r].id,
                                       "no window of " + request.inputs[i].entry->name + " fits into its trials");
      }
    }
  }
  if (request.facts) leave_out_copies(study, request, measured);
  for (std::size_t r = 0; r < results.size(); ++r) {
    results[r].about = measured.recordings[r];
    if (measured.left_out.count(static_cast<std::int64_t>(r)) != 0) continue;
    for (auto& trial : results[r].trials) measured.trials.push_back(std::move(trial));
  }
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    measured.samples.push_back(assembled(study, results, measured.left_out, request.inputs[i], i));
  }
  if (!request.facts) return measured;
  const Findings shorter = short_recordings(study, measured);
  measured.findings.insert(measured.findings.end(), shorter.begin(), shorter.end());
  const Findings confounds = amplitude_confounds(study, measured);
  measured.findings.insert(measured.findings.end(), confounds.begin(), confounds.end());
  return measured;
}

SampleSet measure_recording(const Recording& recording, const MeasureRequest& request, const FeatureChoice& input) {
  Study study;
  study.name = "recording";
  study.classes = {"?"};
  StudyRecording item;
  item.id = "recording";
  for (const Segment& segment : recording.segments()) {
    item.trials.push_back(
        {"segment " + std::to_string(item.trials.size() + 1), segment.first, segment.first + segment.count, 0});
  }
  // The caller's recording outlives this call; no owner is needed.
  item.open = [&recording] { return std::shared_ptr<const Recording>(&recording, [](const Recording*) {}); };
  MeasureRequest one = request;
  one.inputs = {input};
  study.recordings.push_back(std::move(item));
  const RecordingResult result = measure_one(study.recordings.front(), 0, one);
  std::vector<RecordingResult> results;
  results.push_back(result);
  SampleSet set = assembled(study, results, {}, input, 0);
  set.label.clear();
  set.findings = result.findings;
  return set;
}

}  // namespace caton
