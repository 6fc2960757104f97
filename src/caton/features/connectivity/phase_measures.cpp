// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/phase_measures.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/pair_sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

namespace caton {

namespace {

constexpr std::array<std::pair<std::string_view, PhaseMeasure>, 11> names{
    {{"coherence", PhaseMeasure::coherence},
     {"coherency", PhaseMeasure::coherency},
     {"imaginary_coherence", PhaseMeasure::imaginary_coherence},
     {"plv", PhaseMeasure::plv},
     {"corrected_imaginary_plv", PhaseMeasure::corrected_imaginary_plv},
     {"ppc", PhaseMeasure::ppc},
     {"pli", PhaseMeasure::pli},
     {"pli_squared_unbiased", PhaseMeasure::pli_squared_unbiased},
     {"directed_pli", PhaseMeasure::directed_pli},
     {"wpli", PhaseMeasure::wpli},
     {"wpli_squared_debiased", PhaseMeasure::wpli_squared_debiased}}};

/// What the measures of a tile are made of.
struct TileInput {
  const TileSums& sums;
  double repetitions = 0;
  const double *row_powers, *column_powers;
};

PairSum sum_of(PhaseMeasure measure) {
  switch (measure) {
    case PhaseMeasure::coherence:
    case PhaseMeasure::coherency:
    case PhaseMeasure::imaginary_coherence: return PairSum::products;
    case PhaseMeasure::plv:
    case PhaseMeasure::corrected_imaginary_plv:
    case PhaseMeasure::ppc: return PairSum::units;
    case PhaseMeasure::pli:
    case PhaseMeasure::pli_squared_unbiased:
    case PhaseMeasure::directed_pli: return PairSum::signs;
    case PhaseMeasure::wpli: return PairSum::sizes;
    case PhaseMeasure::wpli_squared_debiased: break;
  }
  return PairSum::squares;
}

double corrected_imaginary(double re, double im) {
  const double clipped = std::clamp(re, -1.0, 1.0);
  return std::abs(im) / std::sqrt(std::abs(clipped) == 1 ? 1 : 1 - clipped * clipped);
}

/// The values of all pairs of a tile; the imaginary part is that of coherency.
struct TileValues {
  alignas(64) double values[PairTile::pairs], imaginary[PairTile::pairs];
};

/// value(first sum, second sum) of each pair.
template <class Value>
void each_pair(const TileInput& in, TileValues& out, const Value& value) {
  const double *const first = in.sums.values[0], *const second = in.sums.values[1];
  for (std::int64_t k = 0; k < PairTile::pairs; ++k) out.values[k] = value(first[k], second[k]);
}

/// above / below, 0 where nothing is below.
double ratio(double above, double below) {
  const double divisor = below > 0 ? below : 1;
  return (below > 0 ? above : 0) / divisor;
}

void put_coherency(const TileInput& in, PhaseMeasure measure, TileValues& out) {
  for (std::int64_t k = 0; k < PairTile::pairs; ++k) {
    const double power =
        std::sqrt(in.row_powers[k / PairTile::columns]) * std::sqrt(in.column_powers[k % PairTile::columns]);
    const double re = ratio(in.sums.values[0][k], power), im = ratio(in.sums.values[1][k], power);
    out.imaginary[k] = im;
    out.values[k] = measure == PhaseMeasure::coherency             ? re
                    : measure == PhaseMeasure::imaginary_coherence ? im
                                                                   : std::hypot(re, im);
  }
}

void put_values(const TileInput& in, PhaseMeasure measure, TileValues& out) {
  const double n = in.repetitions;
  switch (measure) {
    case PhaseMeasure::coherence:
    case PhaseMeasure::coherency:
    case PhaseMeasure::imaginary_coherence: return put_coherency(in, measure, out);
    case PhaseMeasure::plv: return each_pair(in, out, [n](double re, double im) { return std::hypot(re, im) / n; });
    case PhaseMeasure::corrected_imaginary_plv:
      return each_pair(in, out, [n](double re, double im) { return corrected_imaginary(re / n, im / n); });
    case PhaseMeasure::ppc:
      return each_pair(in, out, [n](double re, double im) { return (re * re + im * im - n) / (n * (n - 1)); });
    case PhaseMeasure::pli: return each_pair(in, out, [n](double sign, double) { return std::abs(sign) / n; });
    case PhaseMeasure::pli_squared_unbiased:
      return each_pair(in, out, [n](double sign, double) { return (sign * sign / n - 1) / (n - 1); });
    case PhaseMeasure::directed_pli:
      return each_pair(in, out, [n](double sign, double) { return (n + sign) / (2 * n); });
    case PhaseMeasure::wpli:
      return each_pair(in, out, [](double sum, double size) { return ratio(std::abs(sum), size); });
    case PhaseMeasure::wpli_squared_debiased: break;
  }
  for (std::int64_t k = 0; k < PairTile::pairs; ++k) {
    const double sum = in.sums.values[0][k], size = in.sums.values[1][k], square = in.sums.values[2][k];
    out.values[k] = ratio(sum * sum - square, size * size - square);
  }
}

/// Of [j, i], out of [i, j].
double mirrored(PhaseMeasure measure, double value) {
  if (measure == PhaseMeasure::imaginary_coherence) return -value;
  return measure == PhaseMeasure::directed_pli ? 1 - value : value;
}

bool unbiased(PhaseMeasure measure) {
  return measure == PhaseMeasure::ppc || measure == PhaseMeasure::pli_squared_unbiased ||
         measure == PhaseMeasure::wpli_squared_debiased;
}

}  // namespace

PhaseMeasure phase_measure_named(const std::string& where, std::string_view name) {
  std::vector<std::string> known;
  for (const auto& [text, measure] : names) {
    if (text == name) return measure;
    known.emplace_back(text);
  }
  throw usage_error(where, "unknown measure \"" + std::string(name) + "\"", suggestion(std::string(name), known));
}

std::string phase_measure_names() {
  std::string text;
  for (const auto& [name, measure] : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

bool is_coherence(PhaseMeasure measure) noexcept {
  return measure == PhaseMeasure::coherence || measure == PhaseMeasure::coherency ||
         measure == PhaseMeasure::imaginary_coherence;
}

void require_repetitions(const std::string& where, std::span<const PhaseMeasure> measures, std::int64_t repetitions) {
  if (repetitions > 1 || std::none_of(measures.begin(), measures.end(), unbiased)) return;
  throw input_error(where, "an unbiased measure needs at least 2 epochs, given is " + std::to_string(repetitions),
                    "cut the signal into epochs, or take plv, pli or wpli");
}

namespace {

/// The values of a tile on and above the diagonal, and those that mirror them.
void put_tile(const TileInput& in, const PairTile& tile, PhaseMeasure measure, MeasuredBins& out) {
  const std::int64_t channels = out.values.extent(1), bin = tile.bin;
  TileValues all;
  put_values(in, measure, all);
  for (std::int64_t r = 0; r < std::min(PairTile::rows, channels - tile.first_row); ++r) {
    const std::int64_t i = tile.first_row + r;
    for (std::int64_t j = std::max(i + 1, tile.first_column);
         j < std::min(tile.first_column + PairTile::columns, channels); ++j) {
      const std::int64_t k = r * PairTile::columns + j - tile.first_column;
      out.values(bin, i, j) = all.values[k];
      out.values(bin, j, i) = mirrored(measure, all.values[k]);
      if (out.imaginary.empty()) continue;
      out.imaginary(bin, i, j) = all.imaginary[k];
      out.imaginary(bin, j, i) = -all.imaginary[k];
    }
  }
}

void measure_bin(const TaperedSpectra& spectra, std::int64_t bin, PhaseMeasure measure, MeasuredBins& out) {
  double* const powers = out.powers[bin].data();
  const PairSum sum = sum_of(measure);
  if (sum == PairSum::products) sum_powers(spectra, bin, powers);
  TileSums sums{};
  for (std::int64_t i = 0; i < spectra.channels; i += PairTile::rows) {
    for (std::int64_t j = i / PairTile::columns * PairTile::columns; j < spectra.channels; j += PairTile::columns) {
      const PairTile tile{bin, i, j};
      sum_pairs(spectra, tile, sum, sums);
      put_tile({.sums = sums,
                .repetitions = static_cast<double>(spectra.repetitions),
                .row_powers = powers + i,
                .column_powers = powers + j},
               tile, measure, out);
    }
  }
}

}  // namespace

MeasuredBins measure_bins(const TaperedSpectra& spectra, PhaseMeasure measure) {
  const Array<double, 3>::Extents extents{spectra.bins(), spectra.channels, spectra.channels};
  MeasuredBins result{Array<double, 3>(extents, uninitialised), {}, {}};
  if (measure == PhaseMeasure::coherency) result.imaginary = Array<double, 3>(extents, uninitialised);
  result.powers = Matrix({spectra.bins(), spectra.width() + PairTile::rows});
  measure_bins(spectra, measure, result);
  return result;
}

void measure_bins(const TaperedSpectra& spectra, PhaseMeasure measure, MeasuredBins& result) {
  const auto one = [&](std::int64_t bin) {
    for (std::int64_t i = 0; i < spectra.channels; ++i) {
      result.values(bin, i, i) = 0;
      if (!result.imaginary.empty()) result.imaginary(bin, i, i) = 0;
    }
    measure_bin(spectra, bin, measure, result);
  };
  // By reference: a copy of what it holds would ask for memory.
  thread_pool().parallel_for(spectra.bins(), std::cref(one));
}

}  // namespace caton
