// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/tokens/band_tokens.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/band_bank.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace caton {

std::vector<Band> rbt_code_bands() { return {{4, 8}, {8, 14}, {14, 31}, {31, 49}}; }
std::vector<Band> rbt_paper_bands() { return {{4, 8}, {8, 13}, {13, 30}, {30, 45}}; }

namespace {

/// Mean and population standard deviation of what lies in the rows of a window.
struct Spread {
  double mean = 0, deviation = 0;
};

double row_sum(const double* row, std::int64_t stride, std::int64_t count, double mean, bool squared) {
  std::array<double, 4> sums{};
  for (std::int64_t t = 0; t < count; ++t) {
    const double d = row[t * stride] - mean;
    sums[static_cast<std::size_t>(t & 3)] += squared ? d * d : d;
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

Spread spread_of(Signal x) {
  double sum = 0, squares = 0;
  const auto count = static_cast<double>(x.size());
  for (std::int64_t c = 0; c < x.extent(0); ++c) sum += row_sum(&x(c, 0), x.stride(1), x.extent(1), 0, false);
  const double mean = sum / count;
  for (std::int64_t c = 0; c < x.extent(0); ++c) squares += row_sum(&x(c, 0), x.stride(1), x.extent(1), mean, true);
  return {mean, std::sqrt(squares / count)};
}

bool constant(Signal x) {
  const double first = x(0, 0);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      if (x(c, t) != first) return false;
    }
  }
  return true;
}

/// Means and deviations of every channel of a window: the same for all, or its own.
std::vector<Spread> spreads_of(Signal window, bool per_channel) {
  std::vector<Spread> spreads;
  if (!per_channel) {
    spreads.assign(static_cast<std::size_t>(window.extent(0)), spread_of(window));
    if (constant(window)) spreads.assign(spreads.size(), Spread{window(0, 0), 0});
    return spreads;
  }
  for (std::int64_t c = 0; c < window.extent(0); ++c) {
    const Signal row = window.slice(0, c, 1);
    spreads.push_back(constant(row) ? Spread{row(0, 0), 0} : spread_of(row));
  }
  return spreads;
}

constexpr std::int64_t tile_samples = 128;

/// Adds eight lanes and their squares up over `count` samples.
struct LaneSums {
  static inline __attribute__((always_inline)) void run(const double* lanes, std::int64_t count, double* sum,
                                                        double* squares) {
    Lanes s, q, value;
    load_lanes(s, sum);
    load_lanes(q, squares);
    for (std::int64_t t = 0; t < count; ++t) {
      load_lanes(value, lanes + lane_count * t);
      s = s + value;
      q = q + value * value;
    }
    store_lanes(s, sum);
    store_lanes(q, squares);
  }
};

/// Lanes of a tile from neighbouring lanes' common channel, its mean taken away.
void fill_tile(Signal window, const std::vector<Spread>& spreads, const BandBank::Group& group, std::int64_t begin,
               std::int64_t count, double* tile) {
  for (std::int64_t lane = 0; lane < lane_count;) {
    const std::int64_t c = group.channel(lane);
    std::int64_t same = 1;
    while (lane + same < lane_count && group.channel(lane + same) == c) ++same;
    const double mean = c < 0 ? 0 : spreads[static_cast<std::size_t>(c)].mean;
    const double* const row = c < 0 ? nullptr : &window(c, begin);
    const std::int64_t stride = window.stride(1);
    for (std::int64_t t = 0; t < count; ++t) {
      const double value = row == nullptr ? 0 : row[t * stride] - mean;
      for (std::int64_t k = 0; k < same; ++k) tile[t * lane_count + lane + k] = value;
    }
    lane += same;
  }
}

/// Variances (channels x bands) of a window after each band's filter, from rest; `spreads` says how each channel is
/// z-scored first.
void filtered_variances(Signal window, const std::vector<Spread>& spreads, const BandBank& bank, std::int64_t settle,
                        View<double, 2> variance) {
  alignas(64) std::array<double, tile_samples * lane_count> tile;
  for (std::int64_t g = 0; g < bank.groups(window.extent(0)); ++g) {
    BandBank::Group group(bank, g, window.extent(0));
    std::array<double, lane_count> sum{}, squares{};
    for (std::int64_t begin = 0; begin < window.extent(1); begin += tile_samples) {
      const std::int64_t count = std::min(tile_samples, window.extent(1) - begin);
      fill_tile(window, spreads, group, begin, count, tile.data());
      group.run(tile.data(), count);
      const std::int64_t first = std::clamp<std::int64_t>(settle - begin, 0, count);
      run_on<LaneSums>(processor(), static_cast<const double*>(tile.data() + lane_count * first), count - first,
                       sum.data(), squares.data());
    }
    const auto count = static_cast<double>(window.extent(1) - settle);
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      const std::int64_t c = group.channel(lane);
      if (c < 0) continue;
      const auto l = static_cast<std::size_t>(lane);
      const double mean = sum[l] / count;
      const double scale = group.gain(lane) / spreads[static_cast<std::size_t>(c)].deviation;
      variance(c, group.band(lane)) = (squares[l] / count - mean * mean) * scale * scale;
    }
  }
}

