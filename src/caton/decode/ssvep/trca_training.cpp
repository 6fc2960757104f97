// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/trca_training.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/centred_scatter.hpp"
#include "caton/geometry/lane_whitening.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// The mean of several epochs of `samples` values (channels and samples side by side), added in order.
struct MeanOf {
  static inline __attribute__((always_inline)) void run(const double* const* epochs, std::int64_t count,
                                                        std::int64_t samples, double* mean) {
    const double share = 1 / static_cast<double>(count);
    std::int64_t t = 0;
    for (; t + lane_count <= samples; t += lane_count) {
      Lanes sum{}, value;
      for (std::int64_t n = 0; n < count; ++n) {
        load_lanes(value, epochs[n] + t);
        sum += value;
      }
      store_lanes(sum * share, mean + t);
    }
    for (; t < samples; ++t) {
      double sum = 0;
      for (std::int64_t n = 0; n < count; ++n) sum += epochs[n][t];
      mean[t] = sum * share;
    }
  }
};

void put_mean(const SummedEpochs& epochs, const std::vector<std::int64_t>& chosen, View<double, 2> mean) {
  std::vector<const double*> places;
  for (const std::int64_t n : chosen) places.push_back(epochs.x()[n].data());
  run_on<MeanOf>(processor(), static_cast<const double* const*>(places.data()),
                 static_cast<std::int64_t>(places.size()), mean.size(), mean.data());
}

Array<double, 3> gathered(Epochs x, const std::vector<std::int64_t>& chosen) {
  Array<double, 3> result({static_cast<std::int64_t>(chosen.size()), x.extent(1), x.extent(2)}, uninitialised);
  for (std::size_t i = 0; i < chosen.size(); ++i) put(x[chosen[i]], result[static_cast<std::int64_t>(i)]);
  return result;
}

/// The filter of one class by itself; names the class in what it refuses.
std::vector<double> filter_alone(const SummedEpochs& epochs, const TrcaClass& one, TrcaVariant variant) {
  try {
    return trca_filter(gathered(epochs.x(), one.epochs), variant).w;
  } catch (const Error& error) {
    throw Error(error.kind(), "ssvep_trca", "class " + std::to_string(one.number) + ": " + error.problem(),
                error.remedy());
  }
}

/// Unit length, largest entry positive.
void normalise(View<double, 2> filter) {
  double squares = 0;
  for (std::int64_t c = 0; c < filter.extent(1); ++c) squares += filter(0, c) * filter(0, c);
  for (std::int64_t c = 0; c < filter.extent(1); ++c) filter(0, c) /= std::sqrt(squares);
  sign_rows(filter);
}

/// Filters of at most eight classes side by side, from their mean epochs: what repeats is the scatter of the mean, all
/// there is the sum of the epochs' own scatters. Gives which filters are to be trusted; the others are for
/// `trca_filter`, which tells what is wrong.
std::vector<bool> repeating_filters(const SummedEpochs& epochs, std::span<const TrcaClass> classes, View<double, 2> w,
                                    View<const double, 3> means) {
  // Channels further from dependent than this need no closer look.
  constexpr double clear = 1e-10;
  const std::int64_t channels = means.extent(1), count = means.extent(0);
  std::vector<bool> trusted(classes.size(), false);
  if (channels > largest_lane_size) return trusted;
  Matrices repeated({count, channels, channels}, uninitialised), whole(repeated.extents(), 0.0);
  for (std::int64_t k = 0; k < count; ++k) {
    put(centred_scatter(means[k]).scatter, repeated[k]);
    double* const sum = whole[k].data();
    for (const std::int64_t n : classes[static_cast<std::size_t>(k)].epochs) {
      const double* const own = epochs.scatter(n).data();
      for (std::int64_t i = 0; i < channels * channels; ++i) sum[i] += own[i];
    }
  }
  LaneWhitening whitening(channels);
  whitening.whiten(whole, 0, count);
  whitening.largest_vectors(repeated, 0, count, w);
  for (std::int64_t k = 0; k < count; ++k) {
    trusted[static_cast<std::size_t>(k)] = whitening.smallest_eigenvalue_bound(k) > clear;
    normalise(w.slice(0, k, 1));
  }
  return trusted;
}

void learn_eight(const SummedEpochs& epochs, std::span<const TrcaClass> classes, TrcaVariant variant, View<double, 2> w,
                 View<double, 3> templates) {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (classes[k].epochs.size() < 2) (void)filter_alone(epochs, classes[k], variant);  // says what is missing
    put_mean(epochs, classes[k].epochs, templates[static_cast<std::int64_t>(k)]);
  }
  const auto trusted = variant == TrcaVariant::ftrca ? repeating_filters(epochs, classes, w, templates)
                                                     : std::vector<bool>(classes.size(), false);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (trusted[k]) continue;
    const auto filter = filter_alone(epochs, classes[k], variant);
    std::copy(filter.begin(), filter.end(), w[static_cast<std::int64_t>(k)].data());
  }
}

}  // namespace

SummedEpochs::SummedEpochs(Epochs x) : x_(x) {
  if (x.extent(0) > 0 && !x[0].contiguous()) copied_ = Array<double, 3>(x);
  scatter_ = Matrices({x.extent(0), x.extent(1), x.extent(1)}, uninitialised);
  sums_ = Matrix({x.extent(0), x.extent(1)}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t n) {
    const auto parts = centred_scatter(this->x()[n]);
    put(parts.scatter, scatter_[n]);
    std::copy(parts.sums.begin(), parts.sums.end(), sums_[n].data());
  });
}

void learn_trca(const SummedEpochs& epochs, std::span<const TrcaClass> classes, TrcaVariant variant, View<double, 2> w,
                View<double, 3> templates) {
  const auto all = static_cast<std::int64_t>(classes.size());
  thread_pool().parallel_for((all + lane_count - 1) / lane_count, [&](std::int64_t group) {
    const std::int64_t first = group * lane_count, count = std::min(lane_count, all - first);
    learn_eight(epochs, classes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)), variant,
                w.slice(0, first, count), templates.slice(0, first, count));
  });
}

}  // namespace caton
