// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/band_power.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/welch.hpp"

#include <cmath>

namespace caton {

namespace {

const std::string where = "band_power";

/// Simpson's rule over an odd number of values from `begin` on.
double simpson_of_odd(std::span<const double> y, std::size_t begin, std::size_t end, double dx) {
  double sum = 0;
  for (std::size_t i = begin; i + 2 < end; i += 2) sum += y[i] + 4 * y[i + 1] + y[i + 2];
  return sum * dx / 3;
}

/// SciPy 1.10: for an even number of values the mean of leaving the last and leaving the first interval to a trapezoid.
double simpson(std::span<const double> y, double dx) {
  const std::size_t n = y.size();
  if (n % 2 == 1) return simpson_of_odd(y, 0, n, dx);
  const double trapezoids = 0.5 * dx * (y[n - 1] + y[n - 2]) + 0.5 * dx * (y[0] + y[1]);
  return (trapezoids + simpson_of_odd(y, 0, n - 1, dx) + simpson_of_odd(y, 1, n, dx)) / 2;
}

double integrate(std::span<const double> y, double dx, Integral integral) {
  if (integral == Integral::simpson) return simpson(y, dx);
  double sum = 0;
  for (const double value : y) sum += value;
  if (integral == Integral::trapezoid) return dx * (sum - (y.front() + y.back()) / 2);
  return integral == Integral::sum ? sum : sum / static_cast<double>(y.size());
}

BinRange range_of(const std::vector<double>& freqs_hz, const Band& band) {
  const std::string text = number_text(band.low_hz) + " to " + number_text(band.high_hz) + " Hz";
  if (!(band.low_hz < band.high_hz)) throw usage_error(where, "the band " + text + " is empty");
  const BinRange range = bins_between(freqs_hz, band.low_hz, band.high_hz);
  if (range.begin == range.end) throw usage_error(where, "the band " + text + " holds no bin of the spectrum");
  return range;
}

}  // namespace

BandIntegrals::BandIntegrals(const std::vector<double>& freqs_hz, const BandPower& options)
    : integral_(options.integral) {
  if (freqs_hz.size() < 2) throw usage_error(where, "the spectrum is too short: it needs two frequencies");
  if (options.bands.empty()) throw usage_error(where, "bands_hz is empty: no band is given");
  step_hz_ = freqs_hz[1] - freqs_hz[0];
  for (const Band& band : options.bands) ranges_.push_back(range_of(freqs_hz, band));
  whole_ = options.relative_to ? range_of(freqs_hz, *options.relative_to) : BinRange{0, freqs_hz.size()};
}

bool BandIntegrals::run(std::span<const double> psd, std::span<double> power, std::span<double> relative) const {
  const auto over = [&](const BinRange& range) {
    return integrate(psd.subspan(range.begin, range.end - range.begin), step_hz_, integral_);
  };
  const double total = over(whole_);
  for (std::size_t b = 0; b < ranges_.size(); ++b) {
    power[b] = over(ranges_[b]);
    relative[b] = power[b] / total;
    if (!std::isfinite(relative[b])) return false;
  }
  return true;
}

BandPowers band_power(Signal psd, const std::vector<double>& freqs_hz, const BandPower& options) {
  if (psd.extent(1) != static_cast<std::int64_t>(freqs_hz.size())) {
    throw usage_error(where, "shape: the density has " + std::to_string(psd.extent(1)) + " frequencies, freqs " +
                                 std::to_string(freqs_hz.size()));
  }
  const BandIntegrals integrals(freqs_hz, options);
  const auto bands = static_cast<std::int64_t>(options.bands.size());
  BandPowers result{Matrix({psd.extent(0), bands}), Matrix({psd.extent(0), bands})};
  std::vector<double> row(freqs_hz.size());
  for (std::int64_t c = 0; c < psd.extent(0); ++c) {
    for (std::size_t k = 0; k < row.size(); ++k) row[k] = psd(c, static_cast<std::int64_t>(k));
    if (!integrals.run(row, {&result.power(c, 0), options.bands.size()},
                       {&result.relative(c, 0), options.bands.size()}))
      throw input_error(where, "channel " + std::to_string(c) + " is flat: no power to divide by");
  }
  return result;
}

namespace {

Tensors powers(const Arguments& args, const Tensors& in) {
  BandPower options{.bands = bands_of(pairs_argument(args, "bands_hz"))};
  if (args.given("relative_to_hz")) {
    const auto range = args.numbers("relative_to_hz");
    if (range.size() != 2) throw args.refuse("relative_to_hz is [low, high]");
    options.relative_to = Band{range[0], range[1]};
  }
  options.integral = choice_argument<Integral>(args, "integral",
                                               {{"simpson", Integral::simpson},
                                                {"trapezoid", Integral::trapezoid},
                                                {"mean", Integral::mean},
                                                {"sum", Integral::sum}});
  const MatrixPort psd(args, in, "psd");
  const auto result = band_power(psd, vector_port(args, in, "freqs"), options);
  return {{"power", Tensor::of(result.power)}, {"relative", Tensor::of(result.relative)}};
}

const Operation band_power_operation{
    .name = "band_power",
    .room = "features",
    .about = "Power in bands from a spectral density, and its share of a range (scipy.integrate.simpson)",
    .arguments =
        {{.name = "bands_hz", .type = "list"},
         {.name = "relative_to_hz", .type = "numbers", .standard = Json{}},
         {.name = "integral", .type = "text", .standard = "simpson", .about = "simpson, trapezoid, mean, sum"}},
    .inputs = {{.name = "psd", .shape = "C F", .unit = "V^2/Hz"}, {.name = "freqs", .shape = "F", .unit = "Hz"}},
    .outputs = {{.name = "power", .shape = "C B", .unit = "V^2"}, {.name = "relative", .shape = "C B", .unit = "1"}},
    .call = powers,
};
CATON_REGISTER(Operation, band_power_operation);

}  // namespace

}  // namespace caton
