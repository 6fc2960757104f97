// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/filters.hpp"

#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/signal/detrend.hpp"
#include "caton/signal/fir.hpp"
#include "caton/signal/notch.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr double line_stands_out = 2, beside_hz = 1, far_hz = 5, peak_hz = 0.6, to_nyquist_hz = 2;

template <class Filter>
Matrix by_piece(Signal x, const FilterPieces& pieces, const Filter& filter) {
  if (pieces.size() == 1) return filter(x);
  Matrix y(x.extents(), uninitialised);
  for (const auto& [begin, end] : pieces) {
    const Matrix part = filter(x.slice(1, begin, end - begin));
    for (std::int64_t c = 0; c < x.extent(0); ++c)
      std::copy_n(part.data() + c * part.extent(1), part.extent(1), &y(c, begin));
  }
  return y;
}

/// Power at a frequency over that of its surroundings; the middle channel counts.
double stands_out(const Spectrum& spectrum, double hz) {
  std::vector<double> ratios;
  for (std::int64_t c = 0; c < spectrum.psd.extent(0); ++c) {
    double peak = 0;
    std::vector<double> around;
    for (std::size_t f = 0; f < spectrum.freqs_hz.size(); ++f) {
      const double away = std::abs(spectrum.freqs_hz[f] - hz), power = spectrum.psd(c, static_cast<std::int64_t>(f));
      if (away <= peak_hz) peak = std::max(peak, power);
      if (away >= beside_hz && away <= far_hz) around.push_back(power);
    }
    const double level = median(std::move(around));
    ratios.push_back(level > 0 ? peak / level : 0);
  }
  return median(std::move(ratios));
}

}  // namespace

FilterPieces filter_pieces(const CleanInput& input) {
  FilterPieces pieces;
  std::int64_t at = 0;
  for (const std::int64_t length : input.pieces) {
    if (length > 0) pieces.emplace_back(at, at + length);
    at += std::max<std::int64_t>(0, length);
  }
  if (pieces.empty()) return {{0, input.signal.extent(1)}};
  if (at != input.signal.extent(1)) throw usage_error("clean", "shape: the pieces do not add up to the samples");
  return pieces;
}

Matrix high_passed(Signal x, double hz, double rate_hz, const FilterPieces& pieces) {
  return by_piece(x, pieces, [&](Signal part) {
    Matrix centred = detrend(part, Trend::constant);
    return hz > 0 ? fir_filter(centred, {.rate_hz = rate_hz, .low_hz = hz}) : centred;
  });
}

std::vector<double> find_line(Signal x, std::optional<double> wanted, double rate_hz) {
  if (wanted && *wanted <= 0) return {};
  const auto length = std::min<std::int64_t>(x.extent(1), static_cast<std::int64_t>(std::ceil(4 * rate_hz)));
  const Spectrum spectrum =
      welch(x, {.rate_hz = rate_hz, .fft_samples = length, .overlap_samples = length / 2, .window = "hann"});
  double line = 0, best = line_stands_out;
  for (const double hz : wanted ? std::vector<double>{*wanted} : std::vector<double>{50, 60}) {
    if (hz > rate_hz / 2 - to_nyquist_hz) continue;
    const double ratio = stands_out(spectrum, hz);
    if (ratio > best) {
      best = ratio;
      line = hz;
    }
  }
  std::vector<double> found;
  for (double hz = line; line > 0 && hz <= rate_hz / 2 - to_nyquist_hz; hz += line) {
    if (hz == line || stands_out(spectrum, hz) > line_stands_out) found.push_back(hz);
  }
  return found;
}

Matrix line_removed(Signal x, const std::vector<double>& line_hz, double rate_hz, const FilterPieces& pieces) {
  return by_piece(x, pieces, [&](Signal part) { return notch(part, {.rate_hz = rate_hz, .freqs_hz = line_hz}); });
}

}  // namespace caton
