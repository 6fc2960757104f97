// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// Every command of the guide is run, in a folder that has what the guide speaks of.
#include "program_test.hpp"
#include "small_study.hpp"

#include "caton/study/workflows/happyfeat/imagery.test.hpp"

#include "caton/base/text.hpp"

#include <set>

using namespace caton;
using namespace caton::testing;

namespace {

/// Code blocks of a language in a page.
std::vector<std::string> blocks(const std::string& page, const std::string& language) {
  std::vector<std::string> found;
  const std::string fence = "```" + language + "\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    const std::size_t begin = at + fence.size(), end = page.find("```", begin);
    found.push_back(page.substr(begin, end - begin));
    at = end;
  }
  return found;
}

Path a_recording() {
  std::set<Path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(small_study())) {
    if (entry.path().extension() == ".edf" && entry.path().string().find("derivatives") == std::string::npos)
      files.insert(entry.path());
  }
  REQUIRE(!files.empty());
  return *files.begin();
}

/// What the guide's reader has at hand; the demo study is made smaller, nothing else.
Path guide_folder() {
  const Path folder = scratch("guide");
  std::string demo = read_text_file(source_dir() / "recipes/rbtransformer-demo.toml", 1 << 20);
  demo = changed(demo, "subjects = 4", "subjects = 3");
  demo = changed(demo, "trials = 16", "trials = 6");
  demo = changed(demo, "seconds = 30", "seconds = 10");
  demo = changed(demo, "preset = \"rbtransformer-small\"", "preset = \"rbtransformer-small\", epochs = 4");
  write_file(folder / "recipes/rbtransformer-demo.toml", demo);
  std::filesystem::copy_file(a_recording(), folder / "recording.edf");
  for (const int run : {1, 2})
    write_imagery_run(folder / ("run" + std::to_string(run) + ".edf"),
                      {.trials = 12, .rhythm = 0.3, .seed = static_cast<std::uint64_t>(run)});
  std::filesystem::create_directory_symlink(small_study(), folder / "study");
  std::filesystem::create_directory_symlink(source_dir() / "tests", folder / "tests");
  const auto study = blocks(read_text_file(source_dir() / "docs/guide/own-study.md", 1 << 20), "toml");
  REQUIRE(study.size() == 1);
  write_file(folder / "my-study.toml", study.front());
  write_file(folder / "my-trials.toml",
             changed(study.front(), "decoder = \"shrinkage-lda\"", "decoder = \"shrinkage-lda\"\ndecide = \"trial\""));
  write_file(folder / "trials.tsv", "onset\tduration\ttrial_type\n2\t6\tclip\n12\t6\tclip\n");
  const auto groups = blocks(read_text_file(source_dir() / "docs/guide/connectivity.md", 1 << 20), "toml");
  REQUIRE(groups.size() == 1);
  write_file(folder / "groups.toml", groups.front());
  std::string splits = "sample,fold,role\n", windows = "sample,study,subject,session,recording,trial,begin,end,label\n";
  for (int i = 0; i < 8; ++i) {
    const std::string id = std::to_string(i);
    splits += id + ",0," + (i < 4 ? "train" : "test") + "\n";
    windows += id + ",s,p" + std::to_string(i / 4) + ",1,r" + std::to_string(i / 4) + ",t" + std::to_string(i / 2) +
               "," + std::to_string(100 * i) + "," + std::to_string(100 * i + 100) + "," + std::to_string(i % 2) + "\n";
  }
  write_file(folder / "splits.csv", splits);
  write_file(folder / "windows.csv", windows);
  return folder;
}

/// All pages: first those that make what the others speak of.
std::vector<Path> guide_pages() {
  std::vector<Path> pages;
  for (const char* const name : {"first-report", "own-recordings", "own-study"})
    pages.push_back(source_dir() / "docs/guide" / (std::string(name) + ".md"));
  std::set<Path> others;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "docs/guide")) {
    if (entry.path().extension() == ".md" && std::find(pages.begin(), pages.end(), entry.path()) == pages.end())
      others.insert(entry.path());
  }
  pages.insert(pages.end(), others.begin(), others.end());
  return pages;
}

}  // namespace

TEST_SUITE("house") {
  TEST_CASE("every command of the guide runs") {
    const Path folder = guide_folder();
    std::size_t commands = 0;
    for (const Path& page : guide_pages()) {
      const std::string name = page.stem().string();
      for (const auto& block : blocks(read_text_file(page, 1 << 20), "sh")) {
        for (const auto& line : split(block, '\n')) {
          if (line.empty()) continue;
          REQUIRE_MESSAGE(line.rfind("caton ", 0) == 0, name << ": " << line);
          std::string arguments = line.substr(6);
          for (std::size_t at = arguments.find('"'); at != std::string::npos; at = arguments.find('"', at + 1))
            arguments[at] = '\'';
          const Ran ran = run_program(arguments, folder);
          CHECK_MESSAGE(ran.code == 0, name << ": " << line << ": " << ran.error);
          ++commands;
        }
      }
    }
    CHECK(commands > 12);
  }
}
