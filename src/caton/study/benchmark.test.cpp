// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/benchmark.hpp"

#include "golden_test.hpp"

#include "caton/base/error.hpp"

using namespace caton;
using caton::testing::error_of;
using caton::testing::scratch;

namespace {

bool says(const Error& error, const char* word) { return std::string(error.what()).find(word) != std::string::npos; }

const char* const recipe = R"([study]
name = "laboratory"
dataset = "emotion-null"
subjects = 4
sessions = 1
trials = 4
windows = 4
high_trials = 2
seed = 3

[[pipeline]]
name = "reference"
input = "given"
decoder = "shrinkage-lda"

[[pipeline]]
name = "neighbours"
input = "given"
decoder = { name = "nearest-neighbours", neighbours = 5 }

[evaluate]
plans = ["cross-subject"]
permutations = 0
final = false
explain = false
)";

const char* const table = R"([[task]]
task = "nothing to find"
recipe = "laboratory.toml"
data = "none"
reference = "reference"
)";

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("benchmark: recipes are run, held against the reference and told as a table") {
    const Path folder = scratch("benchmark");
    std::filesystem::create_directories(folder / "none");
    write_file(folder / "laboratory.toml", recipe);
    write_file(folder / "benchmark.toml", table);
    const auto tasks = read_benchmark(folder / "benchmark.toml");
    Progress progress;
    const auto rows = run_benchmark(tasks, folder, folder, folder / "runs", progress);
    REQUIRE(rows.size() == 2);
    CHECK_FALSE(rows[0].difference);
    REQUIRE(rows[1].difference);
    CHECK(rows[1].difference->p_holm == rows[1].difference->p);
    CHECK_FALSE(rows[1].leaky);
    const std::string text = benchmark_text(rows);
    CHECK(text.find("nothing to find, cross-subject") != std::string::npos);
    CHECK(text.find("| neighbours |") != std::string::npos);
    const Table numbers = benchmark_table(rows);
    for (const auto& row : numbers.rows) CHECK(row.size() == numbers.header.size());
  }

  TEST_CASE("benchmark: a table that lacks something is refused by its place") {
    const Path file = scratch("benchmark-bad") / "benchmark.toml";
    write_file(file, "[[task]]\ntask = \"a\"\nrecipe = \"b.toml\"\ndata = \"c\"\n");
    CHECK(says(error_of([&] { static_cast<void>(read_benchmark(file)); }), "reference"));
    write_file(file, "[[task]]\ntask = \"a\"\nscore = \"luck\"\nrecipe = \"b\"\ndata = \"c\"\nreference = \"d\"\n");
    CHECK(says(error_of([&] { static_cast<void>(read_benchmark(file)); }), "luck"));
  }
}
