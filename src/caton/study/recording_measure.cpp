// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/recording_measure.hpp"

#include "caton/base/error.hpp"
#include "caton/base/memory_allowance.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/threads.hpp"
#include "caton/recording/signal_facts.hpp"
#include "caton/study/kept_measures.hpp"

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

FeatureRequest request_of(const Prepared& prepared, const MeasureRequest& request) {
  FeatureRequest features;
  features.signal = prepared.signal.view();
  features.rate_hz = prepared.rate_hz;
  features.continuous = prepared.continuous;
  features.window_length_s = request.window_length_s;
  features.window_step_s = request.window_step_s;
  return features;
}

/// A recording's signal, ready to be measured.
struct Ready {
  Prepared prepared;
  Timeline timeline;
  FeatureRequest features;  ///< shows into `prepared`
};

Ready ready(const StudyRecording& item, const Recording& recording, const std::vector<std::int64_t>& channels,
            const MeasureRequest& request) {
  const std::int64_t samples = recording.channels()[static_cast<std::size_t>(channels.front())].samples;
  require_memory(copies_of_a_signal * 8 * static_cast<std::int64_t>(channels.size()) * samples * thread_count(),
                 item.id, "use fewer --threads or fewer channels, or allow more with --memory GB");
  Ready result;
  result.prepared = prepare(recording, channels, request.steps);
  result.timeline = timeline_of(recording, result.prepared);
  result.features = request_of(result.prepared, request);
  if (item.baseline) {
    result.features.baseline = [&item, &request, rate_hz = result.prepared.original_rate_hz](std::int64_t trial) {
      return apply_steps(item.baseline(trial), rate_hz, request.steps);
    };
  }
  for (std::size_t t = 0; t < item.trials.size(); ++t) {
    if (item.trials[t].label < 0) continue;
    for (const auto& [begin, end] : result.timeline.parts(item.trials[t].begin, item.trials[t].end))
      result.features.trials.push_back({static_cast<std::int64_t>(t), begin, end});
  }
  return result;
}

/// Of each trial with a label, its longest stretch without a gap.
std::vector<TrialAbout> about_trials(const StudyRecording& item, const Ready& signal) {
  std::vector<TrialAbout> all;
  for (const StudyTrial& trial : item.trials) {
    std::pair<std::int64_t, std::int64_t> longest{0, 0};
    for (const auto& part : signal.timeline.parts(trial.begin, trial.end))
      if (part.second - part.first > longest.second - longest.first) longest = part;
    const std::int64_t count = longest.second - longest.first;
    if (trial.label < 0 || count == 0) continue;
    all.push_back(about_trial(signal.features.signal.slice(1, longest.first, count), signal.prepared.rate_hz));
    all.back().label = trial.label;
  }
  return all;
}

RecordingFacts facts_of(const StudyRecording& item, const Recording& recording, const Ready& signal, bool all) {
  RecordingFacts facts;
  facts.about = {recording.format(), recording.duration_s(), signal.prepared.original_rate_hz, {}, {}, {}};
  if (all) facts.about.sketch = sketch_of(recording);
  std::string hashes;
  for (const auto hash : facts.about.sketch.hashes) hashes += std::to_string(hash) + ",";
  facts.about.digest = sha256(hashes);
  facts.steps = signal.prepared.steps;
  facts.filter_reach_s = signal.prepared.filter_reach_s;
  facts.findings = signal.prepared.findings;
  if (all) {
    for (Finding& finding : signal_facts(recording, item.id, samples_looked_at).findings)
      if (finding.severity != Severity::note) facts.findings.push_back(std::move(finding));
    facts.trials = about_trials(item, signal);
  }
  for (Finding& finding : facts.findings) finding.where = placed_in(item.id, finding.where);
  return facts;
}

MeasuredInput measured_input(const StudyRecording& item, const Ready& signal, const FeatureChoice& input) {
  MeasuredInput measured;
  measured.windows = input.entry->measure(signal.features, input.options);
  measured.in_bad = leave_out_bad(measured.windows, signal.prepared.bad);
  for (auto& begin : measured.windows.begin) begin = signal.timeline.original(begin);
  for (auto& end : measured.windows.end) end = signal.timeline.original(end);
  for (Finding& finding : measured.windows.findings) finding.where = placed_in(item.id, finding.where);
  return measured;
}

}  // namespace

std::string placed_in(const std::string& id, const std::string& where) {
  if (where.empty()) return id;
  const auto slash = where.front() == '/' ? where.substr(0, where.find(", ")).rfind('/') : std::string::npos;
  const std::string place = slash == std::string::npos ? where : where.substr(slash + 1);
  return place.find(id) == std::string::npos ? id + ": " + place : place;
}

RecordingResult measure_study_recording(const StudyRecording& item, const MeasureRequest& request) {
  const auto recording = item.open();
  const auto channels = channel_indices(*recording, request.channels);
  if (channels.empty()) throw input_error(item.id, "no EEG channel to decode from", "name channels in [study]");
  const KeptMeasures kept(item, *recording, channels, request);
  std::optional<RecordingFacts> facts = kept.facts();
  std::vector<std::optional<MeasuredInput>> inputs;
  for (const FeatureChoice& input : request.inputs) inputs.push_back(kept.input(input));
  RecordingResult result;
  result.from_cache =
      facts && std::all_of(inputs.begin(), inputs.end(), [](const auto& one) { return one.has_value(); });
  if (!result.from_cache) {
    const Ready signal = ready(item, *recording, channels, request);
    if (!facts) {
      facts = facts_of(item, *recording, signal, request.facts);
      kept.keep(*facts);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i]) continue;
      inputs[i] = measured_input(item, signal, request.inputs[i]);
      kept.keep(request.inputs[i], *inputs[i]);
    }
  }
  result.facts = std::move(*facts);
  for (auto& input : inputs) result.inputs.push_back(std::move(*input));
  for (const auto channel : channels)
    result.facts.about.channels.push_back(recording->channels()[static_cast<std::size_t>(channel)]);
  return result;
}

}  // namespace caton
