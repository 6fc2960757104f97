// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/datasets/simulated/session.hpp"

#include <string>
#include <vector>

/// The folder `derivatives/truth`: what a good analysis of the simulated study should find.
namespace caton::simulated {

/// "01", "02", … of the first, second person or session.
[[nodiscard]] std::string subject_label(std::int64_t index);

/// What all sessions share: description, options, sources.tsv, electrodes.tsv, electrode_weights.tsv, lead fields.
void write_study_truth(const Path& root, const SimulatedEmotion& study, const Head& head,
                       const std::vector<Person>& persons);

/// One session: desc-brain, desc-artefacts and desc-noise as EDF, spans of artefacts, time courses of the rhythms.
void write_session_truth(const Path& root, const BidsEeg& recorded, const Session& session);

/// The options by which a folder was simulated; refused (kind `input`) when it holds no truth.
[[nodiscard]] SimulatedEmotion read_options(const Path& study_folder);

/// For the report: `{electrodes: {name: weight}, positions: [[x, y, z]…], note}`. A weight is the change of band power
/// [dB] from the lowest rating of `target` to the highest, its size summed over bands; positions are those of the
/// sources that follow `target`, mean over persons [m].
[[nodiscard]] Json read_truth(const Path& study_folder, const std::string& target);

}  // namespace caton::simulated
