// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/stream.hpp"

namespace caton {

std::vector<std::int64_t> chunks_argument(const Arguments& args, std::int64_t samples) {
  std::vector<std::int64_t> chunks;
  std::int64_t sum = 0;
  bool fit = true;
  for (const Json& chunk : args.value("chunks").items("chunks")) {
    const std::int64_t length = chunk.integer("chunks");
    fit = fit && length >= 0 && length <= samples - sum;
    if (!fit) break;
    chunks.push_back(length);
    sum += length;
  }
  if (!fit || sum != samples) {
    throw args.refuse("chunks must be positive and add up to the " + std::to_string(samples) +
                      " samples of the signal");
  }
  return chunks;
}

}  // namespace caton
