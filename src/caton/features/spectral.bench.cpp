// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Differential entropy in five bands and Welch's spectra of one recording: one side of bench/W3a and bench/W3b.
#include "caton/base/bench_service.hpp"
#include "caton/features/differential_entropy.hpp"
#include "caton/recording/recording.hpp"
#include "caton/signal/welch.hpp"

#include <numeric>

using namespace caton;

namespace {

struct Loaded {
  Matrix x;
  double rate_hz = 0;
};

Loaded whole(const Path& path) {
  const auto recording = open_recording(path);
  std::vector<std::int64_t> channels(recording->channels().size());
  std::iota(channels.begin(), channels.end(), 0);
  Loaded loaded{
      Matrix({static_cast<std::int64_t>(channels.size()), recording->channels().front().samples}, uninitialised),
      recording->channels().front().rate_hz};
  recording->read(channels, 0, loaded.x.extent(1), loaded.x.view());
  return loaded;
}

template <class Result>
std::vector<double> all_of(const Result& result) {
  return {result.begin(), result.end()};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_spectral FILE entropy|welch\n";
    return 2;
  }
  const Loaded loaded = whole(argv[1]);
  if (std::string(argv[2]) == "welch") {
    const Welch options{.rate_hz = loaded.rate_hz, .fft_samples = 1024, .overlap_samples = 512, .window = "hann"};
    Spectrum result;
    const auto work = [&] { result = welch(loaded.x, options); };
    return serve_bench(
        [&] {
          work();
          return all_of(result.psd);
        },
        work);
  }
  Array<double, 3> result;
  const auto work = [&] {
    const DifferentialEntropy options{.rate_hz = loaded.rate_hz, .bands = eeg_bands()};
    result = differential_entropy(loaded.x, options).de;
  };
  return serve_bench(
      [&] {
        work();
        return all_of(result);
      },
      work);
}
