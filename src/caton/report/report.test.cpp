// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/report.hpp"

#include "caton/report/example_run.test.hpp"

#include "golden_test.hpp"

namespace caton {
namespace {

using testing::scratch;

TEST_SUITE("report") {
  TEST_CASE("the example run becomes a page") {
    const Path folder = scratch("report") / "run";
    testing::write_example_run(folder);
    const std::string page = report_html(read_run_folder(folder));
    CHECK(page.find(not_a_medical_device()) != std::string::npos);
    CHECK(page.size() < 2'000'000);
    write_file(folder / "report.html", page);
  }
}

}  // namespace
}  // namespace caton
