// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/described_recording.hpp"
#include "caton/datasets/study.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace caton {
namespace {

constexpr int deepest = 4;
const std::vector<std::string> states{"relaxed", "neutral", "concentrating"};
const std::vector<std::string> electrodes{"TP9", "AF7", "AF8", "TP10"};

struct FileName {
  std::string subject, state, recording;
};

/// "subjecta-neutral-2.csv" → a, neutral, 2. Another prefix than "subject…" is the subject's name as filed.
std::optional<FileName> parse_name(const Path& path) {
  if (lower_case(path.extension().string()) != ".csv") return std::nullopt;
  const auto parts = split(path.stem().string(), '-');
  if (parts.size() != 3 || parts[0].empty() || !parse_integer(parts[2])) return std::nullopt;
  const std::string state = lower_case(parts[1]);
  if (std::find(states.begin(), states.end(), state) == states.end()) return std::nullopt;
  const std::string prefix = "subject";
  const bool lettered = parts[0].rfind(prefix, 0) == 0 && parts[0].size() > prefix.size();
  return FileName{lettered ? parts[0].substr(prefix.size()) : parts[0], state, parts[2]};
}

void collect(const Path& folder, int depth, std::vector<Path>& files) {
  for (const Path& entry : entries_of(folder)) {
    if (std::filesystem::is_symlink(entry)) continue;
    if (std::filesystem::is_directory(entry) && depth < deepest) collect(entry, depth + 1, files);
    if (std::filesystem::is_regular_file(entry) && parse_name(entry)) files.push_back(entry);
    if (static_cast<std::int64_t>(files.size()) > limits::bids_files)
      throw input_error(folder.string(), "holds too many files");
  }
}

std::vector<std::string> chosen_classes(const Json& options) {
  const Json& given = options.at("classes");
  if (given.is_null()) return states;
  auto chosen = given.texts("classes");
  for (const std::string& name : chosen)
    if (std::find(states.begin(), states.end(), name) == states.end())
      throw usage_error("classes", "\"" + printable(name) + "\" is no state of this study", suggestion(name, states));
  if (chosen.size() < 2) throw usage_error("classes", "at least two states are needed");
  return chosen;
}

bool ignores_gaps(const Json& options) {
  const std::string& gaps = options.at("gaps").text("gaps");
  if (gaps != "respect" && gaps != "ignore")
    throw usage_error("gaps", "\"" + printable(gaps) + "\" is neither respect nor ignore");
  return gaps == "ignore";
}

StudyRecording recording_of(const Path& path, const FileName& name, const std::vector<std::string>& classes,
                            bool without_gaps) {
  StudyRecording recording;
  recording.id = path.stem().string();
  recording.subject = name.subject;
  recording.session = name.recording;
  recording.open = [path, without_gaps]() -> std::shared_ptr<const Recording> {
    return without_gaps ? recording_without_gaps(open_recording(path)) : open_recording(path);
  };
  StudyTrial trial;
  trial.name = name.state;
  trial.end = end_of_recording;
  const auto at = std::find(classes.begin(), classes.end(), name.state);
  trial.label = at == classes.end() ? -1 : at - classes.begin();
  recording.trials = {trial};
  return recording;
}

Study open_study(const Path& folder, const Json& options) {
  if (!std::filesystem::is_directory(folder))
    throw input_error(folder.string(), "is no folder", "name the folder of the CSV files with path or --data");
  std::vector<Path> files;
  collect(folder, 0, files);
  if (files.empty())
    throw input_error(folder.string(), "holds no file named like subjecta-neutral-1.csv",
                      "caton datasets muse-mental-state says what the folder must look like");
  Study study;
  study.name = "muse-mental-state";
  study.classes = chosen_classes(options);
  study.channels = electrodes;
  study.label_about = "instructed state of the whole recording";
  const bool without_gaps = ignores_gaps(options);
  for (const Path& file : files)
    study.recordings.push_back(recording_of(file, *parse_name(file), study.classes, without_gaps));
  std::sort(study.recordings.begin(), study.recordings.end(), [](const StudyRecording& a, const StudyRecording& b) {
    return std::tie(a.subject, a.session, a.id) < std::tie(b.subject, b.session, b.id);
  });
  std::set<std::string> ids;
  for (const StudyRecording& recording : study.recordings)
    if (!ids.insert(recording.id).second)
      throw input_error(folder.string(), "two files are named " + recording.id + ".csv", "name one folder of them");
  return study;
}

const DatasetEntry muse_mental_state{
    .name = "muse-mental-state",
    .about = "4 people relax, sit or concentrate for a minute, twice; Muse headband (TP9, AF7, AF8, TP10), 256 Hz",
    .layout =
        "subject<letter>-<state>-<recording>.csv anywhere below the folder, as muse-lsl writes them; states:\n"
        "relaxed, neutral, concentrating. The recording number is the session.",
    .apply_at = "https://github.com/jordan-bird/eeg-feature-generation (dataset/original_data); no licence is stated",
    .traps =
        {"name-concentrating-1.csv is subjecta-concentrating-1.csv with seven values changed",
         "subjectb-relaxed-2.csv has gaps of up to 700 s: no window may cross them",
         "two recordings last only 9 s and 3.5 s",
         "AF8 swings by hundreds of microvolts while concentrating: contact or eye muscle tells the classes apart"},
    .citation =
        "J. J. Bird, L. J. Manso, E. P. Ribeiro, A. Ekart, D. R. Faria: A study on mental state classification "
        "using EEG-based brain-machine interface. Intelligent Systems 2018",
    .keys = {{"classes", "list", Json{}, "states to tell apart, in this order (all three)"},
             {"gaps", "text", "respect",
              "respect: no window crosses a gap; ignore: rows as if they followed one another, as papers took them"}},
    .open = open_study,
};
CATON_REGISTER(DatasetEntry, muse_mental_state);

}  // namespace
}  // namespace caton
