// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/time_major.hpp"

#include "caton/base/lane_math.hpp"
#include "caton/signal/fft_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// Channels are brought over in stretches that stay in the cache.
constexpr std::int64_t stretch = 128;

/// The eight channels that a kernel works on.
template <class Value>
struct Block {
  Value* values;
  std::int64_t samples, width;
};

struct SumKernel {
  static inline __attribute__((always_inline)) void run(const Block<const double>* block, double* sum,
                                                        double* largest) {
    Lanes total{}, most{};
    for (std::int64_t n = 0; n < block->samples; ++n) {
      Lanes x;
      load_lanes(x, block->values + n * block->width);
      total += x;
      absolute_lanes(x);
      most = x > most ? x : most;
    }
    store_lanes(total, sum);
    store_lanes(most, largest);
  }
};

struct SquareKernel {
  static inline __attribute__((always_inline)) void run(const Block<const double>* block, const double* mean,
                                                        double* squares) {
    Lanes total{}, centre;
    load_lanes(centre, mean);
    for (std::int64_t n = 0; n < block->samples; ++n) {
      Lanes x;
      load_lanes(x, block->values + n * block->width);
      x -= centre;
      total += x * x;
    }
    store_lanes(total, squares);
  }
};

struct StandardKernel {
  static inline __attribute__((always_inline)) void run(const Block<double>* block, const double* mean,
                                                        const double* deviation) {
    Lanes centre, scale;
    load_lanes(centre, mean);
    load_lanes(scale, deviation);
    for (std::int64_t n = 0; n < block->samples; ++n) {
      Lanes x;
      load_lanes(x, block->values + n * block->width);
      store_lanes((x - centre) / scale, block->values + n * block->width);
    }
  }
};

}  // namespace

TimeMajor::TimeMajor(Signal x) : channels_(x.extent(0)), values_({x.extent(1), whole_lanes(x.extent(0))}) {
  if (x.stride(1) != 1 && !x.empty()) {
    for (std::int64_t t = 0; t < samples(); ++t) {
      for (std::int64_t c = 0; c < channels_; ++c) at(t)[c] = x(c, t);
    }
    return;
  }
  for (std::int64_t first = 0; first < samples(); first += stretch) {
    transpose_block(x.data() + first, x.stride(0), at(first), width(), channels_, std::min(stretch, samples() - first));
  }
}

TimeMajor::TimeMajor(const TimeMajor& x, std::int64_t first, std::int64_t samples)
    : channels_(x.channels_), values_({samples, x.width()}, uninitialised) {
  std::copy(x.at(first), x.at(first + samples), values_.data());
}

ChannelMoments channel_moments(const TimeMajor& x) {
  const auto width = static_cast<std::size_t>(x.width());
  ChannelMoments moments{std::vector<double>(width), std::vector<double>(width), std::vector<double>(width)};
  const auto n = static_cast<double>(x.samples());
  for (std::int64_t c = 0; c < x.width(); c += lane_count) {
    const Block<const double> block{x.at(0) + c, x.samples(), x.width()};
    double *const mean = moments.mean.data() + c, *const deviation = moments.deviation.data() + c;
    run_on<SumKernel>(processor(), &block, mean, moments.largest.data() + c);
    for (std::int64_t lane = 0; lane < lane_count; ++lane) mean[lane] /= n;
    run_on<SquareKernel>(processor(), &block, static_cast<const double*>(mean), deviation);
    for (std::int64_t lane = 0; lane < lane_count; ++lane) deviation[lane] = std::sqrt(deviation[lane] / n);
  }
  return moments;
}

void standardize(TimeMajor& x, const ChannelMoments& moments) {
  std::vector<double> deviation = moments.deviation;
  std::fill(deviation.begin() + x.channels(), deviation.end(), 1.0);
  for (std::int64_t c = 0; c < x.width(); c += lane_count) {
    const Block<double> block{x.at(0) + c, x.samples(), x.width()};
    run_on<StandardKernel>(processor(), &block, moments.mean.data() + c,
                           static_cast<const double*>(deviation.data() + c));
  }
}

std::vector<double> channel_sums(const TimeMajor& x, std::int64_t first, std::int64_t last) {
  std::vector<double> sums(static_cast<std::size_t>(x.width()));
  double largest[lane_count];
  for (std::int64_t c = 0; c < x.width(); c += lane_count) {
    const Block<const double> block{x.at(first) + c, last - first, x.width()};
    run_on<SumKernel>(processor(), &block, sums.data() + c, static_cast<double*>(largest));
  }
  return sums;
}

}  // namespace caton
