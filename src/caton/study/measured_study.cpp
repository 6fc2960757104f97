// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/measured_study.hpp"

#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/study/confounds.hpp"
#include "caton/study/recording_measure.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

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
    const auto& windows = results[r].inputs[which].windows;
    if (set.channels.empty()) {
      for (const auto& channel : results[r].facts.about.channels) set.channels.push_back(channel.name);
    }
    if (set.features.empty()) set.features = feature_names(input, set.channels);
    set.rate_hz = results[r].facts.about.rate_hz;
    set.filter_reach_s = std::max(set.filter_reach_s, results[r].facts.filter_reach_s);
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

namespace {

/// Findings of an input's windows, and what of it was left out.
void tell_input(const std::string& recording, const std::string& input, const MeasuredInput& measured,
                MeasuredStudy& study) {
  const Findings& findings = measured.windows.findings;
  study.findings.insert(study.findings.end(), findings.begin(), findings.end());
  const auto kept = static_cast<std::int64_t>(measured.windows.trial.size());
  if (measured.in_bad > 0) {
    study.excluded.emplace_back(recording, std::to_string(measured.in_bad) + " of " +
                                               std::to_string(kept + measured.in_bad) + " windows of " + input +
                                               " share time with stretches marked bad");
  } else if (kept == 0) {
    study.excluded.emplace_back(recording, "no window of " + input + " fits into its trials");
  }
}

}  // namespace

MeasuredStudy measure_study(const Study& study, const MeasureRequest& request, Progress& progress) {
  std::vector<RecordingResult> results(study.recordings.size());
  progress.begin("reading and measuring", static_cast<double>(results.size()));
  thread_pool().parallel_for(static_cast<std::int64_t>(results.size()), [&](std::int64_t i) {
    check_interrupted();
    results[static_cast<std::size_t>(i)] =
        measure_study_recording(study.recordings[static_cast<std::size_t>(i)], request);
    progress.step();
  });
  progress.finish();
  MeasuredStudy measured;
  measured.findings = study.findings;
  for (std::size_t r = 0; r < results.size(); ++r) {
    RecordingFacts& facts = results[r].facts;
    for (const auto& channel : facts.about.channels) measured.unit_known &= channel.unit != "unknown";
    measured.recordings.push_back(facts.about);
    measured.findings.insert(measured.findings.end(), facts.findings.begin(), facts.findings.end());
    measured.steps = facts.steps;
    measured.from_cache += results[r].from_cache ? 1 : 0;
    for (std::size_t i = 0; i < request.inputs.size(); ++i)
      tell_input(study.recordings[r].id, request.inputs[i].entry->name, results[r].inputs[i], measured);
  }
  if (request.facts) leave_out_copies(study, request, measured);
  for (std::size_t r = 0; r < results.size(); ++r) {
    if (measured.left_out.count(static_cast<std::int64_t>(r)) != 0) continue;
    for (auto& trial : results[r].facts.trials) {
      measured.trials.push_back(std::move(trial));
      measured.trials.back().recording = static_cast<std::int64_t>(r);
    }
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

SampleSet measure_recording(const Recording& recording, const MeasureRequest& request, const FeatureChoice& input,
                            const std::vector<StudyTrial>& stretches) {
  Study study;
  study.name = "recording";
  study.classes = {"?"};
  StudyRecording item;
  item.id = "recording";
  item.trials = stretches;
  for (const Segment& segment : recording.segments()) {
    if (!stretches.empty()) break;
    item.trials.push_back(
        {"segment " + std::to_string(item.trials.size() + 1), segment.first, segment.first + segment.count, 0});
  }
  // The caller's recording outlives this call; no owner is needed.
  item.open = [&recording] { return std::shared_ptr<const Recording>(&recording, [](const Recording*) {}); };
  MeasureRequest one = request;
  one.inputs = {input};
  one.keep = false;
  study.recordings.push_back(std::move(item));
  std::vector<RecordingResult> results;
  results.push_back(measure_study_recording(study.recordings.front(), one));
  SampleSet set = assembled(study, results, {}, input, 0);
  set.label.clear();
  const Findings& of_windows = results.front().inputs.front().windows.findings;
  set.findings = results.front().facts.findings;
  set.findings.insert(set.findings.end(), of_windows.begin(), of_windows.end());
  return set;
}

}  // namespace caton
