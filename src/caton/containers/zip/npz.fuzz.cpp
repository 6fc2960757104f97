// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/npy/npy.hpp"
#include "fuzz_test.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace caton;
  return testing::survive(bytes, size, [](Bytes input) { testing::read_all(*npz_container(input, "fuzz.npz")); });
}
