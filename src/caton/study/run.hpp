// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/progress.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/evaluate/runner.hpp"
#include "caton/prepare/prepared.hpp"
#include "caton/recording/recording.hpp"
#include "caton/samples/sample_set.hpp"
#include "caton/study/recipe.hpp"
#include "caton/study/recording_trials.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caton {

struct RunOptions {
  std::optional<Path> data;    ///< the study's folder, before the recipe's own
  std::optional<Path> output;  ///< the run folder; else runs/<name>-<digest>
  bool force = false;          ///< compute again what is there
};

struct RunResult {
  Path folder;
  bool already_complete = false;
  std::string verdict;     ///< "clean", "leaks", "cannot tell"
  bool first_rank = true;  ///< other ranks of `mpirun` have nothing to tell
};

/// What a run would do and need: reads and measures the recordings, fits nothing, writes nothing.
struct RunPlan {
  std::int64_t recordings = 0;
  double signal_s = 0;
  RunNeed need;
};
[[nodiscard]] RunPlan plan_run(const Recipe& recipe, const RunOptions& options, Progress& progress);

/// Computes a study and leaves its run folder, whole or not at all; an interrupted run goes on where it stopped. A
/// complete run of the same recipe and data is left as it is; a folder of another recipe is refused.
[[nodiscard]] RunResult run_study(const Recipe& recipe, const RunOptions& options, Progress& progress);

/// The version of `final/<pipeline>/input.json` that is written, and the newest that is read (RELIABILITY R22).
inline constexpr const char* input_format = "caton-input-1";

/// A pipeline as a run left it: fitted on all samples, and what it expects of a recording.
struct SavedPipeline {
  std::string name;
  std::unique_ptr<Decoder> decoder;
  Json input;  ///< the feature and its options
  std::vector<PrepareStep> steps;
  std::vector<std::string> channels;  ///< in the decoder's order
  std::vector<bool> unit_known;       ///< of each channel
  std::vector<std::string> classes;
  double rate_hz = 0;
  double window_length_s = 0, window_step_s = 0;
  bool decide_by_trial = false;  ///< one answer for all windows of a trial, as the run was evaluated
  TrialRule trials;              ///< how trials lay after their events in the run's study
};
/// Restores a pipeline (empty name: the run's first). Refuses (kind `usage`) names that the run does not have and runs
/// without a final fit.
[[nodiscard]] SavedPipeline saved_pipeline(const Path& run_folder, const std::string& pipeline);
/// Refuses (kind `input`) a recording that lacks a channel, has another rate or another unit than the training had:
/// nothing is padded, rescaled or reordered silently.
void check_recording(const SavedPipeline& pipeline, const Recording& recording, const std::string& where);

/// What `predict` gives an answer for.
struct PredictOptions {
  std::optional<bool> by_trial;  ///< none: as the run was evaluated
  TrialChoice trials;            ///< where the trials are, when decided by them
};

/// A pipeline and the windows of a recording, as it wants them.
struct FittedPipeline {
  std::string name;
  std::unique_ptr<Decoder> decoder;
  SampleSet samples;
  double rate_hz = 0;                          ///< of the recording
  std::optional<RecordingTrials> trials = {};  ///< when one answer is given for each
};
/// `saved_pipeline` and a recording measured for it; refuses as both. Decided by trial, the windows lie in the
/// recording's trials as they did in training, and a recording without any is refused; else they lie in the whole of
/// each stretch without a gap. Refuses a choice of trials where it would be of no use.
[[nodiscard]] FittedPipeline fitted_pipeline(const Path& run_folder, const std::string& pipeline, const Path& recording,
                                             const PredictOptions& options = {.by_trial = false, .trials = {}});

/// One answer for all windows of a trial.
struct TrialAnswer {
  std::size_t trial = 0;     ///< of `FittedPipeline::trials`
  std::int64_t windows = 0;  ///< that it was decided from
  std::int64_t label = 0;
  std::vector<double> probability;
};
/// The class with the largest mean log probability over each trial's windows, in order of time. Trials without a
/// window have no answer.
[[nodiscard]] std::vector<TrialAnswer> trial_answers(const FittedPipeline& fitted, const Prediction& windows);

}  // namespace caton
