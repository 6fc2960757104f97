// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <exception>
#include <string>

namespace caton {

/// Why something failed; the value is the exit code of the program (RELIABILITY 13).
enum class ErrorKind : int {
  check = 1,          ///< a check did not pass
  usage = 2,          ///< wrong option, recipe key or combination
  input = 3,          ///< a file, a recording or a value in it
  machine = 4,        ///< memory, disk, permission, missing library
  interrupted = 130,  ///< the user asked to stop
};

/// The one exception of caton: what went wrong, where, and what to do about it.
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string where, std::string problem, std::string remedy = {});

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
  [[nodiscard]] const std::string& remedy() const noexcept { return remedy_; }
  /// "WHERE: PROBLEM; REMEDY" in one line.
  [[nodiscard]] const char* what() const noexcept override { return line_.c_str(); }
  /// The exit code that belongs to the kind.
  [[nodiscard]] int exit_code() const noexcept { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
  std::string where_, problem_, remedy_, line_;
};

/// Shorthands that say at the call what is at fault: `throw usage_error(where, problem, remedy)`.
[[nodiscard]] Error check_error(std::string where, std::string problem, std::string remedy = {});
[[nodiscard]] Error usage_error(std::string where, std::string problem, std::string remedy = {});
[[nodiscard]] Error input_error(std::string where, std::string problem, std::string remedy = {});
[[nodiscard]] Error machine_error(std::string where, std::string problem, std::string remedy = {});

}  // namespace caton
