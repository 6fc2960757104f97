// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace caton {

/// Number `place` of the same numbers in [0, 1) that bench/made_numbers.py gives the peer (SplitMix64).
inline double made_uniform(std::uint64_t place) {
  std::uint64_t z = (place + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  z ^= z >> 31U;
  return static_cast<double>(z >> 11U) * 0x1p-53;
}

/// One side of `bench/compare`: answers lines on standard input. "values" gives a JSON list of numbers, by which both
/// sides are first held to each other; "run" does the work once and gives its seconds; "end" ends.
inline int serve_bench(const std::function<std::vector<double>()>& values, const std::function<void()>& work) {
  std::string line;
  while (std::getline(std::cin, line) && line != "end") {
    if (line == "values") {
      std::cout << Json::list_of(values()).dump() << std::endl;
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::cout << Json(taken.count()).dump() << std::endl;
  }
  return 0;
}

}  // namespace caton
