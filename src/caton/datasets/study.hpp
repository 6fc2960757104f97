// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/base/registry.hpp"
#include "caton/recording/recording.hpp"
#include "caton/samples/sample_set.hpp"

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

/// How the folders of known studies are laid out, their labels and their traps. Knows no decoder.
namespace caton {

/// A stretch of a recording with one label.
/// As a trial's end: wherever the recording ends, without opening it to ask.
inline constexpr std::int64_t end_of_recording = std::numeric_limits<std::int64_t>::max();

struct StudyTrial {
  std::string name;                                          ///< unique within subject and session
  std::int64_t begin = 0, end = 0;                           ///< in samples of the recording; or end_of_recording
  std::int64_t label = -1;                                   ///< class; -1: none (left out of decoding)
  double rating = std::numeric_limits<double>::quiet_NaN();  ///< behind the class, where there was one
};

struct StudyRecording {
  std::string id;  ///< unique within the study, as files are named
  std::string subject, session;
  std::vector<StudyTrial> trials;  ///< in order of time
  /// Opens the signal; called when it is needed, from any thread.
  std::function<std::shared_ptr<const Recording>()> open;
  /// The baseline that belongs to a trial, channels x samples in the recording's unit; empty function: none.
  std::function<Array<double, 2>(std::int64_t trial)> baseline;
};

/// An opened study: who was recorded when, and what the labels are.
struct Study {
  std::string name;
  std::vector<std::string> classes;
  std::vector<std::string> channels;       ///< names of the decoded channels, in order, the same in every recording
  std::vector<StudyRecording> recordings;  ///< sorted by subject, session, id
  Findings findings;
  std::string label_about;  ///< "valence rated 1 to 5, high from 3.0"
  /// Whether a label belongs to the trial (usual) or to the person (diagnosis).
  bool label_of_person = false;
  /// What a simulation knows about where its effect lies: {positions?, electrodes: {name: weight}, note}; empty:
  /// nothing.
  std::function<Json()> truth;
};

/// A study layout: one folder (or pair of files) in `datasets/`.
struct DatasetEntry {
  std::string name;  ///< "dreamer"
  std::vector<std::string> aliases = {};
  std::string about;     ///< one sentence
  std::string layout;    ///< what the folder must look like
  std::string apply_at;  ///< where to get it, and under which terms
  std::vector<std::string> traps;
  std::string citation;
  /// Keys of `[study]` that this layout understands besides name, dataset, path, seed ("target", "classes").
  std::vector<RecipeKey> keys = {};
  /// `options` holds every key, complete. Refuses what is missing by name.
  Study (*open)(const Path& folder, const Json& options) = nullptr;
  /// Layouts that make samples themselves instead of recordings (a model of tokens): then `open` is not used, and the
  /// recipe's input is `given`.
  SampleSet (*samples)(const Json& options) = nullptr;
  bool needs_folder = true;  ///< otherwise an empty folder lets the layout make its data
};

}  // namespace caton
