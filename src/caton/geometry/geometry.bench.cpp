// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// W6: covariances of 599 windows (64 channels x 400 samples: two seconds every second of ten minutes at 200 Hz), looked
// at in the recording or cut apart, their Riemannian mean (22 and 64 channels) and tangent space. One thread on both
// sides; bench/W6/peer.py makes the same signals.
#include "caton/base/bench_service.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/tangent.hpp"

#include <cstdio>
#include <string>

using namespace caton;

namespace {

constexpr std::int64_t windows = 599, channels = 64, samples = 400, hop = 200,
                       recorded = (windows - 1) * hop + samples;

/// Noise of each channel's own strength and a part that all share, in microvolts.
double made_value(std::int64_t channel, std::uint64_t own, std::uint64_t shared) {
  return 20 *
         ((1 + 0.02 * static_cast<double>(channel)) * (made_uniform(own) - 0.5) + 0.5 * (made_uniform(shared) - 0.5));
}

Matrix made_recording() {
  Matrix x({channels, recorded}, uninitialised);
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t t = 0; t < recorded; ++t)
      x(c, t) = made_value(c, static_cast<std::uint64_t>(c * recorded + t),
                           static_cast<std::uint64_t>(channels * recorded + t));
  }
  return x;
}

Array<double, 3> made_signals() {
  Array<double, 3> x({windows, channels, samples}, uninitialised);
  for (std::int64_t n = 0; n < windows; ++n) {
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t t = 0; t < samples; ++t) {
        const auto own = static_cast<std::uint64_t>((n * channels + c) * samples + t);
        const auto shared = static_cast<std::uint64_t>(windows * channels * samples + n * samples + t);
        x(n, c, t) = made_value(c, own, shared);
      }
    }
  }
  return x;
}

std::vector<double> every(const double* values, std::int64_t count, std::int64_t step) {
  std::vector<double> picked;
  for (std::int64_t k = 0; k < count; k += step) picked.push_back(values[k]);
  return picked;
}

constexpr CovarianceOptions plain{.estimator = Estimator::scm};

int serve_covariances(Epochs x) {
  return serve_bench(
      [&] {
        const Matrices c = covariances(x, plain);
        return every(c.data(), c.size(), 997);
      },
      [&] { (void)covariances(x, plain); });
}

int run(const std::string& part, std::int64_t size) {
  set_threads(1);
  if (part == "overlapping") {
    const Matrix recording = made_recording();
    return serve_covariances({recording.data(), {windows, channels, samples}, {hop, recorded, 1}});
  }
  const Array<double, 3> x = made_signals();
  if (part == "covariance") return serve_covariances(x);
  const Matrices c = covariances(x.view().slice(1, 0, size), plain);
  if (part == "mean") {
    return serve_bench(
        [&] {
          const Matrix mean = spd_mean(c);
          return every(mean.data(), mean.size(), 1);
        },
        [&] { (void)spd_mean(c); });
  }
  const Matrix reference = spd_mean(c);
  return serve_bench(
      [&] {
        const Matrix t = tangent_space(c, reference);
        return every(t.data(), t.size(), 97);
      },
      [&] { (void)tangent_space(c, reference); });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    return run(argv[1], std::stoll(argv[2]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
