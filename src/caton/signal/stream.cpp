// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/stream.hpp"

namespace caton {

std::vector<std::int64_t> chunks_argument(const Arguments& args, std::int64_t samples) {
  std::vector<std::int64_t> chunks;
  std::int64_t sum = 0;
  for (const Json& chunk : args.value("chunks").items("chunks")) {
    chunks.push_back(chunk.integer("chunks"));
    if (chunks.back() < 0 || chunks.back() > samples - sum) break;
    sum += chunks.back();
  }
  if (sum != samples || chunks.back() < 0) {
    throw args.refuse("chunks must be positive and add up to the " + std::to_string(samples) +
                      " samples of the signal");
  }
  return chunks;
}

}  // namespace caton
