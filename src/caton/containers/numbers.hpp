// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/tensor.hpp"
#include "caton/containers/source.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace caton {

/// How the numbers of one array lie in a file.
struct StoredNumbers {
  Dtype stored = Dtype::f64;  ///< as they lie there; may be narrower than the array's own type
  ByteOrder order = ByteOrder::little;
  bool column_major = false;
  int parts = 1;        ///< 2: real and imaginary values side by side
  std::int64_t at = 0;  ///< where they begin in the source
};

/// Most axes and, with `bytes_per_value`, whether `shape` fits into `present_bytes`: the number of values. Refuses
/// negative extents (word `shape`) and products that overflow or are not there (word `truncated`).
std::int64_t checked_count(const Tensor::Shape& shape, std::int64_t bytes_per_value, std::int64_t present_bytes,
                           const std::string& where);

/// Fills `target` (row-major, of the array's shape, with one more axis of length 2 for complex values) piece by piece.
/// `part` 0 or 1 says where values go that lie apart from their imaginary parts.
void fill_numbers(Tensor& target, const Tensor::Shape& shape, const StoredNumbers& numbers, const ByteSource& source,
                  int part = 0);

/// NumPy's spelling: "<f8", ">i2", "|u1", "<c16".
[[nodiscard]] std::string dtype_text(Dtype dtype, ByteOrder order, bool complex);

/// UTF-8 of one UTF-16 or Unicode unit after the other; what is no character becomes U+FFFD.
void append_utf8(std::string& text, std::uint32_t code);
[[nodiscard]] std::string utf8_of_units(std::span<const std::uint32_t> units);

}  // namespace caton
