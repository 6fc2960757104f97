// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/cli/target.hpp"

#include "caton/base/error.hpp"
#include "caton/base/file.hpp"

namespace caton::cli {

void check_target(const std::string& input, const std::string& output, bool force, const std::string& endings) {
  std::error_code ignored;
  if (std::filesystem::equivalent(input, output, ignored))
    throw usage_error(output, "is the input itself; it is never overwritten", "choose another name with -o");
  if (std::filesystem::is_directory(output, ignored))
    throw usage_error(output, "is a folder", "name a file that ends in " + endings);
  check_overwriting(output, force);
}

void check_overwriting(const std::string& output, bool force) {
  std::error_code ignored;
  if (!force && std::filesystem::exists(output, ignored))
    throw usage_error(output, "exists already", "overwrite it with --force or choose another name");
}

}  // namespace caton::cli
