// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// What `caton bench` measures of this room.
#include "caton/base/kernel.hpp"
#include "caton/features/connectivity/ddtf_windows.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/spectral_connectivity.hpp"

#include <array>
#include <memory>

namespace caton {
namespace {

constexpr std::int64_t channels = 32, samples = 2048, order = 6, bins = 128;

KernelWork lagged() {
  const auto x = kernel_signal<2>({channels, samples});
  return {[=] { (void)lagged_products(one_epoch(*x), order); }, 2.0 * (order + 1) * channels * channels * samples,
          1.0 * sizeof(double) * channels * samples};
}

/// Products, normal equations, and at each bin an inverse (and in the band a product) of complex matrices.
KernelWork direct() {
  const auto x = kernel_signal<2>({channels, samples});
  const std::array<std::int64_t, 1> begin{0};
  const double cube = 1.0 * channels * channels * channels, past = 1.0 * channels * order;
  const double operations = 2.0 * (order + 1) * channels * channels * samples + past * past * past / 3 +
                            4 * past * past * channels + bins * 8 * cube + bins / 2 * 4 * cube;
  return {[=] {
            (void)mean_ddtf(*x, begin, samples, {.rate_hz = 128, .order = order, .bands = {{1, 32}}, .bins = bins});
          },
          operations, 1.0 * sizeof(double) * channels * samples};
}

KernelWork lag_index() {
  constexpr std::int64_t epochs = 40, length = 512, in_band = 60;
  const auto x = kernel_signal<2>({epochs * channels, length});
  return {[=] {
            const Epochs view(x->data(), {epochs, channels, length});
            (void)spectral_connectivity(view, {.rate_hz = 256, .measures = {PhaseMeasure::wpli}, .bands = {{1, 30.5}}});
          },
          1.0 * epochs * channels * (2.5 * length * 9 + in_band * (channels + 1) / 2.0 * 8),
          1.0 * sizeof(double) * epochs * channels * length};
}

const KernelEntries kernels{{"lagged-products", "of 32 channels x 2048 samples, lags 0 to 6", lagged},
                            {"ddtf", "a window of 32 channels x 2048 samples, order 6, 128 bins", direct},
                            {"wpli", "all pairs of 32 channels, 40 epochs of 512 samples, 1 to 30.5 Hz", lag_index}};

}  // namespace
}  // namespace caton
