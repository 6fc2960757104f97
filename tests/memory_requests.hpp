// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

namespace caton::testing {

/// Whether this program sees who asks for memory: a sanitizer has an allocator of its own.
[[nodiscard]] bool sees_memory_requests();

/// While it lives, every request for memory counts: malloc (operator new calls it, and so does Eigen) and the pool's
/// aligned_alloc, of all threads. One at a time.
class MemoryRequests {
 public:
  /// The `failing`-th request of this thread gets no memory; 0: all do.
  explicit MemoryRequests(int failing = 0);
  ~MemoryRequests();
  MemoryRequests(const MemoryRequests&) = delete;
  MemoryRequests& operator=(const MemoryRequests&) = delete;

  [[nodiscard]] static int count();
};

}  // namespace caton::testing
