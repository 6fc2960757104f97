// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/erd_ers.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "erd_ers";

/// Samples to each side of the centre of the moving average.
std::int64_t side_of(const ErdErs& options, std::int64_t samples) {
  if (!(options.smooth_s >= 0)) throw usage_error(where, "smooth_s must not be negative");
  const double count = std::nearbyint(options.smooth_s * options.rate_hz);
  return static_cast<std::int64_t>(std::min(count, 2.0 * static_cast<double>(samples))) / 2;
}

std::vector<double> smoothed(View<const double, 1> x, std::int64_t side) {
  std::vector<double> y;
  for (std::int64_t t = 0; t < x.extent(0); ++t) {
    const std::int64_t begin = std::max<std::int64_t>(t - side, 0), end = std::min(t + side + 1, x.extent(0));
    double sum = 0;
    for (std::int64_t i = begin; i < end; ++i) sum += x[i];
    y.push_back(sum / static_cast<double>(end - begin));
  }
  return y;
}

/// The mean over epochs of the squared band-passed signal.
Matrix band_powers(View<const double, 3> epochs, Signal sos) {
  const std::int64_t count = epochs.extent(0), channels = epochs.extent(1), samples = epochs.extent(2);
  const std::int64_t pad = iir_pad_samples(sos, samples, PadRule::scipy);
  Matrix power({channels, samples}, 0.0);
  for (std::int64_t e = 0; e < count; ++e) {
    const Matrix y = iir_filtfilt(epochs[e], sos, pad);
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t t = 0; t < samples; ++t) power(c, t) += y(c, t) * y(c, t) / static_cast<double>(count);
    }
  }
  return power;
}

}  // namespace

Matrix erd_ers(View<const double, 3> epochs, const ErdErs& options) {
  if (epochs.size() == 0) throw usage_error(where, "the epochs are empty");
  require_bands(where, std::vector<Band>{options.band}, options.rate_hz);
  const auto times = times_from(options.start_s, options.rate_hz, epochs.extent(2));
  const auto reference = samples_within(where, "reference_s", options.reference, times);
  const std::int64_t side = side_of(options, epochs.extent(2));
  const Matrix sos = iir_design({.rate_hz = options.rate_hz,
                                 .band = BandKind::bandpass,
                                 .order = options.order,
                                 .cut_hz = {options.band.low_hz, options.band.high_hz}});
  const Matrix power = band_powers(epochs, sos);
  Matrix change(power.extents(), uninitialised);
  for (std::int64_t c = 0; c < power.extent(0); ++c) {
    const auto a = smoothed(power.view()[c], side);
    double r = 0;
    for (std::int64_t t = reference.begin; t < reference.end; ++t) r += a[static_cast<std::size_t>(t)];
    r /= static_cast<double>(reference.end - reference.begin);
    for (std::int64_t t = 0; t < power.extent(1); ++t) {
      change(c, t) = 100 * (a[static_cast<std::size_t>(t)] - r) / r;
      if (!std::isfinite(change(c, t)))
        throw input_error(where, "channel " + std::to_string(c) + " is flat: no power in the reference time");
    }
  }
  return change;
}

namespace {

const Operation erd_ers_operation{
    .name = "erd_ers",
    .room = "features",
    .about = "Change of band power against a reference time in percent (Pfurtscheller and Lopes da Silva 1999)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "start_s", .type = "number", .about = "time of the first sample"},
                  {.name = "reference_s", .type = "list", .about = "[begin, end], both belong to it"},
                  {.name = "band_hz", .type = "numbers", .about = "[low, high]"},
                  {.name = "smooth_s", .type = "number", .standard = 0.125},
                  {.name = "order", .type = "integer", .standard = 4}},
    .inputs = {{.name = "epochs", .shape = "K C T"}},
    .outputs = {{.name = "erd", .shape = "C T", .unit = "%"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto band = args.numbers("band_hz");
          if (band.size() != 2) throw args.refuse("band_hz is [low, high]");
          const auto reference = time_span_argument(args, "reference_s");
          if (!reference) throw args.refuse("reference_s is [begin, end] in seconds");
          const auto result = erd_ers(port(in, "epochs").array<3>("epochs"), {.rate_hz = args.number("rate_hz"),
                                                                              .start_s = args.number("start_s"),
                                                                              .reference = *reference,
                                                                              .band = {band[0], band[1]},
                                                                              .smooth_s = args.number("smooth_s"),
                                                                              .order = count_argument(args, "order")});
          return Tensors{{"erd", Tensor::of(result)}};
        },
};
CATON_REGISTER(Operation, erd_ers_operation);

}  // namespace

}  // namespace caton
