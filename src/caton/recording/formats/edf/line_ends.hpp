// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"

#include <cstdint>

namespace caton {

/// Writes an EDF or BDF file again without the 0D that a text-mode copy put before every 0A. Refuses a file in which
/// a 0A stands alone (its line ends were not converted), and a result that is no sound EDF file: then nothing is
/// written. Gives the number of bytes taken out.
std::int64_t undo_line_ends(const Path& damaged, const Path& repaired);

}  // namespace caton
