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
correct = 3
total = 5
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
reason = "leak/trial-split"

[[finding]]
about = "copies"
recipe = "a.toml"
code = "study/copy"
says = ["one", "two"]
)";

Table predictions() {
  return {{"pipeline", "plan", "fold", "subject", "trial", "y", "label", "p_no", "p_yes"},
          {{"p", "q", "0", "ann", "1/a", "yes", "yes", "0.2", "0.8"},
           {"p", "q", "0", "ann", "1/b", "yes", "yes", "0.3", "0.7"},
           {"p", "q", "1", "ann", "1/c", "no", "no", "0.7", "0.3"},
           {"p", "q", "1", "ann", "2/a", "no", "no", "0.6", "0.4"},
           {"p", "q", "1", "ben", "2/b", "no", "yes", "0.1", "0.9"},
           {"p", "other", "0", "ben", "1/a", "no", "no", "0.9", "0.1"}}};
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("reference lines: counts and areas of the predictions that are meant") {
    const auto lines = read_reference_table(written(two_lines)).lines;
    REQUIRE(lines.size() == 2);
    auto counted = outcome_of(lines[0], predictions());
    CHECK(counted.correct == 4);
    CHECK(counted.total == 5);
    CHECK(counted.interval.low == doctest::Approx(0.3755).epsilon(1e-3));
    CHECK(reached(lines[0], counted));
    counted.leaky = true;
    CHECK_FALSE(reached(lines[0], counted));
    auto area = outcome_of(lines[1], predictions());
    CHECK(area.total == 4);
    CHECK(area.auc == 1.0);
    CHECK_FALSE(reached(lines[1], area));
    area.leaky = true;
    CHECK_FALSE(reached(lines[1], area));  // leaky, but not for the reason
    area.stops = {"leak/trial-split"};
    CHECK(reached(lines[1], area));
    area.auc = 0.99;
    CHECK_FALSE(reached(lines[1], area));
    ReferenceLine part = lines[0];
    part.trial = "2/";
    CHECK(outcome_of(part, predictions()).total == 2);
    part.fold = 0;
    CHECK_THROWS_AS((void)outcome_of(part, predictions()), Error);
    part.trial = "";
    CHECK(outcome_of(part, predictions()).total == 2);
    ReferenceLine nobody = lines[0];
    nobody.subject = "cid";
    CHECK(std::string(error_of([&] { (void)outcome_of(nobody, predictions()); }).what()).find("cid") !=
          std::string::npos);
  }

  TEST_CASE("reference lines: intervals and what the audit must tell") {
    ReferenceLine line{.correct = 60, .total = 100, .by_interval = true};
    ReferenceOutcome outcome{.correct = 52, .total = 100};
    CHECK(reached(line, outcome));
    outcome.correct = 49;
    CHECK_FALSE(reached(line, outcome));
    line.by_interval = false;
    line.told = "leak/fit-on-test";
    outcome.correct = 60;
    CHECK_FALSE(reached(line, outcome));
    outcome.codes = {"leak/fit-on-test"};
    CHECK(reached(line, outcome));
    outcome.stops = outcome.codes;
    CHECK_FALSE(reached(line, outcome));
  }

  TEST_CASE("reference findings: code and texts must agree") {
    const auto wanted = read_reference_table(written(two_lines)).findings;
    REQUIRE(wanted.size() == 1);
    const auto finding = [](const char* code, const char* what) {
      return Json(Json::List{Json::object({{"code", code}, {"where", "one"}, {"what", what}})});
    };
    CHECK(found_in(wanted[0], finding("study/copy", "and two")) == "one: and two");
    CHECK(found_in(wanted[0], finding("study/copy", "and three")).empty());
    CHECK(found_in(wanted[0], finding("study/other", "and two")).empty());
  }

  TEST_CASE("reference lines: what is no line is refused") {
    const auto refused = [](const std::string& text) {
      return error_of([&] { (void)read_reference_table(written(text)); }).kind();
    };
    CHECK(refused("[[line]]\nrecipe = \"a\"\npipeline = \"p\"\nplan = \"q\"\n") == ErrorKind::usage);
    CHECK(refused("[[line]]\ntotal = 3\n") == ErrorKind::usage);
    CHECK(refused("[[line]]\ntotals = 3\n") == ErrorKind::usage);
    const std::string line = "[[line]]\nrecipe = \"a\"\npipeline = \"p\"\nplan = \"q\"\ntotal = 3\n";
    CHECK(refused(line + "leak = true\n") == ErrorKind::usage);
    CHECK(refused(line + "rule = \"about\"\n") == ErrorKind::usage);
    CHECK(refused(line + "auc_interval = [1]\n") == ErrorKind::usage);
    CHECK(refused(line + "[[finding]]\ncode = \"x\"\n") == ErrorKind::usage);
  }

  TEST_CASE("reference lines: every line names a pipeline of a recipe that can be read") {
    const Path folder = caton::testing::source_dir() / "recipes" / "reference";
    const auto table = read_reference_table(folder / "lines.toml");
    for (const auto& finding : table.findings) CHECK_NOTHROW((void)read_recipe(folder / finding.recipe));
    for (const auto& line : table.lines) {
      INFO(line.recipe << " " << line.pipeline << " " << line.plan);
      const Recipe recipe = read_recipe(folder / line.recipe);
      const auto& all = recipe.pipelines;
      CHECK(std::any_of(all.begin(), all.end(), [&](const auto& pipeline) { return pipeline.name == line.pipeline; }));
      CHECK(std::any_of(recipe.plans.begin(), recipe.plans.end(),
                        [&](const auto& plan) { return plan.name == line.plan; }));
    }
  }

  TEST_CASE("reference lines: a folder that is not there is a problem of its lines, not the end") {
    const auto table = read_reference_table(written(two_lines));
    const Path folder = caton::testing::scratch("reference-empty");
    Progress progress(default_display(true));
    const auto outcomes = reference_outcomes(table, folder, folder, folder / "out", progress);
    REQUIRE(outcomes.lines.size() == 2);
    CHECK_FALSE(outcomes.lines[0].problem.empty());
    CHECK_FALSE(reached(table.lines[0], outcomes.lines[0]));
    CHECK(outcomes.findings == std::vector<std::string>{""});
  }
}
