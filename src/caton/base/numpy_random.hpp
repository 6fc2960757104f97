// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace caton {

/// NumPy's legacy generator (`numpy.random.RandomState`, Mersenne twister 19937), number for number: published splits
/// and oversampling were drawn with it. What caton draws for itself comes from `RandomStream`.
class NumpyRandom {
 public:
  /// Seeded as `RandomState(seed)` with one whole number.
  explicit NumpyRandom(std::uint32_t seed) noexcept;

  [[nodiscard]] std::uint32_t next_u32() noexcept;
  /// [0, 1) from 27 + 26 bits (`random_sample`).
  [[nodiscard]] double uniform() noexcept;
  /// 0 … limit, both included, by masked rejection; draws nothing for limit 0 (`randint`).
  [[nodiscard]] std::uint64_t up_to(std::uint64_t limit) noexcept;
  /// Polar method; every second call gives the number kept from the call before (`standard_normal`).
  [[nodiscard]] double normal() noexcept;
  /// From the end, partner drawn among 0 … i (`shuffle`).
  void shuffle(std::vector<std::int64_t>& values) noexcept;
  /// A shuffled 0 … n-1 (`permutation`).
  [[nodiscard]] std::vector<std::int64_t> permutation(std::int64_t n);

 private:
  void refill() noexcept;

  static constexpr int state_size = 624;
  std::array<std::uint32_t, state_size> state_{};
  int used_ = state_size;
  bool has_normal_ = false;
  double normal_ = 0;
};

/// Sum in the order in which NumPy adds contiguous doubles (pairwise, eight accumulators in blocks of 128).
[[nodiscard]] double numpy_sum(const double* values, std::int64_t count) noexcept;

/// The seed of a `RandomState`; refused (kind `usage`, word `seed`) outside 0 … 2^32 - 1.
[[nodiscard]] std::uint32_t numpy_seed(std::int64_t seed);

}  // namespace caton
