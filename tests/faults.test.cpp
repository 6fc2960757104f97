// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Faults of the machine: the n-th allocation, write, flush, opening or start of a thread fails, for every n. The
// command says so in one line and ends with 4, or does without and gives the right bytes; it never leaves half a file,
// and the next command works.
#include "program_test.hpp"
#include "small_study.hpp"

#include "caton/base/text.hpp"

#include <cstdlib>
#include <set>

using namespace caton;
using namespace caton::testing;

namespace {

const std::vector<std::string> kinds{"allocation", "write", "flush", "opening", "thread"};

struct Faulted {
  Ran ran;
  bool hit = false;
  long calls = 0;
};

/// Runs the program with the fault of this kind at this call; 0: none, the calls are counted.
Faulted run_with_fault(const Path& folder, const std::string& arguments, const std::string& kind, long place) {
  const Path log = folder / "fault.log";
  std::filesystem::remove(log);
  Faulted result;
  result.ran = run_program(arguments, folder,
                           "LD_PRELOAD='" + (build_dir() / "libcaton-faults.so").string() +
                               "' CATON_THREADS=2 CATON_FAULT=" + kind + ":" + std::to_string(place) +
                               " CATON_FAULT_LOG='" + log.string() + "'");
  if (!std::filesystem::exists(log)) return result;
  for (const std::string& line : split(read_text_file(log, 1 << 20), '\n')) {
    if (line == "hit") result.hit = true;
    if (const auto number = parse_integer(line)) result.calls = static_cast<long>(*number);
  }
  return result;
}

/// The first calls one by one, then ever longer steps, the last call always: every n in the nightly run.
std::set<long> places(long calls, long tries) {
  std::set<long> chosen;
  if (calls <= tries) tries = calls;
  double place = 1;
  while (static_cast<long>(place) <= calls && static_cast<long>(chosen.size()) < 4 * tries) {
    chosen.insert(static_cast<long>(place));
    place += std::max(1.0, place * 3 / static_cast<double>(tries));
  }
  if (calls > 0) chosen.insert(calls);
  return chosen;
}

struct Work {
  std::string name, arguments;
  std::string output;  ///< what the command leaves, in its folder; empty: it prints
};

std::string output_of(const Path& folder, const Work& work, const Ran& ran) {
  if (work.output.empty()) return ran.out;
  return read_text_file(folder / work.output, 1 << 26);
}

void remove_output(const Path& folder, const Work& work) {
  if (!work.output.empty()) std::filesystem::remove_all(folder / *Path(work.output).begin());
}

/// Names of half-written files: what an interrupted writer would leave. A run's own folder of finished folds may stay.
std::string half_written(const Path& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().filename().string().find(".partial-") != std::string::npos) return entry.path().string();
  }
  return "";
}

void try_faults(const Work& work, const Path& folder, long tries) {
  const Ran whole = run_program(work.arguments, folder);
  REQUIRE_MESSAGE(whole.code == 0, whole.error);
  const std::string wanted = output_of(folder, work, whole);
  for (const std::string& kind : kinds) {
    remove_output(folder, work);
    const long calls = run_with_fault(folder, work.arguments, kind, 0).calls;
    long refused = 0;
    for (const long place : places(calls, tries)) {
      remove_output(folder, work);
      const Faulted one = run_with_fault(folder, work.arguments, kind, place);
      INFO(work.name << ": " << kind << " " << place << " of " << calls << ", code " << one.ran.code << " "
                     << one.ran.error);
      CHECK((one.ran.code == 0 || one.ran.code == 4));
      CHECK(half_written(folder).empty());
      if (one.ran.code == 0) {
        CHECK(output_of(folder, work, one.ran) == wanted);
      } else {
        ++refused;
        CHECK(one.hit);
        CHECK(one_clear_line(one.ran.error));
        if (!work.output.empty()) CHECK_FALSE(std::filesystem::exists(folder / work.output));
      }
    }
    MESSAGE(work.name << ": " << refused << " of " << places(calls, tries).size() << " faults of kind " << kind << " ("
                      << calls << " calls) ended the command");
    remove_output(folder, work);
    const Ran next = run_program(work.arguments, folder);
    REQUIRE_MESSAGE(next.code == 0, next.error);
    CHECK(output_of(folder, work, next) == wanted);
  }
}

Path recording() {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(small_study())) {
    if (entry.path().extension() == ".edf" && entry.path().string().find("derivatives") == std::string::npos)
      return entry.path();
  }
  FAIL("the small study has no EDF file");
  return {};
}

void try_commands(long tries) {
  if (!std::filesystem::exists(build_dir() / "libcaton-faults.so")) {
    MESSAGE("skipped, not built: libcaton-faults.so");
    return;
  }
  const std::string file = " '" + recording().string() + "'";
  try_faults({"info", "info --json --at 0,5" + file, ""}, scratch("faults-info"), tries);
  try_faults({"convert", "convert" + file + " -o out.edf", "out.edf"}, scratch("faults-convert"), tries);
  const Path folder = scratch("faults-run");
  write_file(folder / "r.toml", small_recipe());
  try_faults({"run", "run r.toml -q --data '" + small_study().string() + "' -o run", "run/metrics.json"}, folder,
             tries);
}

}  // namespace

TEST_SUITE("faults") {
  TEST_CASE("R15 R20 R31 faults of the machine end with 4 or leave the right bytes") { try_commands(6); }
  TEST_CASE("R31 [nightly] faults of the machine, many more places" *
            doctest::skip(std::getenv("CATON_NIGHTLY") == nullptr)) {
    try_commands(150);
  }
}
