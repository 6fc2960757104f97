// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/finding.hpp"
#include "caton/recording/recording.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caton {

/// How trials lie after their events, as the run's recipe has it in `[study]`.
struct TrialRule {
  std::vector<std::string> classes;  ///< of the run
  std::string column;                ///< of an events table that says what an event is; empty: trial_type
  double from_s = 0;                 ///< begin of a trial after its event's onset
  std::optional<double> trial_s;     ///< none: up to the end of the event's own duration
};

/// Which events of a recording are trials.
struct TrialChoice {
  std::optional<Path> events;      ///< a table with onset and duration; none: see `recording_trials`
  std::vector<std::string> names;  ///< events of these names alone; empty: see `recording_trials`
};

/// A stretch of a recording that gets one decision; what it is of is not known.
struct RecordingTrial {
  std::string name;                 ///< "trial-03", in order of time
  std::string event;                ///< what its event says
  std::int64_t begin = 0, end = 0;  ///< in samples of the recording
};

struct RecordingTrials {
  std::vector<RecordingTrial> trials;  ///< in order of time
  Findings findings;                   ///< events that are no trials although they could be meant as such
};

/// The trials of a recording that was opened from `file`: of the table given, else of the `_events.tsv` beside a BIDS
/// recording (not a derivative), else of its annotations. Without names the events named as classes of the run are the
/// trials, and where there are none of these all events that last; what is marked as bad never is. Trials without a
/// length, and those that reach beyond the recording or into a gap, are left out and told. Refuses a table without its
/// columns, onsets that are no numbers, and names that no event has.
[[nodiscard]] RecordingTrials recording_trials(const Recording& recording, const Path& file, const TrialRule& rule,
                                               const TrialChoice& choice);

}  // namespace caton
