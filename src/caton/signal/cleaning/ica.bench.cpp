// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/bench_service.hpp"
#include "caton/base/file.hpp"
#include "caton/signal/cleaning/ica.hpp"

#include <cstring>
#include <iostream>

using namespace caton;

namespace {

Matrix read_rows(const char* path, std::int64_t rows) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  const auto columns = static_cast<std::int64_t>(bytes.size()) / 8 / rows;
  Matrix x({rows, columns}, uninitialised);
  std::memcpy(x.data(), bytes.data(), static_cast<std::size_t>(rows * columns) * 8);
  return x;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: bench_ica SIGNAL START\n";
    return 2;
  }
  const Matrix signal = read_rows(argv[1], 64), start = read_rows(argv[2], 20);
  const auto fit = [&] {
    return ica_fastica(signal, {.components = 20, .max_iterations = 20, .tolerance = 1e-12}, start);
  };
  return serve_bench(
      [&] {
        const IcaResult result = fit();
        return std::vector<double>(result.mixing.begin(), result.mixing.end());
      },
      [&] { (void)fit(); });
}
