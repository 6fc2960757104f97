// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/bands.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/report/numbers.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

std::int64_t segment_of(const PlotSignals& signals) {
  const auto two_seconds = static_cast<std::int64_t>(std::llround(2 * signals.rate_hz));
  return std::max<std::int64_t>(2, std::min(two_seconds, signals.x.extent(1)));
}

}  // namespace

std::string NamedBand::edges() const { return number_text(band.low_hz) + " to " + number_text(band.high_hz) + " Hz"; }

std::vector<NamedBand> bands_of(const PlotRequest& request, double rate_hz) {
  std::vector<NamedBand> bands;
  for (const Band& band : request.bands) {
    if (!(band.low_hz >= 0 && band.low_hz < band.high_hz && band.high_hz <= rate_hz / 2)) {
      throw usage_error("plot", "the band " + number_text(band.low_hz) + "-" + number_text(band.high_hz) +
                                    " Hz is empty or reaches over half the rate, " + number_text(rate_hz / 2) + " Hz");
    }
    bands.push_back({number_text(band.low_hz) + "-" + number_text(band.high_hz) + " Hz", band});
  }
  if (!bands.empty()) return bands;
  for (const auto& band : std::initializer_list<NamedBand>{
           {"delta", {1, 4}}, {"theta", {4, 8}}, {"alpha", {8, 13}}, {"beta", {13, 30}}, {"gamma", {30, 45}}}) {
    if (band.band.high_hz <= rate_hz / 2) bands.push_back(band);
  }
  if (bands.empty()) throw usage_error("plot", "the rate of " + number_text(rate_hz) + " Hz carries no band");
  return bands;
}

Spectrum density_of(const PlotSignals& signals) {
  const std::int64_t segment = segment_of(signals);
  return welch(signals.x,
               {.rate_hz = signals.rate_hz, .fft_samples = segment, .overlap_samples = segment / 2, .window = "hann"});
}

std::string density_text(const PlotSignals& signals) {
  const double length = static_cast<double>(segment_of(signals)) / signals.rate_hz;
  return "Welch's method, Hann windows of " + three_digits(length) + " s, half overlapping";
}

}  // namespace caton::report
