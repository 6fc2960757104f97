// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/numpy_random.hpp"
#include "caton/base/operation.hpp"

#include <vector>

using namespace caton;
using caton::testing::error_of;

TEST_SUITE("base") {
  TEST_CASE("numpy random: the ten thousandth word of the Mersenne twister") {
    NumpyRandom random(5489);
    for (int i = 0; i < 9999; ++i) static_cast<void>(random.next_u32());
    CHECK(random.next_u32() == 4123659995U);
  }

  TEST_CASE("numpy random: the draws of NumPy 1.24's RandomState") {
    NumpyRandom uniform(0), normal(0), wide(7), full(7);
    CHECK(uniform.uniform() == 0.5488135039273248);
    CHECK(uniform.uniform() == 0.7151893663724195);
    CHECK(normal.normal() == 1.764052345967664);
    CHECK(normal.normal() == 0.4001572083672233);
    CHECK(normal.normal() == 0.9787379841057392);
    CHECK(NumpyRandom(0).permutation(10) == std::vector<std::int64_t>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5});
    // randint(-5, 2**40) draws two words for each number, randint(0, 2**32) one.
    const std::uint64_t limit = (std::uint64_t{1} << 40) + 4;
    CHECK(static_cast<std::int64_t>(wide.up_to(limit)) - 5 == 752595690687);
    CHECK(static_cast<std::int64_t>(wide.up_to(limit)) - 5 == 108744157681);
    CHECK(full.up_to(0xffffffffU) == 327741615);
    CHECK(full.up_to(0xffffffffU) == 976413892);
  }

  TEST_CASE("numpy random: a range of one number draws nothing") {
    NumpyRandom drawn(3), fresh(3);
    CHECK(drawn.up_to(0) == 0);
    CHECK(drawn.next_u32() == fresh.next_u32());
  }

  TEST_CASE("numpy sum: adds in NumPy's order") {
    std::vector<double> values;
    for (int i = 1; i <= 300; ++i) values.push_back(1.0 / i);
    CHECK(numpy_sum(values.data(), 300) == 6.282663880299504);
    CHECK(numpy_sum(values.data(), 0) == 0);
  }

  TEST_CASE("numpy random: seeds and ranges that cannot be are refused") {
    const auto refused = [](const Json& args) {
      return error_of([&] { static_cast<void>(run_operation("numpy_random_state", args, {})); }).kind();
    };
    CHECK(refused(Json::object({{"seed", -1}, {"raw", 1}})) == ErrorKind::usage);
    CHECK(refused(Json::object({{"seed", std::int64_t{1} << 32}, {"raw", 1}})) == ErrorKind::usage);
    CHECK(refused(Json::object({{"seed", 1}, {"raw", -1}})) == ErrorKind::usage);
    CHECK(refused(Json::object({{"seed", 1}, {"randint", Json::list_of(std::vector<int>{3, 3, 1})}})) ==
          ErrorKind::usage);
  }
}
