// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/reference_results.hpp"

#include "caton/base/error.hpp"
#include "caton/study/recipe.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <fstream>

using namespace caton;
using caton::testing::error_of;

namespace {

Path written(const std::string& text) {
  const Path file = caton::testing::scratch("reference-lines") / "lines.toml";
  std::ofstream(file) << text;
  return file;
}

const char* const two_lines = R"(
[[line]]
task = "t"
recipe = "a.toml"
pipeline = "p"
plan = "q"
correct = 2
total = 3
tolerance = 1

[[line]]
task = "t"
recipe = "a.toml"
pipeline = "p"
plan = "q"
subject = "ann"
auc = 1.0
positive = "yes"
tolerance = 0.005
leak = true
)";

Table predictions() {
  return {{"pipeline", "plan", "subject", "y", "label", "p_no", "p_yes"},
          {{"p", "q", "ann", "yes", "yes", "0.2", "0.8"},
           {"p", "q", "ann", "no", "no", "0.7", "0.3"},
           {"p", "q", "ben", "no", "yes", "0.1", "0.9"},
           {"p", "other", "ben", "no", "no", "0.9", "0.1"}}};
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("reference lines: counts and areas of the predictions that are meant") {
    const auto lines = read_reference_lines(written(two_lines));
    REQUIRE(lines.size() == 2);
    auto counted = outcome_of(lines[0], predictions());
    CHECK(counted.correct == 2);
    CHECK(counted.total == 3);
    CHECK(reached(lines[0], counted));
    counted.leaky = true;
    CHECK_FALSE(reached(lines[0], counted));
    auto area = outcome_of(lines[1], predictions());
    CHECK(area.total == 2);
    CHECK(area.auc == 1.0);
    CHECK_FALSE(reached(lines[1], area));
    area.leaky = true;
    CHECK(reached(lines[1], area));
    area.auc = 0.99;
    CHECK_FALSE(reached(lines[1], area));
    ReferenceLine nobody = lines[0];
    nobody.subject = "cid";
    CHECK(std::string(error_of([&] { (void)outcome_of(nobody, predictions()); }).what()).find("cid") !=
          std::string::npos);
  }

  TEST_CASE("reference lines: what is no line is refused") {
    const auto refused = [](const std::string& text) {
      return error_of([&] { (void)read_reference_lines(written(text)); }).kind();
    };
    CHECK(refused("[[line]]\nrecipe = \"a\"\npipeline = \"p\"\nplan = \"q\"\n") == ErrorKind::usage);
    CHECK(refused("[[line]]\ntotal = 3\n") == ErrorKind::usage);
    CHECK(refused("[[line]]\ntotals = 3\n") == ErrorKind::usage);
  }

  TEST_CASE("reference lines: every line names a pipeline of a recipe that can be read") {
    const Path folder = caton::testing::source_dir() / "recipes" / "reference";
    for (const auto& line : read_reference_lines(folder / "lines.toml")) {
      INFO(line.recipe << " " << line.pipeline << " " << line.plan);
      const Recipe recipe = read_recipe(folder / line.recipe);
      const auto& all = recipe.pipelines;
      CHECK(std::any_of(all.begin(), all.end(), [&](const auto& pipeline) { return pipeline.name == line.pipeline; }));
      CHECK(std::any_of(recipe.plans.begin(), recipe.plans.end(),
                        [&](const auto& plan) { return plan.name == line.plan; }));
    }
  }

  TEST_CASE("reference lines: a folder that is not there is a problem of its lines, not the end") {
    auto lines = read_reference_lines(written(two_lines));
    const Path folder = caton::testing::scratch("reference-empty");
    Progress progress(default_display(true));
    const auto outcomes = reference_outcomes(lines, folder, folder, folder / "out", progress);
    REQUIRE(outcomes.size() == 2);
    CHECK_FALSE(outcomes[0].problem.empty());
    CHECK_FALSE(reached(lines[0], outcomes[0]));
  }
}
