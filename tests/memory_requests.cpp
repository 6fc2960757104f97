// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "memory_requests.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>

namespace {

std::atomic<bool> counting{false};
std::atomic<int> requests{0};
thread_local int until_failure = 0;  // requests of this thread, the failing one included; 0: none fails

/// Whether memory is given.
[[maybe_unused]] bool granted() {
  if (!counting) return true;
  ++requests;
  return until_failure == 0 || --until_failure > 0;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

namespace caton::testing {
bool sees_memory_requests() { return false; }
}  // namespace caton::testing

#else

// The library's own calls find these too: a program's symbols come before those of what it loads.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
  void* memory = nullptr;
  return granted() && posix_memalign(&memory, std::max(alignment, sizeof(void*)), size) == 0 ? memory : nullptr;
}

extern "C" void* malloc(std::size_t size) { return aligned_alloc(alignof(std::max_align_t), size); }

namespace caton::testing {
bool sees_memory_requests() { return true; }
}  // namespace caton::testing

#endif

namespace caton::testing {

MemoryRequests::MemoryRequests(int failing) {
  until_failure = failing;
  requests = 0;
  counting = true;
}

MemoryRequests::~MemoryRequests() {
  counting = false;
  until_failure = 0;
}

int MemoryRequests::count() { return requests; }

}  // namespace caton::testing
