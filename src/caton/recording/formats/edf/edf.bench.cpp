// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/bench_service.hpp"
#include "caton/recording/recording.hpp"

#include <memory>
#include <numeric>

using namespace caton;

namespace {

/// Opens a recording and reads all channels of it into memory that is used again.
template <class T>
int serve(const Path& path) {
  Array<T, 2> memory;
  const auto work = [&] {
    const auto recording = open_recording(path);
    std::vector<std::int64_t> channels(recording->channels().size());
    std::iota(channels.begin(), channels.end(), 0);
    const typename Array<T, 2>::Extents extents{static_cast<std::int64_t>(channels.size()),
                                                recording->channels().front().samples};
    if (memory.extents() != extents) memory = Array<T, 2>(extents, uninitialised);
    recording->read(channels, 0, extents[1], memory.view());
  };
  const auto values = [&] {
    work();
    std::vector<double> some;
    for (std::int64_t channel = 0; channel < memory.extent(0); ++channel)
      for (std::int64_t at = channel; at < memory.extent(1); at += 4999)
        some.push_back(static_cast<double>(memory(channel, at)));
    return some;
  };
  return serve_bench(values, work);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_edf FILE float|double\n";
    return 2;
  }
  return std::string(argv[2]) == "double" ? serve<double>(argv[1]) : serve<float>(argv[1]);
}
