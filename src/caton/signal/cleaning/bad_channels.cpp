// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/bad_channels.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/tiles.hpp"
#include "caton/signal/fir.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "bad_channels";
constexpr double noise_above_hz = 50, alike_quantile = 0.98;
/// The interquartile range of normal values times this is their standard deviation.
constexpr double normal_iqr = 0.7413;

std::vector<double> values_of(View<const double, 1> row) {
  const Array<double, 1> packed(row);
  return {packed.begin(), packed.end()};
}

double spread(std::vector<double> values) { return normal_iqr * (quantile(values, 0.75) - quantile(values, 0.25)); }

/// Median distance from the median.
double median_deviation(std::vector<double> values) {
  const double middle = quantile(values, 0.5);
  for (double& value : values) value = std::abs(value - middle);
  return quantile(std::move(values), 0.5);
}

double standard_deviation(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = ordered_sum(values) / count;
  double square = 0;
  for (const double value : values) square += (value - mean) * (value - mean);
  return std::sqrt(square / count);
}

/// (value - median) in units of the robust spread; 0 where all are alike.
std::vector<double> robust_z(const std::vector<double>& values) {
  const double middle = quantile(values, 0.5), unit = std::max(spread(values), 1e-9 * std::abs(middle));
  std::vector<double> z;
  for (const double value : values) z.push_back(unit > 0 ? (value - middle) / unit : 0);
  return z;
}

Matrix rows_of(Signal x, const std::vector<std::int64_t>& rows) {
  Matrix y({static_cast<std::int64_t>(rows.size()), x.extent(1)}, uninitialised);
  for (std::int64_t i = 0; i < y.extent(0); ++i) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) y(i, t) = x(rows[static_cast<std::size_t>(i)], t);
  }
  return y;
}

/// Median deviation of what lies above 50 Hz against that of the rest.
std::vector<double> noise_shares(Signal x, Signal slow) {
  std::vector<double> shares(static_cast<std::size_t>(x.extent(0)));
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    std::vector<double> low = values_of(slow[c]), fast = values_of(x[c]);
    for (std::size_t t = 0; t < fast.size(); ++t) fast[t] -= low[t];
    const double above = median_deviation(std::move(fast)), below = median_deviation(std::move(low));
    shares[static_cast<std::size_t>(c)] = below > above * 1e-9 ? above / below : above > 0 ? 1e9 : 0;
  });
  return shares;
}

/// How alike each channel is to the others in one window: the 98th percentile of |r|.
std::vector<double> likeness(Signal window) {
  const std::int64_t count = window.extent(0), width = (window.extent(1) + 7) / 8 * 8;
  Matrix unit({count, width}), products({count, count});
  for (std::int64_t c = 0; c < count; ++c) {
    double mean = 0, power = 0;
    for (std::int64_t t = 0; t < window.extent(1); ++t) mean += window(c, t);
    mean /= static_cast<double>(window.extent(1));
    for (std::int64_t t = 0; t < window.extent(1); ++t) {
      unit(c, t) = window(c, t) - mean;
      power += unit(c, t) * unit(c, t);
    }
    const double scale = power > 0 ? 1 / std::sqrt(power) : 0;
    for (std::int64_t t = 0; t < window.extent(1); ++t) unit(c, t) *= std::isfinite(scale) ? scale : 0;
  }
  add_products_of_tile(unit.data(), count, unit.data(), count, width, products.data());
  std::vector<double> result;
  for (std::int64_t c = 0; c < count; ++c) {
    std::vector<double> others;
    for (std::int64_t i = 0; i < count; ++i) {
      if (i != c) others.push_back(std::abs(products(c, i)));
    }
    result.push_back(quantile(std::move(others), alike_quantile));
  }
  return result;
}

/// Share of the seconds in which a channel is like no other.
std::vector<double> lonely_shares(Signal slow, std::int64_t second, double least) {
  const std::int64_t seconds = slow.extent(1) / second;
  std::vector<std::vector<double>> alike(static_cast<std::size_t>(seconds));
  thread_pool().parallel_for(seconds, [&](std::int64_t s) {
    alike[static_cast<std::size_t>(s)] = likeness(slow.slice(1, s * second, second));
  });
  std::vector<double> shares(static_cast<std::size_t>(slow.extent(0)), 0.0);
  for (const auto& window : alike) {
    for (std::size_t c = 0; c < shares.size(); ++c) shares[c] += window[c] < least ? 1 : 0;
  }
  for (double& share : shares) share /= static_cast<double>(seconds);
  return shares;
}

}  // namespace

