// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "program_test.hpp"

using namespace caton;
using caton::testing::one_clear_line;
using caton::testing::run_program;
using caton::testing::scratch;

TEST_SUITE("cli") {
  TEST_CASE("caton simulate: the same files with one thread and with two") {
    const Path folder = scratch("simulate-threads");
    for (const std::string threads : {"1", "2"}) {
      const auto ran =
          run_program("-q --threads " + threads +
                          " simulate emotion --subjects 2 --sessions 1 --trials 2 --seconds 2 -o " + threads,
                      folder);
      REQUIRE(ran.code == 0);
      CHECK(ran.out.empty());
    }
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "1")) {
      if (!entry.is_regular_file()) continue;
      const Path other = folder / "2" / std::filesystem::relative(entry.path(), folder / "1");
      CHECK_MESSAGE(sha256(MappedFile(entry.path()).bytes()) == sha256(MappedFile(other).bytes()), other);
      ++files;
    }
    CHECK(files > 30);
  }

  TEST_CASE("caton simulate: what cannot be done is one clear line, and nothing is left") {
    const Path folder = scratch("simulate-refused");
    std::filesystem::create_directory(folder / "taken");
    for (const std::string arguments :
         {"emotion", "emotion --subjects 0 -o x", "emotion --seconds abc -o x", "emotion --seed -1 -o x",
          "emotion --effect -1 -o x", "emotion --subject 3 -o x", "emotion -o taken", "emotion-null --windows 1 -o x",
          "emotion-null -o taken", "", "feelings -o x"}) {
      const auto ran = run_program("simulate " + arguments, folder);
      CHECK_MESSAGE(ran.code == 2, arguments);
      CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
    }
    std::size_t left = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      left += entry.path().filename() == "taken" ? 0 : 1;
    CHECK(left == 0);
  }
}
