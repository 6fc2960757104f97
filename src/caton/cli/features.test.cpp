// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "program_test.hpp"
#include "small_study.hpp"

using namespace caton;
using caton::testing::one_clear_line;
using caton::testing::run_program;
using caton::testing::scratch;
using caton::testing::small_study;

TEST_SUITE("cli") {
  TEST_CASE("caton features: the same file with one thread and with two; the list names every kind") {
    const Path folder = scratch("features-threads");
    std::filesystem::create_directory_symlink(small_study(), folder / "study");
    for (const std::string threads : {"1", "2"}) {
      const auto ran = run_program("-q --threads " + threads +
                                       " features study --kind band-power,entropies --window 5 --bands 4-8,8-13 "
                                       "--bandpass 1-45 --reference average -o " +
                                       threads + ".npz",
                                   folder);
      REQUIRE_MESSAGE(ran.code == 0, ran.error);
    }
    CHECK(sha256(MappedFile(folder / "1.npz").bytes()) == sha256(MappedFile(folder / "2.npz").bytes()));
    const auto list = run_program("features --list", folder);
    CHECK(list.code == 0);
    CHECK(list.out.find("hjorth") != std::string::npos);
  }

  TEST_CASE("caton features: what cannot be done is one clear line, and nothing is left") {
    const Path folder = scratch("features-refused");
    std::filesystem::create_directory_symlink(small_study(), folder / "study");
    write_file(folder / "taken.csv", "x");
    for (const std::string arguments :
         {"", "study", "study --kind hjorth", "study --kind hjort -o x.csv", "study --kind hjorth -o x.txt",
          "study --kind hjorth -o taken.csv", "study --kind hjorth --bands 4-8 -o x.csv",
          "study --kind band-power --bands 8 -o x.csv", "study --kind hjorth --window -1 -o x.csv",
          "study --kind hjorth --set order=3 -o x.csv", "study --kind entropies --set order -o x.csv",
          "study --kind hjorth --bandpass 45-1 -o x.csv", "nowhere.edf --kind hjorth -o x.csv",
          "study --kind hjorth --channels Nowhere -o x.csv"}) {
      const auto ran = run_program("features " + arguments, folder);
      CHECK_MESSAGE((ran.code == 2 || ran.code == 3), arguments);
      CHECK_MESSAGE(one_clear_line(ran.error), arguments << ": " << ran.error);
      CHECK(!std::filesystem::exists(folder / "x.csv"));
    }
  }
}
