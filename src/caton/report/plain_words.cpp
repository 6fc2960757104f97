// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plain_words.hpp"

#include <algorithm>
#include <array>

namespace caton::report {
namespace {

struct LeakEntry {
  std::string_view code;
  LeakWords words;
};

constexpr std::array leaks{
    LeakEntry{"leak/sample-in-both",
              {"The same samples in training and test",
               "The decoder was asked about samples it had been shown with their answers."}},
    LeakEntry{"leak/window-overlap",
              {"Overlapping windows on both sides",
               "Test windows share raw samples with training windows, so much of each test question had already been "
               "answered in training."}},
    LeakEntry{"leak/trial-split",
              {"Windows of one trial on both sides",
               "All windows of a trial have the same label. When some are in training, the decoder can recognise the "
               "trial instead of what the person felt or thought."}},
    LeakEntry{
        "leak/subject-split",
        {"The same people on both sides",
         "The label belongs to the person, or the claim is about new people, yet the test people were in training: "
         "the decoder can recognise them."}},
    LeakEntry{"leak/session-split",
              {"The same sessions on both sides",
               "The decoder can recognise the session (cap, impedance, tiredness) instead of the state."}},
    LeakEntry{"leak/twin-recordings",
              {"The same recording under two names", "A copy of a training recording is in the test set."}},
    LeakEntry{"leak/made-before-split",
              {"Samples were made before the split",
               "Synthetic samples were made from samples of both sides, so training holds mixtures of test samples."}},
    LeakEntry{"leak/fit-on-test",
              {"Something was fitted on test samples",
               "A scaler, feature choice or reference learned from samples that were tested later."}},
    LeakEntry{
        "leak/selected-on-test",
        {"Something was chosen by its test score",
         "An epoch, setting or seed was chosen because it did best on the test samples, which is luck made into a "
         "result."}},
    LeakEntry{
        "leak/warm-start",
        {"Training did not start fresh", "The starting weights had been trained on samples that are tested here."}},
    LeakEntry{"leak/pretraining-contains-test",
              {"Pretraining contained test data", "The foundation model had seen test recordings or people before."}},
    LeakEntry{"leak/whole-recording-statistic",
              {"A statistic of whole recordings",
               "Normalisation or artefact removal used the whole recording, test part included."}},
    LeakEntry{"leak/batch-dependence",
              {"Predictions depend on each other", "A prediction changes with the other samples predicted beside it."}},
    LeakEntry{"leak/label-proxy", {"An input gives the label away", "One of the inputs stands for the label."}},
    LeakEntry{"leak/future",
              {"Later samples were used", "Predictions used samples recorded after the predicted moment."}},
    LeakEntry{
        "control/permutation",
        {"The control with permuted labels fails",
         "With labels permuted by trial the same procedure still scores above chance, so its score is not about the "
         "labels."}},
    LeakEntry{"control/noise-input",
              {"Noise does as well", "Noise of the same spectrum in place of the recording scores as well."}},
    LeakEntry{
        "confound/block",
        {"The label follows the time of recording", "Time alone predicts the label; drift may be what is decoded."}},
    LeakEntry{"confound/nuisance",
              {"The label follows how it was recorded", "Properties of the recording alone predict the label."}},
    LeakEntry{
        "report/below-chance",
        {"Worse than chance", "A score reliably below chance means a confound or unbalanced folds, not bad luck."}},
};

struct PlanEntry {
  std::string_view plan, is_new;
  int reach;
};

constexpr std::array plans{
    PlanEntry{"as-published", "whatever the authors held out", 0},
    PlanEntry{"random-windows", "windows only (their trials and people were in training)", 0},
    PlanEntry{"k-fold", "windows only, in blocks or in turn", 0},
    PlanEntry{"stratified-k-fold", "windows only (their trials and people were in training)", 0},
    PlanEntry{"within-session", "windows or trials of known people and sessions", 1},
    PlanEntry{"blocked-k-fold", "stretches of time within known recordings", 2},
    PlanEntry{"chronological", "later windows of known recordings", 2},
    PlanEntry{"group-k-fold", "whole groups", 3},
    PlanEntry{"stratified-group-k-fold", "whole trials of known people", 3},
    PlanEntry{"leave-one-trial-out", "whole trials of known people", 3},
    PlanEntry{"leave-one-recording-out", "whole recordings", 4},
    PlanEntry{"cross-session", "whole sessions of known people", 5},
    PlanEntry{"forward", "later sessions of known people", 6},
    PlanEntry{"cross-subject", "people never seen in training", 7},
    PlanEntry{"leave-one-subject-out", "people never seen in training", 7},
    PlanEntry{"leave-one-study-out", "studies never seen in training", 8},
};

}  // namespace

LeakWords leak_words(std::string_view code) {
  const auto found =
      std::find_if(leaks.begin(), leaks.end(), [&](const LeakEntry& entry) { return entry.code == code; });
  return found == leaks.end() ? LeakWords{code, ""} : found->words;
}

std::string plan_is_new(std::string_view plan) {
  const auto found =
      std::find_if(plans.begin(), plans.end(), [&](const PlanEntry& entry) { return entry.plan == plan; });
  return std::string(found == plans.end() ? "as the plan holds out" : found->is_new);
}

int plan_reach(std::string_view plan) {
  const auto found =
      std::find_if(plans.begin(), plans.end(), [&](const PlanEntry& entry) { return entry.plan == plan; });
  return found == plans.end() ? 0 : found->reach;
}

}  // namespace caton::report
