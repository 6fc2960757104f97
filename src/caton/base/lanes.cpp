// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/lanes.hpp"

namespace caton {

Processor processor() noexcept {
#if defined(__x86_64__)
  static const Processor found = __builtin_cpu_supports("avx512f") != 0 ? Processor::avx512
                                 : __builtin_cpu_supports("avx2") != 0  ? Processor::avx2
                                                                        : Processor::baseline;
  return found;
#else
  return Processor::baseline;
#endif
}

}  // namespace caton
