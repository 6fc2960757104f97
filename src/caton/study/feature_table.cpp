// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/feature_table.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/datasets/bids/bids_folder.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

namespace caton {
namespace {

struct Source {
  std::string id;
  std::function<std::shared_ptr<const Recording>()> open;
};

std::vector<Source> sources_of(const Path& path, const FeatureTableRequest& request) {
  if (!std::filesystem::is_directory(path)) {
    const OpenOptions options{.rate_hz = request.rate_hz, .unit = request.unit};
    return {
        {path.filename().string(), [=] { return std::shared_ptr<const Recording>(open_recording(path, options)); }}};
  }
  std::vector<Source> sources;
  for (const BidsFile& file : bids_files(path)) sources.push_back({file.id, [=] { return open_bids_recording(file); }});
  return sources;
}

std::vector<std::string> channel_names(const Recording& recording, const FeatureTableRequest& request,
                                       const std::string& id) {
  if (!request.channels.empty()) return request.channels;
  std::vector<std::string> names;
  for (const std::int64_t index : recording.channels_of_type("eeg"))
    names.push_back(recording.channels()[static_cast<std::size_t>(index)].name);
  if (names.empty()) throw input_error(id, "has no EEG channel", "name channels with --channels");
  return names;
}

/// Where a prepared sample lies in seconds of its recording, across gaps.
class Clock {
 public:
  Clock(const Recording& recording, const Prepared& prepared)
      : continuous_(prepared.continuous), rate_hz_(prepared.rate_hz) {
    for (const Segment& segment : recording.segments())
      if (segment.count > 0) onset_s_.push_back(segment.onset_s);
  }
  [[nodiscard]] double seconds(std::int64_t sample) const {
    std::size_t stretch = 0;
    while (stretch + 1 < continuous_.size() && sample > continuous_[stretch].second) ++stretch;
    const double onset_s = stretch < onset_s_.size() ? onset_s_[stretch] : 0;
    return onset_s + static_cast<double>(sample - continuous_[stretch].first) / rate_hz_;
  }

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> continuous_;
  std::vector<double> onset_s_;
  double rate_hz_;
};

/// What one recording gives.
struct Part {
  std::vector<double> begin_s, end_s;
  std::vector<float> values;
  std::vector<std::string> steps;
  bool unit_known = true;
  Findings findings;
};

FeatureRequest feature_request(const Prepared& prepared, const FeatureTableRequest& request) {
  FeatureRequest features{.signal = prepared.signal.view(),
                          .rate_hz = prepared.rate_hz,
                          .continuous = prepared.continuous,
                          .window_length_s = request.window_s,
                          .window_step_s = request.step_s};
  for (std::size_t i = 0; i < prepared.continuous.size(); ++i)
    features.trials.push_back(
        {static_cast<std::int64_t>(i), prepared.continuous[i].first, prepared.continuous[i].second});
  return features;
}

using Span = std::pair<std::int64_t, std::int64_t>;

/// Windows that every kind measured, in order of time, with each kind's row.
std::map<Span, std::vector<std::int64_t>> common_windows(const std::vector<FeatureWindows>& kinds) {
  std::map<Span, std::vector<std::int64_t>> rows;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    for (std::size_t w = 0; w < kinds[k].begin.size(); ++w) {
      auto& row = rows[{kinds[k].begin[w], kinds[k].end[w]}];
      if (row.size() == k) row.push_back(static_cast<std::int64_t>(w));
    }
  }
  std::erase_if(rows, [&](const auto& row) { return row.second.size() < kinds.size(); });
  return rows;
}

Part measure_one(const Recording& recording, const std::string& id, const std::vector<std::string>& channels,
                 const FeatureTableRequest& request) {
  std::vector<std::int64_t> indices;
  Part part;
  for (const std::string& name : channels) {
    indices.push_back(recording.channel_index(name));
    part.unit_known =
        part.unit_known && recording.channels()[static_cast<std::size_t>(indices.back())].unit != "unknown";
  }
  const Prepared prepared = prepare(recording, indices, request.steps);
  const Clock clock(recording, prepared);
  const FeatureRequest features = feature_request(prepared, request);
  part.findings = prepared.findings;
  part.steps = prepared.steps;
  std::vector<FeatureWindows> kinds;
  for (const FeatureChoice& kind : request.kinds) {
    kinds.push_back(kind.entry->measure(features, kind.options));
    leave_out_bad(kinds.back(), prepared.bad);
    for (Finding finding : kinds.back().findings) {
      finding.where = id + ", " + kind.entry->name;
      part.findings.push_back(std::move(finding));
    }
  }
  for (const auto& [window, rows] : common_windows(kinds)) {
    part.begin_s.push_back(clock.seconds(window.first));
    part.end_s.push_back(clock.seconds(window.second));
    for (std::int64_t c = 0; c < static_cast<std::int64_t>(channels.size()); ++c) {
      for (std::size_t k = 0; k < kinds.size(); ++k) {
        for (std::int64_t f = 0; f < kinds[k].values.extent(2); ++f)
          part.values.push_back(kinds[k].values(rows[k], c, f));
      }
    }
  }
  return part;
}

std::vector<std::string> table_names(const FeatureTableRequest& request, const std::vector<std::string>& channels) {
  std::vector<std::string> names;
  for (const FeatureChoice& kind : request.kinds) {
    for (const std::string& name : feature_names(kind, channels))
      names.push_back(request.kinds.size() > 1 ? kind.entry->name + ": " + name : name);
  }
  return names;
}

[[noreturn]] void refuse_empty(const Path& source, const FeatureTableRequest& request, const Findings& findings) {
  const std::string why = findings.empty() ? "the kinds have no windows in common" : findings.front().what;
  const bool undefined = !findings.empty() && findings.front().code == "features/undefined";
  throw input_error(source.string(), "no window is left: " + why,
                    undefined                  ? "leave that channel out with --channels"
                    : request.kinds.size() > 1 ? "ask for the kinds one by one, or set --window and --step"
                                               : "choose a shorter --window");
}

}  // namespace

