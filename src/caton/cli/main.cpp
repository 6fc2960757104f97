// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/result_cache.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/cli/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>
#include <vector>

namespace caton::cli {
namespace {

constexpr const char* footer =
    "caton is research software: not a medical device, not for diagnosis or treatment decisions.\n";

std::vector<const Command*> commands() {
  auto all = Registry<Command>::instance().entries();
  std::stable_sort(all.begin(), all.end(), [](const Command* a, const Command* b) { return a->place < b->place; });
  return all;
}

struct Program {
  CLI::App app{"caton: a recording in, an honest verdict out"};
  Common common;
  std::vector<std::pair<CLI::App*, Action>> actions;
};

void declare(Program& program) {
  CLI::App& app = program.app;
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", std::string("caton ") + CATON_VERSION + "\n" + footer);
  app.footer(footer);
  app.fallthrough();
  app.add_flag("-q,--quiet", program.common.quiet, "no progress, results only");
  app.add_flag("-v,--verbose", program.common.verbose, "say more when something fails");
  app.add_flag("--no-cache", program.common.no_cache,
               "measure everything anew; nothing is read from or kept in the cache folder (~/.cache/caton)");
  app.add_option("--threads", program.common.threads, "threads to use (results do not depend on it)")
      ->check(CLI::Range(1, 1024));
  for (const Command* const command : commands()) {
    CLI::App* const sub = app.add_subcommand(command->name, command->about);
    if (!command->examples.empty()) sub->footer("Examples:\n" + command->examples);
    sub->fallthrough();
    program.actions.emplace_back(sub, command->add(*sub));
  }
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(sub->get_name());
  return names;
}

/// What was probably meant: walks down the commands that were named and looks at the first word nobody knows.
std::string remedy_for(int argc, char** argv, CLI::App& program) {
  CLI::App* app = &program;
  std::string spoken = "caton";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.rfind("--", 0) == 0) {
      auto known = option_names(*app);
      for (const auto& name : option_names(program)) known.push_back(name);
      const std::string name = word.substr(0, word.find('='));
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        const auto near = near_names(name, known);
        return near.empty() ? "see " + spoken + " --help" : "did you mean " + join(near, " or ") + "?";
      }
    } else if (word.empty() || word.front() != '-') {
      const auto subcommands = command_names(*app);
      if (std::find(subcommands.begin(), subcommands.end(), word) != subcommands.end()) {
        app = app->get_subcommand(word);
        spoken += " " + word;
      } else if (!subcommands.empty()) {
        return suggestion(word, subcommands);
      }
    }
  }
  return "see " + spoken + " --help";
}

int report(const Error& error, bool verbose) {
  std::fprintf(stderr, "caton: %s\n", error.what());
  if (verbose) std::fprintf(stderr, "  (exit code %d)\n", error.exit_code());
  return error.exit_code();
}

/// Says so without asking for memory.
int report_no_memory() {
  std::fputs("caton: memory: not enough of it. Close other programs or use less data at once.\n", stderr);
  return static_cast<int>(ErrorKind::machine);
}

int run(Program& program, int argc, char** argv) {
  declare(program);
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return program.app.exit(wanted);
  } catch (const CLI::ParseError& problem) {
    std::string text = problem.what();
    std::replace(text.begin(), text.end(), '\n', ' ');
    throw usage_error("", text, remedy_for(argc, argv, program.app));
  }
  check_target_wish();
  if (program.common.threads > 0) set_threads(program.common.threads);
  if (program.common.no_cache) set_caching(false);
  for (const auto& [sub, action] : program.actions) {
    if (sub->parsed()) return action(program.common);
  }
  std::cout << program.app.help();
  return 0;
}

/// A mapped file that shrinks while it is read. Nothing but plain system calls may run here.
extern "C" void on_vanished_bytes(int) {
  static std::atomic_flag said;
  // Several threads may read the same file: one tells, the others wait for the end.
  while (said.test_and_set()) pause();
  constexpr char line[] =
      "caton: a file became shorter while it was being read; wait until it is written, then try again\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, sizeof line - 1);
  _exit(static_cast<int>(ErrorKind::input));
}

/// Every way out of the program: a result, or one line and its exit code.
int guarded(int argc, char** argv) {
  bool verbose = false;
  try {
    Program program;
    try {
      return run(program, argc, argv);
    } catch (const Error&) {
      verbose = program.common.verbose;
      throw;
    }
  } catch (const Error& error) {
    return report(error, verbose);
  } catch (const std::bad_alloc&) {
    return report_no_memory();
  } catch (const std::exception& error) {
    return report(machine_error("caton", error.what(), "please report this as a defect"), verbose);
  }
}

}  // namespace
}  // namespace caton::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGBUS, caton::cli::on_vanished_bytes);
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of the write, told in one line
  caton::install_interrupt_handler();
  return caton::cli::guarded(argc, argv);
}
