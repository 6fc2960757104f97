// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// What the child that reads HDF5 may answer when a hostile file has taken it over.

#include "caton/containers/hdf5/frames.hpp"
#include "fuzz_test.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace caton;
  return testing::survive(bytes, size, [](Bytes input) {
    ByteReader reader(input, "fuzz");
    const hdf5::Fill fill = [&](std::span<std::byte> out) {
      const Bytes from = reader.take_bytes(out.size(), "answer");
      std::copy(from.begin(), from.end(), out.begin());
    };
    static_cast<void>(hdf5::read_answer(fill, static_cast<std::int64_t>(input.size()), "fuzz"));
  });
}
