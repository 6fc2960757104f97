// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Files in the published layouts of DREAMER, DEAP and SEED, filled with numbers that tell where they belong.

#include "caton/base/file.hpp"

#include "made_files.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace caton::testing {

/// Shape and form of a made DREAMER.mat.
struct DreamerMade {
  int subjects = 2, trials = 3, baseline = 256;
  bool compressed = false, struct_array = false, narrow = false;
  ByteOrder order = ByteOrder::little;
  std::string without = {};                                         ///< this field is left out
  std::function<int(int trial)> samples = [](int) { return 600; };  ///< of a film
};

/// What stands at a place of a made signal: small whole numbers, different for neighbouring channels and trials.
inline int made_value(int subject, int trial, int channel, int sample) {
  return (subject * 7 + trial * 13 + channel * 5 + sample * 31 + sample / 8 * channel) % 251;
}
/// Ratings 1 to 5 (whole) of a subject and trial for each of the three dimensions.
inline double made_rating(int subject, int trial, int dimension) { return 1 + (subject + 2 * trial + dimension) % 5; }

class DreamerMaker {
 public:
  explicit DreamerMaker(DreamerMade made) : made_(std::move(made)), writer_(made_.compressed, made_.order) {}

  void write(const Path& path) const {
    std::vector<std::string> names{"Data", "EEG_SamplingRate", "EEG_Electrodes", "noOfSubjects", "Disclaimer"};
    std::vector<std::string> values{data(), writer_.numbers({1, 1}, std::vector<double>{128}), electrodes(),
                                    writer_.numbers({1, 1}, std::vector<double>{1.0 * made_.subjects}),
                                    writer_.text("made by a test")};
    drop(names, values);
    write_file(path, writer_.file({writer_.structs({1, 1}, names, {values}, "DREAMER")}));
  }

 private:
  static constexpr int channels = 14;

  void drop(std::vector<std::string>& names, std::vector<std::string>& values) const {
    const auto found = std::find(names.begin(), names.end(), made_.without);
    if (found == names.end()) return;
    values.erase(values.begin() + (found - names.begin()));
    names.erase(found);
  }
  std::string electrodes() const {
    std::vector<std::string> names;
    for (const char* const name :
         {"AF3", "F7", "F3", "FC5", "T7", "P7", "O1", "O2", "P8", "T8", "FC6", "F4", "F8", "AF4"}) {
      names.push_back(writer_.text(name));
    }
    return writer_.cell({1, channels}, names);
  }
  std::string signal(int subject, int trial, int samples) const {
    std::vector<std::uint8_t> small;
    for (int c = 0; c < channels; ++c) {
      for (int i = 0; i < samples; ++i) small.push_back(static_cast<std::uint8_t>(made_value(subject, trial, c, i)));
    }
    if (made_.narrow) return writer_.narrow_numbers({samples, channels}, small);
    return writer_.numbers({samples, channels}, std::vector<double>(small.begin(), small.end()));
  }
  std::string data() const {
    std::vector<std::string> names{"Age", "EEG", "ScoreValence", "ScoreArousal", "ScoreDominance"};
    std::vector<std::vector<std::string>> people;
    for (int s = 0; s < made_.subjects; ++s) {
      std::vector<std::string> values{writer_.text("22"), eeg(s), scores(s, 0), scores(s, 1), scores(s, 2)};
      auto kept = names;
      drop(kept, values);
      people.push_back(std::move(values));
      if (s + 1 == made_.subjects) names = kept;
    }
    if (made_.struct_array) return writer_.structs({1, made_.subjects}, names, people);
    std::vector<std::string> cells;
    for (const auto& one : people) cells.push_back(writer_.structs({1, 1}, names, {one}));
    return writer_.cell({1, made_.subjects}, cells);
  }
  std::string eeg(int subject) const {
    std::vector<std::string> baseline, stimuli;
    for (int t = 0; t < made_.trials; ++t) {
      baseline.push_back(signal(subject, t + 100, made_.baseline));
      stimuli.push_back(signal(subject, t, made_.samples(t)));
    }
    std::vector<std::string> names{"baseline", "stimuli"};
    std::vector<std::string> values{writer_.cell({made_.trials, 1}, baseline),
                                    writer_.cell({made_.trials, 1}, stimuli)};
    drop(names, values);
    return writer_.structs({1, 1}, names, {values});
  }
  std::string scores(int subject, int dimension) const {
    std::vector<double> values;
    for (int t = 0; t < made_.trials; ++t) values.push_back(made_rating(subject, t, dimension));
    return writer_.numbers({made_.trials, 1}, values);
  }

  DreamerMade made_;
  MatlabWriter writer_;
};

/// Values of one person of DEAP, trials x 40 x samples, row-major.
inline std::vector<double> deap_values(int person, int trials, int samples) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(trials) * 40 * static_cast<std::size_t>(samples));
  for (int t = 0; t < trials; ++t) {
    for (int c = 0; c < 40; ++c) {
      for (int i = 0; i < samples; ++i) values.push_back(made_value(person, t, c, i) / 4.0);
    }
  }
  return values;
}
inline std::vector<double> deap_labels(int person, int trials) {
  std::vector<double> values;
  for (int t = 0; t < trials; ++t) {
    for (int d = 0; d < 4; ++d) values.push_back(1 + 0.5 * ((person + 3 * t + d) % 17));
  }
  return values;
}

/// One more axis order for MATLAB: row-major values of a shape, down the columns.
inline std::vector<double> down_the_columns(const std::vector<std::int32_t>& shape, const std::vector<double>& values) {
  std::vector<double> out;
  out.reserve(values.size());
  const auto extent = [&](std::size_t axis) { return axis < shape.size() ? shape[axis] : 1; };
  for (std::int32_t k = 0; k < extent(2); ++k) {
    for (std::int32_t j = 0; j < extent(1); ++j) {
      for (std::int32_t i = 0; i < extent(0); ++i) {
        out.push_back(
            values[(static_cast<std::size_t>(i) * static_cast<std::size_t>(extent(1)) + static_cast<std::size_t>(j)) *
                       static_cast<std::size_t>(extent(2)) +
                   static_cast<std::size_t>(k)]);
      }
    }
  }
  return out;
}

}  // namespace caton::testing
