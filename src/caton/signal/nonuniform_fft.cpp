// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/nonuniform_fft.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace caton {

namespace {

/// So many bins make one frequency; with a transform of at least twice the length, each brings one digit more.
constexpr std::int64_t taps = 15;
constexpr double steepness = 2.3 * static_cast<double>(taps);

/// The weight of a bin that lies `away` bins from a frequency.
double weight(double away) {
  const double u = 2 * away / static_cast<double>(taps);
  return std::abs(u) <= 1 ? std::exp(steepness * (std::sqrt(1 - u * u) - 1)) : 0;
}

/// What the weights make of a signal `at` cycles of the transform from its middle: their Fourier transform, by sums
/// whose error is of the size of the weights at their ends.
class Spread {
 public:
  Spread() {
    for (double u = 0; u <= static_cast<double>(taps) / 2; u += step) values_.push_back(weight(u) * step);
    values_.front() /= 2;
  }
  [[nodiscard]] double operator()(double at) const {
    double sum = 0;
    for (std::size_t k = 0; k < values_.size(); ++k)
      sum += 2 * values_[k] * std::cos(2 * std::numbers::pi * at * step * static_cast<double>(k));
    return sum;
  }

 private:
  static constexpr double step = 0.25;
  std::vector<double> values_;
};

struct Bins {
  const double *re, *im;  ///< bins x 8
  std::int64_t length;
};

struct Frequencies {
  const std::int64_t *places, *first_bins;
  const double *weights, *turns;
  std::int64_t count;
};

/// Eight pairs of signals in one complex transform: bins at a frequency and at its opposite, weighted, tell them apart.
struct Interpolate {
  static inline __attribute__((always_inline)) void run(const Bins* bins, const Frequencies* all, double* of_a,
                                                        double* of_b) {
    for (std::int64_t f = 0; f < all->count; ++f) {
      const double *const weights = all->weights + f * taps, *const turns = all->turns + 2 * f;
      const std::int64_t place = all->places[f] * 2 * lane_count;
      Lanes up_re{}, up_im{}, down_re{}, down_im{}, x;
      std::int64_t bin = all->first_bins[f];
      for (std::int64_t k = 0; k < taps; ++k) {
        const std::int64_t up = bin * lane_count, down = (bin == 0 ? 0 : bins->length - bin) * lane_count;
        load_lanes(x, bins->re + up);
        up_re += weights[k] * x;
        load_lanes(x, bins->im + up);
        up_im += weights[k] * x;
        load_lanes(x, bins->re + down);
        down_re += weights[k] * x;
        load_lanes(x, bins->im + down);
        down_im += weights[k] * x;
        ++bin;
        bin = bin == bins->length ? 0 : bin;
      }
      put(up_re + down_re, down_im - up_im, turns, of_a + place);
      put(up_im + down_im, up_re - down_re, turns, of_b + place);
    }
  }

 private:
  /// Sums with cosines and sines about the sample before the middle to those about the middle.
  static inline __attribute__((always_inline)) void put(const Lanes& even, const Lanes& odd, const double* turn,
                                                        double* out) {
    store_lanes(turn[0] * even + turn[1] * odd, out);
    store_lanes(turn[0] * odd - turn[1] * even, out + lane_count);
  }
};

struct Signals {
  const double *a, *b;
  std::int64_t samples, begin, length;
};

/// The samples around place 0 of the transform, those before it at its end, zeros between.
struct Place {
  static inline __attribute__((always_inline)) void run(const Signals* x, const double* spread, double* re,
                                                        double* im) {
    const Lanes zero{};
    Lanes value;
    for (std::int64_t t = 0; t < x->samples; ++t) {
      const std::int64_t to = (t + x->begin < 0 ? t + x->begin + x->length : t + x->begin) * lane_count;
      load_lanes(value, x->a + t * lane_count);
      store_lanes(value * spread[t], re + to);
      load_lanes(value, x->b + t * lane_count);
      store_lanes(value * spread[t], im + to);
    }
    for (std::int64_t n = x->samples + x->begin; n < x->length + x->begin; ++n) {
      store_lanes(zero, re + n * lane_count);
      store_lanes(zero, im + n * lane_count);
    }
  }
};

std::int64_t transform_length(std::int64_t samples) {
  if (samples < 1) throw usage_error("nonuniform_fft", "the signal is empty");
  std::int64_t length = 32;
  while (length < 2 * samples) length *= 2;
  // Between powers of two lie lengths of few small factors.
  for (const std::int64_t part : {9, 10, 12}) {
    const std::int64_t shorter = length / 16 * part;
    if (length % 16 == 0 && shorter >= 2 * samples) return shorter;
  }
  return length;
}

}  // namespace

NonuniformFft::NonuniformFft(std::int64_t samples, const std::vector<double>& frequencies)
    : samples_(samples), plan_(fft_plan(transform_length(samples))) {
  const std::int64_t length = plan_->length();
  const auto bins = static_cast<double>(length);
  const Spread spread;
  for (std::int64_t t = 0; t < samples; ++t) spread_.push_back(1 / spread(static_cast<double>(t - samples / 2) / bins));
  // An even number of samples has its middle half a sample before sample `samples / 2`.
  const double off = samples % 2 == 0 ? 0.5 : 0;
  const auto at = [&](std::int64_t n) { return frequencies[static_cast<std::size_t>(n)]; };
  places_.resize(frequencies.size());
  std::iota(places_.begin(), places_.end(), 0);
  std::stable_sort(places_.begin(), places_.end(), [&](std::int64_t a, std::int64_t b) { return at(a) < at(b); });
  for (const std::int64_t n : places_) {
    const double f = at(n);
    const double place = (f - std::floor(f)) * bins;
    const double first = std::ceil(place - static_cast<double>(taps) / 2);
    for (std::int64_t k = 0; k < taps; ++k) weights_.push_back(weight(place - first - static_cast<double>(k)));
    first_bins_.push_back((static_cast<std::int64_t>(first) + length) % length);
    const double angle = 2 * std::numbers::pi * f * off;
    turns_.insert(turns_.end(), {std::cos(angle) / 2, -std::sin(angle) / 2});
  }
}

bool NonuniformFft::pays() const noexcept {
  // Per frequency and per bin of the transform, in the time of a sum's step for two signals.
  constexpr std::int64_t per_frequency = 4 * taps + 10, per_bin = 26;
  return frequencies() * (2 * samples_ - per_frequency) > per_bin * plan_->length();
}

void NonuniformFft::transform(const double* a, const double* b, double* memory, double* of_a, double* of_b) const {
  const std::int64_t part = plan_->length() * lane_count;
  const Signals signals{.a = a, .b = b, .samples = samples_, .begin = -(samples_ / 2), .length = plan_->length()};
  run_on<Place>(processor(), &signals, static_cast<const double*>(spread_.data()), memory, memory + part);
  const auto found = plan_->run({memory, memory + part}, {memory + 2 * part, memory + 3 * part}, lane_count);
  const Bins bins{.re = found.re, .im = found.im, .length = plan_->length()};
  const Frequencies all{.places = places_.data(),
                        .first_bins = first_bins_.data(),
                        .weights = weights_.data(),
                        .turns = turns_.data(),
                        .count = frequencies()};
  run_on<Interpolate>(processor(), &bins, &all, of_a, of_b);
}

}  // namespace caton
