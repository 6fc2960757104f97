// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/fft_features.hpp"

#include "caton/base/ports.hpp"
#include "caton/features/channelwise.hpp"
#include "caton/signal/fft.hpp"

#include <cmath>

namespace caton {

Matrix fft_features(Signal x, const FftFeatures& options) {
  const std::string where = "fft_features";
  require_positive(where, "rate_hz", options.rate_hz);
  if (options.low_hz < 0) throw usage_error(where, "low_hz must be positive or 0");
  if (options.low_hz >= options.high_hz) throw usage_error(where, "low_hz must be below high_hz: the band is empty");
  if (static_cast<double>(options.high_hz) > options.rate_hz / 2)
    throw usage_error(where, "high_hz " + std::to_string(options.high_hz) + " is above Nyquist, half of rate_hz");
  const auto samples = static_cast<double>(x.extent(1));
  // First bin of a cell, with the slack that keeps k rate/T from falling out by rounding.
  const auto first_bin = [&](std::int64_t hz) {
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(hz) * samples / options.rate_hz - 1e-6));
  };
  require_signal(where, x);
  for (std::int64_t k = options.low_hz; k < options.high_hz; ++k) {
    if (first_bin(k + 1) <= first_bin(k) || first_bin(k) > x.extent(1) / 2)
      throw input_error(
          where,
          "the signal is too short: no bin between " + std::to_string(k) + " and " + std::to_string(k + 1) + " Hz",
          "give at least one second");
  }
  Matrix features({x.extent(0), options.high_hz - options.low_hz}, uninitialised);
  for_each_channel({where, 2}, x, [&](std::int64_t c, std::span<const double> row) {
    const double mean = mean_of(row);
    std::vector<double> centred;
    for (const double value : row) centred.push_back(value - mean);
    const auto bins = real_fft(centred);
    for (std::int64_t k = options.low_hz; k < options.high_hz; ++k) {
      const auto end = std::min(first_bin(k + 1), static_cast<std::int64_t>(bins.size()));
      double sum = 0;
      for (std::int64_t bin = first_bin(k); bin < end; ++bin)
        sum += std::abs(bins[static_cast<std::size_t>(bin)]) / samples;
      features(c, k - options.low_hz) = std::log(sum / static_cast<double>(end - first_bin(k)) + 1e-12);
    }
  });
  return features;
}

namespace {

const Operation fft_operation{
    .name = "fft_features",
    .room = "features",
    .about = "Logarithm of the mean amplitude in cells of one hertz",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "low_hz", .type = "integer", .standard = 1},
                  {.name = "high_hz", .type = "integer", .standard = 45}},
    .inputs = {{.name = "x", .shape = "V T", .unit = "V"}},
    .outputs = {{.name = "f", .shape = "V F", .unit = "ln V"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"f", Tensor::of(fft_features(MatrixPort(args, in, "x"), {.rate_hz = args.number("rate_hz"),
                                                                        .low_hz = args.integer("low_hz"),
                                                                        .high_hz = args.integer("high_hz")}))}};
    },
};
CATON_REGISTER(Operation, fft_operation);

}  // namespace

}  // namespace caton
