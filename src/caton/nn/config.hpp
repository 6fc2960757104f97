// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// A network's constructor arguments out of a table that may come from a file.
namespace caton::nn {

/// One whole number of a configuration.
struct ConfigSize {
  const char* name;
  std::int64_t* value;  ///< its default before, what the table says after
  std::int64_t largest;
};
/// One real number.
struct ConfigNumber {
  const char* name;
  double* value;
  double lowest, highest;
};

/// Fills in what the table names. Refuses (kind `input`) names that `network` does not take, sizes below 1 or beyond
/// the largest, and numbers out of their range.
void read_config(const Json& config, const std::string& network, const std::vector<ConfigSize>& sizes,
                 const std::vector<ConfigNumber>& numbers, const std::string& where);

}  // namespace caton::nn
