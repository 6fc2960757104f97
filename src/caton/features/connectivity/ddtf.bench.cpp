// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/bench_service.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/features/connectivity/ddtf_windows.hpp"

#include <iostream>

using namespace caton;

/// dDTF of the windows of `x` (C, T) in FILE, as bench/W8 asks for it.
int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: bench_ddtf FILE RATE_HZ ORDER WINDOW_S\n";
    return 2;
  }
  const auto x = read_safetensors(argv[1]).at("x", argv[1]).array<2>("x");
  const DdtfWindows options{.rate_hz = std::atof(argv[2]),
                            .order = std::atoi(argv[3]),
                            .window_s = std::atof(argv[4]),
                            .step_s = std::atof(argv[4])};
  const auto work = [&] { (void)ddtf_windows(x, options); };
  const auto values = [&] {
    const auto mean = ddtf_windows(x, options).mean;
    return std::vector<double>(mean.begin(), mean.end());
  };
  return serve_bench(values, work);
}
