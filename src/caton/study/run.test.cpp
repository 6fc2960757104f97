// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The whole road: same bytes whatever the threads, the processes and the interruptions; every key of a recipe counts.
#include "caton/study/run.hpp"

#include "program_test.hpp"
#include "small_study.hpp"

#include "caton/base/random.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/study/recipe.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <map>

using namespace caton;
using namespace caton::testing;

namespace {

using Files = std::map<std::string, std::string>;

/// Every file of a run folder but the one that may differ.
Files files_of(const Path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "timing.json") continue;
    files[std::filesystem::relative(entry.path(), folder).string()] = read_text_file(entry.path(), 1 << 26);
  }
  return files;
}

void check_equal(const Files& a, const Files& b) {
  CHECK(a.size() == b.size());
  for (const auto& [name, text] : a) {
    const auto found = b.find(name);
    CHECK_MESSAGE(found != b.end(), name << " is missing");
    if (found != b.end()) CHECK_MESSAGE(found->second == text, name << " differs");
  }
}

Path run_of(const Path& folder, const std::string& recipe, const std::string& name, const std::string& more = "",
            const std::string& before = "") {
  write_file(folder / (name + ".toml"), recipe);
  const Ran ran = run_program(
      "run " + name + ".toml -q --data '" + small_study().string() + "' -o " + name + " " + more, folder, before);
  REQUIRE_MESSAGE(ran.code == 0, ran.error);
  return folder / name;
}

