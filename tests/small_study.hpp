// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// A simulated study and a recipe small enough for tests of the whole road.

#include "program_test.hpp"

#include "caton/base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

namespace caton::testing {

/// 3 people, 2 sessions of 6 trials of 10 s; made once for all tests of a build.
inline Path small_study() {
  const Path folder = build_dir() / "scratch" / "small-study";
  std::filesystem::create_directories(folder.parent_path());
  // Suites run side by side; the first one makes the study, the others wait for it.
  const int lock = open((folder.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  REQUIRE(lock >= 0);
  REQUIRE(flock(lock, LOCK_EX) == 0);
  if (!std::filesystem::exists(folder)) {
    const Ran ran = run_program("simulate emotion --subjects 3 --sessions 2 --trials 6 --seconds 10 --seed 5 -o '" +
                                folder.string() + "' -q");
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
  }
  close(lock);
  return folder;
}

/// A recipe for it with a classical decoder.
inline std::string small_recipe() {
  return R"([study]
name = "small"
dataset = "simulated"
target = "valence"
seed = 3

[prepare]
steps = [{ reference = "average" }]
window = { length_s = 2.0, step_s = 1.0 }

[[pipeline]]
name = "lda"
input = "differential-entropy"
steps = ["standardise"]
decoder = "shrinkage-lda"

[evaluate]
plans = ["cross-subject", { name = "random-windows", folds = 3 }]
metrics = ["accuracy", "balanced-accuracy"]
)";
}

/// The same with the small network, few epochs.
inline std::string network_recipe() {
  std::string recipe = small_recipe();
  const std::string decoder = "decoder = \"shrinkage-lda\"";
  recipe.replace(recipe.find(decoder), decoder.size(),
                 "decoder = { name = \"rbtransformer\", preset = \"rbtransformer-small\", epochs = 6 }");
  const std::string input = "input = \"differential-entropy\"\nsteps = [\"standardise\"]";
  recipe.replace(recipe.find(input), input.size(),
                 "input = { name = \"rbt-trial-tokens\", preset = \"own\", window_s = 2.0, stride_s = 1.0 }");
  return recipe;
}

/// `small_recipe` with one text replaced by another; fails the test when it is not there.
inline std::string changed(std::string recipe, const std::string& from, const std::string& to) {
  const auto place = recipe.find(from);
  REQUIRE_MESSAGE(place != std::string::npos, "the recipe has no " << from);
  return recipe.replace(place, from.size(), to);
}

}  // namespace caton::testing
