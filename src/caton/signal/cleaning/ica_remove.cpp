// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/ica.hpp"

#include <algorithm>

namespace caton {

namespace {

const std::string where = "ica_remove";

std::string size_text(Signal m) { return std::to_string(m.extent(0)) + " x " + std::to_string(m.extent(1)); }

void require_fit(Signal x, Signal unmixing, Signal mixing, const std::vector<double>& mean) {
  const std::int64_t channels = x.extent(0), components = unmixing.extent(0);
  if (unmixing.extent(1) == channels && mixing.extent(0) == channels && mixing.extent(1) == components &&
      static_cast<std::int64_t>(mean.size()) == channels)
    return;
  throw usage_error(where, "shape: unmixing is " + size_text(unmixing) + ", mixing " + size_text(mixing) +
                               ", mean has " + std::to_string(mean.size()) + " values, the signal " +
                               std::to_string(channels) + " channels");
}

}  // namespace

Matrix ica_remove(Signal x, Signal unmixing, Signal mixing, const std::vector<double>& mean,
                  const std::vector<std::int64_t>& exclude) {
  require_signal(where, x);
  require_finite(where, x);
  require_fit(x, unmixing, mixing, mean);
  const std::int64_t channels = x.extent(0);
  std::vector<std::int64_t> chosen = exclude;
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  Matrix projector({channels, channels});
  for (std::int64_t c = 0; c < channels; ++c) projector(c, c) = 1;
  for (const std::int64_t k : chosen) {
    if (k < 0 || k >= unmixing.extent(0)) {
      throw usage_error(
          where, "exclude names component " + std::to_string(k) + ", there are " + std::to_string(unmixing.extent(0)));
    }
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t j = 0; j < channels; ++j) projector(i, j) -= mixing(i, k) * unmixing(k, j);
    }
  }
  Tiles kept = multiplied(projector, Tiles(x, mean));
  Matrix y = kept.signal();
  thread_pool().parallel_for(channels, [&](std::int64_t c) {
    for (double* value = y.data() + c * y.extent(1); value != y.data() + (c + 1) * y.extent(1); ++value)
      *value += mean[static_cast<std::size_t>(c)];
  });
  return y;
}

}  // namespace caton
