// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/happyfeat/pages.hpp"
#include "imagery.test.hpp"
#include "program_test.hpp"
#include "signal_test.hpp"

#include "caton/features/burg_spectrum.hpp"
#include "caton/recording/recording.hpp"

#include <algorithm>
#include <numeric>

namespace caton {

using namespace happyfeat;
using testing::error_of;
using testing::run_program;
using testing::says;
using testing::scratch;
using testing::SimulatedImagery;
using testing::write_imagery_run;

namespace {

/// A workspace of two runs in a folder of its own.
Path imagery_workspace(const std::string& name, double rhythm) {
  const Path folder = scratch(name);
  Json files = Json::list();
  for (const int run : {1, 2}) {
    const Path file = folder / ("run" + std::to_string(run) + ".edf");
    write_imagery_run(file, {.rhythm = rhythm, .seed = static_cast<std::uint64_t>(run)});
    files.push(file.string());
  }
  Workspace::make(folder / "bench",
                  Json::object({{"workbench", Json::object({{"recordings", files}, {"reference", "none"}})},
                                {"train", Json::object({{"partitions", 5}, {"shuffles", 3}})},
                                {"extract", Json::object({{"ar_s", 0.055}})}}));
  return folder / "bench";
}

Json table(const char* name, std::initializer_list<Json::Member> given = {}) {
  return complete_table(name, Json::object(given));
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("workbench: a planted rhythm is found, chosen and decoded, and nothing is computed twice") {
    const Path folder = imagery_workspace("workbench-planted", 0.25);
    const Workspace workspace(folder);
    const Session session = workspace.session_of(workspace.table("extract"));
    CHECK(session.number == 1);
    auto runs = extract_runs(workspace, session);
    REQUIRE(runs.size() == 2);
    CHECK(!runs[0].from_cache);
    const auto again = extract_runs(workspace, session);
    CHECK(again[1].from_cache);
    CHECK(std::equal(again[1].power.begin(), again[1].power.end(), runs[1].power.begin()));
    CHECK(std::equal(again[1].time_frequency.begin(), again[1].time_frequency.end(), runs[1].time_frequency.begin()));
    CHECK(workspace.session_of(workspace.table("extract")).number == 1);

    const Json select = table("select");
    const Pool pool = pool_runs(runs, select);
    const Selection selection = select_automatically(pool, select);
    REQUIRE(selection.features.size() == 3);
    CHECK((selection.features[0].channel == "C3" || selection.features[0].channel == "C4"));
    CHECK(std::abs(selection.features[0].low_hz - 11) <= 3);

    const TrainingRequest request{selection, table("train", {{"partitions", 5}, {"shuffles", 3}})};
    const Attempt attempt = train(pool, request);
    REQUIRE(attempt.nested.has_value());
    REQUIRE(attempt.held_out.has_value());
    CHECK(attempt.nested->percent > attempt.chance_limit_percent);
    CHECK(attempt.held_out->percent > attempt.chance_limit_percent);
    CHECK(*attempt.shuffled_published > *attempt.shuffled_nested);
    CHECK(attempt.combinations.size() == 3);
    const Json kept = workspace.keep_attempt(attempt_json(pool, session, request, attempt));
    CHECK(kept.at("number").integer() == 1);
    CHECK(workspace.keep_attempt(attempt_json(pool, session, request, attempt)).at("number").integer() == 1);
    CHECK(workspace.attempts().size() == 1);
    CHECK(honest_figure(kept)->kind == "held-out runs");
    for (const std::string& page :
         {extract_page(workspace, session, runs), select_page(workspace, session, runs, pool, selection),
          train_page(workspace, kept), compare_page(workspace, workspace.attempts())}) {
      CHECK(page.find("<svg") != std::string::npos);
      CHECK(page.find("nan") == std::string::npos);
      CHECK(page.find("<script") == std::string::npos);
    }
  }

  TEST_CASE("workbench: on noise the published figure stays high and the honest one at chance") {
    const Path folder = imagery_workspace("workbench-noise", 1);
    const Workspace workspace(folder);
    const auto runs = extract_runs(workspace, workspace.session_of(workspace.table("extract")));
    const Pool pool = pool_runs(runs, table("select"));
    const Attempt attempt = train(
        pool, {select_automatically(pool, table("select")), table("train", {{"partitions", 5}, {"shuffles", 12}})});
    CHECK(*attempt.shuffled_published > 64);
    CHECK(*attempt.shuffled_nested == doctest::Approx(50).epsilon(0.2));
    CHECK(attempt.nested->percent < attempt.published.percent);
  }

  TEST_CASE("workbench: a trial's power is the mean of its windows' Burg spectra") {
    const Path folder = imagery_workspace("workbench-power", 0.5);
    const Workspace workspace(folder);
    const auto runs = extract_runs(workspace, workspace.session_of(workspace.table("extract")));
    const auto recording = open_recording(workspace.recordings()[0]);
    const std::int64_t channel = 2, rate = 128;
    std::vector<double> mean(65, 0.0);
    for (int w = 0; w < 18; ++w) {
      Matrix window({1, 32});
      const auto begin = static_cast<std::int64_t>(3 * rate + rate + std::llround(w * 0.161 * rate));
      recording->read(std::span(&channel, 1), begin, 32, window.view());
      const auto psd = ar_psd_grid(burg({window.data(), 32}, 7).ar, 128);
      for (std::size_t f = 0; f < 65; ++f) mean[f] += psd[f] / 18;
    }
    for (std::int64_t f = 0; f < 65; ++f)
      CHECK(runs[0].power(0, 2, f) == doctest::Approx(mean[static_cast<std::size_t>(f)]).epsilon(1e-9));
  }

  TEST_CASE("workbench: connectivity gives node strength, and the choice can be made on it") {
    const Path folder = scratch("workbench-strength");
    write_imagery_run(folder / "run.edf", {.trials = 8, .rhythm = 0.3, .channels = {"C3", "Cz", "C4"}});
    Workspace::make(folder / "bench",
                    Json::object({{"workbench", Json::object({{"recordings", Json::list_of(std::vector<std::string>{
                                                                                 (folder / "run.edf").string()})}})}}));
    const Workspace workspace(folder / "bench");
    const Session session = workspace.session_of(Json::object({{"connectivity", "coherence"}, {"resolution_hz", 4.0}}));
    const auto runs = extract_runs(workspace, session);
    CHECK(runs[0].strength.extent(1) == 3);
    for (const double value : runs[0].strength) CHECK((value >= 0 && value <= 1 + 1e-9));
    CHECK(runs[0].connectivity(1, 3, 2, 2) == doctest::Approx(1));
    const Json select = table("select", {{"of", "node-strength"}, {"count", 2}});
    const Pool pool = pool_runs(runs, select);
    const Selection selection = select_automatically(pool, select);
    CHECK(select_page(workspace, session, runs, pool, selection).find("Mean over trials") != std::string::npos);
    const auto plain = extract_runs(workspace, workspace.session_of(Json::object()));
    CHECK(says(error_of([&] { (void)pool_runs(plain, select); }), "connectivity"));
  }

  TEST_CASE("workbench: features by hand, and what none can be") {
    const Path folder = imagery_workspace("workbench-hand", 0.5);
    const Workspace workspace(folder);
    const auto runs = extract_runs(workspace, workspace.session_of(workspace.table("extract")));
    const Pool pool = pool_runs(runs, table("select"));
    const auto feature = parse_feature("C3;10:13", pool);
    CHECK(feature.text() == "C3;10:13");
    CHECK(feature_matrix(pool, {feature})(4, 0) ==
          doctest::Approx(
              (pool.values(4, 1, 10) + pool.values(4, 1, 11) + pool.values(4, 1, 12) + pool.values(4, 1, 13)) / 4));
    const Attempt attempt = train(pool, {{.select = table("select"), .automatic = false, .features = {feature}},
                                         table("train", {{"partitions", 5}})});
    CHECK(!attempt.nested.has_value());
    CHECK(!attempt.held_out.has_value());
    for (const char* const text : {"C5;10", "C3", "C3;a", "C3;70", "C3;12:10", "C3;10.4", "C3;-1", "C3;1:2:3"})
      CHECK_MESSAGE(error_of([&] { (void)parse_feature(text, pool); }).kind() == ErrorKind::usage, text);
    CHECK(says(error_of([&] { (void)parse_feature("C5;10", pool); }), "C3"));
    CHECK(says(error_of([&] { (void)pool_runs(runs, table("select"), {3}); }), "run"));
    CHECK(says(
        error_of([&] {
          (void)train(pool, {{.select = table("select"), .features = {feature}}, table("train", {{"partitions", 41}})});
        }),
        "partitions"));
  }

  TEST_CASE("workbench: parameters and runs that do not fit are refused by name") {
    const Path folder = imagery_workspace("workbench-refused", 0.5);
    const Workspace workspace(folder);
    const auto word = [&](std::initializer_list<Json::Member> extract, const std::string& expected) {
      const Session session{0, complete_table("extract", Json::object(extract)), {}};
      return says(error_of([&] { (void)extract_runs(workspace, session); }), expected);
    };
    CHECK(word({{"ar_s", 0.3}}, "order"));
    CHECK(word({{"window_s", 4.0}}, "window"));
    CHECK(word({{"resolution_hz", 0.0}}, "resolution_hz"));
    CHECK(word({{"connectivity", "coherense"}}, "coherence"));
    CHECK(word({{"epoch_s", 5000.0}}, "class"));
    CHECK(says(error_of([] { (void)complete_table("extract", Json::object({{"windw_s", 1}})); }), "window_s"));
    CHECK(says(error_of([&] { Workspace::make(folder, Json::object()); }), "run"));
    CHECK(says(error_of([&] { (void)Workspace(folder.parent_path()); }), "workspace"));
    CHECK(says(error_of([&] { (void)workspace.session(1); }), "extract"));
    const auto bench_of = [&](const std::string& name, const Path& second, std::initializer_list<Json::Member> more) {
      Json about = Json::object(
          {{"recordings", Json::list_of(std::vector<std::string>{workspace.recordings()[0], second.string()})}});
      for (const auto& [key, value] : more) about[key] = value;
      Workspace::make(folder.parent_path() / name, Json::object({{"workbench", about}}));
      const Workspace bench(folder.parent_path() / name);
      return error_of([&] { (void)extract_runs(bench, {0, table("extract"), {}}); });
    };
    const Path other = folder.parent_path() / "other.edf", few = folder.parent_path() / "few.edf";
    write_imagery_run(other, {.trials = 6, .rate_hz = 100});
    write_imagery_run(few, {.trials = 6, .channels = {"C3", "C4"}});
    CHECK(says(bench_of("rates", other, {}), "100 Hz"));
    CHECK(says(bench_of("channels", few, {}), "few.edf"));
    CHECK(says(bench_of("unknown", few, {{"channels", Json::list_of(std::vector<std::string>{"C3", "C7"})}}), "C7"));
    CHECK(
        says(bench_of("labels", few, {{"classes", Json::list_of(std::vector<std::string>{"REST", "LEFT"})}}), "LEFT"));
  }

  TEST_CASE("workbench: a trial at the end of its recording is dropped whole, and is named") {
    const Path folder = scratch("workbench-dropped");
    write_imagery_run(folder / "run.edf", {.trials = 6});
    const Workspace workspace = [&] {
      Workspace::make(
          folder / "bench",
          Json::object({{"workbench", Json::object({{"recordings", Json::list_of(std::vector<std::string>{
                                                                       (folder / "run.edf").string()})}})}}));
      return Workspace(folder / "bench");
    }();
    const Session session{0, complete_table("extract", Json::object({{"epoch_s", 4.5}})), {}};
    const auto runs = extract_runs(workspace, session);
    CHECK(runs[0].label.size() == 4);  // the first lacks its baseline, the last its end
    CHECK(runs[0].findings.size() == 2);
    CHECK(extract_runs(workspace, session)[0].findings == runs[0].findings);
  }
}

TEST_SUITE("cli") {
  TEST_CASE("caton workbench: every step, resumed, with the same pages for one thread and two") {
    const Path folder = scratch("workbench-program");
    for (const int run : {1, 2})
      write_imagery_run(folder / ("run" + std::to_string(run) + ".edf"),
                        {.trials = 12, .rhythm = 0.3, .seed = static_cast<std::uint64_t>(run)});
    const auto ok = [&](const std::string& arguments) {
      const auto ran = run_program("workbench " + arguments, folder);
      CHECK_MESSAGE(ran.code == 0, arguments << ": " << ran.error);
      return ran.out;
    };
    std::string pages[2];
    for (const int threads : {1, 2}) {
      std::filesystem::remove_all(folder / "bench");
      const std::string with = " --threads " + std::to_string(threads);
      ok("new bench --recordings run1.edf,run2.edf" + with);
      CHECK(ok("extract bench" + with).find("(0 from before)") != std::string::npos);
      ok("select bench --set low_hz=8 --set high_hz=20" + with);
      ok("train bench --set partitions=4 --set shuffles=2" + with);
      for (const char* const page : {"sessions/1/extract.html", "sessions/1/select.html", "sessions/1/train-1.html"})
        pages[threads - 1] += read_text_file(folder / "bench" / page, 1 << 24);
    }
    CHECK(pages[0] == pages[1]);
    CHECK(ok("extract bench").find("(2 from before)") != std::string::npos);
    CHECK(ok("train bench --set partitions=4 --set shuffles=2").find("computed before") != std::string::npos);
    CHECK(ok("extract bench --set window_s=0.5 --set shift_s=0.25").find("session 2") != std::string::npos);
    ok("select bench --features 'C3;11,C4;10:12'");
    CHECK(ok("train bench --set partitions=4").find("by hand") != std::string::npos);
    const std::string all = ok("compare bench");
    CHECK(all.find("attempt 2") != std::string::npos);
    CHECK(std::filesystem::exists(folder / "bench/compare.html"));
  }

  TEST_CASE("caton workbench: what cannot be done is one clear line") {
    const Path folder = scratch("workbench-unclear");
    write_imagery_run(folder / "run.edf", {.trials = 8});
    REQUIRE(run_program("workbench new bench --recordings run.edf", folder).code == 0);
    for (const std::string arguments :
         {"", "new bench --recordings run.edf", "new other --recordings nowhere.edf",
          "new other --recordings run.edf --classes REST", "extract nowhere", "select bench", "train bench",
          "compare bench", "extract bench --set windw_s=1", "extract bench --set window_s",
          "extract bench --set window_s=x", "extract bench --set ar_s=9", "undo bench"}) {
      const auto ran = run_program("workbench " + arguments, folder);
      CHECK_MESSAGE((ran.code == 2 || ran.code == 3), arguments);
      CHECK_MESSAGE(testing::one_clear_line(ran.error), arguments << ": " << ran.error);
    }
    CHECK(std::filesystem::is_empty(folder / "bench/sessions"));
  }
}

}  // namespace caton
