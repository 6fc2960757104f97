// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/operation.hpp"
#include "caton/signal/filter_chain.hpp"

#include <string>

namespace caton {

/// How an operation joins a `FilterChain`, registered where the operation stands and under its name.
struct ChainForm {
  std::string name;
  /// Adds the operation to the end of the chain; false, and nothing done, where these arguments or what the chain holds
  /// already do not allow it.
  bool (*add)(const Arguments& args, FilterChain& chain) = nullptr;
};

/// Whether the chain can take this operation at its end, and then has. Refuses arguments as the operation does.
[[nodiscard]] bool join_chain(const Operation& operation, const Json& args, FilterChain& chain);

}  // namespace caton
