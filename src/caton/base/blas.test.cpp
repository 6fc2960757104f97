// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/blas.hpp"

using namespace caton;

TEST_SUITE("base") {
  TEST_CASE("blas: the slow reference library is told, others are not") {
    const auto findings = blas_findings("reference", "/usr/lib/x/blas/libblas.so.3.11.0");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "machine/blas-reference");
    CHECK(findings[0].what.find("libopenblas") != std::string::npos);
    CHECK(blas_findings("OpenBLAS", "/usr/lib/x/openblas-pthread/libblas.so.3").empty());
  }

  TEST_CASE("blas: one thread inside a call, and the same answer every time") {
    const BlasState& state = prepare_blas();
    CHECK(&prepare_blas() == &state);
    CHECK_FALSE(state.library.empty());
    CHECK(state.findings == blas_findings(state.library, state.path));
    CHECK(std::string(std::getenv("OMP_NUM_THREADS")) == "1");
    if (state.library == "OpenBLAS") {
      CHECK(state.threads == 1);
      CHECK_FALSE(state.kernel.empty());
    }
  }
}
