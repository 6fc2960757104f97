// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/cli/command.hpp"

#include <string>

namespace caton::cli {

/// A pipeline that a run left, and the recording it is applied to.
struct FittedChoice {
  std::string run, file, pipeline;
};

/// RUN_FOLDER, FILE and --pipeline.
void add_fitted_choice(CLI::App& app, FittedChoice& choice);

}  // namespace caton::cli
