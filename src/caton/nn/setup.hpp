// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>

namespace caton::nn {

/// How libtorch and BLAS stand after `libcaton_nn` was loaded: one thread each (caton shares out folds and windows
/// itself), large blocks from caton's pool. Done once, while the library loads; the only global state touched.
struct LibraryState {
  std::string blas;  ///< "OpenBLAS 0.3.21 …" with its kernel; "reference" when it is the slow one
  bool slow_blas = false;
};
[[nodiscard]] const LibraryState& library_state();

}  // namespace caton::nn
