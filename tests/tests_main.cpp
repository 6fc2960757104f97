// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>

int main(int argc, char** argv) {
  // What a test looks at shall be computed in it, not by an earlier one; tests of the cache switch it on.
  setenv("CATON_NO_CACHE", "1", 1);
  return doctest::Context(argc, argv).run();
}
