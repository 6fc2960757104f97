// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/task/task_study.hpp"

namespace caton {
namespace {

const DatasetEntry emotion_sim{
    .name = "emotion-sim",
    .about =
        "simulated in the task form: 8 people, 9 clips of 20 s (negative, neutral, positive), 14 electrodes, 128 Hz",
    .layout = task_layout(),
    .apply_at = "made for tests of caton, CC0-1.0",
    .traps = {"windows of one clip on both sides of a split are recognised by the clip's own fingerprint",
              "beta and gamma at the temples drift upward from clip to clip, so order tells part of the label",
              "with 9 clips a person the interval of any accuracy is wide"},
    .citation = "see origin and licence in task.json",
    .keys = task_keys(),
    .open = open_task_study,
};
CATON_REGISTER(DatasetEntry, emotion_sim);

}  // namespace
}  // namespace caton
