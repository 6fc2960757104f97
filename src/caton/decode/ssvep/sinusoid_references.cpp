// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/sinusoid_references.hpp"

#include "caton/base/lane_transpose.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/ssvep/sinusoid_kernels.hpp"
#include "caton/geometry/lane_gram.hpp"
#include "caton/geometry/lane_whitening.hpp"
#include "caton/geometry/spectral.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

/// One step of Cholesky's whitening leaves rows this far from dependent as orthonormal as any other way.
constexpr double least_share = 1e-3;

/// Σ cos(2π f (t - m)) over the samples, m their middle.
double cosine_sum(long double cycles_per_sample, std::int64_t samples) {
  const long double near = std::round(cycles_per_sample), off = cycles_per_sample - near;
  // Whole cycles turn the sign where the samples lie half a step from the middle.
  const double sign = samples % 2 == 0 && std::fmod(near, 2.0L) != 0 ? -1 : 1;
  const long double below = std::sin(std::numbers::pi_v<long double> * off);
  if (std::abs(below) < 1e-9L) return sign * static_cast<double>(samples);
  const long double turns = std::fmod(off * static_cast<long double>(samples), 2.0L);
  return sign * static_cast<double>(std::sin(std::numbers::pi_v<long double> * turns) / below);
}

/// Rows of L⁻¹ of a Gram matrix L Lᵀ one after the other, each to its diagonal; false where it is near to singular.
bool append_factor(const Matrix& gram, std::vector<double>& rows) {
  const auto lower = cholesky(gram);
  if (!lower) return false;
  for (std::int64_t i = 0; i < gram.extent(0); ++i) {
    if (!((*lower)(i, i) * (*lower)(i, i) > least_share * gram(i, i))) return false;
  }
  const Matrix inverse = lower_inverse(*lower);
  for (std::int64_t i = 0; i < gram.extent(0); ++i)
    rows.insert(rows.end(), inverse[i].data(), inverse[i].data() + i + 1);
  return true;
}

}  // namespace

std::optional<SinusoidReferences> SinusoidReferences::of(const SsvepStimuli& stimuli, std::int64_t samples) {
  if (samples <= 2 * stimuli.harmonics) return std::nullopt;
  const double step_s = ssvep_reference_step_s(stimuli, samples);
  std::vector<double> frequencies;
  for (const double hz : stimuli.frequency_hz) {
    for (std::int64_t h = 1; h <= stimuli.harmonics; ++h) frequencies.push_back(static_cast<double>(h) * hz * step_s);
  }
  NonuniformFft transform(samples, frequencies);
  if (!transform.pays()) return std::nullopt;
  SinusoidReferences result(stimuli.count(), samples, stimuli.harmonics, std::move(transform));
  for (const double hz : stimuli.frequency_hz) {
    if (!result.add_stimulus(hz * step_s)) return std::nullopt;
  }
  return result;
}

/// About their means: the sines of an odd number of half cycles about the middle have none.
bool SinusoidReferences::add_stimulus(double cycles_per_sample) {
  std::vector<double> sums;
  for (std::int64_t m = 0; m <= 2 * harmonics_; ++m)
    sums.push_back(cosine_sum(static_cast<long double>(m) * cycles_per_sample, samples_));
  Matrix cosines({harmonics_, harmonics_}), sines({harmonics_, harmonics_});
  for (std::int64_t i = 0; i < harmonics_; ++i) {
    for (std::int64_t j = 0; j < harmonics_; ++j) {
      const auto at = [&](std::int64_t m) { return sums[static_cast<std::size_t>(std::abs(m))]; };
      const double apart = at(i - j), together = at(i + j + 2);
      cosines(i, j) = (apart + together) / 2 - at(i + 1) * at(j + 1) / static_cast<double>(samples_);
      sines(i, j) = (apart - together) / 2;
    }
  }
  return append_factor(cosines, factors_) && append_factor(sines, factors_);
}

bool SinusoidReferences::takes(std::int64_t channels) const noexcept {
  return channels > 0 && channels < samples_ && channels <= largest_lane_size;
}

/// Eight epochs and what is computed from them.
class SinusoidReferences::Work {
 public:
  Work(const SinusoidReferences& owner, std::int64_t channels)
      : owner_(owner),
        channels_(channels),
        signals_({(channels + channels % 2) * owner.samples_ * lane_count}, 0.0),
        memory_({owner.transform_.memory()}, uninitialised),
        products_({(channels + channels % 2) * owner.product_step()}, uninitialised),
        basis_({channels * 2 * owner.harmonics_ * lane_count}, uninitialised),
        whitened_({channels * 2 * owner.harmonics_ * lane_count}, uninitialised),
        whitening_(channels),
        block_(std::min(channels, 2 * owner.harmonics_)) {}

