// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <string>

/// Asked before long work begins, so that it is refused with a number instead of dying after an hour (RELIABILITY R16).
namespace caton {

/// What one run may take: what the user allowed, else 80 % of the memory of this machine or of its control group,
/// whichever is less.
[[nodiscard]] std::int64_t memory_allowance();
/// The user's own allowance in bytes; 0: the machine's.
void set_memory_allowance(std::int64_t bytes);

/// Refuses (kind `machine`) what needs more than the allowance, naming both numbers.
void require_memory(std::int64_t bytes, const std::string& where, const std::string& remedy);

/// "3.2 GB", "40 MB".
[[nodiscard]] std::string bytes_text(std::int64_t bytes);

}  // namespace caton
