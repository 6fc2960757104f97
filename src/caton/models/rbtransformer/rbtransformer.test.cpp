// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/conformance/conformance.hpp"
#include "golden_test.hpp"

#include <doctest/doctest.h>

using namespace caton;
using namespace caton::testing;

TEST_SUITE("networks") {
  TEST_CASE("RBTransformer: the authors' numbers") {
    for (const char* const name :
         {"eval-binary-dreamer", "eval-odd-sizes", "eval-one-electrode", "eval-published-width",
          "eval-seed-three-class-4d", "eval-without-electrode-identity", "eval-without-intercortical-attention",
          "train-binary-no-smoothing", "train-five-class", "train-steps-adamw-cosine"}) {
      const auto path = reference("golden/rbtransformer/" + std::string(name) + ".safetensors");
      if (!path) continue;
      const CaseResult result = verify_case(read_golden_case(*path));
      INFO(name << ": " << result.problem);
      for (const auto& output : result.outputs) {
        INFO(output.name << " " << output.largest_absolute << " " << output.problem);
        CHECK(output.passed);
      }
      CHECK(result.passed);
    }
  }
}
