// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/recording/formats/brainvision/header.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string_view text(static_cast<const char*>(static_cast<const void*>(bytes)), size);
  caton::Findings findings;
  static_cast<void>(caton::brainvision::read_markers(text, 250, 1000, "fuzz", findings));
  try {
    static_cast<void>(caton::brainvision::read_header(text, "base", "fuzz"));
  } catch (const caton::Error&) {  // a good answer
  }
  return 0;
}
