// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/pickle/pickle.hpp"
#include "fuzz_test.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace caton;
  return testing::survive(bytes, size, [](Bytes input) { testing::read_all(*pickle_container(input, "fuzz.dat")); });
}