BadChannels bad_channels(Signal x, const BadChannelOptions& options) {
  require_signal(where, x);
  require_finite(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  const double second = std::nearbyint(options.rate_hz);
  if (x.extent(0) < 2) throw usage_error(where, "too few channels: one cannot be compared with others");
  if (!(second >= 2)) throw usage_error(where, "rate_hz must be positive and at least 2 Hz");
  if (!(static_cast<double>(x.extent(1)) >= second)) {
    throw input_error(where, "the signal is too short: " + std::to_string(x.extent(1)) + " samples, a second has " +
                                 number_text(second));
  }
  std::vector<double> spreads(static_cast<std::size_t>(x.extent(0)));
  std::vector<char> flat(spreads.size());
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    const auto at = static_cast<std::size_t>(c);
    const std::vector<double> values = values_of(x[c]);
    spreads[at] = spread(values);
    flat[at] = median_deviation(values) < options.flat_v || standard_deviation(values) < options.flat_v ? 1 : 0;
  });
  std::vector<std::int64_t> good;
  std::vector<double> good_spreads;
  for (std::size_t c = 0; c < flat.size(); ++c) {
    if (flat[c] != 0) continue;
    good.push_back(static_cast<std::int64_t>(c));
    good_spreads.push_back(spreads[c]);
  }
  if (good.size() < 2) throw input_error(where, "all channels but " + std::to_string(good.size()) + " are flat");
  const Matrix kept = rows_of(x, good);
  const bool fast = options.rate_hz > 2 * noise_above_hz;
  const Matrix slow = fast ? fir_filter(kept, {.rate_hz = options.rate_hz, .high_hz = noise_above_hz}) : Matrix(kept);
  const std::vector<double> deviation = robust_z(good_spreads);
  const std::vector<double> noise = fast ? robust_z(noise_shares(kept, slow)) : std::vector<double>(good.size(), 0.0);
  const std::vector<double> lonely = lonely_shares(slow, static_cast<std::int64_t>(second), options.correlation);

  const std::size_t count = flat.size();
  BadChannels result{std::vector<double>(count, 0.0), std::vector<double>(count, 0.0), std::vector<double>(count, 1.0),
                     std::vector<std::int64_t>(count, bad_flat)};
  for (std::size_t i = 0; i < good.size(); ++i) {
    const auto c = static_cast<std::size_t>(good[i]);
    result.deviation_z[c] = deviation[i];
    result.noise_z[c] = noise[i];
    result.bad_fraction[c] = lonely[i];
    result.reason[c] = (std::abs(deviation[i]) > options.deviation_z ? bad_deviation : 0) |
                       (noise[i] > options.noise_z ? bad_noise : 0) |
                       (lonely[i] > options.bad_seconds_fraction ? bad_correlation : 0);
  }
  return result;
}

namespace {

const Operation bad_channels_operation{
    .name = "bad_channels",
    .room = "signal",
    .about = "Channels that are flat, too loud or quiet, noisy, or like no other (after the PREP pipeline)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "deviation_z", .type = "number", .standard = 5},
                  {.name = "noise_z", .type = "number", .standard = 5},
                  {.name = "correlation", .type = "number", .standard = 0.4},
                  {.name = "bad_seconds_fraction", .type = "number", .standard = 0.01},
                  {.name = "flat_v", .type = "number", .standard = 1e-15}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "deviation_z", .shape = "C"},
                {.name = "noise_z", .shape = "C"},
                {.name = "bad_fraction", .shape = "C"},
                {.name = "bad", .shape = "C"}},
    .streaming_form = "seconds; running quantiles",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const BadChannels result =
              bad_channels(MatrixPort(args, in, "x"), {.rate_hz = args.number("rate_hz"),
                                                       .deviation_z = args.number("deviation_z"),
                                                       .noise_z = args.number("noise_z"),
                                                       .correlation = args.number("correlation"),
                                                       .bad_seconds_fraction = args.number("bad_seconds_fraction"),
                                                       .flat_v = args.number("flat_v")});
          return Tensors{{"deviation_z", Tensor::vector(result.deviation_z)},
                         {"noise_z", Tensor::vector(result.noise_z)},
                         {"bad_fraction", Tensor::vector(result.bad_fraction)},
                         {"bad", Tensor::vector(result.reason)}};
        },
};
CATON_REGISTER(Operation, bad_channels_operation);

}  // namespace

}  // namespace caton
