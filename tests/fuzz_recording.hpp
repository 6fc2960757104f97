// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Fuzz targets of recording formats: the bytes become a file in memory, which the format named opens, describes and
// reads to its end.

#include "caton/base/error.hpp"
#include "caton/recording/recording.hpp"
#include "caton/recording/signal_facts.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <string>

namespace caton::testing {

inline void read_recording(const std::string& format, const Path& path) {
  const auto recording = Registry<FormatEntry>::instance().find(format)->open(path, {});
  static_cast<void>(signal_facts(*recording, "fuzz"));
  for (std::size_t i = 0; i < recording->channels().size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    const std::int64_t count = std::min<std::int64_t>(recording->channels()[i].samples, 4096);
    Array<float, 2> values({1, count}, uninitialised);
    recording->read(std::span(&index, 1), recording->channels()[i].samples - count, count, values.view());
  }
}

inline int fuzz_recording(const std::string& format, const unsigned char* bytes, std::size_t size) {
  const int file = memfd_create("fuzz", 0);
  if (file < 0 || write(file, bytes, size) != static_cast<ssize_t>(size)) std::abort();
  try {
    read_recording(format, "/proc/self/fd/" + std::to_string(file));
  } catch (const Error&) {  // a good answer
  }
  close(file);
  return 0;
}

}  // namespace caton::testing
