// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/container.hpp"
#include "caton/datasets/described_recording.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/trial_signals.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace caton {
namespace {

enum Code { rejected = 1023, trial_start = 768, first_class = 769, unknown_cue = 783 };

/// One of the two data sets: names of files, electrodes, classes.
struct Part {
  const char* name;
  char letter;         ///< files begin with it
  std::size_t digits;  ///< of the person and the session in a file's name
  std::vector<std::string> electrodes;
  std::vector<std::string> classes;
};

const Part part_2a{"bci-competition-iv-2a",
                   'A',
                   2,
                   {"Fz", "FC3", "FC1", "FCz", "FC2", "FC4", "C5",  "C3", "C1", "Cz", "C2",
                    "C4", "C6",  "CP3", "CP1", "CPz", "CP2", "CP4", "P1", "Pz", "P2", "POz"},
                   {"left hand", "right hand", "feet", "tongue"}};
const Part part_2b{"bci-competition-iv-2b", 'B', 4, {"C3", "Cz", "C4"}, {"left hand", "right hand"}};

/// "A03E.gdf" → person 3, session E; "B0403T.gdf" → person 4, session 03.
struct FileName {
  std::string subject, session;
  bool evaluation = false;
};
std::optional<FileName> parse_name(const Path& path, const Part& part) {
  const std::string stem = path.stem().string();
  if (stem.size() != part.digits + 2 || stem[0] != part.letter) return std::nullopt;
  const std::string digits = stem.substr(1, part.digits);
  const char kind = stem.back();
  if (!parse_integer(digits) || (kind != 'T' && kind != 'E')) return std::nullopt;
  FileName name{stem.substr(0, 3), part.digits == 2 ? std::string(1, kind) : digits.substr(2), kind == 'E'};
  return name;
}

/// Electrodes and eye channels by their places, as the files name most of them by numbers only.
std::shared_ptr<const Recording> open_named(const Path& path, const Part& part) {
  auto inner = open_recording(path);
  auto channels = inner->channels();
  if (channels.size() < part.electrodes.size())
    throw input_error(path.string(), "has " + std::to_string(channels.size()) + " channels, wanted are " +
                                         std::to_string(part.electrodes.size()) + " electrodes and 3 eye channels");
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const bool electrode = i < part.electrodes.size();
    channels[i].type = electrode ? "eeg" : "eog";
    if (electrode) channels[i].name = part.electrodes[i];
  }
  Findings findings = inner->findings();
  return described_recording(std::move(inner), std::move(channels), std::move(findings));
}

/// The true classes (1, 2 …) of an evaluation file, published later as `A01E.mat` with the variable `classlabel`.
std::optional<std::vector<std::int64_t>> true_labels(const Path& recording) {
  for (const Path& folder : {recording.parent_path(), recording.parent_path() / "true_labels"}) {
    const Path file = folder / (recording.stem().string() + ".mat");
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) continue;
    const auto numbers = numbers_of(open_container(file)->read("classlabel"), file.string());
    std::vector<std::int64_t> labels;
    for (const double number : numbers) labels.push_back(std::llround(number));
    return labels;
  }
  return std::nullopt;
}

class BciStudy {
 public:
  BciStudy(const Part& part, const Path& folder, const Json& options) : part_(part), folder_(folder) {
    rule_ = event_rule(options, part.classes, part.name);
    keep_rejected_ = options.at("rejected").text("rejected") == "keep";
    if (!keep_rejected_ && options.at("rejected").text("rejected") != "leave-out")
      throw usage_error("rejected", "is neither leave-out nor keep");
  }

  Study open() {
    study_.name = part_.name;
    study_.classes = rule_.classes;
    study_.channels = part_.electrodes;
    study_.label_about = "cue of the trial";
    for (const Path& file : files_below(folder_, ".gdf"))
      if (const auto name = parse_name(file, part_)) add(file, *name);
    finish_study(study_, folder_.string());
    return std::move(study_);
  }

