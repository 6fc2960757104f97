// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/happyfeat/run_trials.hpp"

#include "caton/base/error.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/recording.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace caton::happyfeat {
namespace {

struct Event {
  double onset_s = 0;
  std::string text;
};

/// Rows of the events table that BIDS puts beside a recording.
std::vector<Event> table_events(const Path& recording) {
  const std::string name = recording.stem().string();
  const std::size_t mark = name.rfind("_eeg");
  if (mark == std::string::npos || mark + 4 != name.size()) return {};
  const Path file = recording.parent_path() / (name.substr(0, mark) + "_events.tsv");
  if (!std::filesystem::is_regular_file(file)) return {};
  const Table table = read_table(file, '\t');
  if (!table.has("onset") || !table.has("trial_type")) return {};
  std::vector<Event> events;
  for (const auto& row : table.rows) {
    const auto onset_s = parse_number(row[table.column("onset", file.string())]);
    if (onset_s) events.push_back({*onset_s, row[table.column("trial_type", file.string())]});
  }
  return events;
}

std::vector<Event> class_events(const Recording& recording, const Path& file, const std::vector<std::string>& classes) {
  std::vector<Event> all, wanted;
  for (const Annotation& annotation : recording.annotations())
    all.push_back({annotation.onset_s, std::string(trim(annotation.text))});
  const auto of_class = [&](const Event& event) {
    return std::find(classes.begin(), classes.end(), event.text) != classes.end();
  };
  if (std::none_of(all.begin(), all.end(), of_class)) {
    const auto more = table_events(file);
    all.insert(all.end(), more.begin(), more.end());
  }
  std::vector<std::string> texts;
  for (const Event& event : all) {
    if (of_class(event)) wanted.push_back(event);
    if (texts.size() < 8 && std::find(texts.begin(), texts.end(), event.text) == texts.end())
      texts.push_back(event.text);
  }
  for (const std::string& name : classes) {
    if (std::any_of(wanted.begin(), wanted.end(), [&](const Event& event) { return event.text == name; })) continue;
    throw input_error(file.string(), "no annotation says \"" + printable(name) + "\": a class is missing in this run",
                      texts.empty()
                          ? "the run has no annotations"
                          : "it has: " + printable(join(texts, ", ")) + "; name the classes in workbench.toml");
  }
  std::stable_sort(wanted.begin(), wanted.end(), [](const Event& a, const Event& b) { return a.onset_s < b.onset_s; });
  return wanted;
}

/// The stretch [first, last) that holds the moment, and the moment's sample.
struct Moment {
  std::int64_t sample = 0, first = 0, last = 0;
};
Moment moment_of(const Recording& recording, double rate_hz, double onset_s) {
  Moment moment{-1, 0, 0};
  for (const Segment& segment : recording.segments()) {
    const double offset = (onset_s - segment.onset_s) * rate_hz;
    if (offset < -0.5 || offset >= static_cast<double>(segment.count)) continue;
    moment = {segment.first + std::llround(std::max(offset, 0.0)), segment.first, segment.first + segment.count};
  }
  return moment;
}

bool finite(Signal signal, std::int64_t begin, std::int64_t end) {
  for (std::int64_t c = 0; c < signal.extent(0); ++c)
    for (std::int64_t t = begin; t < end; ++t)
      if (!std::isfinite(signal(c, t))) return false;
  return true;
}

/// Rows of the channels that the workspace looks at.
void keep_channels(RunSignal& run, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return;
  Matrix kept({static_cast<std::int64_t>(wanted.size()), run.signal.extent(1)}, uninitialised);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto found = std::find(run.channels.begin(), run.channels.end(), wanted[i]);
    if (found == run.channels.end()) {
      throw usage_error(run.id, "has no EEG channel \"" + printable(wanted[i]) + "\"",
                        suggestion(wanted[i], run.channels));
    }
    const double* const row = &run.signal(found - run.channels.begin(), 0);
    std::copy(row, row + run.signal.extent(1), &kept(static_cast<std::int64_t>(i), 0));
  }
  run.signal = std::move(kept);
  run.channels = wanted;
}

std::vector<PrepareStep> reference_step(const Json& about) {
  const std::string& reference = about.at("reference").text("reference");
  if (reference == "none") return {};
  return prepare_steps(Json::list_of(std::vector<Json>{Json::object({{"reference", reference}})}));
}

}  // namespace

RunSignal open_run(const Workspace& workspace, const Json& extract, const std::string& file) {
  const auto recording = open_recording(file);
  const auto eeg = recording->channels_of_type("eeg");
  if (eeg.empty()) throw input_error(file, "has no EEG channel");
  const Json& about = workspace.table("workbench");
  Prepared prepared = prepare(*recording, eeg, reference_step(about));
  RunSignal run{.id = Path(file).filename().string(),
                .rate_hz = prepared.rate_hz,
                .channels = prepared.channels,
                .signal = std::move(prepared.signal),
                .trials = {},
                .findings = std::move(prepared.findings)};
  keep_channels(run, about.at("channels").texts("channels"));
  const auto classes = workspace.classes();
  const auto samples = [&](const char* key) { return std::llround(extract.at(key).number(key) * run.rate_hz); };
  const std::int64_t epoch = samples("epoch_s"), offset = samples("offset_s");
  for (const Event& event : class_events(*recording, file, classes)) {
    const Moment moment = moment_of(*recording, run.rate_hz, event.onset_s);
    const std::int64_t begin = moment.sample + offset, end = begin + epoch;
    const bool inside =
        moment.sample >= 0 && std::min(begin, moment.sample - epoch) >= moment.first && end <= moment.last;
    const std::int64_t from = std::min(begin, moment.sample - epoch);
    const bool bad = touches_bad(prepared.bad, from, end);
    if (inside && !bad && finite(run.signal, from, end)) {
      run.trials.push_back(
          {std::find(classes.begin(), classes.end(), event.text) - classes.begin(), moment.sample, event.onset_s});
      continue;
    }
    run.findings.push_back({"workbench/trial-dropped", Severity::warn, run.id,
                            "the trial " + event.text + " at " + fixed_text(event.onset_s, 2) + " s was dropped: " +
                                (inside && bad ? "it shares time with a stretch marked bad"
                                 : inside      ? "it holds values that are not finite"
                                               : "its epoch or its baseline leaves the recording or crosses a gap")});
  }
  for (std::int64_t k = 0; k < 2; ++k) {
    if (std::none_of(run.trials.begin(), run.trials.end(), [&](const RunTrial& trial) { return trial.label == k; }))
      throw input_error(
          file, "no trial of the class \"" + printable(classes[static_cast<std::size_t>(k)]) + "\" could be used",
          "choose a shorter epoch_s or another offset_s");
  }
  return run;
}

}  // namespace caton::happyfeat
