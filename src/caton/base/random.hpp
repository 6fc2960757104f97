// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace caton {

/// One block of Philox-4x32-10 (Salmon et al. 2011): 128 random bits from a counter and a key.
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                      std::array<std::uint32_t, 2> key) noexcept;

/// Where a stream stands: its key, its number, and the block to be made next.
struct PhiloxCounter {
  std::uint64_t key = 0, stream = 0, block = 0;
};

/// Random numbers keyed by what they are for, never by the order of calls (RELIABILITY R25): the same
/// (seed, purpose, index…) gives the same numbers whatever else was drawn, on any number of threads.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose, std::initializer_list<std::uint64_t> index = {});
  /// A stream of its own for a part of this one's purpose; independent of what was drawn from this one.
  [[nodiscard]] RandomStream derive(std::string_view purpose, std::initializer_list<std::uint64_t> index = {}) const;

  [[nodiscard]] std::uint32_t next_u32() noexcept;
  /// The next numbers of `next_u32`, many at once (vectorised).
  void fill(std::span<std::uint32_t> out) noexcept;
  [[nodiscard]] std::uint64_t next_u64() noexcept;
  [[nodiscard]] double uniform() noexcept;                      ///< [0, 1), 53 bits
  [[nodiscard]] double normal() noexcept;                       ///< mean 0, variance 1 (Box-Muller)
  [[nodiscard]] std::uint64_t below(std::uint64_t n) noexcept;  ///< 0 … n-1 without bias; n > 0
  /// A random order of 0 … n-1 (Fisher-Yates).
  [[nodiscard]] std::vector<std::int64_t> permutation(std::int64_t n);
  template <class T>
  void shuffle(std::vector<T>& values) noexcept {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }
  /// 64 bits that stand for this stream's purpose: to seed a foreign generator.
  [[nodiscard]] std::uint64_t seed_for_others() const noexcept { return key_ ^ (stream_ * 0x9E3779B97F4A7C15ULL); }

 private:
  RandomStream(std::uint64_t key, std::uint64_t stream) : key_(key), stream_(stream) {}

  std::uint64_t key_ = 0;
  std::uint64_t stream_ = 0;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> buffer_{};
  int used_ = 4;
  bool has_normal_ = false;
  double normal_ = 0;
};

}  // namespace caton