 private:
  void add(const Path& file, const FileName& name) {
    const auto opened = open_named(file, part_);
    StudyRecording recording;
    recording.id = file.stem().string();
    recording.subject = name.subject;
    recording.session = name.session;
    recording.open = [file, part = &part_] { return open_named(file, *part); };
    const auto labels = true_labels(file);
    std::vector<double> rejected_s;
    for (const Annotation& event : opened->annotations())
      if (code_of(event) == rejected) rejected_s.push_back(event.onset_s);
    double trial_s = -1;
    std::size_t cue = 0;
    std::int64_t without_label = 0, left_out = 0;
    for (const Annotation& event : opened->annotations()) {
      const std::int64_t code = code_of(event);
      if (code == trial_start) trial_s = event.onset_s;
      const bool known = code >= first_class && code < first_class + static_cast<std::int64_t>(part_.classes.size());
      if (!known && code != unknown_cue) continue;
      std::int64_t number = known ? code - first_class : -1;
      if (labels && cue < labels->size()) number = (*labels)[cue] - 1;
      ++cue;
      const bool bad = std::any_of(rejected_s.begin(), rejected_s.end(),
                                   [&](double at) { return at >= trial_s - 1e-3 && at <= event.onset_s + 1e-3; });
      if (number < 0 || number >= static_cast<std::int64_t>(part_.classes.size())) {
        ++without_label;
      } else if (bad && !keep_rejected_) {
        ++left_out;
      } else {
        add_event_trial(*opened, event, part_.classes[static_cast<std::size_t>(number)], rule_, recording,
                        study_.findings, part_.name);
      }
    }
    report(recording.id, "/rejected", left_out, "trial(s) marked as artefacts by the experts are left out");
    report(recording.id, "/label-unknown", without_label,
           "cue(s) without a class: the true labels (" + recording.id + ".mat) are not beside the recording");
    study_.recordings.push_back(std::move(recording));
  }

  static std::int64_t code_of(const Annotation& event) { return parse_integer(event.text).value_or(-1); }

  void report(const std::string& id, const char* code, std::int64_t count, const std::string& what) {
    if (count > 0)
      study_.findings.push_back(
          {part_.name + std::string(code), Severity::warn, id, std::to_string(count) + " " + what});
  }

  const Part& part_;
  Path folder_;
  EventRule rule_;
  bool keep_rejected_ = false;
  Study study_;
};

std::vector<RecipeKey> keys() {
  auto keys = event_keys(0.5, 3.5);
  keys.push_back({"rejected", "text", "leave-out", "trials that experts marked as artefacts: leave-out or keep"});
  return keys;
}

const std::string citation =
    "M. Tangermann et al.: Review of the BCI competition IV. Frontiers in Neuroscience 6:55, 2012";
const std::string place = "https://www.bbci.de/competition/iv/ (registration; for research, not to be passed on)";

const DatasetEntry set_2a{
    .name = "bci-competition-iv-2a",
    .aliases = {"bci-iv-2a", "bnci2014-001"},
    .about =
        "9 people imagine left hand, right hand, feet, tongue; 22 electrodes and 3 eye channels, 250 Hz, 2 days (GDF)",
    .layout =
        "A01T.gdf, A01E.gdf … A09T.gdf, A09E.gdf, and for the E files the true labels A01E.mat … (variable\n"
        "classlabel) beside them or in true_labels/. T and E are the two sessions.",
    .apply_at = place,
    .traps =
        {"the cue comes 2 s after the beginning of a trial (768); times here count from the cue (769 to 772)",
         "the E files hold cues of unknown class (783): their labels are published apart",
         "trials marked with 1023 are artefacts; competition results include them (rejected = \"keep\")",
         "the eye channels are there to remove their influence, not to decode from: they are not among the channels",
         "the files name most electrodes by numbers (EEG-0 …); the published order is used",
         "A04T begins without the usual recordings of eye movements"},
    .citation = citation,
    .keys = keys(),
    .open = [](const Path& folder, const Json& options) { return BciStudy(part_2a, folder, options).open(); },
};
CATON_REGISTER(DatasetEntry, set_2a);

const DatasetEntry set_2b{
    .name = "bci-competition-iv-2b",
    .aliases = {"bci-iv-2b", "bnci2014-004"},
    .about = "9 people imagine left or right hand in 5 sessions; C3, Cz, C4 bipolar and 3 eye channels, 250 Hz (GDF)",
    .layout =
        "B0101T.gdf … B0903T.gdf, B0104E.gdf … B0905E.gdf, and for the E files the true labels B0104E.mat …\n"
        "(variable classlabel) beside them or in true_labels/. Digits three and four are the session.",
    .apply_at = place,
    .traps = {"the cue comes 3 s after the beginning of a trial; sessions 1 and 2 have no feedback, 3 to 5 have",
              "three bipolar derivations: no average reference, no spatial filter of many channels",
              "the E files hold cues of unknown class (783): their labels are published apart",
              "trials marked with 1023 are artefacts; competition results include them (rejected = \"keep\")"},
    .citation = citation,
    .keys = keys(),
    .open = [](const Path& folder, const Json& options) { return BciStudy(part_2b, folder, options).open(); },
};
CATON_REGISTER(DatasetEntry, set_2b);

}  // namespace
}  // namespace caton
