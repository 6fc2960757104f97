// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/ssvep-benchmarks/block_study.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/container.hpp"
#include "caton/datasets/event_trials.hpp"
#include "caton/datasets/trial_signals.hpp"
#include "caton/recording/memory_recording.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace caton {
namespace {

/// A person's array, read when it is needed and kept as long as somebody holds one of its blocks.
class PersonFile {
 public:
  PersonFile(Path path, const BlockLayout& layout) : path_(std::move(path)), layout_(layout) {
    const ContainerValue about = part_of(open_container(path_)->outline(layout_.variable));
    const std::string where = path_.string() + ", " + layout_.variable;
    if (about.kind != ValueKind::array || about.complex || about.shape.size() != 4)
      throw input_error(where,
                        "the shape is wrong: four axes are needed (electrode, time, target, block in some order)");
    std::int64_t stride = 1;
    std::array<std::int64_t, 4> strides{};
    for (std::size_t axis = 4; axis-- > 0;) {
      strides[axis] = stride;
      stride = checked_product(stride, about.shape[axis], where, "the array");
    }
    for (std::size_t i = 0; i < 4; ++i) {
      extents_[i] = about.shape[layout_.axes[i]];
      strides_[i] = strides[layout_.axes[i]];
    }
    if (electrodes() != static_cast<std::int64_t>(layout_.electrodes.size()) || points() < 1 || blocks() < 1)
      throw input_error(where, "the shape is wrong: " + std::to_string(layout_.electrodes.size()) +
                                   " electrodes are wanted, axis " + std::to_string(layout_.axes[0] + 1) + " has " +
                                   std::to_string(electrodes()));
  }

  [[nodiscard]] std::int64_t electrodes() const noexcept { return extents_[0]; }
  [[nodiscard]] std::int64_t points() const noexcept { return extents_[1]; }
  [[nodiscard]] std::int64_t targets() const noexcept { return extents_[2]; }
  [[nodiscard]] std::int64_t blocks() const noexcept { return extents_[3]; }
  [[nodiscard]] const Path& path() const noexcept { return path_; }

  /// The targets of a block one after another: electrodes x (targets * points), in microvolts as filed.
  [[nodiscard]] Array<double, 2> block(std::int64_t number) const {
    const auto stored = values();
    Array<double, 2> signal({electrodes(), targets() * points()}, uninitialised);
    for (std::int64_t e = 0; e < electrodes(); ++e)
      for (std::int64_t t = 0; t < targets(); ++t)
        for (std::int64_t p = 0; p < points(); ++p)
          signal(e, t * points() + p) = stored->at(
              static_cast<std::size_t>(e * strides_[0] + p * strides_[1] + t * strides_[2] + number * strides_[3]));
    return signal;
  }

 private:
  [[nodiscard]] ContainerValue part_of(ContainerValue value) const {
    for (const std::string& name : layout_.part) {
      ContainerValue inner = value.item(0, path_.string()).field(name, path_.string());
      value = std::move(inner);
    }
    return value;
  }

  std::shared_ptr<const std::vector<double>> values() const {
    const std::scoped_lock guard(lock_);
    if (auto known = values_.lock()) return known;
    const auto container = open_container(path_);
    const ContainerValue value =
        layout_.part.empty() ? container->read(layout_.variable) : container->read_part(layout_.variable, layout_.part);
    auto read = std::make_shared<const std::vector<double>>(value.array.doubles());
    if (static_cast<std::int64_t>(read->size()) != electrodes() * points() * targets() * blocks())
      throw input_error(path_.string(), "the array holds another number of values than its shape says");
    values_ = read;
    return read;
  }

