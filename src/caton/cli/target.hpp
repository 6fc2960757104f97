// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>

namespace caton::cli {

/// Refuses to write over the input, into a folder, or over a file that exists where `force` is not set. `endings`:
/// ".edf or .npy".
void check_target(const std::string& input, const std::string& output, bool force, const std::string& endings);

/// Refuses to write over what exists where `force` is not set.
void check_overwriting(const std::string& output, bool force);

}  // namespace caton::cli
