// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/phase_measures.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

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

constexpr std::int64_t kinds = 7;  // of sums

/// All sums of channel i with eight channels from j on; those of phases alone only where they are wanted.
template <bool WithUnits>
struct SumsKernel {
  static inline __attribute__((always_inline)) void run(const BinSpectra* spectra, std::int64_t i, std::int64_t j,
                                                        double* out) {
    const Lanes zero{}, one = zero + 1.0;
    Lanes sum_re{}, sum_im{}, unit_re{}, unit_im{}, sign{}, size{}, square{};
    const std::int64_t width = spectra->width;
    for (std::int64_t e = 0; e < spectra->repetitions; ++e) {
      Lanes re{}, im{};
      for (std::int64_t k = 0; k < spectra->tapers; ++k) {
        const std::int64_t row = (e * spectra->tapers + k) * width;
        const double weight = spectra->weights[static_cast<std::size_t>(k)];
        const double a = spectra->re.data()[row + i] * weight, b = spectra->im.data()[row + i] * weight;
        Lanes c, d;
        load_lanes(c, spectra->re.data() + row + j);
        load_lanes(d, spectra->im.data() + row + j);
        re += a * c + b * d;
        im += b * c - a * d;
      }
      if constexpr (WithUnits) {
        Lanes length = re * re + im * im;
        for (std::int64_t lane = 0; lane < lane_count; ++lane) length[lane] = std::sqrt(length[lane]);
        const Lanes divisor = length > zero ? length : one;
        unit_re += re / divisor;
        unit_im += im / divisor;
      }
      const Lanes turned = im < zero ? -im : im;
      sum_re += re;
      sum_im += im;
      sign += (im > zero ? one : zero) - (im < zero ? one : zero);
      size += turned;
      square += im * im;
    }
    store_lanes(sum_re, out);
    store_lanes(sum_im, out + lane_count);
    store_lanes(unit_re, out + 2 * lane_count);
    store_lanes(unit_im, out + 3 * lane_count);
    store_lanes(sign, out + 4 * lane_count);
    store_lanes(size, out + 5 * lane_count);
    store_lanes(square, out + 6 * lane_count);
  }
};

double ratio(double above, double below) { return below > 0 ? above / below : 0; }

double corrected_imaginary(double re, double im) {
  const double clipped = std::clamp(re, -1.0, 1.0);
  return std::abs(im) / std::sqrt(std::abs(clipped) == 1 ? 1 : 1 - clipped * clipped);
}

Complex pair_value(const CrossSums& sums, PhaseMeasure measure, std::int64_t i, std::int64_t j) {
  const double n = sums.repetitions, im = sums.im(i, j);
  const Complex unit(sums.unit_re(i, j), sums.unit_im(i, j));
  switch (measure) {
    case PhaseMeasure::coherence:
    case PhaseMeasure::coherency:
    case PhaseMeasure::imaginary_coherence: {
      const double power = std::sqrt(sums.re(i, i)) * std::sqrt(sums.re(j, j));
      const Complex coherency = power > 0 ? Complex(sums.re(i, j), im) / power : Complex(0);
      if (measure == PhaseMeasure::coherency) return coherency;
      return measure == PhaseMeasure::coherence ? std::abs(coherency) : coherency.imag();
    }
    case PhaseMeasure::plv: return std::abs(unit) / n;
    case PhaseMeasure::corrected_imaginary_plv: return corrected_imaginary(unit.real() / n, unit.imag() / n);
    case PhaseMeasure::ppc: return (std::norm(unit) - n) / (n * (n - 1));
    case PhaseMeasure::pli: return std::abs(sums.sign(i, j)) / n;
    case PhaseMeasure::pli_squared_unbiased: {
      const double pli = sums.sign(i, j) / n;
      return (n * pli * pli - 1) / (n - 1);
    }
    case PhaseMeasure::directed_pli: return (n + sums.sign(i, j)) / (2 * n);
    case PhaseMeasure::wpli: return ratio(std::abs(im), sums.size(i, j));
    case PhaseMeasure::wpli_squared_debiased: break;
  }
  const double square = sums.square(i, j);
  return ratio(im * im - square, sums.size(i, j) * sums.size(i, j) - square);
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

bool needs_units(std::span<const PhaseMeasure> measures) noexcept {
  return std::any_of(measures.begin(), measures.end(), [](PhaseMeasure measure) {
    return measure == PhaseMeasure::plv || measure == PhaseMeasure::corrected_imaginary_plv ||
           measure == PhaseMeasure::ppc;
  });
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

CrossSums::CrossSums(std::int64_t channels)
    : re({channels, channels}),
      im({channels, channels}),
      unit_re({channels, channels}),
      unit_im({channels, channels}),
      sign({channels, channels}),
      size({channels, channels}),
      square({channels, channels}) {}

BinSpectra::BinSpectra(std::int64_t repetition_count, std::int64_t taper_count, std::int64_t channel_count)
    : repetitions(repetition_count),
      tapers(taper_count),
      channels(channel_count),
      width((channel_count + lane_count - 1) / lane_count * lane_count),
      re({repetition_count * taper_count, width}),
      im({repetition_count * taper_count, width}),
      weights(static_cast<std::size_t>(taper_count), 1.0) {}

CrossSums cross_sums(const BinSpectra& spectra, bool with_units) {
  CrossSums sums(spectra.channels);
  sums.repetitions = static_cast<double>(spectra.repetitions);
  const std::array<std::pair<Matrix*, double>, kinds> all{{{&sums.re, 1},
                                                           {&sums.im, -1},
                                                           {&sums.unit_re, 1},
                                                           {&sums.unit_im, -1},
                                                           {&sums.sign, -1},
                                                           {&sums.size, 1},
                                                           {&sums.square, 1}}};
  alignas(64) double tile[kinds * lane_count];
  for (std::int64_t i = 0; i < spectra.channels; ++i) {
    for (std::int64_t j = i / lane_count * lane_count; j < spectra.channels; j += lane_count) {
      if (with_units)
        run_on<SumsKernel<true>>(processor(), &spectra, i, j, static_cast<double*>(tile));
      else
        run_on<SumsKernel<false>>(processor(), &spectra, i, j, static_cast<double*>(tile));
      for (std::int64_t c = std::max(i, j); c < std::min(j + lane_count, spectra.channels); ++c) {
        for (std::int64_t kind = 0; kind < kinds; ++kind) {
          const auto& [matrix, mirrored] = all[static_cast<std::size_t>(kind)];
          (*matrix)(i, c) = tile[kind * lane_count + c - j];
          if (c != i) (*matrix)(c, i) = mirrored * tile[kind * lane_count + c - j];
        }
      }
    }
  }
  return sums;
}

Array<Complex, 2> evaluate_measure(const CrossSums& sums, PhaseMeasure measure) {
  const std::int64_t channels = sums.re.extent(0);
  Array<Complex, 2> values({channels, channels});
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j) {
      if (i != j) values(i, j) = pair_value(sums, measure, i, j);
    }
  }
  return values;
}

}  // namespace caton
