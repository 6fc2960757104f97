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

double ratio(double above, double below) { return below > 0 ? above / below : 0; }

double corrected_imaginary(double re, double im) {
  const double clipped = std::clamp(re, -1.0, 1.0);
  return std::abs(im) / std::sqrt(std::abs(clipped) == 1 ? 1 : 1 - clipped * clipped);
}

/// Pair k of a tile; the imaginary part is that of coherency.
double pair_value(const TileInput& in, PhaseMeasure measure, std::int64_t k, double& imaginary) {
  const double n = in.repetitions, first = in.sums.values[0][k], second = in.sums.values[1][k];
  switch (measure) {
    case PhaseMeasure::coherence:
    case PhaseMeasure::coherency:
    case PhaseMeasure::imaginary_coherence: {
      const double power =
          std::sqrt(in.row_powers[k / PairTile::columns]) * std::sqrt(in.column_powers[k % PairTile::columns]);
      const double re = ratio(first, power);
      imaginary = ratio(second, power);
      if (measure == PhaseMeasure::coherency) return re;
      return measure == PhaseMeasure::coherence ? std::hypot(re, imaginary) : imaginary;
    }
    case PhaseMeasure::plv: return std::hypot(first, second) / n;
    case PhaseMeasure::corrected_imaginary_plv: return corrected_imaginary(first / n, second / n);
    case PhaseMeasure::ppc: return (first * first + second * second - n) / (n * (n - 1));
    case PhaseMeasure::pli: return std::abs(first) / n;
    case PhaseMeasure::pli_squared_unbiased: return (first * first / n - 1) / (n - 1);
    case PhaseMeasure::directed_pli: return (n + first) / (2 * n);
    case PhaseMeasure::wpli: return ratio(std::abs(first), second);
    case PhaseMeasure::wpli_squared_debiased: break;
  }
  const double square = in.sums.values[2][k];
  return ratio(first * first - square, second * second - square);
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
  for (std::int64_t r = 0; r < std::min(PairTile::rows, channels - tile.first_row); ++r) {
    const std::int64_t i = tile.first_row + r;
    for (std::int64_t j = std::max(i + 1, tile.first_column);
         j < std::min(tile.first_column + PairTile::columns, channels); ++j) {
      double imaginary = 0;
      const double value = pair_value(in, measure, r * PairTile::columns + j - tile.first_column, imaginary);
      out.values(bin, i, j) = value;
      out.values(bin, j, i) = mirrored(measure, value);
      if (out.imaginary.empty()) continue;
      out.imaginary(bin, i, j) = imaginary;
      out.imaginary(bin, j, i) = -imaginary;
    }
  }
}

void measure_bin(const TaperedSpectra& spectra, std::int64_t bin, PhaseMeasure measure, MeasuredBins& out) {
  std::vector<double> powers(static_cast<std::size_t>(spectra.width() + PairTile::rows));
  const PairSum sum = sum_of(measure);
  if (sum == PairSum::products) sum_powers(spectra, bin, powers.data());
  TileSums sums{};
  for (std::int64_t i = 0; i < spectra.channels; i += PairTile::rows) {
    for (std::int64_t j = i / PairTile::columns * PairTile::columns; j < spectra.channels; j += PairTile::columns) {
      const PairTile tile{bin, i, j};
      sum_pairs(spectra, tile, sum, sums);
      put_tile({.sums = sums,
                .repetitions = static_cast<double>(spectra.repetitions),
                .row_powers = powers.data() + i,
                .column_powers = powers.data() + j},
               tile, measure, out);
    }
  }
}

}  // namespace

MeasuredBins measure_bins(const TaperedSpectra& spectra, PhaseMeasure measure) {
  const Array<double, 3>::Extents extents{spectra.bins(), spectra.channels, spectra.channels};
  MeasuredBins result{Array<double, 3>(extents, uninitialised), {}};
  if (measure == PhaseMeasure::coherency) result.imaginary = Array<double, 3>(extents, uninitialised);
  thread_pool().parallel_for(spectra.bins(), [&](std::int64_t bin) {
    for (std::int64_t i = 0; i < spectra.channels; ++i) {
      result.values(bin, i, i) = 0;
      if (!result.imaginary.empty()) result.imaginary(bin, i, i) = 0;
    }
    measure_bin(spectra, bin, measure, result);
  });
  return result;
}

}  // namespace caton
