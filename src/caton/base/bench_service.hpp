// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"

#include <chrono>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace caton {

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
