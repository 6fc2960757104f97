// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"
#include "caton/datasets/trial_signals.hpp"

#include <memory>
#include <string>
#include <vector>

namespace caton {

/// DEAP's folder of s01.dat … (pickles of Python 2) or s01.mat …: one file a person with `data` (trials x 40 channels x
/// samples) and `labels` (trials x 4). Opening reads labels and shapes, `signals` the whole of one person.
class DeapFolder {
 public:
  static constexpr std::int64_t channels = 40, eeg_channels = 32, baseline_samples = 384;
  static constexpr double rate_hz = 128;

  struct Person {
    std::int64_t number = 0;  ///< of the file's name
    Path path;
    std::int64_t trials = 0, samples = 0;
    Array<double, 2> labels;  ///< trials x (valence, arousal, dominance, liking)
  };

  /// `folder`: where the files are. Refuses missing variables and wrong shapes by name.
  explicit DeapFolder(const Path& folder);
  [[nodiscard]] const std::vector<Person>& people() const noexcept { return people_; }
  [[nodiscard]] const Findings& findings() const noexcept { return findings_; }
  /// Trials x channels x samples, microvolts for the electrodes; about 100 MB for one person.
  [[nodiscard]] static Tensor signals(const Person& person);
  /// Names and kinds of the 40 channels.
  [[nodiscard]] static const ChannelPlan& plan();

 private:
  [[nodiscard]] static Person person_of(std::int64_t number, const Path& path);

  std::vector<Person> people_;
  Findings findings_;
};

}  // namespace caton