bool have(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("R23 two runs, 1 to 3 threads and 1 or 2 ranks leave the same bytes") {
    const Path folder = scratch("study-same");
    const std::string recipe = network_recipe();
    const Files first = files_of(run_of(folder, recipe, "one", "--threads 1"));
    CHECK(first.size() > 20);
    check_equal(first, files_of(run_of(folder, recipe, "two", "--threads 2")));
    check_equal(first, files_of(run_of(folder, recipe, "three", "--threads 3")));
    if (!have("mpirun")) {
      MESSAGE("skipped: mpirun is not installed");
      return;
    }
    const std::string ranks = "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun --oversubscribe -np ";
    check_equal(first, files_of(run_of(folder, recipe, "ranks1", "--threads 1", ranks + "1")));
    check_equal(first, files_of(run_of(folder, recipe, "ranks2", "--threads 1", ranks + "2")));
  }

  TEST_CASE("R18 killed at 20 random moments, the same command ends with the same bytes") {
    const Path folder = scratch("study-kill");
    const std::string recipe = network_recipe();
    const Files whole = files_of(run_of(folder, recipe, "whole", "--threads 2"));
    RandomStream random(11, "kill");
    write_file(folder / "killed.toml", recipe);
    const std::string command = "run killed.toml -q --threads 2 --data '" + small_study().string() + "' -o killed";
    int killed = 0;
    for (int i = 0; i < 20; ++i) {
      const std::string wait = std::to_string(0.05 + 0.55 * random.uniform());
      const Ran ran = run_program(command, folder, "timeout --signal=KILL " + wait);
      killed += ran.code != 0 ? 1 : 0;
      if (ran.code == 0) {
        // Complete: the next kill hits a run from the start.
        check_equal(whole, files_of(folder / "killed"));
        std::filesystem::remove_all(folder / "killed");
      }
    }
    CHECK(killed >= 10);
    const Ran last = run_program(command, folder);
    REQUIRE_MESSAGE(last.code == 0, last.error);
    check_equal(whole, files_of(folder / "killed"));
  }

  TEST_CASE("the resolved recipe is a recipe, and gives the same run") {
    const Path folder = scratch("study-resolved");
    const Files first = files_of(run_of(folder, small_recipe(), "first"));
    const Files again = files_of(run_of(folder, first.at("recipe.toml"), "again"));
    check_equal(first, again);
  }

  TEST_CASE("a complete run is left as it is; predictions alone give the metrics again") {
    const Path folder = scratch("study-complete");
    const Path run = run_of(folder, small_recipe(), "run");
    const auto before = std::filesystem::last_write_time(run / "metrics.json");
    static_cast<void>(run_of(folder, small_recipe(), "run"));
    CHECK(std::filesystem::last_write_time(run / "metrics.json") == before);
  }

  TEST_CASE("every documented key of a recipe changes the numbers or is refused") {
    const Path folder = scratch("study-keys");
    const Files first = files_of(run_of(folder, small_recipe(), "base"));
    // What each key is set to; a key without an entry here fails the test.
    const std::map<std::string, std::pair<std::string, std::string>> changes{
        {"study.name", {"name = \"small\"", "name = \"other\""}},
        {"study.dataset", {"dataset = \"simulated\"", "dataset = \"seed\""}},
        {"study.path", {"seed = 3", "seed = 3\npath = \"nowhere\""}},
        {"study.seed", {"seed = 3", "seed = 4"}},
        {"study.channels", {"seed = 3", "seed = 3\nchannels = [\"F3\", \"F4\"]"}},
        {"study.duplicates", {"seed = 3", "seed = 3\nduplicates = \"maybe\""}},
        {"prepare.steps", {"{ reference = \"average\" }", "{ bandpass = { low_hz = 4, high_hz = 40 } }"}},
        {"prepare.window", {"length_s = 2.0", "length_s = 3.0"}},
        {"pipeline.name", {"name = \"lda\"", "name = \"linear\""}},
        {"pipeline.input",
         {"input = \"differential-entropy\"", "input = { name = \"differential-entropy\", order = 2 }"}},
        {"pipeline.steps", {"steps = [\"standardise\"]", "steps = [{ select-by-f = { features = 5 } }]"}},
        {"pipeline.before_split",
         {"decoder = \"shrinkage-lda\"", "before_split = [\"standardise\"]\ndecoder = \"shrinkage-lda\""}},
        {"pipeline.decoder", {"decoder = \"shrinkage-lda\"", "decoder = \"nearest-neighbours\""}},
        {"pipeline.decide", {"decoder = \"shrinkage-lda\"", "decide = \"trial\"\ndecoder = \"shrinkage-lda\""}},
        {"pipeline.search",
         {"decoder = \"shrinkage-lda\"",
          "decoder = { name = \"nearest-neighbours\", neighbours = [1, 3] }\nsearch = { folds = 2 }"}},
        {"pipeline.series",
         {"decoder = \"shrinkage-lda\"", "decoder = \"shrinkage-lda\"\nseries = { line = \"lda\", at = 1 }"}},
        {"evaluate.learning_curve", {"plans = ", "learning_curve = [0.5, 1]\nplans = "}},
        {"evaluate.plans", {"folds = 3", "folds = 4"}},
        {"evaluate.published", {"plans = ", "published = \"rbtransformer\"\nplans = "}},
        {"evaluate.metrics", {"\"accuracy\", \"balanced-accuracy\"", "\"accuracy\", \"kappa\""}},
        {"evaluate.unseen", {"plans = ", "unseen = \"subject\"\nplans = "}},
        {"evaluate.explain", {"plans = ", "explain = false\nplans = "}},
        {"evaluate.explain_plan", {"plans = ", "explain_plan = \"random-windows\"\nplans = "}},
        {"evaluate.twins", {"plans = ", "twins = false\nplans = "}},
        {"evaluate.permutations", {"plans = ", "permutations = 3\nplans = "}},
        {"evaluate.final", {"plans = ", "final = false\nplans = "}},
        {"limits.memory_gb", {"[evaluate]", "[limits]\nmemory_gb = 0\n\n[evaluate]"}},
        {"limits.threads", {"[evaluate]", "[limits]\nthreads = 0\n\n[evaluate]"}},
        {"limits.time_h", {"[evaluate]", "[limits]\ntime_h = -1\n\n[evaluate]"}},
    };
    int count = 0;
    for (const auto& table : recipe_tables()) {
      for (const auto& key : table.keys) {
        const std::string name = table.name + "." + key.name;
        const auto change = changes.find(name);
        REQUIRE_MESSAGE(change != changes.end(), name << " is documented, but never tried");
        write_file(folder / "r.toml", changed(small_recipe(), change->second.first, change->second.second));
        const std::string data = name == "study.path" ? "" : " --data '" + small_study().string() + "'";
        const std::string run = "run-" + std::to_string(count++);
        const Ran ran = run_program("run r.toml -q" + data + " -o " + run, folder);
        if (ran.code != 0) {
          CHECK_MESSAGE(one_clear_line(ran.error), name << ": " << ran.error);
          CHECK_MESSAGE((ran.code == 2 || ran.code == 3), name << ": " << ran.error);
          continue;
        }
        Files other = files_of(folder / run);
        Files base = first;
        other.erase("recipe.toml");
        base.erase("recipe.toml");
        CHECK_MESSAGE(other != base, name << " changed nothing");
      }
    }
  }

  TEST_CASE("limits of a recipe: memory, threads and time are kept, no byte of the results depends on them") {
    const Path folder = scratch("study-limits");
    const auto limited = [&](const std::string& limits, const std::string& more = "") {
      write_file(folder / "r.toml", changed(small_recipe(), "[evaluate]", "[limits]\n" + limits + "\n\n[evaluate]"));
      return run_program("run r.toml -q --data '" + small_study().string() + "' -o run " + more, folder);
    };
    const Ran memory = limited("memory_gb = 0.000001");
    CHECK(memory.code == 4);
    CHECK_MESSAGE(memory.error.find("memory") != std::string::npos, memory.error);
    const Ran time = limited("time_h = 1e-9");
    CHECK(time.code == 130);
    CHECK_MESSAGE(time.error.find("the time of [limits] is over") != std::string::npos, time.error);
    // What was stopped goes on; the command line goes first.
    const Ran whole = limited("memory_gb = 0.000001\nthreads = 3\ntime_h = 100", "--memory 4");
    REQUIRE_MESSAGE(whole.code == 0, whole.error);
    write_file(folder / "plain.toml", small_recipe());
    const Ran plain = run_program("run plain.toml -q --data '" + small_study().string() + "' -o plain", folder);
    REQUIRE(plain.code == 0);
    check_equal(files_of(folder / "run"), files_of(folder / "plain"));
    CHECK(limited("hours = 3").code == 2);
  }

  TEST_CASE("pipelines that are points of a line are drawn so, with intervals and chance") {
    const Path folder = scratch("study-series");
    const auto with_series = [](const std::string& series) {
      return changed(small_recipe(), "decoder = \"shrinkage-lda\"", "decoder = \"shrinkage-lda\"\nseries = " + series);
    };
    const std::string second =
        "[[pipeline]]\nname = \"near\"\ninput = \"differential-entropy\"\ndecoder = \"nearest-neighbours\"\n"
        "series = { line = \"both\", at = \"untouched\" }\n\n[evaluate]";
    const Path run = run_of(
        folder, changed(with_series("{ line = \"both\", at = -2.5, axis = \"level, dB\" }"), "[evaluate]", second),
        "run");
    const std::string page = read_text_file(run / "report.html", 1 << 24);
    const auto begin = page.find("condition by condition");
    REQUIRE(begin != std::string::npos);
    const std::string figure = page.substr(begin, page.find("</figure>", begin) - begin);
    for (const char* const words : {">both<", ">-2.5<", ">untouched<", "level, dB", "stroke-dasharray"})
      CHECK_MESSAGE(figure.find(words) != std::string::npos, words);
    for (const char* const wrong :
         {"{ at = 1 }", "{ line = \"a\" }", "{ line = \"a\", at = [1] }", "{ line = \"a\", at = 1, on = 2 }"}) {
      write_file(folder / "r.toml", with_series(wrong));
      const Ran ran = run_program("run r.toml -q --data '" + small_study().string() + "' -o wrong", folder);
      CHECK_MESSAGE(ran.code == 2, wrong);
      CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
    }
  }

  TEST_CASE("a transductive step is told beside the figure, and is no leak") {
    const Path folder = scratch("study-transductive");
    const Path run = run_of(folder, changed(small_recipe(), "\"standardise\"", "\"standardise-per-subject\""), "run");
    const RunFolder read = read_run_folder(run);
    for (const auto& evaluation : read.metrics.at("evaluations").items()) {
      if (evaluation.at("plan").text() != "cross-subject") continue;
      CHECK_FALSE(evaluation.at("leaky").flag());
      bool told = false;
      for (const auto& leak : evaluation.at("leaks").items()) {
        if (leak.at("code").text() != "leak/fit-on-test") continue;
        told = true;
        CHECK(leak.at("severity").text() == "warn");
        CHECK(leak.at("what").text().find("transductive") != std::string::npos);
      }
      CHECK(told);
    }
  }

  TEST_CASE("one decision a trial: a row for each trial in each fold, and metrics.json says what a decision is for") {
    const Path folder = scratch("study-decide");
    const RunFolder windows = read_run_folder(run_of(folder, small_recipe(), "windows"));
    const std::string recipe = changed(small_recipe(), "decoder =", "decide = \"trial\"\ndecoder =");
    const RunFolder trials = read_run_folder(run_of(folder, recipe, "trials"));
    for (std::size_t e = 0; e < windows.metrics.at("evaluations").size(); ++e) {
      const Json& by_window = windows.metrics.at("evaluations").items()[e];
      const Json& by_trial = trials.metrics.at("evaluations").items()[e];
      CHECK(by_window.at("decision").at("unit").text() == "window");
      CHECK(by_trial.at("decision").at("unit").text() == "trial");
      CHECK(by_trial.at("decision").at("windows").integer() == by_window.at("samples").integer());
      if (by_trial.at("plan").text() == "cross-subject") CHECK(by_trial.at("samples").integer() == 36);
      // What is looked at by the audit are the windows, whatever the decision.
      CHECK(by_trial.at("leaky") == by_window.at("leaky"));
    }
    CHECK(read_text_file(folder / "trials" / "report.html", 1 << 24).find("one decision per trial") !=
          std::string::npos);
  }

  TEST_CASE("samples without recordings: the leak's laboratory in small") {
    const Path folder = scratch("study-tokens");
    write_file(folder / "r.toml", R"([study]
name = "tokens"
dataset = "emotion-null"
subjects = 3
windows = 8
sets = 2

[[pipeline]]
name = "nearest neighbour"
input = "given"
decoder = "nearest-neighbours"

[evaluate]
plans = [{ name = "as-published", system = "rbtransformer", within = "study" }, { name = "cross-subject", within = "study" }]
permutations = 0
)");
    const Ran ran = run_program("run r.toml -q -o run", folder);
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    const RunFolder read = read_run_folder(folder / "run");
    CHECK(read.study.at("subjects").integer() == 6);
    CHECK(read.study.at("trials").integer() == 72);
    CHECK(read.metrics.at("evaluations").items().front().at("leaky").flag());
    const Ran refused = run_program("predict run x.edf", folder);
    CHECK(refused.code != 0);
    CHECK_MESSAGE(one_clear_line(refused.error), refused.error);
  }

  TEST_CASE("predict and explain use what the run fitted, and refuse what does not fit") {
    const Path folder = scratch("study-predict");
    const Path run = run_of(folder, small_recipe(), "run");
    Path recording;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(small_study())) {
      if (entry.path().extension() == ".edf" && entry.path().string().find("derivatives") == std::string::npos)
        recording = entry.path();
    }
    REQUIRE(!recording.empty());
    const Ran ran = run_program("predict run '" + recording.string() + "'", folder);
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    const Table table = parse_table(ran.out, ',', "predictions");
    CHECK(table.header.at(0) == "begin_s");
    CHECK(table.header.at(2) == "class");
    CHECK(table.rows.size() > 5);
    const Ran explained = run_program("explain run '" + recording.string() + "'", folder);
    CHECK_MESSAGE(explained.code == 0, explained.error);
    const Ran unknown = run_program("predict run '" + recording.string() + "' --pipeline ldaa", folder);
    CHECK(unknown.code == 2);
    CHECK(unknown.error.find("did you mean lda") != std::string::npos);
    const Ran other = run_program("convert '" + recording.string() + "' -o x.npy", folder);
    REQUIRE_MESSAGE(other.code == 0, other.error);
    const Ran refused = run_program("predict run x.npy", folder);
    CHECK(refused.code == 3);
    CHECK_MESSAGE(one_clear_line(refused.error), refused.error);
  }

  TEST_CASE("a run that decides by trial answers each trial of a recording, from its windows") {
    const Path folder = scratch("study-predict-trials");
    const std::string recipe = changed(small_recipe(), "decoder =", "decide = \"trial\"\ndecoder =");
    static_cast<void>(run_of(folder, recipe, "run"));
    const Path recording = small_study() / "sub-02/ses-01/eeg/sub-02_ses-01_task-emotion_eeg.edf";
    const Ran ran = run_program("predict run '" + recording.string() + "'", folder);
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    CHECK(ran.error.empty());
    const Table table = parse_table(ran.out, ',', "predictions");
    CHECK(table.header ==
          std::vector<std::string>{"trial", "event", "begin_s", "end_s", "windows", "class", "p_low", "p_high"});
    CHECK(table.rows.size() == 6);
    const FittedPipeline fitted = fitted_pipeline(folder / "run", "", recording, {});
    const Prediction windows = fitted.decoder->predict(fitted.samples);
    const auto& trial = fitted.samples.origins.trial.index;
    for (std::size_t t = 0; t < table.rows.size(); ++t) {
      std::array<double, 2> sum{};
      double seen = 0;
      for (std::int64_t w = 0; w < fitted.samples.size(); ++w) {
        if (trial[static_cast<std::size_t>(w)] != trial[9 * t]) continue;
        ++seen;
        for (std::int64_t k = 0; k < 2; ++k) sum[static_cast<std::size_t>(k)] += std::log(windows.probability(w, k));
        CHECK(fitted.samples.origins.begin[static_cast<std::size_t>(w)] >= fitted.trials->trials[t].begin);
        CHECK(fitted.samples.origins.end[static_cast<std::size_t>(w)] <= fitted.trials->trials[t].end);
      }
      CHECK(table.rows[t][4] == "9");
      CHECK(seen == 9);
      const double high = 1 / (1 + std::exp((sum[0] - sum[1]) / seen));
      CHECK(*parse_number(table.rows[t][7]) == doctest::Approx(high).epsilon(1e-9));
      CHECK(table.rows[t][5] == (high > 0.5 ? "high" : "low"));
    }
    const Ran by_window = run_program("predict run '" + recording.string() + "' --decide window", folder);
    CHECK(parse_table(by_window.out, ',', "predictions").header.front() == "begin_s");
  }

  TEST_CASE("trials of a recording come from a table, its annotations or nowhere, which is refused") {
    const Path folder = scratch("study-predict-tables");
    const std::string recipe = changed(small_recipe(), "decoder =", "decide = \"trial\"\ndecoder =");
    static_cast<void>(run_of(folder, recipe, "run"));
    std::filesystem::copy_file(small_study() / "sub-01/ses-01/eeg/sub-01_ses-01_task-emotion_eeg.edf",
                               folder / "alone.edf");
    const auto predicted = [&](const std::string& how) { return run_program("predict run alone.edf " + how, folder); };
    write_file(folder / "t.tsv",
               "onset\tduration\ttrial_type\n3\t5\tfilm\n10\t0\tmark\n0\t9999\tfilm\n11\t1\tfilm\n"
               "12\t6\tBAD_jump\n20\t4\tclip\n");
    const Ran given = predicted("--trials t.tsv");
    REQUIRE_MESSAGE(given.code == 0, given.error);
    const Table table = parse_table(given.out, ',', "predictions");
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0][1] == "film");
    CHECK(table.rows[0][2] == "3");
    CHECK(table.rows[0][3] == "8");
    CHECK(table.rows[1][1] == "clip");
    for (const char* const told : {"no duration", "beyond the recording", "no window"})
      CHECK_MESSAGE(given.error.find(told) != std::string::npos, told << ": " << given.error);
    const Ran named = predicted("--trials t.tsv --events clip");
    CHECK(parse_table(named.out, ',', "predictions").rows.size() == 1);
    // Events named as classes of the run are meant, the others are not.
    write_file(folder / "classes.csv", "onset,duration,trial_type\n3,5,low\n10,4,pause\n20,5,high\n");
    CHECK(parse_table(predicted("--trials classes.csv").out, ',', "predictions").rows.size() == 2);
    const auto refused = [&](const std::string& how, int code, const std::string& word) {
      const Ran ran = predicted(how);
      CHECK_MESSAGE(ran.code == code, how << ": " << ran.error);
      CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
      CHECK_MESSAGE(ran.error.find(word) != std::string::npos, ran.error);
      CHECK(ran.out.empty());
    };
    write_file(folder / "none.tsv", "onset\tduration\n");
    write_file(folder / "marks.tsv", "onset\tduration\n1\t0\n2\tn/a\n");
    write_file(folder / "wrong.tsv", "begin\tduration\n1\t5\n");
    write_file(folder / "text.tsv", "onset\tduration\nsoon\t5\n");
    refused("--trials none.tsv", 3, "has no trials");
    refused("--trials marks.tsv", 3, "2 event(s) have no duration");
    refused("--trials wrong.tsv", 3, "onset");
    refused("--trials text.tsv", 3, "is no number");
    refused("--trials t.tsv --events flim", 2, "film");
    refused("--trials t.tsv --decide window", 2, "--decide trial");
    refused("--trials nowhere.tsv", 3, "nowhere.tsv");
  }
}
