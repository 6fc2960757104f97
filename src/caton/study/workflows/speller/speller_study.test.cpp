// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/speller/speller_study.hpp"

#include "caton/base/threads.hpp"
#include "caton/datasets/simulated/ssvep.hpp"
#include "golden_test.hpp"

using namespace caton;
using namespace caton::speller;
using namespace caton::testing;

namespace {

Path study(double effect, const char* name) {
  const Path folder = scratch(name) / "flicker";
  return simulate_ssvep({.subjects = 3, .blocks = 4, .targets = 4, .seconds = 1.2, .effect = effect, .seed = 3},
                        folder);
}

Request request(const Path& folder) {
  Request asked{.dataset = "bids", .folder = folder};
  asked.methods = {"fbcca", "trca"};
  asked.windows_s = {0.5, 1};
  asked.bands = 2;
  return asked;
}

bool says(const Error& error, const std::string& word) {
  return std::string(error.what()).find(word) != std::string::npos;
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("speller: a simulated study is read, and the files hold what the page shows") {
    const Path folder = study(2, "speller-effect");
    Request asked = request(folder);
    asked.phase_step_pi = 0.5;
    const Result result = try_speller(asked);
    CHECK(result.subjects.size() == 3);
    CHECK(result.trials == 48);
    CHECK(result.latency_s == 0.135);
    CHECK(result.targets[3].phase_pi == 1.5);
    for (const MethodResult& method : result.methods) {
      CAPTURE(method.name);
      CHECK(method.fixed[1].accuracy.mean > 0.7);
      CHECK(method.fixed[1].itr.mean < method.fixed[1].itr_without.mean);
      CHECK(*method.fixed[1].accuracy.low <= method.fixed[1].accuracy.mean);
      CHECK_FALSE(method.stopping.empty());
    }
    CHECK(result.methods[0].training.empty());
    CHECK(result.methods[1].training.size() == 2);
    CHECK(result.decisions.rows.size() == 2 * 2 * 48);
    const Path written = folder.parent_path() / "result";
    write_result(result, written);
    const std::string page = read_text_file(written / "speller.html", 1 << 24);
    CHECK(page.find("Above chance") != std::string::npos);
    CHECK(page.find("May the posterior be believed?") != std::string::npos);
    const Json numbers = parse_json(read_text_file(written / "results.json", 1 << 24), "results");
    CHECK(numbers.at("methods").items("methods").size() == 2);
    (void)error_of([&] { write_result(result, written); });
  }

  TEST_CASE("speller: noise stays at chance, and the page says so") {
    const Result result = try_speller(request(study(0, "speller-noise")));
    for (const MethodResult& method : result.methods)
      // 48 decisions of four targets: 23 or more right in one of 1000 studies.
      for (const FixedWindow& window : method.fixed) CHECK(window.accuracy.mean < 23.0 / 48);
    CHECK(page_of(result).find("Not above chance") != std::string::npos);
  }

  TEST_CASE("speller: what cannot be tried is refused in one line") {
    const Path folder = study(1, "speller-refused");
    const auto refused = [&](const char* word, const std::function<void(Request&)>& change) {
      Request asked = request(folder);
      change(asked);
      CHECK(says(error_of([&] { (void)try_speller(asked); }), word));
    };
    refused("trcaa", [](Request& asked) { asked.methods = {"trcaa"}; });
    refused("--windows", [](Request& asked) { asked.windows_s = {1, 0.5}; });
    refused("--windows", [](Request& asked) { asked.windows_s = {}; });
    refused("--gaze-shift", [](Request& asked) { asked.gaze_shift_s = -1; });
    refused("--bands", [](Request& asked) { asked.bands = 11; });
    refused("trial", [](Request& asked) { asked.windows_s = {5}; });
    refused("layout", [](Request& asked) { asked.dataset = "bidss"; });
    refused("PO33", [](Request& asked) { asked.channels = {"PO33"}; });
  }
}
