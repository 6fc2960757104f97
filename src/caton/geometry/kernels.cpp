// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// What `caton bench` measures of this room.
#include "caton/base/kernel.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"

#include <memory>

namespace caton {
namespace {

constexpr std::int64_t trials = 64, channels = 22, samples = 512;

KernelWork covariance_kernel_work() {
  const auto x = kernel_signal<3>({trials, channels, samples});
  return {[=] { (void)covariances(*x, {.estimator = Estimator::scm}); },
          1.0 * trials * channels * (channels + 1) * samples, 1.0 * sizeof(double) * trials * channels * samples};
}

std::shared_ptr<const Matrices> matrices() {
  const auto x = kernel_signal<3>({trials, channels, samples});
  return std::make_shared<const Matrices>(covariances(*x, {.estimator = Estimator::scm}));
}

KernelWork mean_work() {
  const auto c = matrices();
  return {[=] { (void)spd_mean(*c, {.metric = Metric::riemann}); }, 0,
          1.0 * sizeof(double) * trials * channels * channels};
}

/// Tridiagonal form and both its reflectors' product, then about two rotations of all vectors an eigenvalue.
KernelWork eigen_work() {
  const auto c = matrices();
  return {[=] { (void)spectra(*c); }, trials * (8.0 / 3 + 6) * channels * channels * channels,
          2.0 * sizeof(double) * trials * channels * channels};
}

/// Tridiagonal form, twelve poles' inverses, and the way back.
KernelWork logarithm_work() {
  const auto c = matrices();
  return {[=] { (void)spd_function(*c, SpdFunction::log); }, trials * (10.0 / 3 * channels + 12) * channels * channels,
          2.0 * sizeof(double) * trials * channels * channels};
}

const KernelEntries kernels{{"covariance", "64 epochs of 22 channels x 512 samples", covariance_kernel_work},
                            {"riemannian-mean", "of 64 matrices of 22 x 22", mean_work},
                            {"eigen", "values and vectors of 64 matrices of 22 x 22", eigen_work},
                            {"matrix-logarithm", "of 64 matrices of 22 x 22", logarithm_work}};

}  // namespace
}  // namespace caton
