// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/recording/sample_decoding.hpp"

#include <cstdint>
#include <span>

/// Numbers as files store them, any width, either byte order, one after the other or spread (multiplexed).
namespace caton {

enum class StoredType {
  int8,
  uint8,
  int16,
  uint16,
  int24,
  uint24,
  int32,
  uint32,
  int64,
  uint64,
  float32,
  float64,
};

/// Bytes of one number.
[[nodiscard]] int stored_width(StoredType type) noexcept;
/// Whether the numbers are whole, and then the smallest and the largest that fit (as double).
[[nodiscard]] bool is_whole(StoredType type) noexcept;
[[nodiscard]] double smallest_stored(StoredType type) noexcept;
[[nodiscard]] double largest_stored(StoredType type) noexcept;

/// Where numbers lie: the first at `first`, the next `stride` bytes further.
struct StoredPlaces {
  StoredType type = StoredType::int16;
  ByteOrder order = ByteOrder::little;
  std::int64_t first = 0, stride = 0;
};

/// `to[i] = number[i] * gain + offset`, computed in double. Refuses (kind `input`) places outside `bytes`.
void decode_stored(Bytes bytes, const StoredPlaces& places, const Gain& gain, std::span<double> to);

}  // namespace caton
