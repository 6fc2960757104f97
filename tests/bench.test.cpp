// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// What `caton bench` measures can be run, and what it prints can be read; how fast it is, no test asks.
#include "program_test.hpp"

#include "caton/base/json.hpp"
#include "caton/base/kernel.hpp"

using namespace caton;
using namespace caton::testing;

TEST_SUITE("cli") {
  TEST_CASE("bench: every kernel runs, moves bytes, and says what it is") {
    const auto& kernels = Registry<KernelEntry>::instance().entries();
    CHECK(kernels.size() >= 8);
    for (const KernelEntry* const kernel : kernels) {
      INFO(kernel->name);
      const KernelWork work = kernel->prepare();
      work.run();
      work.run();
      CHECK(work.bytes > 0);
      CHECK(work.operations >= 0);
      CHECK(kernel->about.size() > 10);
    }
  }

  TEST_CASE("bench: JSON of one kernel; an unknown one is refused with the near one") {
    const Ran ran = run_program("bench fft --json");
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    const Json told = parse_json(ran.out, "bench");
    REQUIRE(told.at("kernels").size() == 1);
    CHECK(told.at("kernels").items()[0].at("name").text() == "fft");
    CHECK(told.at("operations_per_s").number() > 0);
    const Ran refused = run_program("bench fff");
    CHECK(refused.code == 2);
    CHECK_MESSAGE(one_clear_line(refused.error), refused.error);
    CHECK(refused.error.find("fft") != std::string::npos);
  }

  TEST_CASE("R26 a set of instructions that is none is refused") {
    const Ran refused = run_program("datasets", build_dir(), "CATON_TARGET=sse9");
    CHECK(refused.code == 2);
    CHECK_MESSAGE(one_clear_line(refused.error), refused.error);
    CHECK(run_program("datasets", build_dir(), "CATON_TARGET=baseline").code == 0);
  }
}
