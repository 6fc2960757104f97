// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/container.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/trial_signals.hpp"
#include "caton/recording/memory_recording.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace caton {
namespace {

constexpr double rate_hz = 250;
constexpr std::int64_t net_electrodes = 128;
const std::vector<std::string> classes{"healthy", "depressed"};
const std::vector<std::string> three{"Fp1", "Fpz", "Fp2"};

std::vector<std::string> net_names() {
  std::vector<std::string> names;
  for (std::int64_t i = 1; i <= net_electrodes; ++i) names.push_back("E" + std::to_string(i));
  return names;
}

/// The eight digits that begin a file's or folder's name: 0201… are patients, 0202… and 0203… are controls.
std::optional<std::string> person_of(const std::string& name) {
  if (name.size() < 8 || name.substr(0, 8).find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return name.substr(0, 8);
}
std::int64_t label_of(const std::string& person) {
  const std::string group = person.substr(0, 4);
  return group == "0201" ? 1 : group == "0202" || group == "0203" ? 0 : -1;
}

/// The signal of a net's file: the one matrix of 128 electrodes, with or without the reference as row 129.
std::string signal_variable(const Container& container, const Path& file) {
  std::vector<std::string> fitting;
  for (const VariableAbout& variable : container.variables())
    if (variable.kind == ValueKind::array && variable.shape.size() == 2 && variable.shape[1] > variable.shape[0] &&
        (variable.shape[0] == net_electrodes || variable.shape[0] == net_electrodes + 1))
      fitting.push_back(variable.name);
  if (fitting.size() == 1) return fitting.front();
  throw input_error(file.string(), fitting.empty() ? "holds no matrix of 128 or 129 rows (shape)"
                                                   : "holds several matrices of 128 or 129 rows (shape)");
}

std::shared_ptr<const Recording> open_net(const Path& file) {
  std::shared_ptr<const Container> container = open_container(file);
  const std::string name = signal_variable(*container, file);
  MemoryContent content;
  content.format = "MODMA, 128 electrodes";
  content.channels = planned_channels({.names = net_names(), .rate_hz = rate_hz});
  const std::int64_t samples = variable_named(container->variables(), name, file.string()).shape[1];
  for (Channel& channel : content.channels) channel.samples = samples;
  content.load = [container, name, file] {
    const Array<double, 2> all = matrix_of(container->read(name), file.string());
    return Array<double, 2>(View<const double, 2>(all.view()).slice(0, 0, net_electrodes));
  };
  return memory_recording(std::move(content));
}

/// Three columns of numbers without names.
std::shared_ptr<const Recording> open_three(const Path& file) {
  const auto table = open_recording(file, {.rate_hz = rate_hz, .unit = "uV"});
  if (table->channels().size() < three.size())
    throw input_error(file.string(), "the shape is wrong: three columns (Fp1, Fpz, Fp2) are wanted, " +
                                         std::to_string(table->channels().size()) + " are there");
  const std::vector<std::int64_t> columns{0, 1, 2};
  MemoryContent content;
  content.format = "MODMA, 3 electrodes";
  content.channels = planned_channels({.names = three, .rate_hz = rate_hz});
  content.values = Array<double, 2>({3, table->channels()[0].samples}, uninitialised);
  table->read(columns, 0, content.values.extent(1), content.values.view());
  for (std::size_t row = 0; row < three.size(); ++row)
    for (double& value : std::span(content.values.data() + static_cast<std::int64_t>(row) * content.values.extent(1),
                                   static_cast<std::size_t>(content.values.extent(1))))
      value /= table->channels()[row].si_factor;
  content.findings = table->findings();
  return memory_recording(std::move(content));
}

class Modma {
 public:
  Modma(const Path& folder, const Json& options) : folder_(folder), part_(options.at("part").text("part")) {
    if (part_ != "128-electrodes-rest" && part_ != "3-electrodes-rest")
      throw usage_error("part", "\"" + printable(part_) + "\" is neither 128-electrodes-rest nor 3-electrodes-rest");
  }

  Study open() {
    study_.name = "modma";
    study_.classes = classes;
    study_.channels = net() ? net_names() : three;
    study_.label_of_person = true;
    study_.label_about =
        "diagnosis of the person, by the number in the file's name (0201: depressed; 0202, 0203: healthy)";
    for (const Path& file : files_below(folder_, net() ? ".mat" : ".txt")) add(file);
    count_audio();
    finish_study(study_, folder_.string());
    return std::move(study_);
  }

 private:
  bool net() const { return part_ == "128-electrodes-rest"; }

  void add(const Path& file) {
    const std::string stem = file.stem().string();
    const auto person = person_of(stem);
    if (!person || (net() && lower_case(stem).find("rest") == std::string::npos)) return;
    StudyRecording recording;
    recording.subject = *person;
    recording.session = "1";
    recording.id = stem;
    const auto opener = net() ? open_net : open_three;
    recording.open = [file, opener] { return opener(file); };
    StudyTrial trial;
    trial.end = opener(file)->channels().front().samples;
    trial.label = label_of(*person);
    if (trial.label < 0)
      study_.findings.push_back(
          {"modma/group-unknown", Severity::warn, stem, "belongs to no known group and is left out"});
    recording.trials.push_back(trial);
    study_.recordings.push_back(std::move(recording));
  }

  /// audio_lanzhou_2015/<person>/01.wav …: told, not read.
  void count_audio() {
    std::set<std::string> people;
    std::size_t files = 0;
    for (const Path& file : files_below(folder_, ".wav")) {
      if (const auto person = person_of(file.parent_path().filename().string())) people.insert(*person);
      ++files;
    }
    if (files > 0)
      study_.findings.push_back({"modma/audio", Severity::note, folder_.string(),
                                 std::to_string(files) + " sound files of " + std::to_string(people.size()) +
                                     " people are there; they are not read"});
  }

  Path folder_;
  std::string part_;
  Study study_;
};

const DatasetEntry modma{
    .name = "modma",
    .about =
        "depression: resting EEG of patients and controls with 128 electrodes (53 people) or 3 (55 people), 250 Hz",
    .layout =
        "EEG_128channels_resting_lanzhou_2015/02010002rest….mat …, "
        "EEG_3channels_resting_lanzhou_2015/02010001_still.txt\n"
        "…, audio_lanzhou_2015/02010001/01.wav …, anywhere below the folder",
    .apply_at = "http://modma.lzu.edu.cn/data/index/ (application signed by a permanent member of staff; for research)",
    .traps = {"the label belongs to the person: windows of one person on both sides of a split tell the person, not "
              "the illness",
              "row 129 of the 128-electrode files is the reference: it is left out",
              "electrodes are numbers of a HydroCel net (E1 …), not names of the 10-20 system",
              "the spreadsheets of people (.xlsx) are not read; the group is the beginning of the number",
              "patients and controls differ in age and education too: what is decoded may be these"},
    .citation = "H. Cai et al.: A multi-modal open dataset for mental-disorder analysis. Scientific Data 9:178, 2022",
    .keys = {{"part", "text", "128-electrodes-rest", "128-electrodes-rest or 3-electrodes-rest"}},
    .open = [](const Path& folder, const Json& options) { return Modma(folder, options).open(); },
};
CATON_REGISTER(DatasetEntry, modma);

}  // namespace
}  // namespace caton
