// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"

#include <memory>

namespace caton {

/// MATLAB 7.3 and plain HDF5 files, read by the program caton-reader in a child process with limits; this library does
/// not know HDF5. A crash of the child, or a limit it meets, is an error of the file (kind `input`).
[[nodiscard]] std::unique_ptr<Container> open_hdf5(const Path& path);

/// Where caton-reader is: $CATON_READER, beside this library, beside the program, or in the installed libexec folder.
/// Kind `machine` when it is nowhere.
[[nodiscard]] Path find_reader();

}  // namespace caton
