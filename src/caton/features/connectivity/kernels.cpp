// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// What `caton bench` measures of this room.
#include "caton/base/kernel.hpp"
#include "caton/base/random.hpp"
#include "caton/features/connectivity/ddtf_windows.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/spectral_connectivity.hpp"

#include <array>
#include <memory>

namespace caton {
namespace {

constexpr std::int64_t channels = 32, samples = 2048, order = 6, bins = 128;

std::shared_ptr<const Matrix> noise(std::int64_t rows, std::int64_t columns) {
  auto x = std::make_shared<Matrix>(Matrix({rows, columns}, uninitialised));
  RandomStream random(1, "kernel");
  for (double& value : *x) value = random.normal();
  return x;
}

KernelWork lagged() {
  const auto x = noise(channels, samples);
  return {[=] { (void)lagged_products(one_epoch(*x), order); }, 2.0 * (order + 1) * channels * channels * samples,
          1.0 * sizeof(double) * channels * samples};
}

/// Products, normal equations, and at each bin an inverse (and in the band a product) of complex matrices.
KernelWork direct() {
  const auto x = noise(channels, samples);
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
  const auto x = noise(epochs * channels, length);
  return {[=] {
            const Epochs view(x->data(), {epochs, channels, length});
            (void)spectral_connectivity(view, {.rate_hz = 256, .measures = {PhaseMeasure::wpli}, .bands = {{1, 30.5}}});
          },
          1.0 * epochs * channels * (2.5 * length * 9 + in_band * (channels + 1) / 2.0 * 8),
          1.0 * sizeof(double) * epochs * channels * length};
}

const KernelEntry lagged_kernel{"lagged-products", "of 32 channels x 2048 samples, lags 0 to 6", lagged};
const KernelEntry direct_kernel{"ddtf", "a window of 32 channels x 2048 samples, order 6, 128 bins", direct};
const KernelEntry wpli_kernel{"wpli", "all pairs of 32 channels, 40 epochs of 512 samples, 1 to 30.5 Hz", lag_index};
CATON_REGISTER(KernelEntry, lagged_kernel);
CATON_REGISTER(KernelEntry, direct_kernel);
CATON_REGISTER(KernelEntry, wpli_kernel);

}  // namespace
}  // namespace caton