  Path path_;
  BlockLayout layout_;
  std::array<std::int64_t, 4> extents_{}, strides_{};
  mutable std::mutex lock_;
  mutable std::weak_ptr<const std::vector<double>> values_;
};

std::shared_ptr<const Recording> open_block(const std::shared_ptr<const PersonFile>& person, const BlockLayout& layout,
                                            std::int64_t block) {
  MemoryContent content;
  content.format = layout.study;
  content.channels = planned_channels({.names = layout.electrodes, .rate_hz = layout.rate_hz});
  const std::int64_t points = person->points(), samples = points * person->targets();
  for (Channel& channel : content.channels) channel.samples = samples;
  for (std::int64_t t = 0; t < person->targets(); ++t)
    content.segments.push_back({t * points, points, static_cast<double>(t * points) / layout.rate_hz});
  content.load = [person, block] { return person->block(block); };
  return memory_recording(std::move(content));
}

/// "s7.mat", "S07.mat" → 7.
std::optional<std::int64_t> person_of(const Path& file) {
  const std::string stem = lower_case(file.stem().string());
  return stem.size() < 2 || stem[0] != 's' ? std::nullopt : parse_integer(stem.substr(1));
}

std::string class_name(double frequency_hz) { return number_text(std::round(frequency_hz * 1000) / 1000) + " Hz"; }

std::vector<Path> person_files(const Path& folder, const std::string& study) {
  std::vector<Path> files = files_below(folder, ".mat");
  std::erase_if(files, [](const Path& file) { return !person_of(file); });
  std::sort(files.begin(), files.end(), [](const Path& a, const Path& b) { return *person_of(a) < *person_of(b); });
  if (files.empty())
    throw input_error(folder.string(), "holds no file named like s1.mat",
                      "caton datasets " + study + " says what the folder must look like");
  return files;
}

}  // namespace

std::vector<RecipeKey> block_keys(double latency_s, double trial_s) {
  auto keys = event_keys(latency_s, trial_s);
  for (RecipeKey& key : keys)
    if (key.name == "from_s")
      key.about = "begin of a trial after the flicker's onset: the delay of the eye and the way behind it";
  return keys;
}

Study open_blocks(const BlockLayout& layout, const Path& folder, const Json& options) {
  Study study;
  study.name = layout.study;
  study.channels = layout.electrodes;
  study.label_about = "frequency of the target looked at";
  EventRule rule;
  std::vector<double> frequencies;
  for (const Path& file : person_files(folder, layout.study)) {
    const auto person = std::make_shared<const PersonFile>(file, layout);
    const auto own = layout.read_frequencies ? layout.read_frequencies(file) : layout.frequencies_hz;
    if (static_cast<std::int64_t>(own.size()) != person->targets())
      throw input_error(file.string(), "the shape is wrong: " + std::to_string(own.size()) + " targets are wanted, " +
                                           std::to_string(person->targets()) + " are there");
    if (frequencies.empty()) {
      frequencies = own;
      std::sort(frequencies.begin(), frequencies.end());
      std::vector<std::string> all;
      for (const double frequency : frequencies) all.push_back(class_name(frequency));
      rule = event_rule(options, all, layout.study);
      study.classes = rule.classes;
    }
    for (std::int64_t block = 0; block < person->blocks(); ++block) {
      StudyRecording recording;
      recording.subject = numbered("s", *person_of(file));
      recording.session = "1";
      recording.id = recording.subject + "-" + numbered("block-", block + 1);
      recording.open = [person, layout, block] { return open_block(person, layout, block); };
      const auto opened = open_block(person, layout, block);
      for (std::int64_t t = 0; t < person->targets(); ++t) {
        const double begin_s = static_cast<double>(t * person->points()) / layout.rate_hz;
        const Annotation flicker{begin_s + layout.onset_s, 0, class_name(own[static_cast<std::size_t>(t)])};
        add_event_trial(*opened, flicker, flicker.text, rule, recording, study.findings, layout.study);
      }
      study.recordings.push_back(std::move(recording));
    }
  }
  finish_study(study, folder.string());
  return study;
}

}  // namespace caton
