// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <string>
#include <vector>

namespace caton {

/// Writes channels x samples as a NumPy file (version 1.0, row major) whole or not at all, channel by channel in
/// blocks. `dtype` is "<f8" or "<f4". Values are SI (volts) where a channel's unit is known, else as filed.
/// Refuses channels of different rates or lengths.
void write_npy(const Path& path, const Recording& recording, std::vector<std::int64_t> channels = {},
               const std::string& dtype = "<f8");

}  // namespace caton
