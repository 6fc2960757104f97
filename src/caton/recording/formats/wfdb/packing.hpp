// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"

#include <cstdint>

/// How WFDB files pack samples (WFDB Applications Guide, signal(5)).
namespace caton::wfdb {

[[nodiscard]] bool is_known_format(int format) noexcept;
/// How many samples fit into so many bytes.
[[nodiscard]] std::int64_t packed_count(int format, std::int64_t bytes) noexcept;
/// The stored number `index`; `index` is below `packed_count`. Of format 8 the difference to the sample before.
[[nodiscard]] std::int64_t packed_at(int format, Bytes bytes, std::int64_t index);
/// The number that stands for "not measured" (the smallest that fits); none in format 8.
[[nodiscard]] bool is_missing(int format, std::int64_t number) noexcept;
/// Bits of a sample.
[[nodiscard]] int packed_bits(int format) noexcept;

}  // namespace caton::wfdb
