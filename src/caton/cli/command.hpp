// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/progress.hpp"
#include "caton/base/registry.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace caton::cli {

/// Options that every command has.
struct Common {
  bool quiet = false;
  bool verbose = false;
  bool no_cache = false;
  int threads = 0;  ///< 0: $CATON_THREADS, else the number of processors
};

/// What a command does once its options are read; the result is the exit code.
using Action = std::function<int(const Common&)>;

/// One command of the program, registered in its own file: `add` declares its options on `app` (whose name and
/// description are set already) and returns what to do.
struct Command {
  std::string name;
  std::string about;     ///< one line for the list of commands
  std::string examples;  ///< lines that `--help` starts with
  int place = 100;       ///< order in the list: the way of a new user
  Action (*add)(CLI::App& app) = nullptr;
};

}  // namespace caton::cli
