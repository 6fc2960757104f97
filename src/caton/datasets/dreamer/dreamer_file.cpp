// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/dreamer/dreamer_file.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <utility>

namespace caton {
namespace {

constexpr const char* layout = "DREAMER.mat as published is needed; see: caton datasets dreamer";
constexpr std::array<const char*, 3> score_fields{"ScoreValence", "ScoreArousal", "ScoreDominance"};

Path file_in(const Path& path) { return std::filesystem::is_directory(path) ? path / "DREAMER.mat" : path; }

}  // namespace

DreamerFile::DreamerFile(const Path& path) : container_(open_container(file_in(path))), where_(file_in(path).string()) {
  bool found = false;
  for (const auto& variable : container_->variables()) found = found || variable.name == "DREAMER";
  if (!found) throw input_error(where_, "the variable DREAMER is missing", layout);
  const ContainerValue outline = container_->outline("DREAMER");
  const ContainerValue& top = outline.item(0, where_);
  const auto rate = numbers_of(top.field("EEG_SamplingRate", where_), where_ + ": EEG_SamplingRate");
  if (rate.size() != 1 || !(rate.front() > 0)) throw input_error(where_, "EEG_SamplingRate is no rate", layout);
  rate_hz_ = rate.front();
  const ContainerValue& electrodes = top.field("EEG_Electrodes", where_);
  for (std::int64_t i = 0; i < electrodes.count(); ++i) {
    electrodes_.emplace_back(trim(electrodes.item(i, where_ + ": EEG_Electrodes").text));
  }
  const ContainerValue& data = top.field("Data", where_);
  for (std::int64_t s = 0; s < data.count(); ++s) ratings_.push_back(subject_of(data, s));
  if (ratings_.empty() || trials_ == 0) throw input_error(where_, "holds no trials", layout);
}

DreamerFile::Subject DreamerFile::subject_of(const ContainerValue& data, std::int64_t index) {
  const std::string where = where_ + ": Data, subject " + std::to_string(index + 1);
  const ContainerValue& one = data.item(index, where);
  Subject subject;
  for (std::size_t d = 0; d < score_fields.size(); ++d) {
    subject.ratings[d] = numbers_of(one.field(score_fields[d], where), where + ": " + score_fields[d]);
  }
  const ContainerValue& eeg = one.field("EEG", where);
  const ContainerValue& stimuli = eeg.field("stimuli", where + ": EEG");
  const ContainerValue& baseline = eeg.field("baseline", where + ": EEG");
  if (trials_ == 0) trials_ = stimuli.count();
  for (std::int64_t t = 0; t < trials_; ++t) {
    const std::string trial = where + ", trial " + std::to_string(t + 1);
    for (const auto& ratings : subject.ratings) {
      if (static_cast<std::int64_t>(ratings.size()) <= t) throw input_error(trial, "its rating is missing", layout);
    }
    const auto channels = static_cast<std::int64_t>(electrodes_.size());
    for (const auto& [name, shape] : {std::pair{"stimuli", stimuli.item(t, trial + ": stimuli").shape},
                                      std::pair{"baseline", baseline.item(t, trial + ": baseline").shape}}) {
      if (shape.size() != 2 || shape[1] != channels) {
        throw input_error(trial + ": " + name, "the shape is not samples x " + std::to_string(channels) + " electrodes",
                          layout);
      }
    }
    subject.samples.push_back(stimuli.item(t, trial).shape[0]);
  }
  return subject;
}

double DreamerFile::rating(std::size_t dimension, std::int64_t subject, std::int64_t trial) const {
  return ratings_.at(static_cast<std::size_t>(subject)).ratings.at(dimension).at(static_cast<std::size_t>(trial));
}

std::int64_t DreamerFile::samples(std::int64_t subject, std::int64_t trial) const {
  return ratings_.at(static_cast<std::size_t>(subject)).samples.at(static_cast<std::size_t>(trial));
}

Array<double, 2> DreamerFile::signal(const char* part, std::int64_t subject, std::int64_t trial) const {
  const std::string where =
      where_ + ": " + part + " of subject " + std::to_string(subject + 1) + ", trial " + std::to_string(trial + 1);
  const ContainerValue value =
      container_->read_part("DREAMER", {"Data", std::to_string(subject), "EEG", part, std::to_string(trial)});
  return transposed(matrix_of(value, where));
}

Array<double, 2> DreamerFile::stimulus(std::int64_t subject, std::int64_t trial) const {
  return signal("stimuli", subject, trial);
}
Array<double, 2> DreamerFile::baseline(std::int64_t subject, std::int64_t trial) const {
  return signal("baseline", subject, trial);
}

}  // namespace caton
