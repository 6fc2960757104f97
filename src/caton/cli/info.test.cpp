// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/json.hpp"
#include "golden_test.hpp"

#include <sys/wait.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

using namespace caton;

namespace {

struct Result {
  int code = 0;
  std::string text;  ///< both streams
};

Result caton_program(const std::string& arguments, const std::string& environment = "") {
  const std::string command =
      environment + " '" + (caton::testing::build_dir() / "caton").string() + "' " + arguments + " 2>&1";
  Result result;
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> part;
  for (std::size_t count = 0; (count = fread(part.data(), 1, part.size(), pipe)) > 0;)
    result.text.append(part.data(), count);
  result.code = WEXITSTATUS(pclose(pipe));
  return result;
}

bool has(const Result& result, const char* word) { return result.text.find(word) != std::string::npos; }

std::string quoted(const Path& path) { return "'" + path.string() + "'"; }

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0, length = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++length;
    if (c == '\n') {
      longest = std::max(longest, length - 1);
      length = 0;
    }
  }
  return longest;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("info: the page names format, channels, amplitudes, annotations, findings and what to do next") {
    const auto file = caton::testing::reference("data/formats/edf/edfplus_c.edf");
    if (!file) return;
    const Result page = caton_program("info edfplus_c.edf", "cd " + quoted(file->parent_path()) + " && COLUMNS=80");
    CHECK(page.code == 0);
    for (const char* const word :
         {"EDF+C", "6 channels", "200 Hz", "8.00 s", "Fp1", "\xC2\xB5V", "blink", "Findings", "Next"})
      CHECK_MESSAGE(has(page, word), word);
    CHECK(page.text.find('\x1b') == std::string::npos);
    CHECK(longest_line(page.text) <= 80);
    CHECK(longest_line(
              caton_program("info edfplus_c.edf", "cd " + quoted(file->parent_path()) + " && COLUMNS=50").text) <= 52);
  }

  TEST_CASE("info --json: keys as promised, values at positions, null beyond the end") {
    const auto file = caton::testing::reference("data/formats/edf/mixed_rates.edf");
    if (!file) return;
    const Result result = caton_program("info --json --at 0,533,1599 " + quoted(*file));
    REQUIRE(result.code == 0);
    const Json about = parse_json(result.text, "info");
    std::vector<std::string> keys;
    for (const auto& [key, value] : about.members()) keys.push_back(key);
    CHECK(keys == std::vector<std::string>{"format", "duration_s", "channels", "annotations", "findings"});
    const Json& fast = about.at("channels").items().at(0);
    const Json& slow = about.at("channels").items().at(4);
    CHECK(fast.at("values").at("533").number() == doctest::Approx(1.977264e-5).epsilon(1e-5));
    CHECK(slow.at("rate_hz").number() == 1);
    CHECK(slow.at("unit").text() == "degC");
    CHECK(slow.at("values").at("533").is_null());
    CHECK(slow.at("values").at("0").number() > 30);
  }

  TEST_CASE("info --json of a bare array: variables, and no rate unless it is given") {
    const auto file = caton::testing::reference("data/formats/numpy/f8_fortran.npy");
    if (!file) return;
    const Json about = parse_json(caton_program("info --json " + quoted(*file)).text, "info");
    CHECK(about.at("duration_s").is_null());
    CHECK(about.at("channels").items().at(0).at("rate_hz").is_null());
    const Json& variable = about.at("variables").items().at(0);
    CHECK(variable.at("dtype").text() == "<f8");
    CHECK(variable.at("first").items().at(1).number() == doctest::Approx(-9.21047821));
    CHECK(variable.at("last").items().at(1).number() == doctest::Approx(6.49803948));
    CHECK(variable.at("sum").number() == doctest::Approx(67470.8627));
    const Json rated = parse_json(caton_program("info --json --rate 200 --unit uV " + quoted(*file)).text, "info");
    CHECK(rated.at("duration_s").number() == 8);
    CHECK(rated.at("channels").items().at(0).at("unit").text() == "uV");
  }

  TEST_CASE("info: several files, one of them bad, and wrong options") {
    const auto good = caton::testing::reference("data/formats/edf/plain.edf");
    const auto bad = caton::testing::reference("data/faults/edf/empty.edf");
    if (!good || !bad) return;
    const Result both = caton_program("info " + quoted(*bad) + " " + quoted(*good));
    CHECK(both.code == 3);
    CHECK(has(both, "empty"));
    CHECK(has(both, "6 channels"));
    CHECK(caton_program("info --json --at 1,x " + quoted(*good)).code == 2);
    CHECK(caton_program("info").code == 2);
    CHECK(has(caton_program("info --formats"), "BrainVision"));
  }

  TEST_CASE("info: control characters of a file never reach the terminal") {
    const auto file = caton::testing::reference("data/faults/edf/label_not_ascii.edf");
    if (!file) return;
    const Result page = caton_program("info " + quoted(*file));
    CHECK(page.code == 0);
    CHECK(page.text.find('\x01') == std::string::npos);
  }

  TEST_CASE("R19 convert: EDF to array and back, nothing overwritten unasked, the input never") {
    const auto file = caton::testing::reference("data/formats/edf/edfplus_c.edf");
    if (!file) return;
    const Path folder = caton::testing::scratch("cli-convert");
    const std::string array = quoted(folder / "x.npy"), again = quoted(folder / "y.edf"),
                      copy = quoted(folder / "z.edf");
    CHECK(caton_program("convert " + quoted(*file) + " -o " + array).code == 0);
    CHECK(caton_program("convert " + quoted(*file) + " -o " + array).code == 2);
    CHECK(caton_program("convert " + quoted(*file) + " -o " + array + " --force").code == 0);
    CHECK(caton_program("convert " + array + " --rate 200 --unit V -o " + again).code == 0);
    CHECK(caton_program("convert " + array + " -o " + copy).code == 2);
    CHECK(caton_program("convert " + quoted(*file) + " -o " + copy + " --channels C4,Fp1").code == 0);
    CHECK(caton_program("convert " + copy + " -o " + copy + " --force").code == 2);
    CHECK(caton_program("convert " + quoted(*file) + " -o " + quoted(folder / "x.csv")).code == 2);
    const Json before = parse_json(caton_program("info --json --at 0,533 " + quoted(*file)).text, "info");
    const Json after = parse_json(caton_program("info --json --at 0,533 " + again).text, "info");
    const Json two = parse_json(caton_program("info --json --at 0,533 " + copy).text, "info");
    CHECK(two.at("channels").size() == 2);
    CHECK(two.at("annotations").size() == 4);
    for (std::size_t i = 0; i < 6; ++i) {
      const double a = before.at("channels").items()[i].at("values").at("533").number();
      const double b = after.at("channels").items()[i].at("values").at("533").number();
      CHECK(std::fabs(a - b) < 4e-9);
    }
    CHECK(two.at("channels").items()[0].at("values").at("533").number() ==
          doctest::Approx(before.at("channels").items()[3].at("values").at("533").number()));
  }

  TEST_CASE("convert --undo-line-ends repairs a file copied in text mode") {
    const auto damaged = caton::testing::reference("data/faults/edf/crlf_damaged.edf");
    const auto sound = caton::testing::reference("data/formats/edf/plain.edf");
    if (!damaged || !sound) return;
    const Path folder = caton::testing::scratch("cli-line-ends");
    const std::string repaired = quoted(folder / "repaired.edf");
    CHECK(caton_program("info " + quoted(*damaged)).code == 3);
    CHECK(caton_program("convert --undo-line-ends " + quoted(*damaged) + " -o " + repaired).code == 0);
    CHECK(caton_program("info " + repaired).code == 0);
    CHECK(caton_program("convert --undo-line-ends " + quoted(*sound) + " -o " + quoted(folder / "no.edf")).code == 3);
    CHECK_FALSE(std::filesystem::exists(folder / "no.edf"));
  }
}
