// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/differential_entropy_stream.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/signal/band_bank.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace caton {

namespace {

const std::string where = "differential_entropy";

/// Population variances of eight lanes over the `count` samples of a ring that begin at `first`.
struct RingVariance {
  static inline __attribute__((always_inline)) void run(const double* ring, std::int64_t room, std::int64_t first,
                                                        std::int64_t count, double* variance) {
    const double share = 1.0 / static_cast<double>(count);
    const std::int64_t until_end = count < room - first ? count : room - first;
    Lanes sum = {}, squares = {}, value;
    for (std::int64_t t = 0; t < count; ++t) {
      load_lanes(value, ring + lane_count * (t < until_end ? first + t : t - until_end));
      sum = sum + value;
    }
    const Lanes mean = sum * share;
    for (std::int64_t t = 0; t < count; ++t) {
      load_lanes(value, ring + lane_count * (t < until_end ? first + t : t - until_end));
      value = value - mean;
      squares = squares + value * value;
    }
    store_lanes(squares * share, variance);
  }
};

class EntropyStream final : public FeatureStream {
 public:
  EntropyStream(std::int64_t channels, const DifferentialEntropy& options)
      : channels_(channels),
        options_(options),
        bank_(where, options.bands, options.order, options.rate_hz),
        length_(static_cast<std::int64_t>(std::llround(options.length_s * options.rate_hz))),
        step_(static_cast<std::int64_t>(std::llround(options.step_s * options.rate_hz))) {
    if (channels < 1) throw usage_error(where, "the signal is empty: it has no channel");
    if (length_ < 2 || step_ < 1) throw usage_error(where, "length_s and step_s must be positive and hold samples");
    for (std::int64_t g = 0; g < bank_.groups(channels); ++g) {
      first_.emplace_back(bank_, g, channels);
      second_.emplace_back(bank_, g, channels);
    }
    ring_ = Vector({bank_.groups(channels) * length_ * lane_count});
    delay_s_ = measured_delay_s();
  }

  std::int64_t process(Signal x, View<float, 2> values, bool& complete) override {
    if (x.extent(0) != channels_)
      throw usage_error(where, "shape: a block has " + std::to_string(x.extent(0)) + " channels, the stream " +
                                   std::to_string(channels_));
    const std::int64_t end = windows_ * step_ + length_;  // of the next window
    const std::int64_t count = std::min(x.extent(1), end - seen_);
    for (std::int64_t begin = 0; begin < count; begin += tile_samples)
      run_tile(x.slice(1, begin, std::min(tile_samples, count - begin)));
    complete = seen_ == end;
    if (complete) {
      take(values);
      ++windows_;
    }
    return count;
  }

  void reset() override {
    seen_ = windows_ = 0;
    for (auto& group : first_) group.reset();
    for (auto& group : second_) group.reset();
  }

  [[nodiscard]] std::int64_t features() const override { return bank_.bands(); }
  [[nodiscard]] std::int64_t window_samples() const override { return length_; }
  [[nodiscard]] std::int64_t step_samples() const override { return step_; }
  [[nodiscard]] double delay_s() const override { return delay_s_; }
  [[nodiscard]] std::string difference() const override {
    return "training filtered forward and backward, which needs the future; here the same filters run forward twice: "
           "the "
           "same gain at every frequency, later in time";
  }

 private:
  static constexpr std::int64_t tile_samples = 64;

  void run_tile(Signal x) {
    alignas(64) std::array<double, tile_samples * lane_count> tile;
    for (std::size_t g = 0; g < first_.size(); ++g) {
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        const std::int64_t c = first_[g].channel(lane);
        for (std::int64_t t = 0; t < x.extent(1); ++t)
          tile[static_cast<std::size_t>(t * lane_count + lane)] = c < 0 ? 0 : x(c, t);
      }
      if (seen_ == 0) first_[g].settle(tile.data());
      first_[g].run(tile.data(), x.extent(1));
      second_[g].run(tile.data(), x.extent(1));
      double* const ring = ring_.data() + static_cast<std::int64_t>(g) * length_ * lane_count;
      std::int64_t place = seen_ % length_;
      for (std::int64_t t = 0; t < x.extent(1); ++t) {
        std::copy_n(tile.data() + t * lane_count, lane_count, ring + place * lane_count);
        if (++place == length_) place = 0;
      }
    }
    seen_ += x.extent(1);
  }

  void take(View<float, 2> values) {
    alignas(64) std::array<double, lane_count> variance;
    for (std::size_t g = 0; g < first_.size(); ++g) {
      const double* const ring = ring_.data() + static_cast<std::int64_t>(g) * length_ * lane_count;
      run_on<RingVariance>(processor(), ring, length_, seen_ % length_, length_, variance.data());
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        const std::int64_t c = first_[g].channel(lane);
        if (c < 0) continue;
        const double gain = first_[g].gain(lane) * first_[g].gain(lane);
        const double power = variance[static_cast<std::size_t>(lane)] * gain * gain;
        // A channel that stands still has no entropy; the smallest one that can be told keeps the stream alive.
        const double told = std::max(power, std::numeric_limits<double>::min());
        const double nats = 0.5 * std::log(2 * std::numbers::pi * std::numbers::e * told);
        values(c, first_[g].band(lane)) =
            static_cast<float>(options_.base == EntropyBase::e ? nats : nats / std::numbers::ln2);
      }
    }
  }

  /// The centre of the energy of an impulse's answer, of the slowest band.
  [[nodiscard]] double measured_delay_s() const {
    const auto samples = static_cast<std::int64_t>(std::ceil(8 * options_.rate_hz));
    double slowest = 0;
    for (std::int64_t g = 0; g < bank_.groups(1); ++g) {
      BandBank::Group once(bank_, g, 1), twice(bank_, g, 1);
      Vector lanes({samples * lane_count});
      std::fill_n(lanes.data(), lane_count, 1.0);
      once.run(lanes.data(), samples);
      twice.run(lanes.data(), samples);
      for (std::int64_t lane = 0; lane < lane_count; ++lane) {
        double energy = 0, moment = 0;
        for (std::int64_t t = 0; t < samples; ++t) {
          const double value = lanes.data()[t * lane_count + lane];
          energy += value * value;
          moment += static_cast<double>(t) * value * value;
        }
        if (once.channel(lane) >= 0 && energy > 0) slowest = std::max(slowest, moment / energy);
      }
    }
    return slowest / options_.rate_hz;
  }

  std::int64_t channels_;
  DifferentialEntropy options_;
  BandBank bank_;
  std::int64_t length_, step_, seen_ = 0, windows_ = 0;
  std::vector<BandBank::Group> first_, second_;
  Vector ring_;
  double delay_s_ = 0;
};

}  // namespace

std::unique_ptr<FeatureStream> differential_entropy_stream(std::int64_t channels, const DifferentialEntropy& options) {
  return std::make_unique<EntropyStream>(channels, options);
}

}  // namespace caton
