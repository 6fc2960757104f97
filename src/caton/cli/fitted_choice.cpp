// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/cli/fitted_choice.hpp"

namespace caton::cli {

void add_fitted_choice(CLI::App& app, FittedChoice& choice) {
  app.add_option("RUN_FOLDER", choice.run, "what caton run left")->required();
  app.add_option("FILE", choice.file, "a recording")->required();
  app.add_option("--pipeline", choice.pipeline, "which pipeline of the run (default: its first)");
}

}  // namespace caton::cli
