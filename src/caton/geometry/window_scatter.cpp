// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/window_scatter.hpp"

#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>
#include <cstring>

namespace caton {

namespace {

constexpr std::int64_t most_stretches = 4;

/// Stretches of a window: as many as divide it and are long enough to be worth a sum of their own.
std::int64_t stretch_count(std::int64_t samples) {
  constexpr std::int64_t shortest = 64;
  for (std::int64_t count = most_stretches; count > 1; --count) {
    if (samples % count == 0 && samples / count >= shortest) return count;
  }
  return 1;
}

/// Whether two signals that lie along memory are the same place or the same bits.
bool same_values(Signal a, Signal b) {
  if (a.data() == b.data() && a.stride(0) == b.stride(0)) return true;
  const auto bytes = static_cast<std::size_t>(a.extent(1)) * sizeof(double);
  for (std::int64_t c = 0; c < a.extent(0); ++c) {
    if (std::memcmp(a[c].data(), b[c].data(), bytes) != 0) return false;
  }
  return true;
}

/// Sums of equal parts and what their means are apart: those of the whole, at the diagonal and below.
struct Merge {
  const double* sums[most_stretches];
  const double* apart[most_stretches];
  std::int64_t parts;
  std::int64_t outer;  ///< parts, or none where nothing was taken away
  double length;
  std::int64_t rows;
};

struct MergeParts {
  static inline __attribute__((always_inline)) void run(const Merge* merge, double* out) {
    Lanes sum, value;
    for (std::int64_t i = 0; i < merge->rows; ++i) {
      for (std::int64_t j = 0; j <= i; j += lane_count) {
        const std::int64_t at = i * merge->rows + j;
        load_lanes(sum, merge->sums[0] + at);
        for (std::int64_t k = 1; k < merge->parts; ++k) {
          load_lanes(value, merge->sums[k] + at);
          sum += value;
        }
        for (std::int64_t k = 0; k < merge->outer; ++k) {
          load_lanes(value, merge->apart[k] + j);
          sum += merge->length * merge->apart[k][i] * value;
        }
        store_lanes(sum, out + at);
      }
    }
  }
};

}  // namespace

WindowScatter::WindowScatter(std::int64_t channels, std::int64_t samples, bool centred, Processor target)
    : centred_(centred),
      target_(target),
      channels_(channels),
      length_(samples / stretch_count(samples)),
      stretches_(static_cast<std::size_t>(stretch_count(samples))),
      means_(static_cast<std::size_t>(whole_lanes(channels))) {
  const std::int64_t padded = whole_lanes(channels);
  merged_ = Matrix({padded, padded}, uninitialised);
  for (Stretch& one : stretches_) one.sums = Matrix({padded, padded}, uninitialised);
}

std::int64_t WindowScatter::unknown(Signal window) const {
  const auto count = static_cast<std::int64_t>(stretches_.size());
  if (before_.empty()) return count;
  for (std::int64_t later = 1; later < count; ++later) {
    const std::int64_t shared = (count - later) * length_;
    if (same_values(window.slice(1, 0, shared), before_.slice(1, later * length_, shared))) return later;
  }
  return count;
}

void WindowScatter::sum(Signal stretch, Stretch& out) {
  out.means = channel_means(stretch, target_);
  out.means.resize(means_.size(), 0.0);
  sum_products(stretch, centred_ ? out.means : std::vector<double>(means_.size()), ahead_, out.sums, target_);
}

void WindowScatter::take(Signal window, const Upcoming& upcoming) {
  const std::int64_t later = unknown(window), count = window.extent(1) / length_, known = (count - later) * length_;
  const bool last = upcoming.next.empty();
  ahead_.start(last ? Signal{} : upcoming.next.slice(1, known, later * length_), upcoming.out);
  std::rotate(stretches_.begin(), stretches_.begin() + later % count, stretches_.end());
  for (std::int64_t k = count - later; k < count; ++k)
    sum(window.slice(1, k * length_, length_), stretches_[static_cast<std::size_t>(k)]);
  before_ = window;
  for (std::size_t c = 0; c < means_.size(); ++c) {
    double all = 0;
    for (const Stretch& one : stretches_) all += one.means[c];
    means_[c] = all / static_cast<double>(count);
  }
}

std::span<const double> WindowScatter::means() const noexcept {
  return std::span(means_).first(static_cast<std::size_t>(channels_));
}

void WindowScatter::merge() {
  // Chan, Golub & LeVeque (1983), eq. 2.1b, of equal parts.
  const auto padded = static_cast<std::int64_t>(means_.size()), parts = static_cast<std::int64_t>(stretches_.size());
  Matrix apart({parts, padded}, uninitialised);
  Merge merge{.sums = {},
              .apart = {},
              .parts = parts,
              .outer = centred_ && parts > 1 ? parts : 0,
              .length = static_cast<double>(length_),
              .rows = padded};
  for (std::int64_t k = 0; k < parts; ++k) {
    const Stretch& part = stretches_[static_cast<std::size_t>(k)];
    for (std::size_t c = 0; c < means_.size(); ++c) apart(k, c) = part.means[c] - means_[c];
    merge.sums[k] = part.sums.data();
    merge.apart[k] = apart[k].data();
  }
  run_on<MergeParts>(target_, static_cast<const Merge*>(&merge), merged_.data());
}

void WindowScatter::put(double factor, View<double, 2> out) {
  merge();
  place_scatter(merged_, factor, out, target_);
}

}  // namespace caton
