// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/operation.hpp"
#include "caton/conformance/conformance.hpp"
#include "golden_test.hpp"

#include <initializer_list>
#include <string>

namespace caton::testing {

/// Replays cases of tests/reference/own/<system>, which are in every clone; fails the test where a call differs.
inline void replay_own_cases(const std::string& system, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    const Path path = source_dir() / "tests" / "reference" / "own" / system / (std::string(name) + ".safetensors");
    CAPTURE(path.string());
    const CaseResult result = verify_case(read_golden_case(path));
    for (const OutputComparison& output : result.outputs)
      CHECK_MESSAGE(output.passed, output.name << ": " << output.problem);
    CHECK_MESSAGE(result.passed, result.problem);
  }
}

}  // namespace caton::testing
