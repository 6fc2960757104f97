// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>

/// What caton takes from outside at most (RELIABILITY section 2). A file can never raise a limit; a user can.
namespace caton::limits {

inline constexpr std::int64_t channels = 4096;
inline constexpr double rate_hz = 200e3;
inline constexpr std::int64_t samples_per_channel = std::int64_t{1} << 40;
inline constexpr std::int64_t header_bytes = 16 << 20;
inline constexpr std::int64_t annotations = 10'000'000;
inline constexpr std::int64_t annotation_bytes = 4096;
inline constexpr int nesting = 64;
inline constexpr std::int64_t safetensors_header_bytes = 100'000'000;
inline constexpr std::int64_t safetensors_tensors = 1'000'000;
inline constexpr int tensor_rank = 8;
inline constexpr std::int64_t zip_entries = 100'000;
inline constexpr std::int64_t pickle_bytes = 1'500'000'000;
inline constexpr std::int64_t recipe_bytes = 1 << 20;
inline constexpr std::int64_t json_bytes = 64 << 20;
/// A compressed member may grow to this many times its size, and never beyond `expanded_bytes`.
inline constexpr std::int64_t expansion = 200;
inline constexpr std::int64_t expanded_bytes = std::int64_t{8} << 30;
inline constexpr std::int64_t bids_files = 1'000'000;
inline constexpr int bids_depth = 16;
/// Memory and processor time of the child that reads HDF5.
inline constexpr std::int64_t reader_memory_bytes = std::int64_t{4} << 30;
inline constexpr int reader_cpu_s = 120;

}  // namespace caton::limits
