// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/singular_values.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/random.hpp"

#include <doctest/doctest.h>

namespace caton {

TEST_SUITE("base") {
  TEST_CASE("singular values in memory of their own are those of the whole decomposition") {
    RandomStream random(5, "singular values");
    for (const auto& [rows, columns] : {std::pair<std::int64_t, std::int64_t>{40, 3}, {7, 7}, {4, 9}, {200, 15}}) {
      SingularValues solver(rows, columns);
      for (int repetition = 0; repetition < 3; ++repetition) {
        Matrix a({rows, columns}, uninitialised);
        for (double& value : a) value = random.normal();
        for (std::int64_t i = 0; i < rows && repetition == 2; ++i) a(i, columns - 1) = a(i, 0);  // a rank less
        const auto all = svd(a).singular;
        const auto values = solver.run(a);
        CHECK(std::vector<double>(values.begin(), values.end()) == all);
      }
    }
    Matrix wide({60, 20}, uninitialised);
    for (double& value : wide) value = random.normal();
    const auto all = svd(wide).singular;
    SingularValues solver(60, 20);
    const auto values = solver.run(wide);
    REQUIRE(values.size() == all.size());
    for (std::size_t k = 0; k < all.size(); ++k) CHECK(values[k] == doctest::Approx(all[k]).epsilon(1e-13));
  }
}

}  // namespace caton
