// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Runs the built program as a user would and looks at what it printed and how it ended.

#include "golden_test.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace caton::testing {

struct Ran {
  int code = 0;
  std::string out, error;
};

/// What a test looks at shall be computed in it, not by an earlier one: the cache is off unless `before` says this.
inline constexpr const char* with_cache = "CATON_NO_CACHE= ";

/// `caton <arguments>` through the shell, in a folder of its own where given.
inline Ran run_program(const std::string& arguments, const Path& folder = build_dir(), const std::string& before = "") {
  const Path error_file = build_dir() / ("scratch/stderr-" + std::to_string(getpid()));
  std::filesystem::create_directories(error_file.parent_path());
  const std::string command = "cd '" + folder.string() + "' && export CATON_NO_CACHE=1 && " + before + " '" +
                              (build_dir() / "caton").string() + "' " + arguments + " 2>'" + error_file.string() + "'";
  // The shell's own words about a killed program are no part of what is tested.
  FILE* const pipe = popen(("bash -c \"" + command + "\" 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ran ran;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    ran.out.append(buffer.data(), count);
  const int status = pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.error = read_text_file(error_file, 1 << 20);
  std::filesystem::remove(error_file);
  return ran;
}

/// One line that begins with "caton: ", and nothing else.
inline bool one_clear_line(const std::string& error) {
  return error.rfind("caton: ", 0) == 0 && std::count(error.begin(), error.end(), '\n') == 1;
}

}  // namespace caton::testing
