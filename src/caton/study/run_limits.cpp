// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/run_limits.hpp"

#include "caton/base/error.hpp"
#include "caton/base/memory_allowance.hpp"
#include "caton/base/threads.hpp"
#include "caton/base/time_limit.hpp"

#include <cmath>
#include <cstdlib>

namespace caton {
namespace {

std::optional<double> positive(const Json& table, const char* key) {
  const Json& value = table.at(key);
  if (value.is_null()) return std::nullopt;
  const double number = value.number(key);
  if (!(number > 0) || !std::isfinite(number)) throw usage_error(key, "must be above 0");
  return number;
}

}  // namespace

const std::vector<RecipeKey>& run_limit_keys() {
  static const std::vector<RecipeKey> keys{
      {"memory_gb", "number", Json{}, "GB that may be used (80 % of the machine's); --memory goes first"},
      {"threads", "integer", Json{},
       "threads to use (the number of processors); --threads and $CATON_THREADS go first"},
      {"time_h", "number", Json{},
       "hours after which the run stops and keeps what is finished; the same command goes on"}};
  return keys;
}

RunLimits run_limits(const Json& table) {
  constexpr std::int64_t most_threads = 1024;
  RunLimits limits{.memory_gb = positive(table, "memory_gb"), .threads = {}, .time_h = positive(table, "time_h")};
  if (const Json& threads = table.at("threads"); !threads.is_null()) {
    const std::int64_t count = threads.integer("threads");
    if (count < 1 || count > most_threads) throw usage_error("threads", "must be 1 to " + std::to_string(most_threads));
    limits.threads = static_cast<int>(count);
  }
  return limits;
}

void apply(const RunLimits& limits, bool memory_given, bool threads_given) {
  if (limits.memory_gb && !memory_given) set_memory_allowance(static_cast<std::int64_t>(*limits.memory_gb * 1e9));
  if (limits.threads && !threads_given && std::getenv("CATON_THREADS") == nullptr) set_threads(*limits.threads);
  if (limits.time_h) set_time_limit(*limits.time_h);
}

}  // namespace caton
