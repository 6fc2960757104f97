// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/matlab/matlab.hpp"
#include "fuzz_test.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace caton;
  return testing::survive(bytes, size, [](Bytes input) {
    const bool five = is_matlab5(input);
    testing::read_all(*(five ? matlab5_container(input, "fuzz.mat") : matlab4_container(input, "fuzz.mat")));
  });
}
