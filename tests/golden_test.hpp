// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Where tests find golden cases and recordings: copies in the project first, then the reference folder beside the
// checkout (or $CATON_SHARED). What is not there is skipped with a message, never silently.

#include "caton/base/error.hpp"
#include "caton/base/file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace caton::testing {

/// The checkout that the tests were built from, and the folder they were built in.
Path source_dir();
Path build_dir();

/// The reference folder, if this machine has one.
inline std::optional<Path> shared_dir() {
  if (const char* const given = std::getenv("CATON_SHARED")) return Path(given);
  const Path beside = source_dir().parent_path() / "shared";
  if (std::filesystem::exists(beside / "golden")) return beside;
  return std::nullopt;
}

/// `tests/reference/<relative>` of the project, else `<shared>/<relative>`; nothing (and a message) when absent.
inline std::optional<Path> reference(const std::string& relative) {
  const Path own = source_dir() / "tests" / "reference" / relative;
  if (std::filesystem::exists(own)) return own;
  if (const auto shared = shared_dir(); shared && std::filesystem::exists(*shared / relative))
    return *shared / relative;
  MESSAGE("skipped, not in this clone: " << relative);
  return std::nullopt;
}

/// A folder of this test's own, emptied first.
inline Path scratch(const std::string& name) {
  const Path folder = build_dir() / "scratch" / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

/// Runs a program of the build folder with words that need no quoting; false (and a message) when it was not built.
inline bool run_tool(const std::string& name, const std::string& words) {
  const Path program = build_dir() / name;
  if (!std::filesystem::exists(program)) {
    MESSAGE("skipped, not built: " << name);
    return false;
  }
  REQUIRE(std::system(("\"" + program.string() + "\" " + words).c_str()) == 0);
  return true;
}

/// Runs `body` and gives the error it threw; fails the test when it threw none.
template <class Body>
Error error_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  FAIL("an Error was expected, none was thrown");
  return check_error("", "");
}

}  // namespace caton::testing
