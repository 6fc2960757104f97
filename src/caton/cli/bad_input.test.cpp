// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Wrong input from a person: one clear line, the right exit code, nothing half-written.
#include "program_test.hpp"
#include "small_study.hpp"

using namespace caton;
using namespace caton::testing;

namespace {

struct Attempt {
  Path folder;
  Ran ran;
  [[nodiscard]] bool nothing_left() const { return !std::filesystem::exists(folder / "run"); }
};

Attempt attempt(const std::string& name, const std::string& recipe, const std::string& more = "",
                const Path& data = small_study()) {
  Attempt one{scratch("cli-" + name), {}};
  write_file(one.folder / "r.toml", recipe);
  one.ran = run_program("run r.toml -q --data '" + data.string() + "' -o run " + more, one.folder);
  return one;
}

void check_refused(const Attempt& one, int code, const std::string& word) {
  CHECK_MESSAGE(one.ran.code == code, one.ran.error);
  CHECK_MESSAGE(one_clear_line(one.ran.error), one.ran.error);
  CHECK_MESSAGE(one.ran.error.find(word) != std::string::npos, one.ran.error);
  CHECK(one.nothing_left());
}

/// A copy of the small study in which one text file's contents are changed.
Path changed_study(const std::string& name, const std::string& file_ending, const std::string& from,
                   const std::string& to) {
  const Path copy = scratch("study-" + name) / "study";
  std::filesystem::copy(small_study(), copy, std::filesystem::copy_options::recursive);
  bool done = false;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(copy)) {
    const std::string path = entry.path().string();
    if (done || path.find("derivatives") != std::string::npos || path.size() < file_ending.size() ||
        path.compare(path.size() - file_ending.size(), file_ending.size(), file_ending) != 0) {
      continue;
    }
    std::string text = read_text_file(entry.path(), 1 << 22);
    const auto place = text.find(from);
    if (place == std::string::npos) continue;
    write_file(entry.path(), text.replace(place, from.size(), to));
    done = true;
  }
  REQUIRE_MESSAGE(done, "nothing to change in *" << file_ending);
  return copy;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a missing file ends with 3 and names it") {
    const Ran ran = run_program("info nowhere.edf");
    CHECK(ran.code == 3);
    CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
    CHECK(ran.error.find("nowhere.edf") != std::string::npos);
  }

  TEST_CASE("a wrong option or command ends with 2 and names the near one") {
    for (const auto& [arguments, near] :
         {std::pair{"info --jsom x.edf", "--json"}, {"inf x.edf", "info"}, {"run", "RECIPE"}}) {
      const Ran ran = run_program(arguments);
      CHECK_MESSAGE(ran.code == 2, ran.error);
      CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
      CHECK_MESSAGE(ran.error.find(near) != std::string::npos, ran.error);
    }
  }

  TEST_CASE("a misspelt recipe key ends with 2, names line and near key, and nothing is written") {
    check_refused(attempt("key", changed(small_recipe(), "window =", "windw =")), 2, "did you mean window");
    check_refused(attempt("key2", changed(small_recipe(), "seed = 3", "sede = 3")), 2, "line 5");
    check_refused(attempt("decoder", changed(small_recipe(), "shrinkage-lda", "shrinkage-ldaa")), 2, "shrinkage-lda");
    check_refused(attempt("plan", changed(small_recipe(), "\"cross-subject\"", "\"cross-subjct\"")), 2,
                  "cross-subject");
    check_refused(attempt("dataset", changed(small_recipe(), "\"simulated\"", "\"simulted\"")), 2, "simulated");
    check_refused(attempt("step", changed(small_recipe(), "reference =", "refrence =")), 2, "reference");
    check_refused(attempt("metric", changed(small_recipe(), "\"accuracy\"", "\"acuracy\"")), 2, "accuracy");
  }

  TEST_CASE("an unknown channel ends with 3 and names the near one") {
    check_refused(attempt("channel", changed(small_recipe(), "seed = 3", "seed = 3\nchannels = [\"AF3\", \"F33\"]")), 3,
                  "F3");
  }

  TEST_CASE("ratings that are no number are refused, naming file and place") {
    const Path study = changed_study("rating", "_events.tsv", "\t", "\tn/a\t");
    const Attempt one = attempt("rating", small_recipe(), "", study);
    CHECK(one.ran.code == 3);
    CHECK_MESSAGE(one_clear_line(one.ran.error), one.ran.error);
    CHECK(one.nothing_left());
  }

  TEST_CASE("trials shorter than a window are refused when no window is left") {
    check_refused(attempt("short", changed(small_recipe(), "length_s = 2.0", "length_s = 200.0")), 3, "short");
  }

  TEST_CASE("a filter beyond Nyquist is refused with its word") {
    check_refused(attempt("nyquist", changed(small_recipe(), "{ reference = \"average\" }",
                                             "{ bandpass = { low_hz = 4, high_hz = 70 } }")),
                  2, "Nyquist");
  }

  TEST_CASE("R20 a disk that is full ends with 4, and what was there before is unharmed") {
    const Attempt one{scratch("cli-full"), {}};
    write_file(one.folder / "r.toml", small_recipe());
    // A limit on file size is a full disk for every file above it.
    const Ran ran =
        run_program("run r.toml -q --data '" + small_study().string() + "' -o run", one.folder, "ulimit -f 4;");
    CHECK_MESSAGE(ran.code == 4, ran.error);
    CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
    CHECK_FALSE(std::filesystem::exists(one.folder / "run"));
    const Ran again = run_program("run r.toml -q --data '" + small_study().string() + "' -o run", one.folder);
    CHECK_MESSAGE(again.code == 0, again.error);
  }

  TEST_CASE("R19 a run folder of another recipe is not overwritten") {
    const Attempt one = attempt("other", small_recipe());
    REQUIRE_MESSAGE(one.ran.code == 0, one.ran.error);
    const std::string before = read_text_file(one.folder / "run/metrics.json", 1 << 24);
    write_file(one.folder / "other.toml", changed(small_recipe(), "seed = 3", "seed = 4"));
    const Ran ran = run_program("run other.toml -q --data '" + small_study().string() + "' -o run", one.folder);
    CHECK(ran.code == 2);
    CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
    CHECK(read_text_file(one.folder / "run/metrics.json", 1 << 24) == before);
  }

  TEST_CASE("Ctrl-C ends with 130, and the same command goes on to the same bytes") {
    const Path folder = scratch("cli-interrupt");
    write_file(folder / "r.toml", network_recipe());
    const std::string run = "run r.toml -q --threads 1 --data '" + small_study().string() + "' -o ";
    const Ran whole = run_program(run + "whole", folder);
    REQUIRE_MESSAGE(whole.code == 0, whole.error);
    // On a busy machine the program may not have begun yet: then it ends without a word.
    Ran stopped;
    for (const char* const seconds : {"0.3", "0.6", "1.2", "2.4"}) {
      stopped = run_program(run + "stopped", folder, std::string("timeout --signal=INT --preserve-status ") + seconds);
      if (!stopped.error.empty()) break;
    }
    CHECK_MESSAGE(stopped.code == 130, stopped.error);
    CHECK_MESSAGE(one_clear_line(stopped.error), stopped.error);
    CHECK_FALSE(std::filesystem::exists(folder / "stopped"));
    const Ran resumed = run_program(run + "stopped", folder);
    REQUIRE_MESSAGE(resumed.code == 0, resumed.error);
    for (const char* const file : {"metrics.json", "predictions.csv", "audit.json", "report.html"}) {
      CHECK_MESSAGE(
          read_text_file(folder / "whole" / file, 1 << 24) == read_text_file(folder / "stopped" / file, 1 << 24), file);
    }
  }

  TEST_CASE("a leaky plan ends with 0 and says so; with --strict with 1") {
    const Attempt one = attempt("strict", small_recipe(), "--strict");
    CHECK_MESSAGE(one.ran.code == 1, one.ran.error);
    CHECK(one.ran.error.find("leaks") != std::string::npos);
    CHECK(std::filesystem::exists(one.folder / "run/report.html"));
  }
}
