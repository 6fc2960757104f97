// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/evaluate/runner.hpp"
#include "caton/study/measured_study.hpp"

namespace caton {

/// What a fold tells about its decoder on its test samples: its own explanations, and how much worse it does with one
/// electrode, one band or one band of one electrode hidden.
[[nodiscard]] std::vector<Explanation> explain_fold(const Decoder& decoder, const SampleSet& training,
                                                    const SampleSet& test);

/// Writes `tables/*.csv` (`explain/tables.hpp` lists them): folds of the explained plan together.
void write_tables(const RunSpec& spec, const RunOutcome& outcome, const Json& study, const Path& folder);

}  // namespace caton
