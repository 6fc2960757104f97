// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/wfdb/annotations.hpp"
#include "caton/recording/formats/wfdb/header.hpp"
#include "caton/recording/formats/wfdb/packing.hpp"
#include "fuzz_test.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  return caton::testing::survive(bytes, size, [](caton::Bytes content) {
    caton::Findings findings;
    static_cast<void>(caton::wfdb::read_annotations(content, 250, "fuzz", findings));
    std::int64_t sum = 0;
    for (const int format : {8, 16, 24, 32, 61, 80, 160, 212, 310, 311}) {
      const auto count = caton::wfdb::packed_count(format, static_cast<std::int64_t>(content.size()));
      for (std::int64_t i = 0; i < count; ++i) sum ^= caton::wfdb::packed_at(format, content, i);
    }
    static_cast<void>(sum);
    static_cast<void>(caton::wfdb::read_header(caton::text_of(content), "fuzz"));
  });
}
