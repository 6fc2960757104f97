// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/task/task_study.hpp"

namespace caton {
namespace {

const DatasetEntry task{
    .name = "task",
    .about = "any study in the task form: one task.json that describes NPZ files of samples and events",
    .layout = task_layout(),
    .apply_at = "the form of caton's test recordings; any study can be written in it",
    .traps = {"a code whose meaning depends on the run is taken by its meaning in that run (left fist, both fists)",
              "events without a duration need trial_s: how long a trial is",
              "a unit that the source contradicts stays unknown: only what does not depend on scale may be used",
              "byte-equal recordings under two names occur in some of these studies"},
    .citation = "see origin and licence in task.json",
    .keys = task_keys(),
    .open = open_task_study,
};
CATON_REGISTER(DatasetEntry, task);

}  // namespace
}  // namespace caton
