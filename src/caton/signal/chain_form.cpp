// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/chain_form.hpp"

#include "caton/base/complete_arguments.hpp"
#include "caton/base/registry.hpp"

namespace caton {

bool join_chain(const Operation& operation, const Json& args, FilterChain& chain) {
  const ChainForm* const form = Registry<ChainForm>::instance().find(operation.name);
  return form != nullptr && form->add(complete_arguments(operation, args), chain);
}

}  // namespace caton
