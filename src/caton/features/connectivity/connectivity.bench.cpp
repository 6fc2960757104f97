// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/bench_service.hpp"
#include "caton/base/file.hpp"
#include "caton/features/connectivity/ddtf_surrogates.hpp"
#include "caton/features/connectivity/spectral_connectivity.hpp"
#include "caton/features/connectivity/surrogates.hpp"

#include <algorithm>
#include <cstring>
#include <iostream>

using namespace caton;

namespace {

const std::vector<Band> bands = {{1, 4}, {4, 8}, {8, 12}, {12, 20}, {20, 30}};

Matrix doubles(const std::string& path, std::int64_t rows) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  Matrix x({rows, static_cast<std::int64_t>(bytes.size() / sizeof(double)) / rows}, uninitialised);
  std::memcpy(x.data(), bytes.data(), static_cast<std::size_t>(x.size()) * sizeof(double));
  return x;
}

/// Channels moved round by made-up numbers of samples, the same as the peer's.
Matrix shifted(Signal x, std::int64_t index) {
  std::vector<std::int64_t> shift;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const double u = made_uniform(static_cast<std::uint64_t>(index * x.extent(0) + c));
    shift.push_back(static_cast<std::int64_t>(u * static_cast<double>(x.extent(1))));
  }
  return surrogate_shift(x, shift);
}

int serve_ddtf(const Matrix& x) {
  const DdtfWindows options{.rate_hz = 128, .bands = bands};
  DdtfTest result;
  const auto work = [&] { result = ddtf_surrogates(x, options, 200, shifted); };
  const auto values = [&] {
    work();
    std::vector<double> all(result.mean.begin(), result.mean.end());
    all.insert(all.end(), result.p_value.begin(), result.p_value.end());
    return all;
  };
  return serve_bench(values, work);
}

int serve_wpli(const Matrix& x, std::int64_t channels) {
  const std::int64_t epochs = x.extent(0) / channels;
  const Epochs view(x.data(), {epochs, channels, x.extent(1)});
  std::vector<Array<Complex, 3>> result;
  const auto work = [&] {
    result = spectral_connectivity(view, {.rate_hz = 256, .measures = {PhaseMeasure::wpli}, .bands = bands});
  };
  const auto values = [&] {
    work();
    std::vector<double> all;
    for (const Complex& value : result[0]) all.push_back(value.real());
    return all;
  };
  return serve_bench(values, work);
}

}  // namespace

/// One part of bench/W8: ddtf FILE (32 channels at 128 Hz) or wpli FILE (100 epochs of 64 channels at 256 Hz).
int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_connectivity ddtf|wpli FILE\n";
    return 2;
  }
  if (std::string(argv[1]) == "ddtf") return serve_ddtf(doubles(argv[2], 32));
  return serve_wpli(doubles(argv[2], 100 * 64), 64);
}
