// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/stored_numbers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Single fields of GDF headers.
namespace caton::gdf {

/// What a number of a data type means (3: int16, 16: float32, 279: int24 …); nothing for one that is not known.
[[nodiscard]] std::optional<StoredType> stored_type(std::uint32_t code);

/// The unit of a code of ISO/IEEE 11073-10101 as GDF 2 files have it (4275: uV); empty where the table lacks it.
[[nodiscard]] std::string unit_of_code(std::uint16_t code);

/// Seconds of a record: a fraction of two whole numbers, or (later files) one number.
[[nodiscard]] double duration_of(std::uint64_t field);

/// "2020030210111100" (hundredths at the end) and days since the year 0 in 1/2^32; empty where impossible.
[[nodiscard]] std::string start_of_digits(std::string_view digits);
[[nodiscard]] std::string start_of_days(std::uint64_t days);

}  // namespace caton::gdf
