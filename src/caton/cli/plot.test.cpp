// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "program_test.hpp"
#include "small_study.hpp"

using namespace caton;
using namespace caton::testing;

namespace {

Path a_recording() {
  Path found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(small_study())) {
    if (entry.path().extension() == ".edf" && entry.path().string().find("derivatives") == std::string::npos &&
        (found.empty() || entry.path() < found))
      found = entry.path();
  }
  REQUIRE(!found.empty());
  return found;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("plot: writes svg and html, says what it wrote, never overwrites unasked") {
    const Path folder = scratch("cli-plot");
    const std::string file = "'" + a_recording().string() + "'";
    const Ran first = run_program("plot psd " + file + " -o psd.svg", folder);
    CHECK_MESSAGE(first.code == 0, first.error);
    CHECK(first.out.find("wrote psd.svg") != std::string::npos);
    CHECK(read_text_file(folder / "psd.svg", 1 << 26).rfind("<svg xmlns", 0) == 0);
    CHECK(run_program("plot psd " + file + " -o psd.svg", folder).code == 2);
    CHECK(run_program("plot raw " + file + " --seconds 4 --channels F3,F4 -q --force -o psd.svg", folder).code == 0);
    CHECK(run_program("plot montage " + file + " -o cap.html", folder).code == 0);
    CHECK(read_text_file(folder / "cap.html", 1 << 26).rfind("<!DOCTYPE html>", 0) == 0);
  }

  TEST_CASE("plot: wrong input is one clear line, and nothing is written") {
    const Path folder = scratch("cli-plot-wrong");
    const std::string file = "'" + a_recording().string() + "'";
    const auto refused = [&](const std::string& arguments, int code, const std::string& word) {
      const Ran ran = run_program("plot " + arguments, folder);
      CHECK_MESSAGE(ran.code == code, arguments << ": " << ran.error);
      CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
      CHECK_MESSAGE(ran.error.find(word) != std::string::npos, ran.error);
    };
    refused("psds " + file + " -o x.svg", 2, "psd");
    refused("psd " + file + " -o x.png", 2, ".svg or .html");
    refused("psd nowhere.edf -o x.svg", 3, "nowhere.edf");
    refused("psd " + file + " --channels Qz -o x.svg", 3, "Qz");
    refused("psd " + file + " --bands 8to13 -o x.svg", 2, "--bands");
    refused("erp " + file + " --baseline 1 -o x.svg", 2, "--baseline");
    refused("erp " + file + " --event nothing -o x.svg", 2, "nothing");
    CHECK(std::filesystem::is_empty(folder));
  }
}
