// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/datasets/study.hpp"

#include <optional>
#include <string>
#include <vector>

/// Trials that follow from the events of recordings: what most layouts share.
namespace caton {

/// Which events become trials, and where a trial lies after its event.
struct EventRule {
  std::vector<std::string> classes;
  double from_s = 0;
  std::optional<double> trial_s;  ///< none: up to the end of the event's own duration

  /// Class of a meaning; -1: none of the chosen.
  [[nodiscard]] std::int64_t label(const std::string& meaning) const;
};

/// Keys `classes`, `from_s` and `trial_s` with their defaults (`trial_s` null: the event's own duration).
[[nodiscard]] std::vector<RecipeKey> event_keys(double from_s, const Json& trial_s);
/// The rule of a recipe; `all`: every class of the study, in order. Refuses unknown classes and fewer than two.
[[nodiscard]] EventRule event_rule(const Json& options, const std::vector<std::string>& all, const std::string& study);

/// Adds the trial of an event that means `meaning`. One that reaches beyond the recording or across a gap is left out
/// and told (`<study>/trial-cut`).
void add_event_trial(const Recording& opened, const Annotation& event, const std::string& meaning,
                     const EventRule& rule, StudyRecording& recording, Findings& findings, const std::string& study);

/// Recordings without a trial of the chosen classes are left out and told; the others are sorted by subject, session
/// and id, and trials named in order of time, unique within subject and session. Refuses a study without any.
void finish_study(Study& study, const std::string& where);

/// All regular files below a folder with this ending, sorted; links are not followed, four folders deep.
[[nodiscard]] std::vector<Path> files_below(const Path& folder, const char* ending);

}  // namespace caton
