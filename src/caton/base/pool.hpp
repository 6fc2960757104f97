// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstddef>

namespace caton {

/// A block of 64-byte aligned memory. Blocks of 128 KiB and more come from one pool (huge pages from 2 MiB on) that
/// keeps their pages when they are given back: fresh memory is the slowest thing on the machine (RELIABILITY R13).
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t bytes);
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory();

  [[nodiscard]] void* data() noexcept { return data_; }
  [[nodiscard]] const void* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  void release() noexcept;

  void* data_ = nullptr;
  std::size_t bytes_ = 0;
  std::size_t reserved_ = 0;
};

/// What the pool holds, for tests and for `caton bench`.
struct PoolState {
  std::size_t kept_bytes = 0;       ///< given back by arrays, ready for the next one
  std::size_t system_requests = 0;  ///< how often memory was asked from the operating system
};
[[nodiscard]] PoolState pool_state();
/// Gives all kept pages back to the operating system.
void empty_pool() noexcept;

}  // namespace caton
