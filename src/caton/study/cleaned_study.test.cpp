// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Cleaning as a step of a study: what the audit says of it, and that it finds nothing where nothing is.
#include "program_test.hpp"
#include "small_study.hpp"

#include "caton/base/json.hpp"
#include "caton/evaluate/run_folder.hpp"

#include <cstdlib>

using namespace caton;
using namespace caton::testing;

namespace {

std::string cleaned_recipe() {
  return changed(changed(small_recipe(), "{ reference = \"average\" }", "{ clean = { asr = false } }"),
                 "\"cross-subject\", { name = \"random-windows\", folds = 3 }",
                 "\"cross-subject\", { name = \"stratified-group-k-fold\", folds = 3 }");
}

/// Severity of a code in the findings of a plan; empty: not found.
std::string severity_of(const RunFolder& run, const std::string& plan, const std::string& code) {
  for (const Json& evaluation : run.metrics.at("evaluations").items()) {
    if (evaluation.at("plan").text() != plan) continue;
    for (const Json& leak : evaluation.at("leaks").items()) {
      if (leak.at("code").text() == code) return leak.at("severity").text();
    }
  }
  return {};
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("a study whose recordings are cleaned: told beside figures within a recording, no leak to new people") {
    const Path folder = scratch("study-cleaned");
    setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
    write_file(folder / "r.toml", cleaned_recipe());
    const std::string command = "run r.toml -q --data '" + small_study().string() + "' -o ";
    const Ran ran = run_program(command + "first", folder, with_cache);
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    const RunFolder run = read_run_folder(folder / "first");
    CHECK(severity_of(run, "cross-subject", "leak/window-overlap").empty());
    CHECK(severity_of(run, "stratified-group-k-fold", "leak/window-overlap") == "warn");
    for (const Json& evaluation : run.metrics.at("evaluations").items()) CHECK_FALSE(evaluation.at("leaky").flag());
    // From the cache and computed anew the same bytes.
    const std::string metrics = read_text_file(folder / "first" / "metrics.json", 1 << 26);
    REQUIRE(run_program(command + "second", folder, with_cache).code == 0);
    CHECK(read_text_file(folder / "second" / "metrics.json", 1 << 26) == metrics);
    std::filesystem::remove_all(folder / "cache");
    REQUIRE(run_program(command + "third --threads 2", folder, with_cache).code == 0);
    CHECK(read_text_file(folder / "third" / "metrics.json", 1 << 26) == metrics);
    unsetenv("XDG_CACHE_HOME");
    CHECK(read_text_file(folder / "first" / "report.html", 1 << 26).find("learned from each recording on its own") !=
          std::string::npos);
  }
}
