// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Fourier transforms beside FFTW's, where it is installed (libfftw3-dev; this program alone is linked with it): values
// first, then both in turns. Rates are in Gflop/s by FFTW's own count of 5 N log2 N for a complex transform.
#include "caton/signal/fft.hpp"
#include "caton/base/random.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#ifdef CATON_HAVE_FFTW
#include <fftw3.h>
#endif

using namespace caton;

namespace {

template <class T>
Array<T, 1> noise(std::int64_t count) {
  RandomStream random(7, "fft bench", {static_cast<std::uint64_t>(count)});
  Array<T, 1> x({count}, uninitialised);
  for (T& value : x) value = static_cast<T>(random.normal());
  return x;
}

#ifdef CATON_HAVE_FFTW
struct Double {
  using Plan = fftw_plan;
  static Plan plan(int n, int signals, Split<double> x, Split<double> y) {
    const fftw_iodim size{n, signals, signals}, many{signals, 1, 1};
    return fftw_plan_guru_split_dft(1, &size, 1, &many, x.re, x.im, y.re, y.im, FFTW_MEASURE);
  }
  static void run(Plan p) { fftw_execute(p); }
};
struct Float {
  using Plan = fftwf_plan;
  static Plan plan(int n, int signals, Split<float> x, Split<float> y) {
    const fftwf_iodim size{n, signals, signals}, many{signals, 1, 1};
    return fftwf_plan_guru_split_dft(1, &size, 1, &many, x.re, x.im, y.re, y.im, FFTW_MEASURE);
  }
  static void run(Plan p) { fftwf_execute(p); }
};
#else
struct Double {};
struct Float {};
#endif

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class T, class Other>
int measure(std::int64_t length, std::int64_t signals) {
  const std::int64_t count = length * signals;
  Array<T, 1> x = noise<T>(2 * count), a({2 * count}), b({2 * count});
  const FftOf<T> plan(length);
  const Split<T> first{a.data(), a.data() + count}, second{b.data(), b.data() + count};
  const double work = 5 * static_cast<double>(count) * std::log2(static_cast<double>(length));
  const int calls = std::max(1, static_cast<int>(2e8 / work));
  const auto fill = [&] { std::copy_n(x.data(), 2 * count, a.data()); };
  fill();
  Split<T> result = plan.run(first, second, signals);
  const auto ours = [&] {
    for (int i = 0; i < calls; ++i) {
      fill();
      result = plan.run(first, second, signals);
    }
  };
#ifdef CATON_HAVE_FFTW
  Array<T, 1> in({2 * count}), out({2 * count});
  const auto theirs = Other::plan(static_cast<int>(length), static_cast<int>(signals), {in.data(), in.data() + count},
                                  {out.data(), out.data() + count});
  std::copy_n(x.data(), 2 * count, in.data());
  Other::run(theirs);
  double worst = 0, largest = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    worst = std::max(
        worst, static_cast<double>(std::hypot(out.data()[i] - result.re[i], out.data()[count + i] - result.im[i])));
    largest = std::max(largest, static_cast<double>(std::abs(out.data()[i])));
  }
  const bool same = worst < (sizeof(T) == 4 ? 2e-6 : 4e-15) * largest;
  const auto peer = [&] {
    for (int i = 0; i < calls; ++i) {
      std::copy_n(x.data(), 2 * count, in.data());
      Other::run(theirs);
    }
  };
#else
  const bool same = true;
  const double worst = 0, largest = 1;
#endif
  std::vector<double> mine, other;
  for (int round = 0; round < 8; ++round) {
    mine.push_back(seconds(ours));
#ifdef CATON_HAVE_FFTW
    other.push_back(seconds(peer));
#endif
  }
  const double total = work * calls * 1e-9;
  std::printf("%-6s %8lld x %-3lld  caton %6.2f", sizeof(T) == 4 ? "float" : "double", static_cast<long long>(length),
              static_cast<long long>(signals), total / median(mine));
  if (!other.empty()) {
    std::printf("   FFTW %6.2f   ratio %5.2f   largest difference %.1e%s", total / median(other),
                median(other) / median(mine), worst / largest, same ? "" : "   NOT THE SAME");
  }
  std::printf("\n");
  return same ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::int64_t> lengths{256, 512, 1000, 1024, 1536, 4096, 8192, 16384, 32768, 204800, 524288, 1009, 6007};
  if (argc > 1) {
    lengths.clear();
    for (int i = 1; i < argc; ++i) lengths.push_back(std::atoll(argv[i]));
  }
  std::printf("Gflop/s, one thread, split real and imaginary parts, a copy of the input counted on both sides\n");
  int wrong = 0;
  for (const std::int64_t length : lengths) {
    wrong += measure<double, Double>(length, 1);
    wrong += measure<float, Float>(length, 1);
  }
  if (argc == 1) {
    for (const std::int64_t length : {64, 256, 1000, 1024}) {
      wrong += measure<double, Double>(length, 16);
      wrong += measure<float, Float>(length, 16);
    }
  }
  return wrong == 0 ? 0 : 1;
}
