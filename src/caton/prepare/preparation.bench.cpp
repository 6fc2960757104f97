// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Band-pass 1 to 40 Hz, notch at 50 Hz, 200 Hz, average reference, by MNE's defaults, read from the
// file channel by channel (MNE's side has it in memory already): one side of bench/W2.
#include "caton/base/bench_service.hpp"
#include "caton/recording/recording.hpp"
#include "caton/signal/filter_chain.hpp"
#include "caton/signal/fir_design.hpp"
#include "caton/signal/notch.hpp"

#include <array>
#include <span>
#include <string>

using namespace caton;

namespace {

template <class T>
int serve(const Path& path) {
  const auto recording = open_recording(path);
  const auto channels = static_cast<std::int64_t>(recording->channels().size());
  const std::int64_t samples = recording->channels().front().samples;
  const double rate_hz = recording->channels().front().rate_hz;
  const ChannelSource<T> source = [&](std::int64_t channel, std::span<T> out) {
    const std::array<std::int64_t, 1> one{channel};
    recording->read(one, 0, samples, View<T, 2>(out.data(), {1, samples}));
  };
  Array<T, 2> y;
  const auto work = [&] {
    y = Array<T, 2>();
    const FilterChain chain{.filters = {fir_design({.rate_hz = rate_hz, .low_hz = 1, .high_hz = 40}),
                                        notch_filter({.rate_hz = rate_hz, .freqs_hz = {50}})},
                            .resample = FftResample{.up = 200, .down = rate_hz},
                            .average_reference = true};
    y = filter_chain({channels, samples}, source, chain);
  };
  const auto values = [&] {
    work();
    std::vector<double> some;
    for (std::int64_t c = 0; c < y.extent(0); ++c) {
      for (const std::int64_t t : {std::int64_t{0}, std::int64_t{1}, std::int64_t{777}, y.extent(1) - 1})
        some.push_back(static_cast<double>(y(c, t)));
      for (std::int64_t t = c; t < y.extent(1); t += 997) some.push_back(static_cast<double>(y(c, t)));
    }
    return some;
  };
  return serve_bench(values, work);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_preparation FILE float|double\n";
    return 2;
  }
  return std::string(argv[2]) == "double" ? serve<double>(argv[1]) : serve<float>(argv[1]);
}
