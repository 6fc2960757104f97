// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/pool.hpp"

#include "caton/base/error.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace caton {
namespace {

constexpr std::size_t large_bytes = std::size_t{2} << 20;
/// From this size on blocks are kept: the library's own memory would go back to the system and come fresh every time.
constexpr std::size_t kept_from = std::size_t{128} << 10;
/// What the pool keeps at most; beyond it the largest blocks go back to the system.
constexpr std::size_t kept_at_most = std::size_t{2} << 30;

struct Pool {
  std::mutex mutex;
  std::multimap<std::size_t, void*> free;
  std::size_t kept = 0;
  std::size_t requests = 0;
};

Pool& pool() {
  // Never destroyed: arrays with static storage may give blocks back after main.
  static auto* const instance = new Pool;
  return *instance;
}

[[noreturn]] void refuse(std::size_t bytes) {
  throw machine_error("memory", "no room for a block of " + std::to_string(bytes >> 20) + " MiB",
                      "close other programs, or use fewer channels or a shorter stretch");
}

/// Sizes are rounded up so that blocks of similar arrays can serve each other.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = bytes < large_bytes               ? std::size_t{64} << 10
                           : bytes < (std::size_t{64} << 20) ? large_bytes
                                                             : std::size_t{16} << 20;
  if (bytes > SIZE_MAX - step) refuse(bytes);
  return (bytes + step - 1) / step * step;
}

void* take_kept(std::size_t bytes) {
  Pool& p = pool();
  {
    const std::lock_guard lock(p.mutex);
    const auto found = p.free.lower_bound(bytes);
    if (found != p.free.end() && found->first == bytes) {
      void* const data = found->second;
      p.kept -= found->first;
      p.free.erase(found);
      return data;
    }
    ++p.requests;
  }
  const std::size_t alignment = bytes < large_bytes ? 64 : large_bytes;
  void* data = std::aligned_alloc(alignment, bytes);
  if (data == nullptr) {
    empty_pool();
    data = std::aligned_alloc(alignment, bytes);
    if (data == nullptr) refuse(bytes);
  }
  if (bytes >= large_bytes) madvise(data, bytes, MADV_HUGEPAGE);
  return data;
}

void keep(void* data, std::size_t bytes) noexcept {
  Pool& p = pool();
  try {
    const std::lock_guard lock(p.mutex);
    if (p.kept + bytes <= kept_at_most) {
      p.free.emplace(bytes, data);
      p.kept += bytes;
      return;
    }
  } catch (...) {
    // No room for the list's node: the block goes back to the system instead.
  }
  std::free(data);
}

}  // namespace

Memory::Memory(std::size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  if (bytes >= kept_from) {
    reserved_ = rounded(bytes);
    data_ = take_kept(reserved_);
  } else {
    data_ = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (data_ == nullptr) refuse(bytes);
  }
}

Memory::Memory(Memory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      reserved_(std::exchange(other.reserved_, 0)) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::exchange(other.data_, nullptr);
    bytes_ = std::exchange(other.bytes_, 0);
    reserved_ = std::exchange(other.reserved_, 0);
  }
  return *this;
}

Memory::~Memory() { release(); }

void Memory::release() noexcept {
  if (data_ == nullptr) return;
  if (reserved_ != 0)
    keep(data_, reserved_);
  else
    std::free(data_);
  data_ = nullptr;
}

PoolState pool_state() {
  Pool& p = pool();
  const std::lock_guard lock(p.mutex);
  return {p.kept, p.requests};
}

void empty_pool() noexcept {
  Pool& p = pool();
  const std::lock_guard lock(p.mutex);
  for (const auto& [bytes, data] : p.free) std::free(data);
  p.free.clear();
  p.kept = 0;
}

}  // namespace caton
