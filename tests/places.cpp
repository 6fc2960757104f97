// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The only object of the tests that knows where it was built: the others are the same in every clone, for a compiler
// cache to share.
#include "golden_test.hpp"

namespace caton::testing {

Path source_dir() { return CATON_SOURCE_DIR; }

Path build_dir() { return CATON_BUILD_DIR; }

}  // namespace caton::testing