  /// Up to eight epochs; lanes that stay free hold the last one again. False: none of them can be whitened.
  bool take(View<const double, 3> epochs) {
    const std::int64_t samples = owner_.samples_, channel_step = samples * lane_count;
    for (std::int64_t c = 0; c < channels_; ++c) {
      double* const lanes = signals_.data() + c * channel_step;
      if (epochs.extent(0) == lane_count && epochs.stride(2) == 1) {
        rows_to_lanes(epochs.data() + c * epochs.stride(1), epochs.stride(0), samples, lanes);
      } else {
        for (std::int64_t lane = 0; lane < lane_count; ++lane) {
          const std::int64_t n = std::min(lane, epochs.extent(0) - 1);
          for (std::int64_t t = 0; t < samples; ++t) lanes[t * lane_count + lane] = epochs(n, c, t);
        }
      }
      run_on<CentreLanes>(processor(), lanes, samples);
    }
    for (std::int64_t t = 0; t < samples; t += chunk_samples)
      run_on<LaneGram>(processor(), static_cast<const double*>(signals_.data()) + t * lane_count, channels_,
                       channel_step, std::min(chunk_samples, samples - t), lane_count, t > 0, whitening_.matrices());
    whitening_.whiten();
    bool any = false;
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      any = any || trusted(lane);
      if (!trusted(lane)) drop(lane);
    }
    return any;
  }
  [[nodiscard]] bool trusted(std::int64_t lane) const { return whitening_.least_share(lane) > least_share; }

  void transform() {
    const std::int64_t channel_step = owner_.samples_ * lane_count, step = owner_.product_step();
    for (std::int64_t c = 0; c < channels_; c += 2)
      owner_.transform_.transform(signals_.data() + c * channel_step, signals_.data() + (c + 1) * channel_step,
                                  memory_.data(), products_.data() + c * step, products_.data() + (c + 1) * step);
  }

  /// The squares of the largest canonical correlations with one flicker.
  [[nodiscard]] std::array<double, lane_count> largest(std::int64_t stimulus) {
    const std::int64_t harmonics = owner_.harmonics_, width = 2 * harmonics;
    run_on<OrthonormalProducts>(processor(),
                                static_cast<const double*>(products_.data()) + stimulus * width * lane_count, channels_,
                                owner_.product_step(), harmonics,
                                owner_.factors_.data() + stimulus * harmonics * (harmonics + 1), basis_.data());
    run_on<LowerTimes>(processor(), whitening_.factors(), static_cast<const double*>(basis_.data()), channels_, width,
                       whitened_.data());
    // The smaller of the two Gram matrices.
    const bool by_rows = channels_ <= width;
    run_on<LaneGram>(processor(), static_cast<const double*>(whitened_.data()), block_.size(),
                     by_rows ? width * lane_count : lane_count, std::max(channels_, width),
                     by_rows ? lane_count : width * lane_count, false, block_.entries());
    return block_.largest_eigenvalues();
  }

 private:
  void drop(std::int64_t lane) {
    whitening_.drop(lane);
    for (std::int64_t k = lane; k < signals_.size(); k += lane_count) signals_.data()[k] = 0;
  }

  /// All channels of so many samples stay in the first cache.
  static constexpr std::int64_t chunk_samples = 32;

  const SinusoidReferences& owner_;
  std::int64_t channels_;
  Vector signals_, memory_, products_, basis_, whitened_;
  LaneWhitening whitening_;
  LaneBlock block_;
};

std::vector<bool> SinusoidReferences::put_correlations(View<const double, 3> epochs, View<double, 2> score) const {
  const std::int64_t count = epochs.extent(0), groups = (count + lane_count - 1) / lane_count;
  const std::int64_t shares = std::min<std::int64_t>(groups, std::int64_t{4} * thread_count());
  // Not of bits: threads write to their own.
  std::vector<char> trusted(static_cast<std::size_t>(count), 0);
  thread_pool().parallel_for(shares, [&](std::int64_t share) {
    Work work(*this, epochs.extent(1));
    for (std::int64_t group = share * groups / shares; group < (share + 1) * groups / shares; ++group) {
      const std::int64_t first = group * lane_count, taken = std::min(lane_count, count - first);
      if (!work.take(epochs.slice(0, first, taken))) continue;
      work.transform();
      for (std::int64_t lane = 0; lane < taken; ++lane)
        trusted[static_cast<std::size_t>(first + lane)] = work.trusted(lane) ? 1 : 0;
      for (std::int64_t f = 0; f < stimuli_; ++f) {
        const auto squares = work.largest(f);
        for (std::int64_t lane = 0; lane < taken; ++lane)
          score(first + lane, f) = std::sqrt(std::clamp(squares[static_cast<std::size_t>(lane)], 0.0, 1.0));
      }
    }
  });
  return {trusted.begin(), trusted.end()};
}

}  // namespace caton
