// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/speller/speller_data.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/study.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace caton::speller {
namespace {

constexpr double delay_of_the_eye_s = 0.135;
constexpr std::size_t fewest_channels = 3;
const std::vector<std::string> visual{"Pz", "PO7", "PO5", "PO3", "POz", "PO4", "PO6", "PO8", "O1", "Oz", "O2"};

const DatasetEntry& layout_named(const std::string& name) {
  const auto& registry = Registry<DatasetEntry>::instance();
  const DatasetEntry* const entry = registry.find(name);
  if (entry == nullptr)
    throw usage_error("speller", "unknown layout \"" + printable(name) + "\"", suggestion(name, registry.names()));
  if (entry->open == nullptr) throw usage_error(entry->name, "holds no recordings that a speller could read");
  return *entry;
}

bool begins_after_the_eye(const DatasetEntry& entry) {
  return std::any_of(entry.keys.begin(), entry.keys.end(), [](const RecipeKey& key) { return key.name == "from_s"; });
}

/// "9.25 Hz" → 9.25
double frequency_of(const std::string& name) {
  const std::string_view text = trim(name);
  const auto hz = text.size() > 2 && lower_case(text.substr(text.size() - 2)) == "hz"
                      ? parse_number(text.substr(0, text.size() - 2))
                      : std::nullopt;
  if (!hz || !(*hz > 0))
    throw input_error("speller", "the class \"" + printable(name) + "\" names no frequency",
                      "classes must read like \"9.25 Hz\"");
  return *hz;
}

std::vector<TargetAbout> targets_of(const Study& study, std::optional<double> phase_step_pi) {
  std::vector<TargetAbout> targets;
  for (const std::string& name : study.classes) targets.push_back({name, frequency_of(name), {}});
  if (!phase_step_pi) return targets;
  std::vector<std::size_t> order(targets.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return targets[a].frequency_hz < targets[b].frequency_hz; });
  for (std::size_t rank = 0; rank < order.size(); ++rank)
    targets[order[rank]].phase_pi = std::fmod(static_cast<double>(rank) * *phase_step_pi, 2);
  return targets;
}

std::vector<std::string> channels_of(const Study& study, const Recording& first, const Request& request) {
  if (!request.channels.empty()) return request.channels;
  std::vector<std::string> all = study.channels, chosen;
  if (all.empty())
    for (const auto index : first.channels_of_type("eeg"))
      all.push_back(first.channels()[static_cast<std::size_t>(index)].name);
  for (const std::string& name : all)
    if (std::find(visual.begin(), visual.end(), name) != visual.end()) chosen.push_back(name);
  return chosen.size() >= fewest_channels ? chosen : all;
}

struct Person {
  std::vector<const StudyRecording*> blocks;
};

class Reader {
 public:
  Reader(const Request& request, std::int64_t delay, const Study& study, Data& data)
      : request_(request), delay_(delay), study_(study), data_(data) {}

  void read(const std::string& subject, const Person& person) {
    std::vector<std::vector<double>> rows;
    SpellerPerson epochs;
    std::vector<std::string> names;
    for (const StudyRecording* const block : person.blocks) {
      read_block(*block, static_cast<std::int64_t>(names.size()), epochs, rows);
      names.push_back(block->id);
    }
    if (names.size() < 2)
      throw input_error("speller, " + subject, "there is one block (recording) only",
                        "each block is left out once for testing: two are needed, four for dynamic stopping");
    const auto channels = static_cast<std::int64_t>(data_.channels.size());
    epochs.x = Array<double, 3>({static_cast<std::int64_t>(rows.size()), channels, samples_}, uninitialised);
    for (std::size_t n = 0; n < rows.size(); ++n)
      std::copy(rows[n].begin(), rows[n].end(), &epochs.x(static_cast<std::int64_t>(n), 0, 0));
    data_.subjects.push_back(subject);
    data_.persons.push_back(std::move(epochs));
    data_.block_names.push_back(std::move(names));
  }

 private:
  void settle(const StudyRecording& block, const Recording& recording) {
    const double rate = recording.main_rate_hz();
    if (data_.rate_hz == 0) {
      data_.rate_hz = rate;
      data_.channels = channels_of(study_, recording, request_);
      samples_ = std::llround(request_.windows_s.back() * rate) + delay_;
    }
    if (rate != data_.rate_hz)
      throw input_error(block.id, "has " + number_text(rate) + " Hz, the others have " + number_text(data_.rate_hz));
  }

  void read_block(const StudyRecording& block, std::int64_t number, SpellerPerson& epochs,
                  std::vector<std::vector<double>>& rows) {
    const auto recording = block.open();
    settle(block, *recording);
    std::vector<std::int64_t> channels;
    for (const std::string& name : data_.channels) channels.push_back(recording->channel_index(name));
    for (const StudyTrial& trial : block.trials) {
      if (trial.label < 0) continue;
      const std::int64_t begin = trial.begin + std::llround(data_.latency_s * data_.rate_hz);
      if (begin + samples_ > trial.end)
        throw usage_error(block.id, "the longest window, " + number_text(request_.windows_s.back()) +
                                        " s, does not fit into a trial of " +
                                        number_text(static_cast<double>(trial.end - trial.begin) / data_.rate_hz) +
                                        " s behind the delay of " + number_text(data_.latency_s) + " s");
      std::vector<double> values(channels.size() * static_cast<std::size_t>(samples_));
      recording->read(channels, begin, samples_,
                      View<double, 2>(values.data(), {static_cast<std::int64_t>(channels.size()), samples_}));
      for (double& value : values) value *= 1e6;  // volts: correlations do not care, thresholds of rank like it near 1
      rows.push_back(std::move(values));
      epochs.y.push_back(trial.label);
      epochs.block.push_back(number);
    }
  }

  const Request& request_;
  std::int64_t delay_, samples_ = 0;
  const Study& study_;
  Data& data_;
};

}  // namespace

Data read_data(const Request& request, std::int64_t delay) {
  const DatasetEntry& entry = layout_named(request.dataset);
  const Study study = entry.open(request.folder, complete_options("speller", entry.keys, {}, Json::object()));
  Data data;
  data.findings = study.findings;
  data.targets = targets_of(study, request.phase_step_pi);
  data.latency_s = request.latency_s.value_or(begins_after_the_eye(entry) ? 0 : delay_of_the_eye_s);
  std::map<std::string, Person> persons;
  for (const StudyRecording& recording : study.recordings) persons[recording.subject].blocks.push_back(&recording);
  Reader reader(request, delay, study, data);
  for (const auto& [subject, person] : persons) reader.read(subject, person);
  return data;
}

}  // namespace caton::speller
