// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// What `caton bench` measures of this room.
#include "caton/base/kernel.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/fir.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"
#include "caton/signal/resample.hpp"
#include "caton/signal/welch.hpp"

#include <cmath>
#include <memory>

namespace caton {
namespace {

constexpr std::int64_t channels = 8, samples = 32768;
constexpr double rate_hz = 512;

double transform_operations(std::int64_t length) {
  return 5 * static_cast<double>(length) * std::log2(static_cast<double>(length));
}

KernelWork transforms() {
  constexpr std::int64_t length = 1024, many = 64;
  auto memory = std::make_shared<Array<double, 1>>(Array<double, 1>({4 * length * many}, 0.5));
  const auto plan = fft_plan(length);
  return {[=] {
            double* const at = memory->data();
            const std::int64_t size = length * many;
            (void)plan->run({at, at + size}, {at + 2 * size, at + 3 * size}, many);
          },
          many * transform_operations(length), 4.0 * sizeof(double) * length * many};
}

KernelWork fir() {
  const auto x = kernel_signal<2>({channels, samples});
  const auto h = std::make_shared<std::vector<double>>(845, 1.0 / 845);
  // By overlap-add a block costs two real transforms; by hand each sample costs its taps.
  const double a_sample = 2 * transform_operations(4096) / (4096 - 844.0);
  return {[=] { (void)fir_apply(*x, *h); }, a_sample * channels * samples, 2.0 * sizeof(double) * channels * samples};
}

KernelWork recursive() {
  const auto x = kernel_signal<2>({channels, samples});
  const auto sos = std::make_shared<Matrix>(
      iir_design({.rate_hz = rate_hz, .band = BandKind::bandpass, .order = 4, .cut_hz = {8, 13}}));
  return {[=] { (void)iir_filter(*x, *sos); }, 9.0 * static_cast<double>(sos->extent(0)) * channels * samples,
          2.0 * sizeof(double) * channels * samples};
}

KernelWork spectra() {
  const auto x = kernel_signal<2>({channels, samples});
  constexpr std::int64_t segment = 512;
  return {[=] { (void)welch(*x, {.rate_hz = rate_hz, .fft_samples = segment, .overlap_samples = segment / 2}); },
          2.0 * channels * samples / segment * (transform_operations(segment) / 2 + 5.0 * segment),
          1.0 * sizeof(double) * channels * samples};
}

KernelWork resampling() {
  const auto x = kernel_signal<2>({channels, samples});
  return {[=] { (void)resample_fft(*x, {.up = 1, .down = 4}); }, 1.25 * channels * transform_operations(samples) / 2,
          1.25 * sizeof(double) * channels * samples};
}

const KernelEntries kernels{{"fft", "64 complex transforms of 1024, side by side", transforms},
                            {"fir", "845 taps on 8 channels of 32768 samples, overlap-add", fir},
                            {"iir", "band-pass of 4 sections on 8 channels of 32768 samples", recursive},
                            {"welch", "segments of 512, half overlap, 8 channels of 32768 samples", spectra},
                            {"resample", "to a quarter of the rate, 8 channels of 32768 samples", resampling}};

}  // namespace
}  // namespace caton
