// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/lanes.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace caton {
namespace {

Processor found_processor() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0) return Processor::avx512;
  if (__builtin_cpu_supports("avx2") != 0) return Processor::avx2;
#endif
  return Processor::baseline;
}

/// What $CATON_TARGET asks for; the widest where it asks for nothing that is known.
Processor wanted_processor() noexcept {
  const char* const wish = std::getenv("CATON_TARGET");
  for (const Processor target : {Processor::baseline, Processor::avx2}) {
    if (wish != nullptr && std::string_view(wish) == processor_name(target)) return target;
  }
  return Processor::avx512;
}

}  // namespace

Processor processor() noexcept {
  static const Processor chosen = std::min(found_processor(), wanted_processor());
  return chosen;
}

const char* processor_name(Processor target) noexcept {
  switch (target) {
    case Processor::avx512: return "avx512";
    case Processor::avx2: return "avx2";
    case Processor::baseline: break;
  }
  return "baseline";
}

void check_target_wish() {
  const char* const wish = std::getenv("CATON_TARGET");
  if (wish == nullptr) return;
  for (const Processor target : {Processor::baseline, Processor::avx2, Processor::avx512}) {
    if (std::string_view(wish) != processor_name(target)) continue;
    if (target > found_processor())
      throw usage_error("CATON_TARGET", std::string("this processor has no ") + wish, "use a smaller one or none");
    return;
  }
  throw usage_error("CATON_TARGET", "\"" + std::string(wish) + "\" is no set of instructions",
                    "use baseline, avx2 or avx512");
}

}  // namespace caton
