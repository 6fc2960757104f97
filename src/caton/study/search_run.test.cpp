// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Candidates and learning curves over the whole road.
#include "golden_test.hpp"
#include "small_study.hpp"

#include "caton/base/error.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/study/recipe.hpp"
#include "caton/study/run.hpp"

#include <algorithm>

using namespace caton;
using caton::testing::error_of;
using caton::testing::scratch;

namespace {

const char* const recipe = R"([study]
name = "searched"
dataset = "simulated"
seed = 3

[prepare]
window = { length_s = 2.0 }

[[pipeline]]
name = "searched"
input = "differential-entropy"
steps = [{ select-by-f = [4, 12] }, "standardise"]
decoder = { name = "nearest-neighbours", neighbours = [1, 5] }
search = { folds = 2 }

[evaluate]
plans = ["cross-subject"]
permutations = 0
learning_curve = [0.5, 1]
explain = false
)";

}  // namespace

TEST_SUITE("study") {
  TEST_CASE(
      "candidates are chosen inside each fold, which is recorded, told and no leak; learning curves end at the score") {
    const Path folder = scratch("searched-run");
    Progress progress;
    const Recipe read = parse_recipe(recipe, "recipe");
    const RunResult result =
        run_study(read, {.data = caton::testing::small_study(), .output = folder / "run"}, progress);
    const RunFolder run = read_run_folder(result.folder);
    CHECK(result.verdict != "leaks");
    const Json& block = run.metrics.at("evaluations").items().at(0);
    const auto& choices = block.at("choices").items();
    CHECK(choices.size() == block.at("folds").size());
    for (const Json& choice : choices) {
      CHECK(choice.at("chosen").text().find("count ") != std::string::npos);
      CHECK(choice.at("chosen").text().find("neighbours ") != std::string::npos);
      CHECK(choice.at("what").text().find("4 combinations, 2 inner folds by subject") != std::string::npos);
    }
    const auto& points = block.at("learning_curve").items();
    REQUIRE(points.size() == 2);
    CHECK(points[0].at("samples").number() < points[1].at("samples").number());
    CHECK(points[1].at("accuracy").at("value") == block.at("metrics").at("accuracy").at("value"));
    CHECK(run.table("choices").rows.size() == choices.size());
    CHECK(run.table("learning_curve").rows.size() == 2);
    const std::string page = read_text_file(result.folder / "report.html", 1 << 26);
    CHECK(page.find("Chosen inside the training sets") != std::string::npos);
    CHECK(page.find("Learning curves") != std::string::npos);
    // The final fit searches too, and what it chose predicts again.
    CHECK(std::filesystem::exists(result.folder / "final" / "searched" / "model.safetensors"));
    CHECK(parse_recipe(read_text_file(result.folder / "recipe.toml", 1 << 20), "resolved").resolved == read.resolved);
  }

  TEST_CASE("a search without candidates and shares that do not ascend are refused") {
    const auto refused = [](const std::string& from, const std::string& to, const char* word) {
      std::string text = recipe;
      text.replace(text.find(from), from.size(), to);
      return std::string(error_of([&] { static_cast<void>(parse_recipe(text, "recipe")); }).what()).find(word) !=
             std::string::npos;
    };
    CHECK(
        refused("steps = [{ select-by-f = [4, 12] }, \"standardise\"]\ndecoder = { name = \"nearest-neighbours\", "
                "neighbours = [1, 5] }",
                "decoder = \"nearest-neighbours\"", "nothing to search"));
    CHECK(refused("[0.5, 1]", "[1, 0.5]", "ascend"));
    CHECK(refused("[4, 12]", "[4, \"many\"]", "select-by-f"));
  }
}
