// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// How much memory a piece of work takes at most, by the kernel's own count.

#include "caton/base/pool.hpp"

#include <malloc.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace caton::testing {

inline std::int64_t status_kb(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t value = 0;
    if (word == key + ":" && status >> value) return value;
  }
  return 0;
}

/// Peak of the resident memory above what there was before, in MB; nothing where the kernel does not let the peak be
/// reset.
template <class Body>
std::optional<double> peak_memory_mb(Body&& body) {
  empty_pool();
  malloc_trim(0);
  {
    std::ofstream reset("/proc/self/clear_refs");
    reset << "5" << std::flush;
    if (!reset) return std::nullopt;
  }
  const std::int64_t before = status_kb("VmRSS");
  body();
  return static_cast<double>(status_kb("VmHWM") - before) / 1024;
}

}  // namespace caton::testing
