// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/ica.hpp"
#include "caton/base/bench_service.hpp"
#include "caton/base/file.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/signal/cleaning/whitening.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>
#include <string>

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

/// Mean share of what leaks from other sources: 0 for the truth up to order and scale (Amari 1996).
double amari_distance(Signal unmixing, Signal mixing) {
  Matrix p = product(unmixing, mixing);
  for (double& value : p) value = std::abs(value);
  const std::int64_t size = p.extent(0);
  double sum = 0;
  for (std::int64_t i = 0; i < size; ++i) {
    double row = 0, most_of_row = 0, column = 0, most_of_column = 0;
    for (std::int64_t j = 0; j < size; ++j) {
      row += p(i, j);
      most_of_row = std::max(most_of_row, p(i, j));
      column += p(j, i);
      most_of_column = std::max(most_of_column, p(j, i));
    }
    sum += row / most_of_row + column / most_of_column - 2;
  }
  return sum / static_cast<double>(2 * size * (size - 1));
}

int serve_fastica(const Matrix& signal, const Matrix& start) {
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

int serve_infomax(const Matrix& signal, const Matrix& mixing) {
  const auto fit = [&] {
    const Whitening whitening = pca_whitening("bench", signal, 20);
    const auto picard = ica_picard(whitened(whitening, signal), {.extended = true});
    return product(picard.unmixing, whitening.matrix);
  };
  return serve_bench([&] { return std::vector<double>{amari_distance(fit(), mixing)}; }, [&] { (void)fit(); });
}

}  // namespace

/// One part of bench/W7: fastica SIGNAL START or infomax SIGNAL MIXING.
int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bench_ica fastica|infomax SIGNAL START|MIXING\n";
    return 2;
  }
  const Matrix signal = read_rows(argv[2], 64);
  if (std::string(argv[1]) == "fastica") return serve_fastica(signal, read_rows(argv[3], 20));
  return serve_infomax(signal, read_rows(argv[3], 64));
}