double entropy_bit(double variance) { return 0.5 * std::log2(2 * std::numbers::pi * std::numbers::e * variance); }

void check_options(const std::string& where, const TokenOptions& options, std::int64_t length) {
  if (options.settle < 0) throw usage_error(where, "settle must be positive or 0");
  if (options.settle >= length) {
    throw usage_error(where, "the window is too short: " + std::to_string(length) + " samples, settle drops " +
                                 std::to_string(options.settle));
  }
}

/// For every sample of a channel the place of the last change of value: a stretch is constant when its last sample's
/// change lies at or before its begin.
std::vector<std::int64_t> last_changes(View<const double, 1> row) {
  std::vector<std::int64_t> last(static_cast<std::size_t>(row.extent(0)), 0);
  for (std::int64_t t = 1; t < row.extent(0); ++t)
    last[static_cast<std::size_t>(t)] = row[t] != row[t - 1] ? t : last[static_cast<std::size_t>(t - 1)];
  return last;
}

void refuse_constant_channels(const std::string& where, Signal x, std::span<const std::int64_t> begins,
                              std::int64_t length) {
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const auto last = last_changes(x[c]);
    for (const std::int64_t begin : begins) {
      if (last[static_cast<std::size_t>(begin + length - 1)] > begin) continue;
      throw input_error(
          where, "channel " + std::to_string(c) + " is constant in the window at sample " + std::to_string(begin),
          "leave the channel or the window out, or allow flat channels");
    }
  }
}

}  // namespace

Matrix zscore_window(Signal x, bool per_channel) {
  require_signal("zscore_window", x);
  const auto spreads = spreads_of(x, per_channel);
  Matrix y(x.extents(), uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const Spread& spread = spreads[static_cast<std::size_t>(c)];
    if (!(spread.deviation > 0)) {
      throw input_error("zscore_window", (per_channel ? "channel " + std::to_string(c) : std::string("the window")) +
                                             " is constant: it has no variation to scale by");
    }
    for (std::int64_t t = 0; t < x.extent(1); ++t) y(c, t) = (x(c, t) - spread.mean) / spread.deviation;
  }
  return y;
}

Matrix band_differential_entropy(Signal x, const TokenOptions& options) {
  const std::string where = "band_differential_entropy";
  require_signal(where, x);
  check_options(where, options, x.extent(1));
  const BandBank bank(where, options.bands, options.order, options.rate_hz);
  Matrix tokens({x.extent(0), bank.bands()}, uninitialised);
  const std::vector<Spread> as_it_is(static_cast<std::size_t>(x.extent(0)), Spread{0, 1});
  filtered_variances(x, as_it_is, bank, options.settle, tokens);
  for (double& value : tokens) {
    value = entropy_bit(value);
    if (!std::isfinite(value)) throw input_error(where, "a channel is constant 0: its entropy is not defined");
  }
  return tokens;
}

Array<double, 3> window_tokens(Signal x, std::span<const std::int64_t> begins, std::int64_t length,
                               const TokenOptions& options, const std::string& where) {
  require_signal(where, x);
  if (length < 1) throw usage_error(where, "window must be at least 1 sample, got " + std::to_string(length));
  check_options(where, options, length);
  const BandBank bank(where, options.bands, options.order, options.rate_hz);
  for (const std::int64_t begin : begins) {
    if (begin >= 0 && begin + length <= x.extent(1)) continue;
    throw input_error(where, "the signal is too short: the window at sample " + std::to_string(begin) + " needs " +
                                 std::to_string(length) + " samples, there are " + std::to_string(x.extent(1)));
  }
  require_finite(where, x);
  if (!options.allow_flat) refuse_constant_channels(where, x, begins, length);
  const auto windows = static_cast<std::int64_t>(begins.size());
  Array<double, 3> tokens({windows, x.extent(0), bank.bands()}, uninitialised);
  thread_pool().parallel_for(windows, [&](std::int64_t w) {
    const std::int64_t begin = begins[static_cast<std::size_t>(w)];
    const Signal window = x.slice(1, begin, length);
    View<double, 2> out = tokens[w];
    filtered_variances(window, spreads_of(window, options.per_channel), bank, options.settle, out);
    for (std::int64_t c = 0; c < out.extent(0); ++c) {
      for (std::int64_t b = 0; b < out.extent(1); ++b) {
        out(c, b) = entropy_bit(out(c, b));
        if (std::isfinite(out(c, b))) continue;
        throw input_error(where, "channel " + std::to_string(c) + " is constant in the window at sample " +
                                     std::to_string(begin) + ": its entropy is not finite");
      }
    }
  });
  return tokens;
}

}  // namespace caton