FeatureTable measure_features(const Path& source, const FeatureTableRequest& request, Progress* progress) {
  if (request.kinds.empty()) throw usage_error("features", "no kind is named");
  const auto sources = sources_of(source, request);
  FeatureTable table;
  std::vector<float> values;
  if (progress != nullptr) progress->begin("recordings", static_cast<double>(sources.size()));
  for (const Source& item : sources) {
    check_interrupted();
    const auto recording = item.open();
    if (table.channels.empty()) table.channels = channel_names(*recording, request, item.id);
    if (table.features.empty()) table.features = table_names(request, table.channels);
    Part part = measure_one(*recording, item.id, table.channels, request);
    table.recording.insert(table.recording.end(), part.begin_s.size(),
                           static_cast<std::int64_t>(table.recordings.size()));
    table.recordings.push_back(item.id);
    table.begin_s.insert(table.begin_s.end(), part.begin_s.begin(), part.begin_s.end());
    table.end_s.insert(table.end_s.end(), part.end_s.begin(), part.end_s.end());
    values.insert(values.end(), part.values.begin(), part.values.end());
    table.findings.insert(table.findings.end(), part.findings.begin(), part.findings.end());
    table.steps = std::move(part.steps);
    table.unit_known = table.unit_known && part.unit_known;
    if (progress != nullptr) progress->step();
  }
  if (progress != nullptr) progress->finish();
  const std::size_t rows = table.begin_s.size() * table.channels.size();
  if (values.size() != rows * table.features.size()) {
    // What has no names (the samples of an epoch) is counted.
    table.features.clear();
    for (std::size_t f = 0; f * rows < values.size(); ++f) table.features.push_back(std::to_string(f + 1));
  }
  if (table.begin_s.empty()) refuse_empty(source, request, table.findings);
  table.values = Array<float, 3>(
      {static_cast<std::int64_t>(table.begin_s.size()), static_cast<std::int64_t>(table.channels.size()),
       static_cast<std::int64_t>(table.features.size())},
      uninitialised);
  std::copy(values.begin(), values.end(), table.values.begin());
  return table;
}

}  // namespace caton
