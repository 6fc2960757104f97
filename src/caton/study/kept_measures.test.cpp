// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// What was measured once is not measured again, by any run; and no run can tell the difference.
#include "program_test.hpp"
#include "small_study.hpp"

#include "caton/base/folder.hpp"
#include "caton/base/json.hpp"

#include <map>

using namespace caton;
using namespace caton::testing;

namespace {

/// Runs a recipe with a cache of its own and says how many recordings were not measured anew.
struct Laboratory {
  Path folder;

  explicit Laboratory(const std::string& name) : folder(scratch(name)) {}

  [[nodiscard]] Ran ran(const std::string& recipe, const std::string& output, const std::string& more = "") const {
    write_file(folder / "r.toml", recipe);
    return run_program("run r.toml -q --data '" + small_study().string() + "' -o " + output + " " + more, folder,
                       std::string(with_cache) + "XDG_CACHE_HOME='" + (folder / "cache").string() + "' ");
  }
  [[nodiscard]] std::int64_t from_cache(const std::string& recipe, const std::string& output,
                                        const std::string& more = "") const {
    const Ran result = ran(recipe, output, more);
    REQUIRE_MESSAGE(result.code == 0, result.error);
    const Path file = folder / output / "timing.json";
    return parse_json(read_text_file(file, 1 << 20), file.string()).at("recordings_from_cache").integer();
  }
  [[nodiscard]] Path kept() const { return folder / "cache" / "caton" / "measured"; }
  [[nodiscard]] std::map<std::string, std::string> files(const std::string& output) const {
    std::map<std::string, std::string> all;
    for (const Path& file : all_entries_of(folder / output)) {
      if (!std::filesystem::is_regular_file(file) || file.filename() == "timing.json") continue;
      all[std::filesystem::relative(file, folder / output).string()] = read_text_file(file, 1 << 26);
    }
    return all;
  }
};

constexpr std::int64_t recordings = 6;

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("measured once: the second run takes all from the cache and leaves the same bytes") {
    const Laboratory laboratory("kept-same");
    CHECK(laboratory.from_cache(small_recipe(), "first") == 0);
    CHECK(laboratory.from_cache(small_recipe(), "second", "--threads 2") == recordings);
    CHECK(laboratory.files("first") == laboratory.files("second"));
    // Another decoder, other plans, another name: the same windows. Another seed as well.
    const std::string other =
        changed(changed(small_recipe(), "shrinkage-lda", "nearest-neighbours"), "\"small\"", "\"other\"");
    CHECK(laboratory.from_cache(other, "other") == recordings);
    CHECK(laboratory.from_cache(small_recipe(), "anew", "--no-cache") == 0);
    CHECK(laboratory.files("first") == laboratory.files("anew"));
  }

  TEST_CASE("measured once: other steps, windows, channels, inputs and trials are measured anew") {
    const Laboratory laboratory("kept-other");
    CHECK(laboratory.from_cache(small_recipe(), "first") == 0);
    int number = 0;
    const std::vector<std::pair<std::string, std::string>> changes{
        {"{ reference = \"average\" }", "{ bandpass = { low_hz = 4, high_hz = 40 } }"},
        {"length_s = 2.0", "length_s = 3.0"},
        {"step_s = 1.0", "step_s = 0.5"},
        {"seed = 3", "seed = 3\nchannels = [\"F3\", \"F4\", \"O1\"]"},
        {"input = \"differential-entropy\"", "input = { name = \"differential-entropy\", order = 2 }"},
        {"target = \"valence\"", "target = \"arousal\""}};
    for (const auto& [from, to] : changes) {
      CAPTURE(to);
      const std::string name = "run-" + std::to_string(++number), recipe = changed(small_recipe(), from, to);
      CHECK(laboratory.from_cache(recipe, name) == 0);
      CHECK(laboratory.from_cache(recipe, name + "-again") == recordings);
      CHECK(laboratory.files(name) == laboratory.files(name + "-again"));
    }
    // One input was measured before, the other was not: the first is shared.
    const std::size_t before = entries_of(laboratory.kept()).size();
    const std::string two =
        changed(small_recipe(), "[evaluate]",
                "[[pipeline]]\nname = \"power\"\ninput = \"band-power\"\ndecoder = \"shrinkage-lda\"\n\n[evaluate]");
    CHECK(laboratory.from_cache(two, "two") == 0);
    CHECK(entries_of(laboratory.kept()).size() == before + recordings);
  }

  TEST_CASE("measured once: damaged entries are made again, a deleted folder too, with the same bytes") {
    const Laboratory laboratory("kept-damaged");
    CHECK(laboratory.from_cache(small_recipe(), "first") == 0);
    const auto entries = entries_of(laboratory.kept());
    CHECK(entries.size() == 2 * recordings);
    for (const Path& entry : entries) {
      std::string bytes = read_text_file(entry, 1 << 26);
      bytes[bytes.size() - 9] = static_cast<char>(bytes[bytes.size() - 9] ^ 64);
      write_file(entry, bytes);
    }
    CHECK(laboratory.from_cache(small_recipe(), "second") == 0);
    CHECK(laboratory.files("first") == laboratory.files("second"));
    CHECK(laboratory.from_cache(small_recipe(), "third") == recordings);
    std::filesystem::remove_all(laboratory.folder / "cache");
    CHECK(laboratory.from_cache(small_recipe(), "fourth") == 0);
    CHECK(laboratory.files("first") == laboratory.files("fourth"));
  }
}
