// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// The two functions of Highway that are not in its headers. Its library calibrates a clock for its benchmarks while it
// is loaded (8 ms, more than all the rest of a start), so caton does not load it and says itself what the processor
// has.

#include "caton/base/lanes.hpp"

#include <hwy/targets.h>

namespace hwy {
namespace {

#if defined(__x86_64__)
bool has_sse4() { return __builtin_cpu_supports("sse4.1") != 0 && __builtin_cpu_supports("sse4.2") != 0; }

bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
         __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("bmi2") != 0;
}

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512cd") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
}

std::int64_t found_targets() {
  const caton::Processor widest = caton::processor();
  std::int64_t targets = HWY_SCALAR | HWY_EMU128;
  if (__builtin_cpu_supports("ssse3") != 0) targets |= HWY_SSSE3;
  if (has_sse4()) targets |= HWY_SSE4;
  if (widest >= caton::Processor::avx2 && has_avx2()) targets |= HWY_AVX2;
  if (widest >= caton::Processor::avx512 && has_avx2() && has_avx512()) targets |= HWY_AVX3;
  return targets;
}
#else
std::int64_t found_targets() { return HWY_STATIC_TARGET; }
#endif

}  // namespace

std::int64_t SupportedTargets() {
  static const std::int64_t targets = found_targets();
  return targets;
}

ChosenTarget& GetChosenTarget() {
  static ChosenTarget chosen;
  return chosen;
}

}  // namespace hwy
