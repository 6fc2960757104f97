// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/tensor.hpp"

#include <span>
#include <string>
#include <vector>

/// Arrays as NumPy writes them (version 1.0, row major, little endian).
namespace caton {

/// What stands before the values: magic, version, and the header padded to a multiple of 64 bytes. Refuses (kind
/// `usage`, word `axes`) shapes whose header does not fit its two bytes of length.
[[nodiscard]] std::string npy_header(const std::string& descr, const std::vector<std::int64_t>& shape);

/// A whole file: numbers, or a list of texts ("<U…").
[[nodiscard]] std::string npy_bytes(const Tensor& values);
[[nodiscard]] std::string npy_bytes(std::span<const std::string> texts);

}  // namespace caton
